"""What every move of a request has in common: lock, ask the rule, write with compare-and-set."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from accounts.access.factors import has_second_factor
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.access import sides_of
from replicas.access.facts import judging_facts
from replicas.access.guardrails import standing_rules
from replicas.access.strikes import strike_in_force
from replicas.models import ReuseRequest, StrikePeriod, Terms
from replicas.models.request import RequestQuerySet
from replicas.rules.answering import ALREADY, MOVES, Move, RequestState, Side, judge
from replicas.rules.striking import blocked_words

GUARDIAN_DECIDES = "Your guardian answers this until you are 18. You can read all of it, and ask questions."


def lock(request: ReuseRequest | int, *, at: datetime) -> ReuseRequest:
    """The row as it is now, locked until the end of the transaction (PostgreSQL; SQLite's transaction is alone).

    It carries what ``access.guardrails.in_force_on`` and ``access.facts.asked_facts`` read, so that judging by standing
    rules and by the rulebook needs no statement, and ``struck_by``, the id of the strike that has stopped its clock by
    ``at``, whether or not the row is held yet.
    """
    pk = request if isinstance(request, int) else request.pk
    found = (
        ReuseRequest.objects.select_for_update(of=("self",))
        .annotate(struck_by=RequestQuerySet.struck_by(at))
        .select_related("actor__user", "project", "organization", "replica", "current_terms", "crowd")
        .prefetch_related("current_terms__uses")
        .annotate(**standing_rules(), **judging_facts(at))
        .get(pk=pk)
    )
    if found.current_terms_id and found.current_terms is None:
        # The round changed while we waited for the row, and PostgreSQL joined what was there before the wait.
        found.current_terms = Terms.objects.prefetch_related("uses").get(pk=found.current_terms_id)
    return found


def allowed(
    move: Move, request: ReuseRequest, *, by: User | None, at: datetime, for_crowd: bool = False
) -> frozenset[Side]:
    """The sides in whose name ``by`` may make ``move`` right now. Raises Refused with the request as its subject.

    In an anonymous crowd the house moves no single request before its yes; ``for_crowd`` is a move over all of them.
    """
    sides = sides_of(by, request, MOVES[move].sides, at=at) if by else frozenset({Side.PORTAL})
    if request.is_hidden_from_house and not for_crowd:
        sides -= {Side.LICENSEE}  # somebody of the house may be of the agency too, and act there alone
    performer = by is not None and request.actor.user_id == by.pk
    if performer and move is Move.ASK:
        sides |= {Side.ACTOR}  # a minor decides nothing, and may ask
    try:
        if performer and not sides and Side.ACTOR in MOVES[move].sides:
            raise Refused("guardian-decides", GUARDIAN_DECIDES)
        judge(
            move,
            state=RequestState(request.state),
            sides=sides,
            at=at,
            answer_by=request.answer_by,
            struck=_struck(move, request, by, at),
            turn=Side(request.turn),
            # A yes counts itself into its crowd first, which may end the crowd: ``filling.check_taken`` judges that.
            over_as=None if move is Move.APPROVE else request.over_as,
        )
        _check_second_factor(by, sides)
    except Refused as refusal:
        refusal.subject = request.subject
        raise
    return sides


def _struck(move: Move, request: ReuseRequest, by: User | None, at: datetime) -> str:
    """Why a strike keeps this request from moving, or nothing. Asks the database only for a draft, or where one does.

    ``request`` must come from ``lock``.
    """
    stopping = request.strike_id if request.is_held else request.struck_by  # type: ignore[attr-defined]
    if move is Move.SEND and request.is_draft:
        strike = strike_in_force(request.project.agreement, at)
    else:
        strike = StrikePeriod.objects.get(pk=stopping) if stopping else None
    if strike and not request.is_undecided and not strike.value.stands(at):
        return ""  # what was answered has no clock that a release would start again
    return blocked_words(strike.value, at=at, zone=by.zone if by else ZoneInfo("UTC")) if strike else ""


def _check_second_factor(by: User | None, sides: frozenset[Side]) -> None:
    """Who sends requests or acts for clients must have a second factor (actors need it only to sign)."""
    if settings.REQUIRE_MFA and by and Side.ACTOR not in sides and not has_second_factor(by):
        raise Refused("second-factor-missing", "Set up a passkey or codes from an app first, then come back to this.")


def change(request: ReuseRequest, *, state: RequestState, at: datetime, **values: Any) -> None:
    """Writes the new state only if the row still has the state and version that were judged.

    Raises Refused when somebody was faster. The instance carries the new values afterwards.
    """
    values = {**values, "state": state, "changed_at": at}
    won = ReuseRequest.objects.filter(pk=request.pk, state=request.state, version=request.version).update(
        version=F("version") + 1, **values
    )
    if not won:
        now = ReuseRequest.objects.get(pk=request.pk)
        raise Refused(f"already-{now.state}", ALREADY[RequestState(now.state)], subject=request.subject)
    request.version += 1
    for name, value in values.items():
        setattr(request, name, value)
