"""Strikes as staff set them: begun, corrected, lifted. What they do to requests is in ``holding.py``."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.access.factors import has_second_factor
from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from replicas.models import StrikeChange, StrikePeriod
from replicas.rules.events import Event
from replicas.rules.striking import Strike, agreement_words, check_strike


@move(Event.STRIKE_SET)
def set_strike(
    *, agreement: str, starts_at: datetime, ends_at: datetime | None = None, note: str = "", by: User, at: datetime
) -> StrikePeriod:
    """Staff write down that a strike under ``agreement`` starts, or started, at ``starts_at``.

    It counts from that second, whoever looks. Raises Refused for anybody but staff with a second factor, for no
    agreement, and beside another strike under the same one.
    """
    about = Subject("strike", None, "", agreement_words(agreement))
    _check_staff(by, about)
    _check(Strike(agreement, starts_at, ends_at), about)
    try:
        with transaction.atomic():
            strike = StrikePeriod.objects.create(
                agreement=agreement, starts_at=starts_at, ends_at=ends_at, note=note, set_by=by, set_at=at
            )
    except IntegrityError:  # set twice at the same moment
        raise Refused("overlaps", "There is an open strike under this agreement already.", subject=about) from None
    _remember(strike, why="", by=by, at=at)
    record(Event.STRIKE_SET, subject=strike.subject, by=by, at=at, **_said(strike))
    return strike


@move(Event.STRIKE_CORRECTED)
def correct_strike(
    strike: StrikePeriod,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    note: str,
    why: str,
    shown: int,
    by: User,
    at: datetime,
) -> StrikePeriod:
    """Staff correct what was set; what was known before stays readable with who, when and why.

    ``shown`` is the version the page showed. Raises Refused as ``set_strike`` does, without a reason, when nothing is
    different, and when somebody was faster.
    """
    to = {"starts_at": starts_at, "ends_at": ends_at, "note": note}
    return _change(strike, to, Event.STRIKE_CORRECTED, why=why, shown=shown, by=by, at=at)


@move(Event.STRIKE_LIFTED)
def lift_strike(
    strike: StrikePeriod, *, ends_at: datetime, why: str, shown: int, by: User, at: datetime
) -> StrikePeriod:
    """Staff set the strike's end: from that second on nothing is held any more. Raises Refused as a correction does."""
    return _change(strike, {"ends_at": ends_at}, Event.STRIKE_LIFTED, why=why, shown=shown, by=by, at=at)


def _change(
    strike: StrikePeriod, to: dict[str, Any], event: Event, *, why: str, shown: int, by: User, at: datetime
) -> StrikePeriod:
    _check_staff(by, strike.subject)
    now = StrikePeriod.objects.select_for_update().get(pk=strike.pk)
    if now.version != shown:
        raise Refused("changed-meanwhile", "This strike was changed since you opened it.", subject=now.subject)
    if all(getattr(now, name) == value for name, value in to.items()):
        raise Refused("nothing-changed", "This is how it stands already.", subject=now.subject)
    if not why.strip():
        raise Refused("no-reason", "Say why: the reason is kept with the correction.", subject=now.subject)
    for name, value in to.items():
        setattr(now, name, value)
    _check(now.value, now.subject, but=now.pk)
    now.version += 1
    try:
        with transaction.atomic():
            now.save(update_fields=[*to, "version"])
    except IntegrityError:  # another one was set at the same moment
        raise Refused(
            "overlaps", "There is an open strike under this agreement already.", subject=now.subject
        ) from None
    _remember(now, why=why, by=by, at=at)
    record(event, subject=now.subject, by=by, at=at, why=why, **_said(now))
    return now


def _check(strike: Strike, about: Subject, *, but: int | None = None) -> None:
    others = [other.value for other in StrikePeriod.objects.under(strike.agreement) if other.pk != but]
    try:
        check_strike(strike, others)
    except Refused as refusal:
        refusal.subject = about
        raise


def _check_staff(by: User, about: Subject) -> None:
    if not by.is_staff:
        raise Refused("not-yours", "Only staff set strikes.", subject=about)
    if settings.REQUIRE_MFA and not has_second_factor(by):
        raise Refused("second-factor-missing", "Set up a passkey or codes from an app first.", subject=about)


def _remember(strike: StrikePeriod, *, why: str, by: User, at: datetime) -> None:
    StrikeChange.objects.create(
        strike=strike,
        number=strike.version,
        starts_at=strike.starts_at,
        ends_at=strike.ends_at,
        note=strike.note,
        why=why,
        by=by,
        at=at,
    )


def _said(strike: StrikePeriod) -> dict[str, str]:
    return {
        "agreement": strike.value.label,
        "starts_at": strike.starts_at.isoformat(),
        "until": strike.ends_at.isoformat() if strike.ends_at else "no end set",
    }
