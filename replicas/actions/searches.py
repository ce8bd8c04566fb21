"""Keeping a search, and telling its owner of what is new in it. A bookmark: it leaves no entry."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from accounts.notifications import Notice, notify
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from accounts.rules.subject import Subject
from agencies.models import Organization
from replicas.access.searches import due_searches, news_of, people_to_look_for
from replicas.models import SavedSearch
from replicas.rules.listing import Filters
from replicas.rules.permitted import SearchTerms
from replicas.rules.searches import MOST_SEARCHES, SHOWN, as_document, day_turned

BATCH = 100  # people
NAMED_TWICE = "You have a search of that name here. Choose another name."
TOO_MANY = f"You keep {MOST_SEARCHES} searches here. Delete one you no longer need, then save this."


def save_search(
    *,
    organization: Organization,
    name: str,
    query: str,
    filters: Filters,
    terms: SearchTerms | None,
    said: Sequence[str],
    alert: bool,
    by: User,
    at: datetime,
) -> SavedSearch:
    """Keeps a search for ``by`` alone. What is listed from now on is news to it.

    Raises Refused for a name they use already, and beyond 50 searches in one house.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if SavedSearch.objects.filter(user=by, organization=organization).count() >= MOST_SEARCHES:
            raise Refused("too-many-searches", TOO_MANY)
        return _write(
            SavedSearch(
                ref=new_reference("Q"),
                user=by,
                organization=organization,
                name=name,
                query=query,
                document=as_document(filters, terms),
                said=list(said),
                alert=alert,
                looked_until=at,
                created_at=at,
                changed_at=at,
            )
        )


def change_search(search: SavedSearch, *, name: str, alert: bool, by: User, at: datetime) -> SavedSearch:
    """Another name, or the letters on or off; switched on, what is listed from now on is news. Own searches only."""
    with transaction.atomic():
        found = SavedSearch.objects.select_for_update().get(pk=search.pk, user=by)
        if alert and not found.alert:
            found.looked_until = at
        found.name, found.alert, found.changed_at = name, alert, at
        return _write(found)


def delete_search(search: SavedSearch, *, by: User, at: datetime) -> None:
    """Forgets one of the person's own searches, and the letters about it."""
    SavedSearch.objects.filter(pk=search.pk, user=by).delete()


def send_alerts(*, by: User | None, at: datetime) -> int:
    """Looks at the alerts of up to 100 people up to the last turn of the day. Returns how many people were looked for.

    Each of them gets one letter at most, about all of their searches; two sweeps at once tell nobody twice.
    """
    until = day_turned(at)
    people = people_to_look_for(until, BATCH)
    for user_id in people:
        _tell(user_id, until, at=at)
    return len(people)


@transaction.atomic
def _tell(user_id: int, until: datetime, *, at: datetime) -> None:
    user = User.objects.select_for_update().get(pk=user_id)
    searches = list(due_searches(user_id, until))
    news = [(search, number) for search in searches if (number := _news(search, until))]
    SavedSearch.objects.filter(pk__in=[search.pk for search in searches]).update(looked_until=until)
    if not news:
        return
    context: dict[str, Any] = {
        "searches": [_line(search, number) for search, number in news],
        "first": news[0][0].name,
        "more": len(news) - 1,
    }
    notify(
        [
            Notice(
                "search-news",
                user,
                Subject("savedsearches", user.pk, "", "Saved searches"),
                once=f"{until:%Y-%m-%d}",
                path=reverse("searches"),
                context=context,
            )
        ],
        at=at,
    )


def _line(search: SavedSearch, number: int) -> dict[str, Any]:
    """How many, and of which search. Nobody is named: who was listed may be hidden again when the letter is read."""
    few = number < SHOWN
    words = f"{number if few else f'{SHOWN} or more'} new {'replica' if number == 1 else 'replicas'}"
    return {"name": search.name, "house": search.organization.name, "words": words, "path": search.get_absolute_url()}


def _news(search: SavedSearch, until: datetime) -> int:
    """None for a search that can't be read any more; its page says so."""
    try:
        return news_of(search, until)
    except ValueError:
        return 0


def _write(search: SavedSearch) -> SavedSearch:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError:
        raise Refused("named-twice", NAMED_TWICE) from None
    return search
