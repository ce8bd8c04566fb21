"""What a person's guardrails say about terms: a list of noes, each with its rule. Pure.

An empty list is not a yes. It means that the person is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.rules.people import Language
from replicas.rules.guardrails import Floor, Guardrails, floor_words
from replicas.rules.money import amount
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

_AMERICAS = frozenset({"us", "ca"})
# Ireland belongs to two of the choices, so a rule about either reaches the other.
_PLACES: dict[str, frozenset[str]] = {
    Territory.US_CA: _AMERICAS,
    Territory.UK_IE: frozenset({"uk", "ie"}),
    Territory.EU: frozenset({"eu", "ie"}),
}


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule that forbids. ``phrase`` fits after "rules:"; ``sentence`` speaks to the actor; ``use`` is the title of
    the use it is about ("" for the request as a whole). A private one is never told to anybody else. ``about`` is the
    term that would have to change, by its name in ``UseTerms`` (or ``answer_by``)."""

    use: str
    phrase: str
    sentence: str
    private: bool = False
    about: str = field(default="", compare=False)


def judge_guardrails(
    guardrails: Guardrails,
    terms: OfferedTerms,
    organization_id: int,
    window_hours: float | None = None,
    *,
    voiced: bool = True,
) -> list[Ruled]:
    """Every rule that forbids ``terms``, in the order of the page. ``window_hours`` is the time from sending to
    ``answer_by``; None when there is no window left to judge, as at the answer itself. ``voiced``: whether the replica
    speaks; without a voice nothing is dubbed, so no language is ruled out."""
    ruled = [ruling for use in judge_uses(guardrails, terms, voiced=voiced) for ruling in use]
    if window_hours is not None and window_hours < guardrails.notice_hours:
        least = guardrails.notice_hours
        phrase = f"less than {least} hours to answer"
        ruled.append(Ruled("", phrase, f"You want at least {least} hours to answer.", about="answer_by"))
    if organization_id in guardrails.blocked:
        ruled.append(Ruled("", "organization", "You don't work with this organization.", private=True))
    return ruled


def judge_uses(guardrails: Guardrails, terms: OfferedTerms, *, voiced: bool) -> list[list[Ruled]]:
    """For each use, in their order, the rules that forbid it."""
    return [list(_judge_use(guardrails, use, terms.currency, voiced)) for use in terms.uses]


def phrases(ruled: list[Ruled]) -> str:
    """The phrases others may read, each once: "political content, games". Empty when only private rules forbid."""
    return ", ".join(dict.fromkeys(ruling.phrase for ruling in ruled if not ruling.private))


def _judge_use(rules: Guardrails, use: UseTerms, currency: str, voiced: bool) -> Iterator[Ruled]:
    yield from _judge_showing(rules, use)
    yield from _judge_span_and_fee(rules, use, currency)
    for permission in AIUse:
        if permission in use.ai and permission in rules.never_ai:
            sentence = f"“{use.title}” asks for {AI[permission]}, and you said never."
            yield Ruled(use.title, AI[permission], sentence, about="ai")
    outside = set(use.languages.split()) - rules.languages if voiced and rules.languages is not None else set()
    if outside:
        names = ", ".join(word.label for word in Language if word in outside) or "another language"
        sentence = f"“{use.title}” would be in {names}, which you ruled out."
        yield Ruled(use.title, f"language: {names}", sentence, about="languages")


def _judge_showing(rules: Guardrails, use: UseTerms) -> Iterator[Ruled]:
    """What is seen, and where."""
    if use.medium in rules.never_media:
        label = Medium(use.medium).label
        sentence = f"“{use.title}” is for {label.lower()}, and you said never."
        yield Ruled(use.title, label.lower(), sentence, about="medium")
    for content in Sensitive:
        if content in use.sensitive and content in rules.never_content:
            sentence = f"“{use.title}” has {CONTENT[content]}, and you said never."
            yield Ruled(use.title, CONTENT[content], sentence, about="sensitive")
        elif content in use.sensitive and (use.medium, content) in rules.never_pairs:
            phrase = pair_words(use.medium, content)
            yield Ruled(use.title, phrase, f"“{use.title}” has {phrase}, and you said never.", about="sensitive")
    for territory in Territory:
        if territory in rules.never_territories and reaches(use.territory, territory):
            label = territory.label
            sentence = f"“{use.title}” would be seen here: {label}. You said never."
            yield Ruled(use.title, f"territory: {label}", sentence, about="territory")


def _judge_span_and_fee(rules: Guardrails, use: UseTerms, currency: str) -> Iterator[Ruled]:
    days = (use.ends_on - use.starts_on).days + 1
    if rules.longest_days is not None and days > rules.longest_days:
        limit = days_words(rules.longest_days)
        sentence = f"“{use.title}” runs {days_words(days)}. Your limit is {limit}."
        yield Ruled(use.title, f"longer than {limit}", sentence, about="ends_on")
    floors = {floor.currency: floor for floor in rules.floors if floor.role == use.role and floor.least > 0}
    if floors and (phrase := _below(floors, use, currency)):
        wanted = " or ".join(floor_words(floors[money]) for money in sorted(floors))
        yield Ruled(use.title, phrase, f"“{use.title}” offers {phrase}. You want at least {wanted}.", about="fee")


def reaches(asked: str, ruled_out: str) -> bool:
    """Whether a use asked for one territory would be seen in another. "Never worldwide" rules out that word alone."""
    if asked == ruled_out:
        return True
    if ruled_out == Territory.WORLD:
        return False
    if asked == Territory.WORLD:
        return True
    alone = frozenset({asked}), frozenset({ruled_out})
    return bool(_PLACES.get(asked, alone[0]) & _PLACES.get(ruled_out, alone[1]))


def _below(floors: dict[str, Floor], use: UseTerms, currency: str) -> str:
    """The phrase for a fee under the floor of its currency, or in a currency that has none; "" when it is met."""
    if currency not in floors:
        return f"a fee not in {' or '.join(Currency(money).label for money in sorted(floors))}"
    floor = floors[currency]
    if use.fee >= floor.least * Decimal(max(use.replica_days, 1)):
        return ""
    return f"less than {amount(floor.least, floor.currency)} a day as {UseRole(floor.role).label.lower()}"


def pair_words(medium: str, content: str) -> str:
    """“nudity in games”."""
    return f"{CONTENT[content]} in {Medium(medium).label.lower()}"


def days_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"


CONTENT: dict[str, str] = {
    Sensitive.NUDITY: "nudity",
    Sensitive.SEX: "simulated sex",
    Sensitive.VIOLENCE: "violence or injury",
    Sensitive.POLITICAL: "political content",
    Sensitive.ENDORSEMENT: "product endorsement",
    Sensitive.DRUGS: "drugs, alcohol or tobacco",
    Sensitive.RELIGION: "religious content",
    Sensitive.CRIME: "portrayal as a criminal",
    Sensitive.AS_MINOR: "portrayal as a minor",
}
AI: dict[str, str] = {
    AIUse.INFERENCE: "input to an AI system",
    AIUse.GENERATIVE_TRAINING: "training of generative AI",
    AIUse.TRAINING: "training of other AI",
    AIUse.DATA_MINING: "data mining",
}
