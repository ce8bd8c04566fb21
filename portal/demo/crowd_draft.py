"""A crowd of Nova Casting that is still being prepared: ready to be read, and not released."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from portal.demo.staging import CROWD, REASONS, TOLD, Stage
from replicas.actions.crowds.drafting import begin_crowd, choose_people, save_crowd_draft
from replicas.forms.compose import TYPED
from replicas.forms.terms import TermsForm
from replicas.rules.crowds.drafting import Step
from replicas.rules.terms import OfferedTerms

TITLE = "Ferry landing, the crowd at dawn"
PEOPLE = 24


def prepare(stage: Stage) -> None:
    """Begun a while ago, so that the crowds that run stand before it in the list. One row of its list is still open."""
    stage.script.at(stage.world.ago(days=13), lambda at: _prepare(stage, at))


def _prepare(stage: Stage, at: datetime) -> None:
    project = stage.projects["Low Tide"]
    by = project.created_by
    crowd = begin_crowd(project=project, title=TITLE, by=by, at=at)
    seen = [scan for name in stage.world.actors for scan in stage.shelf[name][:1] if scan.body]
    choose_people(crowd, replica_ids=[scan.pk for scan in seen[:PEOPLE]], by=by, at=at)
    day = at.date()
    use = replace(
        CROWD,
        title="Waiting for the first ferry",
        description="Stands on the landing among forty others, seen from the ferry as it comes in, in two shots.",
        scenes="2, 3",
        replica_days=1,
        fee=Decimal("1390.00"),
        starts_on=day + timedelta(days=30),
        ends_on=day + timedelta(days=395),
    )
    due = (stage.world.now + timedelta(days=8)).astimezone(by.zone).replace(hour=17, minute=0)
    steps = {
        Step.BRIEF: {
            "title": [TITLE],
            "brief": ["You wait on the landing in the first light, among forty others, seen from the ferry."],
            "needs": ["body"],
            "naming": ["anonymous"],
        },
        Step.TERMS: TermsForm.draft_of(OfferedTerms((use,), REASONS["Low Tide"], disclosure=TOLD)),
        Step.PEOPLE: {
            "list": ["ferryman@harbor.example"],
            "left": ["Row 9, ferryman@harbor.example: Nobody you can ask has this address."],
        },
        Step.DEADLINE: {
            "needed": ["18"],
            "margin": ["2"],
            "answer_by": [due.strftime(TYPED)],
            "ending": ["moves"],
            "band": ["1500"],
        },
    }
    for step, values in steps.items():
        save_crowd_draft(crowd, step=step, values=values, by=by, at=at + timedelta(minutes=20))
