"""One strike of the past: what it held, what it gave back, and who was told."""

from datetime import timedelta

from portal.demo.staging import STADIUM, Stage
from replicas.actions.striking import lift_strike, set_strike
from replicas.models import StrikePeriod
from replicas.rules.answering import Side
from replicas.rules.vocabulary import Agreement, DenialReason


def write_strike(stage: Stage) -> None:
    """Nearly six weeks ago the game performers went on strike for ten days; two requests were open."""
    ago, staff = stage.world.ago, stage.user("Sol Archer")
    begins, ends = ago(days=40), ago(days=30, hours=12)
    waits = stage.asks(
        "Maya Reyes", "Ninth Inning", STADIUM, sent=ago(days=40, hours=20), due=ago(days=36), replica=1, starts=20
    )
    refused = stage.asks("Hana Sato", "Ninth Inning", STADIUM, sent=ago(days=40, hours=18), due=ago(days=36))
    made: list[StrikePeriod] = []
    note = "Called by the Interactive Media committee; see the union's notice to members."
    stage.script.at(
        begins,
        lambda at: made.append(
            set_strike(agreement=Agreement.SAG_INTERACTIVE, starts_at=begins, note=note, by=staff, at=at)
        ),
    )
    stage.talks(waits, ago(days=39), "Maya Reyes", Side.ACTOR, "What happens to this while we are out?")
    stage.talks(
        waits,
        ago(days=38, hours=20),
        "Harold Pike",
        Side.LICENSEE,
        "Nothing. It is held, and you get all of your time back.",
    )
    stage.says_no(refused, ago(days=35), DenialReason.PRIVATE, "Not as long as the others are out.")
    stage.script.at(
        ends - timedelta(hours=6),
        lambda at: lift_strike(
            made[0], ends_at=ends, why="A tentative agreement was reached.", shown=1, by=staff, at=at
        ),
    )
    stage.script.at(ends, lambda at: None)  # the clock goes on in the very moment
    stage.says_yes(waits, ends + timedelta(days=2))
