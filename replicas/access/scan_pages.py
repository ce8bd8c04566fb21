"""Everything one scan's page shows, read for one viewer; and a house's board."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Case, Count, QuerySet, When

from accounts.audit import timeline
from accounts.audit.timeline import Told
from accounts.models import Notification, User
from agencies.access import Desk, desks_of
from agencies.models import Representation
from agencies.rules.organizations import BondState
from replicas.access.scans import get_scan, is_own
from replicas.models import Scan, ScanAnswer, ScanBreach, ScanMessage, ScanNotice, StrikePeriod
from replicas.rules.announcing import Announcement, FactGroup, done_sentence, fact_groups, sentence
from replicas.rules.answering import Side
from replicas.rules.scan_words import ScanFactsOf, ScanStanding, board_words, standing
from replicas.rules.scanning import NOT_AVAILABLE, ScanMove, ScanState, may, seen_by_house
from replicas.rules.striking import blocked_words
from replicas.rules.wording import moment_words, possessive


@dataclass
class ScanPage:
    """One scan before one viewer's eyes. ``side`` is whose page it is; ``may_act`` false for an assistant."""

    scan: Scan
    viewer: User
    side: Side
    may_act: bool
    at: datetime

    @property
    def is_performer(self) -> bool:
        return self.side is Side.ACTOR

    @property
    def is_house(self) -> bool:
        return self.side is Side.LICENSEE

    @property
    def notice(self) -> ScanNotice:
        return self.scan.notice

    @property
    def called(self) -> str:
        """The performer, as this side knows them: the house never learns a stage name it did not type itself."""
        return self.scan.actor.stage_name if self.scan.actor and not self.is_house else self.scan.called

    @property
    def asked(self) -> str:
        """Who announced it, and when."""
        when = moment_words(self.notice.announced_at, self.viewer.zone)
        return f"announced by {self.notice.announced_by}, {when}"

    @cached_property
    def announcement(self) -> Announcement:
        return self.notice.announcement

    @cached_property
    def groups(self) -> tuple[FactGroup, ...]:
        return fact_groups(self.announcement)

    @cached_property
    def sentence(self) -> str:
        whose = "your" if self.is_performer else possessive(self.called)
        return done_sentence(self.announcement, whose) if self.is_over else sentence(self.announcement, whose)

    @cached_property
    def answer(self) -> ScanAnswer | None:
        """The newest answer to the present announcement."""
        rows = ScanAnswer.objects.filter(scan=self.scan).select_related("by", "notice").order_by("-id")
        found = rows.first()
        return found if found and (self.is_over or found.outcome == self.scan.state) else None

    @property
    def is_over(self) -> bool:
        return self.scan.state in (ScanState.PERFORMED, ScanState.DESTROYED)

    @cached_property
    def agreement(self) -> ScanAnswer | None:
        """What was signed, where the scan stands on it now."""
        return self.answer if self.answer and self.answer.outcome == ScanState.AGREED else None

    @property
    def own_reason(self) -> str:
        """Why the performer refused, for those who may read it unshared: themself and their agency."""
        return self.answer.reason if self.answer and not self.is_house else ""

    @property
    def who_reads_reason(self) -> str:
        house = self.notice.organization
        return f"{house} reads it too." if self.answer and self.answer.shared else f"{house} does not read it."

    @cached_property
    def standing(self) -> ScanStanding:
        scan, answer = self.scan, self.answer
        shared = f"Reason: “{answer.reason}”" if answer and answer.shared and answer.reason else ""
        return standing(
            ScanFactsOf(
                state=ScanState(scan.state),
                side=self.side,
                whose=self.called,
                organization=self.notice.organization.name,
                scan_at=self.notice.scan_at,
                at=self.at,
                zone=self.viewer.zone,
                answered_at=answer.at if answer else None,
                performed_at=scan.performed_at,
                performed_place=scan.performed_place,
                reason=shared,
            )
        )

    @cached_property
    def moves(self) -> set[str]:
        """What the page offers this side right now."""
        if not self.may_act:
            return set()
        state, scan_at = ScanState(self.scan.state), self.notice.scan_at
        sides = frozenset({self.side})
        moves = {move.value for move in ScanMove if may(move, state=state, sides=sides, at=self.at, scan_at=scan_at)}
        return moves - {ScanMove.AGREE.value} if self.strike else moves

    @property
    def is_to_answer(self) -> bool:
        """Whether the performer's answer can be given now, be it only a no while a strike stands."""
        return not {ScanMove.AGREE.value, ScanMove.REFUSE.value}.isdisjoint(self.moves)

    @cached_property
    def strike(self) -> StrikePeriod | None:
        """The strike that keeps anybody from agreeing now. No query where there is none."""
        return strike_on(self.scan, self.notice, at=self.at)

    @property
    def strike_words(self) -> str:
        """“The strike under … stands since …; no end is set yet.”; nothing where none stands."""
        return blocked_words(self.strike.value, at=self.at, zone=self.viewer.zone) if self.strike else ""

    def may(self, move: ScanMove) -> bool:
        return move.value in self.moves

    @cached_property
    def messages(self) -> list[ScanMessage]:
        return list(ScanMessage.objects.filter(scan=self.scan).select_related("by").order_by("id"))

    @cached_property
    def breaches(self) -> list[ScanBreach]:
        return list(ScanBreach.objects.filter(scan=self.scan).order_by("id")) if self.is_over else []

    @cached_property
    def history(self) -> list[Told]:
        return timeline(self.scan.subject, side=self.side)

    @cached_property
    def has_unread(self) -> bool:
        return Notification.objects.filter(
            recipient=self.viewer,
            subject_type="scan",
            subject_id=self.scan.pk,
            read_at__isnull=True,
            in_inbox=True,
        ).exists()


def get_scan_page(user: User, desk: Desk, ref: str, *, at: datetime) -> ScanPage:
    """One scan's page for whoever may see it. Raises Http404 for a stranger and for what does not exist alike."""
    scan = get_scan(user, ref, at=at)
    side, may_act = _seat(user, desk, scan)
    return ScanPage(scan, user, side, may_act, at)


def _seat(user: User, desk: Desk, scan: Scan) -> tuple[Side, bool]:
    """Whose page it is, and whether the person may act there. The desk decides where somebody is several things."""
    desks = desks_of(user)
    organization = scan.notice.organization_id
    house = next((one for one in desks if one.organization and one.organization.pk == organization), None)
    own = is_own(user, scan)
    if house and (desk.key == house.key or not own):
        agencies = [] if desk.key == house.key else _representing(desks, scan)
        if not (agencies and desk.kind == "agency"):
            return Side.LICENSEE, house.may_act
        return Side.AGENCY, any(one.may_act for one in agencies)
    if own and desk.kind != "agency":
        return Side.ACTOR, True
    agencies = _representing(desks, scan)
    if agencies:
        return Side.AGENCY, any(one.may_act for one in agencies)
    return Side.ACTOR, own  # a minor reads their own; their guardians answer


def _representing(desks: list[Desk], scan: Scan) -> list[Desk]:
    """The person's agency desks that represent the performer right now. One query, none without an agency."""
    agencies = {one.organization.pk: one for one in desks if one.kind == "agency" and one.organization}
    if not agencies or scan.actor_id is None:
        return []
    bonds = Representation.objects.filter(actor=scan.actor_id, state=BondState.ACTIVE, agency__in=agencies)
    return [agencies[pk] for pk in bonds.values_list("agency", flat=True)]


def strike_on(row: Scan | ScanNotice, notice: ScanNotice, *, at: datetime) -> StrikePeriod | None:
    """The strike ``row`` was read with as ``struck_by``, until the scan. No query where there is none."""
    struck = getattr(row, "struck_by", None)
    return StrikePeriod.objects.get(pk=struck) if struck and at < notice.scan_at else None


def counts_of(notices: list[ScanNotice], *, at: datetime) -> dict[int, Counter[str]]:
    """How many people stand where, by what the house may know, for each notice (by id). One query."""
    counts: dict[int, Counter[str]] = {notice.pk: Counter() for notice in notices}
    scan_at = {notice.pk: notice.scan_at for notice in notices}
    rows = Scan.objects.filter(notice__in=notices).order_by().values_list("notice", "state").annotate(n=Count("pk"))
    for notice, state, number in rows:
        counts[notice][seen_by_house(ScanState(state), at=at, scan_at=scan_at[notice])] += number
    return counts


def in_words(counts: Counter[str]) -> str:
    return board_words(counts)


def scans_on_board(notice: ScanNotice, shelf: str, *, at: datetime) -> QuerySet[Scan]:
    """The people of one announcement, all or those of one state the house may know, with what a row shows."""
    rows = Scan.objects.filter(notice=notice).select_related("notice").prefetch_related("breaches")
    if not shelf:
        return rows
    wanted = [state for state in ScanState if seen_by_house(state, at=at, scan_at=notice.scan_at) == shelf]
    return rows.filter(state__in=wanted)


def to_record(notice: ScanNotice) -> QuerySet[Scan]:
    """Who can still be recorded as scanned, with agreements first."""
    over = (ScanState.PERFORMED, ScanState.DESTROYED)
    rows = Scan.objects.filter(notice=notice).exclude(state__in=over).select_related("notice")
    return rows.order_by(Case(When(state=ScanState.AGREED, then=0), default=1), "pk")


SHELVES = (
    ("", "Everybody"),
    (ScanState.AGREED.value, "Agreed"),
    (ScanState.ANNOUNCED.value, "Open"),
    (NOT_AVAILABLE, "Not available"),
    (ScanState.PERFORMED.value, "Scanned"),
)
