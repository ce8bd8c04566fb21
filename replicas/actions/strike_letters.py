"""Telling everybody a strike touches that it began and that it ended: once per strike and side, one letter each."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.actions.moves import move
from accounts.audit import record_all
from accounts.audit.recording import Happening
from accounts.models import ActorProfile, User
from accounts.notifications import Notice, notify
from agencies.access import deciders_of_each, people_involved
from replicas.models import License, ReuseRequest, StrikePeriod
from replicas.models.license import LIVING_STATES
from replicas.models.request import UNDECIDED_STATES, read_by_house
from replicas.rules.answering import RequestState, Side
from replicas.rules.events import Event


@move(Event.STRIKE_BEGAN)
def tell_began(*, by: None = None, at: datetime) -> int:
    """Tells of each strike that stands and was not told yet. Returns how many strikes; call until it says 0."""
    strikes = _untold(StrikePeriod.objects.in_force(at).filter(began_told_at__isnull=True))
    for strike in strikes:
        asked = ReuseRequest.objects.filter(project__agreement=strike.agreement, state__in=UNDECIDED_STATES)
        _tell(strike, "strike-began", asked, at)
    return _told(strikes, Event.STRIKE_BEGAN, "began_told_at", at)


@move(Event.STRIKE_ENDED)
def tell_ended(*, by: None = None, at: datetime) -> int:
    """Tells whom it held that a strike is over, before the clocks go on. Returns how many strikes.

    Who heard that it began hears that it ended; of one that nobody was told of, nobody hears.
    """
    over = StrikePeriod.objects.filter(ends_at__lte=at, began_told_at__isnull=False, ended_told_at__isnull=True)
    strikes = _untold(over)
    for strike in strikes:
        _tell(strike, "strike-ended", ReuseRequest.objects.filter(strike=strike, state=RequestState.HELD), at)
    return _told(strikes, Event.STRIKE_ENDED, "ended_told_at", at)


def _untold(strikes: QuerySet[StrikePeriod]) -> list[StrikePeriod]:
    return list(strikes.select_for_update(skip_locked=True).order_by("pk"))


def _told(strikes: list[StrikePeriod], event: Event, column: str, at: datetime) -> int:
    if not strikes:
        return 0
    StrikePeriod.objects.filter(pk__in=[strike.pk for strike in strikes]).update(**{column: at})
    about = [Happening(event, strike.subject, data={"strike": strike.value.short}) for strike in strikes]
    record_all(about, at=at)
    return len(strikes)


def _tell(strike: StrikePeriod, kind: str, requests: QuerySet[ReuseRequest], at: datetime) -> None:
    """One notice for each person and side, with how much of theirs it touches."""
    licenses = License.objects.filter(
        request__project__agreement=strike.agreement, state__in=LIVING_STATES, ends_at__gt=at
    )
    asked_of, asked_by = _count(requests, "actor"), _count(requests.filter(read_by_house()), "organization")
    given_by, given_to = _count(licenses, "actor"), _count(licenses, "organization")
    actors = ActorProfile.objects.filter(pk__in={*asked_of, *given_by}).select_related("user").in_bulk()
    deciders = deciders_of_each(actors.values(), at)
    involved = people_involved(actors=actors.keys(), houses={*asked_by, *given_to})
    told: list[Notice] = []
    for side, people, requests_of, licenses_of in (
        (Side.ACTOR, deciders, asked_of, given_by),
        (Side.AGENCY, involved.agents, asked_of, given_by),
        (Side.LICENSEE, involved.members, asked_by, given_to),
    ):
        touched: dict[int, Counter[str]] = {}
        by_id: dict[int, User] = {}
        for key, members in people.items():
            for person in members:
                by_id[person.pk] = person
                sums = touched.setdefault(person.pk, Counter())
                sums.update(requests=requests_of[key], licenses=licenses_of[key], clients=1)
        told += [_notice(strike, kind, side, by_id[pk], sums) for pk, sums in touched.items()]
    notify(told, at=at)


def _count(rows: QuerySet[Any], column: str) -> Counter[int]:
    counted = rows.order_by().values_list(column).annotate(number=Count("pk"))
    return Counter(dict(counted))


def _notice(strike: StrikePeriod, kind: str, side: Side, person: User, sums: Counter[str]) -> Notice:
    context = {
        "strike": strike.value.short,
        "agreement": strike.value.label,
        "note": strike.note,
        "starts_at": strike.starts_at.isoformat(),
        "ends_at": strike.ends_at.isoformat() if strike.ends_at else None,
        "side": side.value,
        **{name: sums[name] for name in ("requests", "licenses", "clients")},
    }
    held = f"{reverse('inbox')}?tab=held" if kind == "strike-began" else reverse("inbox")
    path = held if sums["requests"] else reverse("licenses")
    return Notice(kind, person, strike.subject, once=f"strike:{strike.pk}:{side}", path=path, context=context)
