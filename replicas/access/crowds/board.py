"""What the board of a crowd shows, read from what may be shown of each place and never from what is true of it.

In an anonymous crowd only the places with a license are rows; everybody else is counted (docs/decisions/0012).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import QueryDict

from accounts.access.keyset import KeysetPage, keyset_page
from accounts.models import AuditEntry
from replicas.access.crowds.life import variants_of
from replicas.access.crowds.questions import Thread, threads_of
from replicas.access.crowds.sending import progress_of
from replicas.access.replicas import with_picture
from replicas.models import Crowd, CrowdPlace
from replicas.rules.crowds import CrowdState, Shown
from replicas.rules.crowds.board import (
    NAMED_WORDS,
    TABS,
    Blanks,
    Share,
    Tally,
    blanks,
    headline,
    lead,
    progress_words,
    shares,
)
from replicas.rules.crowds.sending import Progress
from replicas.rules.crowds.variants import Variant
from replicas.rules.events import Event

PAGE = 60


@dataclass(frozen=True, slots=True)
class Tile:
    """One person of the board who may be named. ``license`` is the number of theirs, once they said yes."""

    name: str
    picture: str
    shown: Shown
    license: str

    @property
    def word(self) -> str:
        """What is said below a name without a yes, in a crowd that names its people."""
        return NAMED_WORDS.get(self.shown, "Standby")


@dataclass(frozen=True, slots=True)
class Board:
    """One look at a crowd. ``page`` are the people who are named, ``blanks`` those who are only counted, on the last
    page. ``is_still``: nothing changes any more."""

    crowd: Crowd
    tally: Tally
    tab: str
    page: KeysetPage[Tile]
    blanks: list[Blanks]
    progress: Progress | None
    variants: list[Variant]
    threads: list[Thread]
    at: datetime
    calls_nobody: bool = False

    @property
    def state(self) -> CrowdState:
        return CrowdState(self.crowd.state)

    @property
    def is_still(self) -> bool:
        return self.crowd.is_draft or self.crowd.is_over

    @property
    def is_late(self) -> bool:
        """Whether the crowd's end has come, and what is left of it is only being written down."""
        return bool(not self.crowd.is_over and self.crowd.answer_by and self.at >= self.crowd.answer_by)

    @property
    def headline(self) -> str:
        return headline(self.tally, self.state)

    @property
    def closes(self) -> bool:
        """Whether the lead begins with the crowd's end."""
        return self.state is CrowdState.OPEN and not self.is_late

    @property
    def lead(self) -> str:
        return lead(self.tally, self.state, late=self.is_late, calls_nobody=self.calls_nobody)

    @property
    def line(self) -> str:
        return progress_words(self.tally)

    @property
    def shares(self) -> list[Share]:
        return shares(self.tally)

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """Key, label and count of each tab that has anybody, and of the one that is open."""
        counted = [(key, label, self.tally.words(Shown(key)) if key else "") for key, label in TABS]
        return [each for each in counted if each[0] in ("", self.tab) or each[2] != "0"]


def board_of(crowd: Crowd, tab: str, *, query: QueryDict, at: datetime) -> Board:
    """The board as it may be shown at ``at`` (aware). ``tab`` is one of ``TABS``. Three queries, one more where
    changes are proposed, one while standbys wait, two more while it is on its way."""
    tally, wanted = tally_of(crowd), Shown(tab) if tab else None
    page = named_on(crowd, wanted, query=query)
    rest = blanks(tally, wanted) if crowd.anonymous and not page.next_url else []
    on_its_way = crowd.state == CrowdState.SENDING or (not crowd.is_draft and crowd.told_at is None)
    progress = progress_of(crowd) if on_its_way else None
    asked = variants_of(crowd) if tally.of(Shown.COUNTERED) and not crowd.is_over else []
    nobody = crowd.state == CrowdState.OPEN and bool(tally.of(Shown.WAITING)) and calls_nobody(crowd)
    return Board(crowd, tally, tab, page, rest, progress, asked, threads_of(crowd), at, nobody)


def calls_nobody(crowd: Crowd) -> bool:
    """Whether the house said that no standby steps up any more, and did not let them in again since. One query.

    Read from what the house did, not from the places: whether any of them is left would tell how many were called.
    """
    deeds = [Event.CROWD_CALLS_NOBODY, Event.CROWD_MORE, Event.CROWD_REOPENED]
    rows = AuditEntry.objects.filter(subject_type="crowd", subject_id=crowd.pk, refused="", event__in=deeds)
    return rows.order_by("-id").values_list("event", flat=True).first() == Event.CROWD_CALLS_NOBODY


def tally_of(crowd: Crowd) -> Tally:
    """How many places show what. One query."""
    rows = CrowdPlace.objects.filter(crowd=crowd).order_by().values_list("shown").annotate(number=Count("pk"))
    return Tally(crowd.needed, crowd.approved, dict(rows), crowd.anonymous)


def named_on(crowd: Crowd, shown: Shown | None, *, query: QueryDict) -> KeysetPage[Tile]:
    """One page of the people the board names: in an anonymous crowd only who said yes and has a license for it.

    In the order of numbers that were drawn at random, so that nothing can be read from it. One query.
    """
    page = keyset_page(_rows(crowd, shown), order=("number",), size=PAGE, query=query)
    return KeysetPage([_tile(row) for row in page.items], page.previous_url, page.next_url)


def _rows(crowd: Crowd, shown: Shown | None) -> QuerySet[Any, Any]:
    rows = CrowdPlace.objects.filter(crowd=crowd, number__isnull=False)
    if crowd.anonymous and shown not in (None, Shown.APPROVED):
        rows = rows.none()
    elif crowd.anonymous:
        rows = rows.filter(shown=Shown.APPROVED, request__license__isnull=False)
    elif shown is not None:
        rows = rows.filter(shown=shown)
    named = {"name": F("actor__stage_name"), "license": F("request__license__ref")}
    pictured: QuerySet[Any, Any] = with_picture(rows, "replica")
    return pictured.values("number", "shown", "picture", **named)


def _tile(row: dict[str, Any]) -> Tile:
    return Tile(row["name"], row["picture"] or "", Shown(row["shown"]), row["license"] or "")
