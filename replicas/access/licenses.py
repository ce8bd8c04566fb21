"""Licenses as their two sides see them, and the little a stranger may know."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from accounts.access.prepared import Prepared
from accounts.models import AuditEntry, User
from accounts.rules.references import read_reference
from agencies.access import Desk, desks_of
from agencies.models import Membership, Representation
from agencies.rules.organizations import BondState
from replicas.access.facts import license_judging_facts
from replicas.access.requests import actors_of, own_side
from replicas.models import License, LicenseAmendment, Use
from replicas.models.license import struck_at
from replicas.rules.answering import Side
from replicas.rules.events import Event
from replicas.rules.licensing import LicenseState, Standing
from replicas.rules.vocabulary import Modality

IN_A_LIST = (
    *("ref", "state", "starts_at", "ends_at", "actor__stage_name", "actor__user__time_zone", "organization__name"),
    *("request__project__title", "request__replica__captured_on"),
    *(f"request__replica__{modality.value}" for modality in Modality),
)
SHOWN = ("actor__user", "organization", "request__project", "request__replica", "decision__by", "terms")


def licenses_of(desk: Desk) -> QuerySet[License]:
    """The licenses on one desk, newest first when paged by ``-id``, with what a line of a list shows."""
    if desk.kind == "actor":
        rows = License.objects.filter(actor=desk.actor)
    elif desk.kind == "agency":
        rows = License.objects.filter(actor__in=actors_of(desk).values("actor"))
    elif desk.kind == "casting":
        rows = License.objects.filter(organization=desk.organization)
    else:
        rows = License.objects.none()
    return rows.select_related("actor__user", "organization", "request__project", "request__replica").only(*IN_A_LIST)


def with_strikes(rows: QuerySet[License], at: datetime) -> QuerySet[License]:
    """Adds ``struck``: whether a strike holds a license at ``at``, without one more query."""
    return rows.annotate(struck=struck_at(at))


def standing_filter(state: str, at: datetime) -> Q:
    """Rows whose standing at ``at`` is ``state``, by the clock and not by what a sweep has written down yet."""
    living = ~Q(state=LicenseState.REVOKED)
    match state:
        case LicenseState.ACTIVE:
            return living & ~Q(state=LicenseState.SUSPENDED) & Q(starts_at__lte=at, ends_at__gt=at)
        case LicenseState.SCHEDULED:
            return living & ~Q(state=LicenseState.SUSPENDED) & Q(starts_at__gt=at)
        case LicenseState.SUSPENDED:
            return Q(state=LicenseState.SUSPENDED, ends_at__gt=at)
        case LicenseState.EXPIRED:
            return living & Q(ends_at__lte=at)
        case LicenseState.REVOKED:
            return Q(state=LicenseState.REVOKED)
        case _:
            return Q()


def counts_by_standing(rows: QuerySet[License], at: datetime) -> dict[str, int]:
    """How many licenses stand where, by the clock. One query."""
    counted = {state.value: Count("pk", filter=standing_filter(state, at)) for state in LicenseState}
    return rows.order_by().aggregate(**counted)


def get_license(user: User, ref: str, *, at: datetime) -> License:
    """One license for somebody of either side or the actor's agency, with ``struck`` for its standing at ``at``.

    Raises Http404 for everybody else.
    """
    found = _seen(user=user.pk, ref=read_reference(ref), at=at)
    if not found:
        raise Http404
    return found[0]


@Prepared
def _seen(*, user: int, ref: str, at: datetime) -> QuerySet[License]:
    houses = Membership.objects.filter(user=user, state=BondState.ACTIVE).values("organization")
    clients = Representation.objects.filter(actor=OuterRef("actor"), state=BondState.ACTIVE, agency__in=houses)
    rows = License.objects.filter(own_side(user, at) | Q(organization__in=houses) | Q(Exists(clients)), ref=ref)
    facts = license_judging_facts()
    return rows.select_related(*SHOWN).annotate(struck=struck_at(at), **facts).order_by("pk")[:1]


def licensed_uses(license_: License) -> list[Use]:
    """The uses that were said yes to, with the fee each has by now; ``fee_before`` where an amendment raised it."""
    uses = list(license_.decision.approved_uses.all())
    for use, now in zip(uses, license_.document_now["uses"], strict=True):
        fee = Decimal(now["fee"])
        use.fee_before = use.fee if fee != use.fee else None  # type: ignore[attr-defined]
        use.fee = fee
    return uses


def side_of(user: User, license_: License) -> Side:
    """From which side the page is told. ``license_`` must come from ``get_license``."""
    if any(desk.actor and desk.actor.pk == license_.actor_id for desk in desks_of(user)):
        return Side.ACTOR
    house = Membership.objects.filter(user=user, state=BondState.ACTIVE, organization=license_.organization_id)
    return Side.LICENSEE if house.exists() else Side.AGENCY


def paused_by(license_: License) -> int | None:
    """The id of who suspended it last, from the trail."""
    entries = AuditEntry.objects.filter(subject_type="license", subject_id=license_.pk, refused="")
    paused = [Event.LICENSE_SUSPENDED, Event.LICENSE_HELD_IN_STRIKE]
    return entries.filter(event__in=paused).order_by("-id").values_list("by_id", flat=True).first()


PUBLIC = (
    *("ref", "state", "issued_at", "starts_at", "ends_at", "revoked_at", "terms_hash", "document"),
    *("organization__name", "actor__user__time_zone"),
)


@dataclass(frozen=True, slots=True)
class PublicLicense:
    """What anyone may know: whether it is real and in force, for which project and house, its dates and hash."""

    ref: str
    standing: Standing
    project: str
    organization: str
    issued_at: datetime
    first_day: date
    last_day: date
    revoked_at: datetime | None
    terms_hash: str
    amendment: int = 0
    amendment_hash: str = ""


@Prepared
def _public(*, ref: str, at: datetime) -> QuerySet[License]:
    rows = License.objects.filter(ref=ref).select_related("organization", "actor__user").only(*PUBLIC)
    last = LicenseAmendment.objects.filter(license=OuterRef("pk")).order_by("-number")
    amendment = {
        "amendment": Subquery(last.values("number")[:1]),
        "amendment_hash": Subquery(last.values("sha256")[:1]),
    }
    return rows.annotate(struck=struck_at(at), **amendment, **license_judging_facts()).order_by("pk")[:1]


def public_license(ref: str, *, at: datetime) -> PublicLicense | None:
    """The public view of a license by its number, or None. One query."""
    found = _public(ref=read_reference(ref), at=at)
    if not found:
        return None
    row = found[0]
    return PublicLicense(
        row.ref,
        row.standing(at),
        row.document["project"]["title"],
        row.organization.name,
        row.issued_at,
        row.first_day,
        row.last_day,
        row.revoked_at,
        row.terms_hash,
        row.amendment or 0,  # type: ignore[attr-defined]
        row.amendment_hash or "",  # type: ignore[attr-defined]
    )
