"""What nobody can agree to for a performer under 18, whoever signs: rules R14 and R15 of the rulebook. Pure.

The pages show them with everything else the rulebook finds; the actions ask here once more, so that no way around a
page exists.
"""

from collections.abc import Sequence
from datetime import date

from replicas.rules.rulebook.content import intimate_content
from replicas.rules.rulebook.facts import Facts, PersonFacts, ReplicaFacts, uses_of
from replicas.rules.rulebook.spans import minor_license
from replicas.rules.rulebook.stages import Effect
from replicas.rules.terms import OfferedTerms

COURT_DIFFERS = "You and {other} name different approvals of a court. Agree on one, and sign again."
USES_DIFFER = "{other} said yes to other uses than you. A use is agreed when both of you say yes to it."


def young_faults(
    terms: OfferedTerms,
    *,
    born_on: date | None,
    captured_on: date | None,
    day: date,
    guardian: bool | None,
    court_ref: str | None,
) -> list[str]:
    """Sentences for what blocks a round. ``day`` is in the performer's zone; ``court_ref`` None while nobody signs.

    For an adult only R14 can fire: for a use that shows them as a minor, or a replica of when they were one.
    """
    facts = Facts(
        day=day,
        uses=uses_of(terms),
        person=PersonFacts(born_on=born_on, guardian=guardian, court_ref=court_ref),
        replica=ReplicaFacts(captured_on=captured_on),
    )
    hits = [*intimate_content(facts), *minor_license(facts)]
    return [f"{hit.what} {hit.mend}" for hit in hits if hit.effect is not Effect.WARN]


def signed_as(names: Sequence[str], performer: str) -> str:
    """“Rosa Vega and Luis Vega, guardians of Mia”: how a yes for a minor stands on the license."""
    who = " and ".join(names)
    return f"{who}, guardian{'s' if len(names) > 1 else ''} of {performer}"


def progress_words(signed: int, needed: int) -> str:
    return f"{signed} of {needed} signed"
