"""What a home page shows: requests, licenses, and what else asks for an answer. Few queries, however many rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Lower

from accounts.access.counting import completed, first_ids
from agencies.access import Desk
from agencies.models import Membership, Representation
from agencies.rules.organizations import BondState
from replicas.access.claims import waiting_claims_to
from replicas.access.consents import holdable_of
from replicas.access.licenses import licenses_of
from replicas.access.requests import requests_of
from replicas.access.scans import own_scans
from replicas.models import (
    Crowd,
    CustodyTransfer,
    License,
    Replica,
    ReuseRequest,
    Scan,
    ScanClaim,
    StrikePeriod,
    Use,
)
from replicas.models.license import LIVING_STATES
from replicas.models.request import UNDECIDED_STATES, WAITING_STATES
from replicas.rules.answering import RequestState
from replicas.rules.claiming import ClaimState
from replicas.rules.crowds import CrowdState
from replicas.rules.custody import TransferState
from replicas.rules.home import ENDS_SOON, SHOWN
from replicas.rules.scanning import ScanState
from replicas.rules.striking import HOLD_OF_ONES_OWN
from replicas.rules.vocabulary import Modality, ReplicaState

ENDING_SHOWN = 10
IN_A_LINE = (
    *("ref", "state", "answer_by", "changed_at", "delivered_at", "undelivered_at", "actor__stage_name"),
    *("organization__name", "project__ref", "project__title", "replica__captured_on"),
    *(f"replica__{modality.value}" for modality in Modality),
)
ERRANDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first requests of one state, soonest first, and how many there are in all."""

    rows: Sequence[ReuseRequest] = field(default_factory=list)
    total: int = 0

    @property
    def first_due(self) -> datetime | None:
        return self.rows[0].answer_by if self.rows else None

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Errand:
    """Something else to answer: ``what`` is replica, representation, asked, team, scan, answered (a claim of one's
    own), claimed (a claim to one's house) or crowd (one of the house's that fills); ``name`` whose; ``ref`` where;
    ``about`` what for, and ``due`` by when, where there is either."""

    what: str
    name: str
    ref: str
    about: str = ""
    due: datetime | None = None


def waiting_on(desk: Desk, *, at: datetime) -> dict[str, Waiting]:
    """Open, countered and held requests of a desk (and a licensee's drafts), by state. One query;
    another one once a minute for a desk that has many (``accounts.access.counting``).

    A deadline that has passed is over, whether or not the sweep has written it down; a request whose first notice
    never arrived is not. Each row has ``use``, the title of its first use, and ``total``. The first of each state are
    read in the order of an index before anything is looked up about them, so that a desk with thousands asks for a few.
    """
    states = [*UNDECIDED_STATES, *([RequestState.DRAFT] if desk.kind == "casting" else [])]
    over = Q(state__in=WAITING_STATES, delivered_at__isnull=False, answer_by__isnull=False, answer_by__lte=at)
    first_use = Use.objects.filter(terms=OuterRef("current_terms")).order_by("position").values("title")[:1]
    order = [F("answer_by").asc(nulls_last=True), F("id").asc()]
    waiting = requests_of(desk).filter(state__in=states).exclude(over).order_by()
    few = {state: ReuseRequest.objects.filter(pk__in=first_ids(waiting.filter(state=state))) for state in states}
    total = Case(*(When(state=state, then=_number(rows)) for state, rows in few.items()))
    first = [waiting.filter(state=state).order_by(*order).values("id")[:SHOWN] for state in states]
    each = [ReuseRequest.objects.filter(pk__in=rows).order_by().values("id") for rows in first]  # SQLite wants it so
    rows = (
        ReuseRequest.objects.filter(pk__in=each[0].union(*each[1:], all=True))
        .annotate(use=Subquery(first_use), total=total)
        .select_related("actor", "organization", "project", "replica")
        .only(*IN_A_LINE)
        .order_by(*order)
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.state, []).append(row)
    few_numbers = {state: rows[0].total for state, rows in found.items()}
    totals = completed(few_numbers, f"home:{desk.place}", lambda: _numbers(waiting))
    return {state: Waiting(found.get(state, []), totals.get(state, 0)) for state in states}


def _numbers(waiting: QuerySet[ReuseRequest]) -> dict[str, int]:
    return dict(waiting.values("state").annotate(number=Count("id")).values_list("state", "number"))


def _number(rows: QuerySet[ReuseRequest]) -> Subquery:
    """How many rows of one state, as a part of another query; asked once, not for each of its rows."""
    return Subquery(rows.values("state").annotate(number=Count("id")).values("number"), output_field=IntegerField())


def ending_on(desk: Desk, *, at: datetime) -> list[License]:
    """Licenses in force whose last day comes within 60 days, the soonest first. One query."""
    rows = licenses_of(desk).filter(state__in=LIVING_STATES, ends_at__gt=at, ends_at__lte=at + ENDS_SOON)
    return list(rows.order_by("ends_at", "id")[:ENDING_SHOWN])


def errands_of(desk: Desk, *, at: datetime) -> list[Errand]:
    """What else waits for an answer: replicas to confirm, invitations, actors who ask, claims. One query."""
    parts = _errands(desk, at)
    if not parts:
        return []
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return [Errand(*row) for row in rows[:ERRANDS_SHOWN]]


def _errands(desk: Desk, at: datetime) -> list[QuerySet[Any, Any]]:
    if desk.kind == "agency":
        asked = Representation.objects.filter(agency=desk.organization, state=BondState.INVITED, asked_by_actor=True)
        return [_errand(asked, "asked", "actor__stage_name"), _claimed(desk)]
    if desk.kind == "new":
        invited = Membership.objects.filter(_to_me(desk, at))
        return [_errand(invited, "team", "organization__name"), _representations(desk, at), _announced(desk, at)]
    if desk.kind == "actor":
        proposed = Replica.objects.filter(actor=desk.actor, state=ReplicaState.PROPOSED)
        return [
            _with_ref(proposed, "replica", "registered_by__name"),
            *([_transfers(desk, at)] if desk.decides else []),
            _representations(desk, at),
            _announced(desk, at),
            _answered(desk),
            _errand(_strikes_to_hold_in(desk, at), "strike", "agreement"),
        ]
    return [_claimed(desk), _crowds(desk)] if desk.kind == "casting" else []


def _answered(desk: Desk) -> QuerySet[Any, Any]:
    """The person's own claims whose answer they have not judged yet."""
    rows = ScanClaim.objects.filter(actor=desk.actor, state=ClaimState.ACKNOWLEDGED)
    holder = Coalesce("holder_organization__name", "holder_name")
    return _with_ref(rows.annotate(holder_is=holder), "answered", "holder_is")


def _announced(desk: Desk, at: datetime) -> QuerySet[Any, Any]:
    """Scans somebody wants to make of this person, and that nobody has answered yet. At one's own desk also what came
    to an address of one's own."""
    if desk.for_ward or desk.user is None:
        rows = Scan.objects.filter(actor=desk.actor)
    else:
        rows = own_scans(desk.user).filter(Q(actor=desk.actor) | Q(actor__isnull=True))
    rows = rows.filter(state=ScanState.ANNOUNCED, notice__scan_at__gt=at)
    house, project = "notice__organization__name", "notice__project__title"
    return _with_ref(rows, "scan", house, about=project, due="notice__scan_at")


def _claimed(desk: Desk) -> QuerySet[Any, Any]:
    """Claims to this house that nobody has answered."""
    return _with_ref(waiting_claims_to(desk).select_related(None), "claimed", "actor__stage_name", due="due_at")


def _crowds(desk: Desk) -> QuerySet[Any, Any]:
    """The house's crowds that fill, each with how far it is."""
    rows = Crowd.objects.filter(organization=desk.organization, state__in=[CrowdState.SENDING, CrowdState.OPEN])
    far = Concat(Cast("approved", CharField()), Value(" of "), Cast("needed", CharField()), output_field=CharField())
    return _with_ref(rows.annotate(far=far), "crowd", "title", about="far", due="answer_by")


def _strikes_to_hold_in(desk: Desk, at: datetime) -> QuerySet[Any]:
    """A strike in which this performer may hold consents, as long as there are any to hold."""
    holdable = holdable_of(desk.actor.pk, at) if desk.actor else License.objects.none()
    return StrikePeriod.objects.in_force(at).under(HOLD_OF_ONES_OWN).filter(Exists(holdable))


def _transfers(desk: Desk, at: datetime) -> QuerySet[Any, Any]:
    """New holders that wait for a yes or no."""
    asked = CustodyTransfer.objects.filter(replica__actor=desk.actor, state=TransferState.ASKED, answer_by__gt=at)
    return _errand(asked, "transfer", "holding__holder", ref="replica__ref", due="answer_by")


def _representations(desk: Desk, at: datetime) -> QuerySet[Any, Any]:
    letters = Representation.objects.filter(_to_me(desk, at), asked_by_actor=False)
    return _errand(letters, "representation", "agency__name")


def _with_ref(rows: QuerySet[Any], what: str, name: str, *, about: str = "", due: str = "") -> QuerySet[Any, Any]:
    return _errand(rows, what, name, ref="ref", about=about, due=due)


def _errand(
    rows: QuerySet[Any], what: str, name: str, *, ref: str = "", about: str = "", due: str = ""
) -> QuerySet[Any, Any]:
    """A part of the one query: the columns of ``Errand``, each with a type of its own, empty where there is nothing."""
    return (
        rows.order_by()
        .annotate(
            what=Value(what),
            at_ref=F(ref) if ref else Value(""),
            about_what=F(about) if about else Value(""),
            due_when=F(due) if due else Cast(Value(None), DateTimeField()),
        )
        .values_list("what", name, "at_ref", "about_what", "due_when")
    )


def _to_me(desk: Desk, at: datetime) -> Q:
    """Open invitations to an address this person has proved to be theirs."""
    mine = EmailAddress.objects.filter(user=desk.user, verified=True).values(address=Lower("email"))
    return Q(state=BondState.INVITED, expires_at__gt=at, email__in=mine)


@dataclass(frozen=True, slots=True)
class Load:
    """For staff: how many requests are open, of those how many could not be delivered, and houses not checked yet."""

    open: int
    undelivered: int


def load_now() -> Load:
    """Counts over the whole portal. One query."""
    found = ReuseRequest.objects.filter(state__in=WAITING_STATES).aggregate(
        open=Count("id"), undelivered=Count("id", filter=Q(undelivered_at__isnull=False, delivered_at__isnull=True))
    )
    return Load(found["open"], found["undelivered"])
