"""An actor's profile and the listings and rosters that follow it, written together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.people import register_actor, update_actor
from accounts.models import ActorProfile, User
from agencies.access import guardians_of
from agencies.actions.representations import rename_on_rosters
from replicas.actions.listing import relist_actor
from replicas.actions.permitted import follow_rules


def save_actor(
    actor: ActorProfile | None, *, user: User, values: Mapping[str, Any], by: User, at: datetime
) -> ActorProfile:
    """Writes the profile, what its replicas are searched by, and its name on rosters.

    Without ``actor`` the person becomes one. Both inner actions leave their own entries, also when they refuse.
    """
    with transaction.atomic():
        if actor is None:
            return register_actor(user, by=by, at=at, **values)
        editors = {actor.user_id, *(person.pk for person in guardians_of(actor, at))}
        refresh = update_actor(actor, values=values, by=by, at=at, editors=editors)
        relist_actor(refresh)
        follow_rules([refresh.pk], by=by, at=at)
        rename_on_rosters(refresh)
        return refresh
