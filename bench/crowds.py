"""P10: a crowd that waits to be released, with as many people as wanted, each with rules of their own or none."""

import random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies.models import Organization
from bench import world
from bench.sessions import session_of
from replicas.actions.crowds.drafting import begin_crowd
from replicas.models import Crowd, CrowdPlace, GuardrailsVersion, Replica
from replicas.rules.guardrails import Guardrails
from tests import factories
from tests.replicas.crowd_factory import TITLE

RULES = (
    Guardrails(),
    Guardrails(never_media=frozenset({"game"}), longest_days=400),
    Guardrails(never_content=frozenset({"political"}), never_ai=frozenset()),
)


def measure(people: int, crowds: int) -> dict[str, Any]:
    """Writes the people and ``crowds`` drafts of all of them. The crowds' ids, and who may release them."""
    caster = factories.make_user("Dana Director")
    house = factories.make_casting(caster)
    with transaction.atomic():
        replicas = _people(people, house)
        made = [_draft(replicas, house, number) for number in range(crowds)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = [crowd.get_absolute_url() for crowd in made[:1]]
    return {"crowds": [crowd.pk for crowd in made], "cookies": {"casting": session_of(caster.email)}, "pages": pages}


def _people(number: int, house: Organization) -> list[Replica]:
    """Clients of one agency; every second has set rules, which ask for nothing the crowd wants."""
    agency, project = factories.make_agency(), factories.make_project(house)
    actors = world.make_clients(number, agency, random.Random(10))
    at = timezone.now()
    GuardrailsVersion.objects.bulk_create(
        (
            GuardrailsVersion(
                actor=actor,
                number=1,
                rules=RULES[place % len(RULES)].as_dict(),
                created_by_id=actor.user_id,
                created_at=at,
            )
            for place, actor in enumerate(actors)
            if place % 2
        ),
        world.BATCH,
    )
    return world.make_replicas(actors, world.World(agency, house, [project], at))


def _draft(replicas: list[Replica], house: Organization, number: int) -> Crowd:
    project = factories.make_project(house, f"Stadium {number}")
    crowd = begin_crowd(project=project, title=TITLE, by=project.created_by, at=timezone.now())
    CrowdPlace.objects.bulk_create(
        (
            CrowdPlace(crowd=crowd, replica=replica, actor_id=replica.actor_id, rank=rank)
            for rank, replica in enumerate(replicas, 1)
        ),
        world.BATCH,
    )
    return crowd
