"""Signing for a minor: what blocks it, one guardian's signature after the other, and what is agreed by all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.audit import record, record_refusal
from accounts.models import User
from accounts.rules.refusal import Refused
from agencies.access import guardians_of
from replicas.access.requests import subject_of_reference
from replicas.access.signatures import counting, key_of
from replicas.actions.telling import notices, tell
from replicas.actions.writing import change
from replicas.models import Decision, GuardianSignature, ReuseRequest, Terms, Use
from replicas.rules.answering import RequestState
from replicas.rules.events import Event
from replicas.rules.minors import COURT_DIFFERS, USES_DIFFER, progress_words, signed_as, young_faults
from replicas.rules.terms import OfferedTerms

NOBODY_ANSWERS = "Nobody can answer for this performer yet: a guardian has to be confirmed first."


def check_young(request: ReuseRequest, terms: OfferedTerms, *, court_ref: str | None = None, at: datetime) -> None:
    """Raises Refused for what nobody can agree to for a minor (rules R14 and R15), and where no guardian could answer.

    No query for an adult, one for a minor. Needs ``request.actor.user`` and ``request.replica``.
    """
    actor = request.actor
    minor = actor.is_minor(at)
    guardian = bool(guardians_of(actor, at)) if minor else None
    if guardian is False:
        raise Refused("no-guardian", NOBODY_ANSWERS, subject=request.subject)
    faults = young_faults(
        terms,
        born_on=actor.birth_date,
        captured_on=request.replica.captured_on,
        day=at.astimezone(actor.user.zone).date(),
        guardian=guardian,
        court_ref=court_ref if minor else None,
    )
    if faults:
        raise Refused("minor-protected", faults[0], subject=request.subject)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What all guardians said yes to, and how it stands on the license."""

    uses: list[Use]
    values: dict[str, Any]


def sign_for_minor(
    request: ReuseRequest,
    terms: Terms,
    uses: Sequence[Use],
    *,
    court_ref: str,
    signed: dict[str, Any],
    by: User,
    at: datetime,
) -> Agreed | None:
    """Keeps one guardian's signature. What all of them agreed to once the last has signed; None before that.

    ``signed`` are the columns of the signature (typed name, factor, challenge). Raises Refused when the guardians name
    different approvals of a court or have no use in common: guardians who disagree agree to nothing.
    """
    guardians = guardians_of(request.actor, at)
    standing = GuardianSignature.objects.filter(request=request, taken_back_at__isnull=True)
    standing.filter(by=by).update(taken_back_at=at)
    others = list(counting(request, guardians))
    GuardianSignature.objects.create(
        request=request,
        terms=terms,
        by=by,
        at=at,
        guardians=key_of(guardians),
        uses=[use.pk for use in uses],
        court_ref=court_ref,
        **signed,
    )
    common = [use for use in uses if all(use.pk in other.uses for other in others)]
    for other in others:
        if _plain(other.court_ref) != _plain(court_ref):
            raise Refused("court-ref-differs", COURT_DIFFERS.format(other=other.by), subject=request.subject)
        if not common:
            raise Refused("uses-differ", USES_DIFFER.format(other=other.by), subject=request.subject)
    if {by.pk, *(other.by_id for other in others)} != {guardian.pk for guardian in guardians}:
        _wait_for_the_other(request, guardians, len(others) + 1, by=by, at=at)
        return None
    names = [*(str(other.by) for other in others), str(by)]
    return Agreed(common, {"signed_as": signed_as(names, request.actor.stage_name), "court_ref": court_ref})


def _wait_for_the_other(
    request: ReuseRequest, guardians: Sequence[User], given: int, *, by: User, at: datetime
) -> None:
    """The request stays open, in a new version, and the other guardian is told."""
    change(request, state=RequestState.OPEN, at=at)
    missing = [guardian for guardian in guardians if guardian.pk != by.pk]
    once = f"signed:{request.version}"
    tell(
        notices("guardian-signature", missing, request, once=once, due_at=request.answer_by, signed_by=str(by)),
        at=at,
    )
    progress = progress_words(given, len(guardians))
    actor = request.actor.stage_name
    record(Event.REQUEST_SIGNED, subject=request.subject, by=by, at=at, for_label=actor, progress=progress)


def no_signature_counts(request: ReuseRequest, *, at: datetime) -> None:
    """After one guardian's no: what the other had signed counts no more."""
    if request.actor.is_minor(at):
        GuardianSignature.objects.filter(request=request, taken_back_at__isnull=True).update(taken_back_at=at)


def check_takes_own_no_back(request: ReuseRequest, *, by: User, at: datetime) -> None:
    """Raises Refused when one guardian would take back the other's no."""
    if not request.actor.is_minor(at):
        return
    others = [guardian.pk for guardian in guardians_of(request.actor, at) if guardian.pk != by.pk]
    if Decision.objects.filter(request=request, taken_back_at__isnull=True, by__in=others).exists():
        raise Refused("not-yours", "Only the guardian who said no can take it back.", subject=request.subject)


def note_stranger(event: str, ref: str, *, by: User, at: datetime) -> None:
    """Leaves an entry when somebody tried to decide what they may not even see. A missing request leaves one, too."""
    refusal = Refused("not-yours", "This is not yours to decide.", subject=subject_of_reference(ref))
    record_refusal(event, refusal, by=by, at=at)


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
