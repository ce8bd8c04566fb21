"""A better offer to everybody in a crowd: a new round for who still can answer, a better fee for who said yes."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from accounts.actions.moves import move
from accounts.audit import record
from accounts.audit.recording import Happening
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import deciders_of
from replicas.actions import licensing
from replicas.actions.crowds.deciding import check_no_strike, decided
from replicas.actions.crowds.ringing import ring
from replicas.actions.guardrails import OutsideGuardrails, check_before_asking, remember_all
from replicas.actions.negotiating import back_to_actor
from replicas.actions.rounds import freeze
from replicas.actions.telling import each_once, license_notices, people_of, tell
from replicas.actions.writing import lock
from replicas.models import Crowd, CrowdOffer, CrowdPlace, License, LicenseAmendment, ReuseRequest
from replicas.models.license import LIVING_STATES
from replicas.models.request import UNDECIDED_STATES
from replicas.rules.answering import RequestState, Side
from replicas.rules.crowds import Shown
from replicas.rules.crowds.moving import CrowdMove
from replicas.rules.crowds.raising import amended, amended_fees, amendment, next_round, with_fees
from replicas.rules.events import Event
from replicas.rules.faults import terms_faults
from replicas.rules.money import amount
from replicas.rules.showing import terms_of
from replicas.rules.terms import digest, document

CHUNK = 50
NOTE = "A better offer to everybody in this crowd. Those who said yes before get it, too."


@move(Event.CROWD_RAISED)
def raise_offer(crowd: Crowd, *, fees: Sequence[Decimal], shown: int, by: User, at: datetime) -> CrowdOffer:
    """Makes a better offer with these fees, use by use, to the whole crowd. Its people get it in chunks.

    ``shown`` is the number of the offer the page showed. Raises Refused for a fee that goes down, where nothing goes
    up, for an offer that was raised meanwhile, while a strike stands, and where the move itself is not allowed.
    """
    found = decided(CrowdMove.RAISE, crowd, by=by)
    check_no_strike(found, by=by, at=at)
    old = found.offer
    assert old is not None
    try:
        if old.number != shown:
            raise Refused("offer-changed", "The offer was raised since you opened this page. Look at it again.")
        terms = with_fees(terms_of(old.document), fees)
        if faults := terms_faults(terms):
            raise Refused("unfit-terms", faults[0].sentence)
    except Refused as refusal:
        refusal.subject = found.subject
        raise
    content = document(terms, parties={})
    found.offer = CrowdOffer.objects.create(
        crowd=found,
        number=old.number + 1,
        document=content,
        sha256=digest(content),
        currency=terms.currency,
        total=terms.total,
        put_by=by,
        created_at=at,
    )
    found.changed_at, found.settled_at = at, None
    found.save(update_fields=["offer", "changed_at", "settled_at"])
    # Whatever they asked for has an answer now; one change for all of them, whatever became of each.
    found.places.filter(shown=Shown.COUNTERED).update(shown=Shown.OPEN)
    ring(found.pk)
    total = amount(terms.total, terms.currency)
    record(Event.CROWD_RAISED, subject=found.subject, by=by, at=at, total=total)
    return found.offer


def raise_some(crowd: Crowd, *, at: datetime) -> tuple[int, list[Happening]]:
    """Gives the next of them the offer as it is now. How many these were, and what the trail keeps.

    With the crowd's row locked. Who is held by a strike has it when their clock goes on.
    """
    assert crowd.offer is not None
    number = crowd.offer.number
    behind = crowd.places.filter(offered__lt=number, request__isnull=False)
    if number == 1 or not behind.exists():
        return 0, []
    waiting = [RequestState.OPEN, RequestState.COUNTERED]
    due = [*waiting, RequestState.APPROVED]
    behind.exclude(request__state__in=[*due, RequestState.HELD, RequestState.FILLED]).update(offered=number)
    places = list(behind.filter(request__state__in=due).order_by("pk")[:CHUNK])
    happenings: list[Happening] = []
    for place in places:
        request = lock(place.request_id, at=at)  # type: ignore[arg-type]
        if request.state == RequestState.APPROVED:
            happenings += _amend(crowd, request, at=at)
        elif request.over_as is None and request.state in UNDECIDED_STATES:
            happenings += _next_round(crowd, request, at=at)
    CrowdPlace.objects.filter(pk__in=[place.pk for place in places]).update(offered=number)
    return len(places), happenings


def _next_round(crowd: Crowd, request: ReuseRequest, *, at: datetime) -> list[Happening]:
    """The better offer as their next round, with at least 48 hours. Whose own rules, or the law, have come to forbid it
    keep the round they have."""
    current, offer = request.current_terms, crowd.offer
    assert current is not None
    assert offer is not None
    countered = request.state == RequestState.COUNTERED
    terms = next_round(current.offered(), terms_of(offer.document), countered=countered)
    if terms is None:
        return []
    try:
        check_before_asking(request, terms, answer_by=None, at=at)
        frozen = freeze(request, terms, side=Side.LICENSEE, by=offer.put_by, at=at, note=NOTE)
    except OutsideGuardrails as refusal:
        remember_all([refusal], at=at)
        return []
    except Refused:
        return []
    back_to_actor(request, frozen, at=at, accepted=False, note=NOTE)
    return [Happening(Event.REQUEST_RAISED, request.subject, data={"total": amount(terms.total, terms.currency)})]


def _amend(crowd: Crowd, request: ReuseRequest, *, at: datetime) -> list[Happening]:
    """The better fee for a license, in its performer's favor and so without a new signature. Everybody has a copy."""
    offer = crowd.offer
    assert offer is not None
    rows = licensing.locked(License.objects.filter(request=request, state__in=LIVING_STATES))
    license_ = rows.prefetch_related("amendments").first()
    if license_ is None:
        return []
    before = list(license_.amendments.all())
    now = amended(license_.document, [one.document for one in before])
    fees = amended_fees(now, terms_of(offer.document))
    if fees is None:
        return []
    content = amendment(license_.ref, len(before) + 1, now, fees, license_.terms_hash)
    written = LicenseAmendment.objects.create(
        license=license_,
        number=len(before) + 1,
        offer=offer,
        put_by=offer.put_by,
        created_at=at,
        currency=offer.currency,
        total_before=sum((Decimal(use["fee"]) for use in now["uses"]), Decimal(0)),
        total=sum(fees, Decimal(0)),
        document=content,
        sha256=digest(content),
    )
    agents, licensees = people_of(request)
    people = each_once(*deciders_of(license_.actor, at), *licensees, *agents)
    was, total = amount(written.total_before, offer.currency), amount(written.total, offer.currency)
    more = {"fee_before": was, "fee": total, "amendment": written.number, "sha256": written.sha256}
    tell(license_notices("license-amended", people, license_, once=f"amended:{written.number}", **more), at=at)
    return [Happening(Event.LICENSE_AMENDED, license_.subject, offer.put_by, data={"was": was, "now": total})]
