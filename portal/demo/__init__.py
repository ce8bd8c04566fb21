"""The demo: sixty invented actors and a young one, six houses and a few weeks of history, made by the real actions."""

from collections.abc import Callable
from datetime import datetime

from accounts.notifications.actions import mark_all_read
from portal.demo import crowd_draft, crowds, custody, scans
from portal.demo.cast import the_cast
from portal.demo.claims import write_claims
from portal.demo.guardians import YOUNG, add_young_actor, one_of_two_signed
from portal.demo.guardrails import standing_rules
from portal.demo.houses import World, add_actors, add_houses, add_representations, add_staff
from portal.demo.script import Script, clockwork
from portal.demo.searches import keep_searches
from portal.demo.shelf import add_projects, add_replicas
from portal.demo.shortlists import gather
from portal.demo.staging import Stage
from portal.demo.stories import write
from portal.demo.strike import write_strike


def seed(*, at: datetime, say: Callable[[str], None], drawings: int = 120) -> None:
    """Fills an empty database with the demo as of ``at`` (aware). Says what it does.

    Each replica has its own drawn portrait; with fewer ``drawings`` they repeat, which is quicker.
    """
    world, parts = World(at), the_cast()
    say("Sixty actors, six houses")
    staff = add_staff(world)
    add_houses(world, staff)
    add_actors(world, parts)
    add_representations(world, parts)
    projects = add_projects(world)
    say("120 replicas, each with a drawn preview")
    shelf = add_replicas(world, say, drawings)
    shelf[YOUNG] = [add_young_actor(world, staff)]
    clockwork(world.ago(days=41))
    say("Five weeks of requests, answers and licenses")
    script = Script()
    stage = Stage(world, projects, shelf, script)
    write(stage)
    write_strike(stage)
    standing_rules(stage)
    keep_searches(stage)
    one_of_two_signed(stage)
    write_claims(stage)
    scans.write(stage)
    custody.write(stage)
    gather(stage)
    crowds.gather(stage)
    crowd_draft.prepare(stage)
    script.at(world.ago(hours=22), lambda moment: [mark_all_read(by=user, at=moment) for user in world.users.values()])
    script.play(at)
    say("The demo is ready")
