"""Two lists of Nova Casting: one with tags and notes that was shown to the producer, one just begun."""

from datetime import datetime

from portal.demo.staging import Stage
from replicas.access.shortlists import shown_to
from replicas.actions.shortlists import add_replicas, change_entry, create_shortlist, share
from replicas.models import Shortlist

ROWS = 16
WRITTEN = (
    # which entry, tags, note
    (0, (1, 3), "Reads from far away. For the ferry, if anybody."),
    (1, (1, 4), ""),
    (2, (2, 4), "Has the right coat already, ask about the hat."),
    (4, (1, 4), "Tall. Behind the wheel, never in front."),
    (5, (4, 6), "Ravi thinks too young for 14. Look again."),
    (7, (2, 5), ""),
    (9, (4,), "Night scenes only."),
)


def gather(stage: Stage) -> None:
    """Three days ago; the link was made yesterday and works for two weeks."""
    house, ago = stage.world.houses["nova"], stage.world.ago
    dana, tess = stage.user("Dana Whitfield"), stage.user("Tess Ito")
    made: list[Shortlist] = []

    def begin(at: datetime) -> None:
        fair = create_shortlist(
            organization=house,
            title="Harbor fair, night",
            about="Faces for the wide shots of scene 14.",
            by=tess,
            at=at,
        )
        found = shown_to(house.pk).order_by("actor__stage_name", "pk").values_list("pk", flat=True)
        add_replicas(fair, replicas=found[: ROWS * 3 : 3], by=tess, at=at)
        rows = list(fair.entries.order_by("position"))
        for place, tags, note in WRITTEN:
            change_entry(rows[place], tags=tags, note=note, by=dana, at=at)
        made.append(fair)

    stage.script.at(ago(days=3), begin)
    stage.script.at(
        ago(days=1, hours=3), lambda at: share(made[0], whom="Ines Albrecht, Nova Pictures", days=14, by=dana, at=at)
    )
    stage.script.at(
        ago(days=4), lambda at: create_shortlist(organization=house, title="Voices for the tower", by=dana, at=at)
    )
