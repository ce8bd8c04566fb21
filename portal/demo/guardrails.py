"""Standing rules of the demo: Maya's, Marcus's and Lena's own, their agency's, and one request that they refused."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.rules.refusal import Refused
from portal.demo.staging import CROWD, REASONS, Stage
from replicas.access.guardrails import default_of, guardrails_in_force
from replicas.actions.drafting import begin_draft, send
from replicas.actions.guardrails import set_agency_guardrails, set_guardrails
from replicas.forms.terms import TermsForm
from replicas.rules.guardrails import Floor, Guardrails
from replicas.rules.guardrails.presets import Preset, preset
from replicas.rules.terms import OfferedTerms
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory

BANNER = replace(
    CROWD,
    title="Face in a campaign spot",
    description="Looks up at a banner for the harbor referendum in an online spot that runs beside the film, four seconds.",
    scenes="Spot C",
    medium="online",
    territory="us",
    replica_days=1,
    fee=Decimal("480.00"),
    sensitive=("political",),
    brand="Voltline",
    product_line="Electric vans",
)
NORTHLIGHT = Guardrails(
    never_content=frozenset({Sensitive.SEX}),
    never_ai=frozenset({AIUse.GENERATIVE_TRAINING}),
    never_pairs=frozenset({(Medium.ONLINE.value, Sensitive.NUDITY.value)}),
    longest_days=1095,
)
MAYA = Guardrails(
    never_content=frozenset({Sensitive.NUDITY, Sensitive.SEX, Sensitive.POLITICAL}),
    never_pairs=frozenset({(Medium.COMMERCIAL.value, Sensitive.ENDORSEMENT.value)}),
    longest_days=730,
    notice_hours=72,
    floors=frozenset({Floor("background", "USD", Decimal(150)), Floor("principal", "USD", Decimal(1200))}),
)
MARCUS = Guardrails(
    never_media=frozenset({Medium.GAME, Medium.COMMERCIAL}),
    never_territories=frozenset({Territory.WORLD}),
    longest_days=365,
    notice_hours=96,
)


def standing_rules(stage: Stage) -> None:
    """Who set what, and what became of asking Maya for a campaign spot."""
    ago = stage.world.ago
    agency, alex = stage.world.houses["northlight"], stage.user("Alex Moreno")
    stage.script.at(
        ago(days=6),
        lambda at: set_agency_guardrails(
            agency, rules=NORTHLIGHT, reason="What we agreed with all of you in May.", shown=0, by=alex, at=at
        ),
    )
    sets(stage, "Maya Reyes", MAYA, ago(hours=9), "After the van spot. I choose what I sell.", named=True)
    sets(stage, "Marcus Bell", MARCUS, ago(hours=12), "Not everywhere, not in everything.")
    lena = preset(Preset.OPEN, [])
    sets(stage, "Lena Kowalski", lena, ago(days=8), "I want to hear what is asked.", named=True)
    stage.script.at(ago(hours=4), lambda at: asks_in_vain(stage, "Maya Reyes", at))


def sets(stage: Stage, name: str, rules: Guardrails, when: datetime, reason: str, named: bool = False) -> None:
    """Schedules a version of somebody's own rules; whoever leaves dubbing off keeps to the languages they act in."""
    actor = stage.world.actors[name]
    spoken = rules if rules == preset(Preset.OPEN, []) else replace(rules, languages=default_of(actor).languages)

    def move(at: datetime) -> None:
        shown = guardrails_in_force(actor.pk).number
        set_guardrails(actor, rules=spoken, name_the_rule=named, reason=reason, shown=shown, by=actor.user, at=at)

    stage.script.at(when, move)


def asks_in_vain(stage: Stage, name: str, at: datetime) -> None:
    """A request that is refused before it reaches the actor; the draft stays with the house, ready to be sent in vain."""
    project = stage.projects["Voltline"]
    day = at.date()
    use = replace(BANNER, starts_on=day + timedelta(days=20), ends_on=day + timedelta(days=80))
    terms = OfferedTerms((use,), REASONS["Voltline"])
    due = stage.at_five(name, 6)
    typed = {**TermsForm.draft_of(terms), "answer_by": [f"{due:%Y-%m-%dT%H:%M}"]}
    by = project.created_by
    draft = begin_draft(replica=stage.shelf[name][0], project=project, draft=typed, by=by, at=at)
    with suppress(Refused):
        send(draft, terms=terms, answer_by=due, by=by, at=at)
