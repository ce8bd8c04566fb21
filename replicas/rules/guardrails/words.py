"""Guardrails in plain words: a sentence beside each switch, and the whole in a few. Pure."""

from collections.abc import Iterable

from accounts.rules.labeled import Labeled
from accounts.rules.people import Language
from replicas.rules.guardrails import Guardrails, floor_words
from replicas.rules.guardrails.judging import AI, CONTENT, days_words
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory


def plain_sentences(guardrails: Guardrails) -> dict[str, str]:
    """One sentence per switch, by the name of its form field, and ``summary`` for the whole."""
    said = {}
    for medium in Medium:
        said[f"medium_{medium}"] = _answer(medium.label, medium in guardrails.never_media)
    for content in Sensitive:
        said[f"content_{content}"] = _answer(content.label, content in guardrails.never_content)
    for permission in AIUse:
        said[f"ai_{permission}"] = _answer(permission.label, permission in guardrails.never_ai)
    said["summary"] = " ".join(_summary(guardrails))
    return said


def _answer(label: str, never: bool) -> str:
    return f"{label}: refused for you. You are not asked." if never else f"{label}: you are asked each time."


def _summary(rules: Guardrails) -> Iterable[str]:
    never = [word.label.lower() for word in Medium if word in rules.never_media]
    never += [CONTENT[word] for word in Sensitive if word in rules.never_content]
    never += [AI[word] for word in AIUse if word in rules.never_ai]
    if never:
        yield f"Never: {', '.join(never)}."
    if rules.never_territories:
        yield f"Never in: {_labels(Territory, rules.never_territories)}."
    if rules.longest_days is not None:
        yield f"At most {days_words(rules.longest_days)}."
    yield f"At least {rules.notice_hours} hours to answer."
    if rules.floors:
        yield f"At least {'; '.join(floor_words(floor) for floor in sorted(rules.floors))}."
    if rules.languages is not None:
        yield f"Only in: {_labels(Language, rules.languages) or 'no language'}."
    if rules.blocked:
        count = len(rules.blocked)
        yield f"{count} {'organization is' if count == 1 else 'organizations are'} ruled out."
    yield "You are asked about everything else."


def _labels(words: type[Labeled], chosen: Iterable[str]) -> str:
    picked = set(chosen)
    return ", ".join(word.label for word in words if word in picked)
