"""Projects of a licensee house: begun and described by anybody of the house. Preparation, so assistants may."""

from dataclasses import asdict
from datetime import datetime

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.access import members_of
from agencies.models import Organization
from replicas.access.strikes import strike_in_force
from replicas.models import Project
from replicas.rules.events import Event
from replicas.rules.projects import ProjectFacts, changed, check_dates


def facts_of(project: Project) -> ProjectFacts:
    """The row as the rules read it."""
    values = {name: getattr(project, name) for name in ProjectFacts.__dataclass_fields__}
    return ProjectFacts(**{**values, "jurisdictions": tuple(project.jurisdictions)})


@move(Event.PROJECT_CREATED)
def create_project(*, organization: Organization, facts: ProjectFacts, by: User, at: datetime) -> Project:
    """Begins a project in a casting office or production company. Raises Refused for people of other houses."""
    subject = Subject("organization", organization.pk, "", organization.name)
    if not organization.is_licensee:
        raise Refused("not-a-licensee", "Only casting offices and productions have projects.", subject=subject)
    _check(organization.pk, facts, subject, by)
    project = Project.objects.create(
        ref=new_reference("J"), organization=organization, created_by=by, created_at=at, **asdict(facts)
    )
    record(Event.PROJECT_CREATED, subject=project.subject, by=by, at=at)
    return project


@move(Event.PROJECT_CHANGED)
def change_project(project: Project, *, facts: ProjectFacts, by: User, at: datetime) -> Project:
    """Corrects a project. Terms already frozen keep the words they were frozen with.

    Raises Refused for another agreement while a strike stands under the present one: nobody leaves a strike that way.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    _check(project.organization_id, facts, project.subject, by)
    differences = changed(facts_of(project), facts)
    if not differences:
        return project
    if facts.agreement != project.agreement and (strike := strike_in_force(project.agreement, at)):
        words = f"While the {strike.value.short} stands, the agreement of a project stays what it is."
        raise Refused("strike", words, subject=project.subject)
    Project.objects.filter(pk=project.pk).update(**asdict(facts))
    for name, value in asdict(facts).items():
        setattr(project, name, value)
    what = ", ".join(differences[:-1]) + " and " + differences[-1] if len(differences) > 1 else differences[0]
    record(Event.PROJECT_CHANGED, subject=project.subject, by=by, at=at, what=what)
    return project


def _check(organization: int, facts: ProjectFacts, subject: Subject, by: User) -> None:
    try:
        if not members_of(organization).filter(pk=by.pk).exists():
            raise Refused("not-yours", "Only people of this house can do this.")
        check_dates(facts)
    except Refused as refusal:
        refusal.subject = subject
        raise
