"""Guardrails in plain words: a sentence beside each switch, and the whole in a few. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from accounts.rules.labeled import Labeled
from accounts.rules.people import Language
from replicas.rules.guardrails import LEAST_NOTICE, SETS, Guardrails, floor_words
from replicas.rules.guardrails.judging import AI, CONTENT, days_words, pair_words
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory, UseRole


def plain_sentences(guardrails: Guardrails) -> dict[str, str]:
    """One sentence per switch, by the name of its form field, and ``summary`` for the whole."""
    said = {}
    for medium in Medium:
        said[f"medium_{medium}"] = _answer(medium.label, medium in guardrails.never_media)
    for content in Sensitive:
        said[f"content_{content}"] = _answer(content.label, content in guardrails.never_content)
    for territory in Territory:
        said[f"territory_{territory}"] = _answer(territory.label, territory in guardrails.never_territories)
    for permission in AIUse:
        said[f"ai_{permission}"] = _answer(permission.label, permission in guardrails.never_ai)
    said["dubbing"] = _answer("Dubbing into other languages", guardrails.languages is not None)
    said["summary"] = " ".join(_summary(guardrails))
    return said


# What “ask me” and what “never” mean, beside the switch.
ANSWER_SENTENCES = ("You are asked each time.", "Refused for you. You are not asked.")


def _answer(label: str, never: bool) -> str:
    sentence = ANSWER_SENTENCES[never]
    return f"{label}: {sentence[0].lower()}{sentence[1:]}"


def inherited_words(rules: Guardrails) -> str:
    """What somebody else's rules add to “you are asked about everything”, in a few sentences; "" when nothing."""
    added = [sentence for sentence in _summary(rules) if not sentence.startswith("You are asked")]
    if rules.notice_hours == LEAST_NOTICE:
        added.remove(f"At least {LEAST_NOTICE} hours to answer.")
    return " ".join(added)


def _summary(rules: Guardrails) -> Iterable[str]:
    never = [word.label.lower() for word in Medium if word in rules.never_media]
    never += [CONTENT[word] for word in Sensitive if word in rules.never_content]
    never += [pair_words(medium, content) for medium, content in effective_pairs(rules)]
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


def effective_pairs(rules: Guardrails) -> list[tuple[str, str]]:
    """The pairs that say more than a medium's or a content's own never, in the order of the page."""
    return [
        (medium.value, content.value)
        for medium in Medium
        for content in Sensitive
        if (medium, content) in rules.never_pairs
        and medium not in rules.never_media
        and content not in rules.never_content
    ]


def changes(old: Guardrails, new: Guardrails, names: Mapping[int, str]) -> list[str]:
    """What the second set changes in the first, in short sentences. ``names`` are the organizations' by id."""
    said: list[str] = []
    for name, words in SETS.items():
        before, after = getattr(old, name), getattr(new, name)
        said += [f"{word.label}: never." for word in words if word in after - before]
        said += [f"{word.label}: ask me." for word in words if word in before - after]
    for pairs, answer in ((new.never_pairs - old.never_pairs, "never"), (old.never_pairs - new.never_pairs, "ask me")):
        said += [f"{_capital(pair_words(medium, content))}: {answer}." for medium, content in sorted(pairs)]
    said += list(_changed_limits(old, new))
    said += [f"No work for {names.get(pk, 'an organization')}." for pk in sorted(new.blocked - old.blocked)]
    said += [f"{names.get(pk, 'An organization')} may ask again." for pk in sorted(old.blocked - new.blocked)]
    return said


def _changed_limits(old: Guardrails, new: Guardrails) -> Iterator[str]:
    if new.longest_days != old.longest_days:
        yield "No longest term." if new.longest_days is None else f"At most {days_words(new.longest_days)}."
    if new.notice_hours != old.notice_hours:
        yield f"At least {new.notice_hours} hours to answer."
    kept = {(floor.role, floor.currency) for floor in new.floors}
    yield from (f"At least {floor_words(floor)}." for floor in sorted(new.floors - old.floors))
    gone = sorted(floor for floor in old.floors if (floor.role, floor.currency) not in kept)
    yield from (f"No least fee as {UseRole(floor.role).label.lower()} in {floor.currency}." for floor in gone)
    if new.languages != old.languages:
        yield "Dubbing: ask me." if new.languages is None else f"Only in {_labels(Language, new.languages)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _labels(words: type[Labeled], chosen: Iterable[str]) -> str:
    picked = set(chosen)
    return ", ".join(word.label for word in words if word in picked)
