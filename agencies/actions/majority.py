"""What the clock does on an 18th birthday: writes down that the guardians' time is over, and tells everybody.

It is true from the birthday's first moment, whether or not this has run: who decides is computed by the clock.
"""

from datetime import datetime

from django.urls import reverse

from accounts.actions.moves import move
from accounts.actions.people import actor_subject
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import ActorProfile, User
from accounts.notifications import Notice, notify
from agencies.access.people import people_involved
from agencies.actions.telling import nothing_left_to_ask, nothing_more_to_guardian
from agencies.models import Guardianship
from agencies.rules.events import Event
from agencies.rules.organizations import BondState

BATCH = 200
RUNNING = (BondState.INVITED, BondState.ACTIVE)


@move(Event.CAME_OF_AGE)
def come_of_age(*, by: None = None, at: datetime) -> int:
    """Ends the guardianships of actors who are 18 by now. Returns how many actors; call until it says 0."""
    over = Guardianship.objects.filter(state__in=RUNNING, actor__adult_at__lte=at).values("actor")
    due = list(
        ActorProfile.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk__in=over)
        .select_related("user")
        .order_by("pk")[:BATCH]
    )
    bonds = Guardianship.objects.filter(actor__in=due, state__in=RUNNING).select_related("actor__user", "guardian")
    told: dict[int, list[User]] = {}
    for bond in bonds:
        nothing_left_to_ask(bond, at=at)
        if bond.guardian:
            told.setdefault(bond.actor_id, []).append(bond.guardian)
            nothing_more_to_guardian(bond, at=at)
    Guardianship.objects.filter(pk__in=[bond.pk for bond in bonds if bond.state == BondState.INVITED]).update(
        state=BondState.DECLINED, nonce="", ended_at=at
    )
    Guardianship.objects.filter(pk__in=[bond.pk for bond in bonds if bond.state == BondState.ACTIVE]).update(
        state=BondState.FORMER, ended_at=at
    )
    agents = people_involved(actors=[actor.pk for actor in due], houses=()).agents
    for actor in due:
        _tell(actor, [*told.get(actor.pk, []), *agents.get(actor.pk, [])], at=at)
    record_all(
        [Happening(Event.CAME_OF_AGE, actor_subject(actor), data={"name": actor.stage_name}) for actor in due]
        + [Happening(Event.GUARDIAN_OVER, bond.subject, data={"guardian": bond.name}) for bond in bonds],
        at=at,
    )
    return len(due)


def _tell(actor: ActorProfile, others: list[User], *, at: datetime) -> None:
    subject = actor_subject(actor)
    people = {person.pk: person for person in others}
    people.pop(actor.user_id, None)
    context = {"name": actor.stage_name, "actor": actor.stage_name}
    notify(
        [
            Notice("majority-reached", actor.user, subject, once=f"majority:{actor.pk}", path=reverse("home"),
                   context={**context, "own": True}),
            *(
                Notice("majority-reached", person, subject, once=f"majority:{actor.pk}", path=reverse("home"),
                       context={**context, "own": False})
                for person in people.values()
            ),
        ],
        at=at,
    )  # fmt: skip
