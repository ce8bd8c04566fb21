"""A kept draft of a crowd as a whole: which steps are ready, and the plan that is released."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from replicas.forms.crowd_drafting import NAMING, BriefForm, DeadlineForm, bound
from replicas.forms.terms import TermsForm
from replicas.models import Crowd
from replicas.rules.crowds.drafting import Step
from replicas.rules.crowds.plan import CrowdPlan
from replicas.rules.terms import OfferedTerms, digest, document


@dataclass(frozen=True, slots=True)
class StepShown:
    """``ready``: nothing is missing in it. None where it has nothing to be filled in, or was not asked."""

    step: Step
    ready: bool | None

    @property
    def url_name(self) -> str:
        return f"crowd-{self.step}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The forms of a draft, checked. ``plan`` is None while something is missing; ``missing`` says where."""

    brief: BriefForm
    terms: TermsForm
    deadline: DeadlineForm
    people: int

    @property
    def missing(self) -> list[Step]:
        """The steps that need another look, in their order."""
        forms = {Step.BRIEF: self.brief, Step.TERMS: self.terms, Step.DEADLINE: self.deadline}
        return [step for step in Step if (step in forms and not forms[step].is_valid()) or self._nobody(step)]

    def _nobody(self, step: Step) -> bool:
        return step is Step.PEOPLE and not self.people

    @property
    def plan(self) -> CrowdPlan | None:
        if self.missing:
            return None
        said = self.brief.cleaned_data
        return self.deadline.plan(title=said["title"], brief=said["brief"], anonymous=said["naming"] == NAMING[0][0])


def kept_of(crowd: Crowd, *, people: int, zone: ZoneInfo, at: datetime) -> Kept:
    """The draft, checked at ``at`` for somebody who reads days and moments in ``zone``. No query."""
    terms = TermsForm(bound(crowd.draft.get(Step.TERMS)), today=at.astimezone(zone).date())
    offered = terms.offered() if terms.is_valid() else None
    return Kept(
        BriefForm(bound(crowd.draft.get(Step.BRIEF))),
        terms,
        DeadlineForm(bound(crowd.draft.get(Step.DEADLINE)), zone=zone, at=at, people=people, terms=offered),
        people,
    )


def kept_terms(crowd: Crowd, *, zone: ZoneInfo, at: datetime) -> OfferedTerms | None:
    """The terms, once they are whole."""
    form = TermsForm(bound(crowd.draft.get(Step.TERMS)), today=at.astimezone(zone).date())
    return form.offered() if form.is_valid() else None


def needs_of(crowd: Crowd) -> list[str]:
    """The modalities everybody's replica must have."""
    return BriefForm(bound(crowd.draft.get(Step.BRIEF))).needed_modalities


def steps_of(crowd: Crowd, *, people: int, zone: ZoneInfo, at: datetime) -> list[StepShown]:
    """Every step, with whether it is ready."""
    return steps_shown(kept_of(crowd, people=people, zone=zone, at=at))


def steps_shown(kept: Kept) -> list[StepShown]:
    """The same for a draft that was checked already."""
    missing = kept.missing
    return [StepShown(step, None if step in (Step.PREFLIGHT, Step.REVIEW) else step not in missing) for step in Step]


def fingerprint(crowd: Crowd, plan: CrowdPlan, *, people: int) -> str:
    """SHA-256 over everything on the page before the release, so that nothing unread is released. The list counts by
    its last change: adding, taking off and reordering all move it."""
    project = crowd.project
    numbers = [plan.needed, plan.margin, plan.anonymous, plan.end_moves, str(plan.band), people]
    more = {
        "crowd": [crowd.ref, plan.title, plan.brief],
        "numbers": [str(number) for number in numbers],
        "answer_by": plan.answer_by.isoformat(),
        "changed": crowd.changed_at.isoformat(),
        "story": [project.title, project.synopsis, str(project.photography_from), str(project.photography_to)],
    }
    return digest(document(plan.terms, parties=more))
