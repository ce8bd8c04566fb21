"""Who people are: joining as an actor, and changing one's own name, time zone and profiles."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import ActorProfile, DirectorProfile, User
from accounts.rules.ages import check_birth_date, majority, moved_majority
from accounts.rules.events import Event
from accounts.rules.people import NO_ACCOUNT
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject

PERSON = ("name", "time_zone")
ACTOR = (
    *("stage_name", "gender", "gender_word", "playing_age_from", "playing_age_to", "height_cm", "union", "place"),
    *("languages", "skills", "about"),
)
DIRECTOR = ("title", "credits", "website")
NOT_YOURS = "This profile belongs to somebody else. Only they can change it."


def subject_of(user: User) -> Subject:
    return Subject("user", user.pk, label=str(user))


@move(Event.JOINED)
def join(user: User, *, name: str, time_zone: str, by: User, at: datetime) -> User:
    """Completes a new account: the person's name as they sign, and their IANA time zone."""
    _write(user, {"name": name, "time_zone": time_zone}, PERSON)
    record(Event.JOINED, subject=subject_of(user), by=by, at=at)
    return user


@move(Event.ACTOR_REGISTERED)
def register_actor(
    user: User, *, stage_name: str, birth_date: date | None = None, by: User, at: datetime, **values: Any
) -> ActorProfile:
    """Makes the person an actor. Raises Refused when they are one already, and for a child under 13 with an account.

    Without ``birth_date`` the person has stated to be an adult.
    """
    if ActorProfile.objects.filter(user=user).exists():
        raise Refused("already-an-actor", "You have an actor’s profile already.", subject=subject_of(user))
    unknown = set(values) - set(ACTOR)
    if unknown:
        raise TypeError(f"An actor has no {', '.join(sorted(unknown))}.")
    if birth_date is not None:
        _check_birth_date(user, birth_date, at=at)
        values |= {"birth_date": birth_date, "adult_at": majority(birth_date, user.zone)}
    actor = ActorProfile.objects.create(user=user, stage_name=stage_name, **values)
    record(Event.ACTOR_REGISTERED, subject=actor_subject(actor), by=by, at=at, stage_name=stage_name)
    return actor


def _check_birth_date(user: User, birth_date: date, *, at: datetime) -> None:
    try:
        check_birth_date(birth_date, today=at.astimezone(user.zone).date(), own_account=user.has_account)
    except Refused as refusal:
        refusal.subject = subject_of(user)
        raise


def person_without_account(*, name: str, time_zone: str) -> User:
    """The row a child's profile hangs on: no password, no address that delivers, nobody can sign in as it."""
    return User.objects.create_user(f"{secrets.token_hex(12)}{NO_ACCOUNT}", None, name=name, time_zone=time_zone)


@move(Event.PERSON_CHANGED)
def update_person(user: User, *, values: Mapping[str, Any], by: User, at: datetime) -> User:
    """The person's own name and time zone. What did not change leaves no entry."""
    if by.pk != user.pk:
        raise Refused("not-yours", NOT_YOURS, subject=subject_of(user))
    if what := _write(user, values, PERSON):
        _move_majority(user, at=at)
        record(Event.PERSON_CHANGED, subject=subject_of(user), by=by, at=at, what=what)
    return user


def _move_majority(user: User, *, at: datetime) -> None:
    """Somebody under 18 who moves comes of age by the clock of the new place, but never sooner by a trick."""
    young = ActorProfile.objects.filter(user=user, adult_at__gt=at).first()
    if young and young.adult_at and young.birth_date:
        young.adult_at = moved_majority(young.adult_at, young.birth_date, user.zone, at=at)
        young.save(update_fields=["adult_at"])


@move(Event.ACTOR_CHANGED)
def update_actor(
    actor: ActorProfile, *, values: Mapping[str, Any], by: User, at: datetime, editors: Collection[int] = ()
) -> ActorProfile:
    """The actor's profile. The caller lets listings follow, in the same transaction.

    ``editors`` are the ids of who may change it; without them the person alone.
    """
    if by.pk not in (editors or {actor.user_id}):
        raise Refused("not-yours", NOT_YOURS, subject=actor_subject(actor))
    if what := _write(actor, values, ACTOR):
        record(Event.ACTOR_CHANGED, subject=actor_subject(actor), by=by, at=at, what=what)
    return actor


@move(Event.DIRECTOR_CHANGED)
def update_director(user: User, *, values: Mapping[str, Any], by: User, at: datetime) -> DirectorProfile:
    """What actors may know about who asks. Made on the first change."""
    if by.pk != user.pk:
        raise Refused("not-yours", NOT_YOURS, subject=subject_of(user))
    profile, _ = DirectorProfile.objects.get_or_create(user=user)
    if what := _write(profile, values, DIRECTOR):
        record(Event.DIRECTOR_CHANGED, subject=subject_of(user), by=by, at=at, what=what)
    return profile


def actor_subject(actor: ActorProfile) -> Subject:
    return Subject("actor", actor.pk, label=actor.stage_name)


def _write(row: models.Model, values: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    """Writes the fields that differ and says which, in words. The values themselves stay out of the trail."""
    changed = [name for name in allowed if name in values and getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return ", ".join(str(row._meta.get_field(name).verbose_name) for name in changed)  # type: ignore[union-attr]
