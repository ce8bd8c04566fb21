"""A house's own lists. Whatever anybody of the house does to them is preparation, so assistants may, and it leaves no
audit entry; giving one out by a link is its members' and is recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.notifications.sealed import hash_of, new_nonce, token_of
from accounts.rules.references import new_reference
from accounts.rules.refusal import Refused
from agencies.access import may_act_for, members_of
from agencies.models import Organization
from replicas.access.shortlists import entries_of, shares_of, shown_to
from replicas.models import Shortlist, ShortlistEntry, ShortlistShare
from replicas.rules.events import Event
from replicas.rules.shortlists import DEFAULT_TAGS, MOST_ON_A_LIST, MOST_SHARES, TAGS, expires_at, mask_of


@transaction.atomic
def create_shortlist(
    *, organization: Organization, title: str, about: str = "", tags: Sequence[str] = (), by: User, at: datetime
) -> Shortlist:
    """Begins a list. Without ``tags`` it takes over the names of the house's newest list, else the usual ones.

    Raises Refused for people of other houses and for houses that ask for nothing (agencies).
    """
    if not organization.is_licensee:
        raise Refused("not-a-licensee", "Only casting offices and productions keep shortlists.")
    _check(organization.pk, by)
    newest = Shortlist.objects.filter(organization=organization).order_by("-id").values_list("tags", flat=True).first()
    return Shortlist.objects.create(
        ref=new_reference("T"),
        organization=organization,
        title=title,
        about=about,
        tags=_six(tags or newest or DEFAULT_TAGS),
        created_by=by,
        created_at=at,
        changed_at=at,
    )


@transaction.atomic
def change_shortlist(
    shortlist: Shortlist, *, title: str, about: str, tags: Sequence[str], by: User, at: datetime
) -> Shortlist:
    """Another title, purpose or names of tags. An entry keeps its tags; one without a name is not shown."""
    shortlist = _locked(shortlist, by)
    shortlist.title, shortlist.about, shortlist.tags, shortlist.changed_at = title, about, _six(tags), at
    shortlist.save(update_fields=["title", "about", "tags", "changed_at"])
    return shortlist


@transaction.atomic
def add_replicas(
    shortlist: Shortlist, *, replicas: Iterable[int], tags: Iterable[int] = (), note: str = "", by: User, at: datetime
) -> int:
    """Puts replicas (ids, in order) at the end of a list; what stands on it already stays as it is.

    ``tags`` (1 to 6) and ``note`` go to each new entry. Returns how many are new. Raises Refused when one of them can't
    be found or opened by the house, and when the list would get too long: then none is added.
    """
    shortlist = _locked(shortlist, by)
    wanted = list(dict.fromkeys(replicas))
    seen = set(shown_to(shortlist.organization_id).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(seen) < len(wanted):
        one = len(wanted) == 1
        what = "This replica is" if one else "Some of these replicas are"
        raise Refused("not-listed", f"{what} not in the search. Ask for {'it' if one else 'them'} first.")
    there = set(shortlist.entries.values_list("replica", flat=True))
    new = [pk for pk in wanted if pk not in there]
    if len(there) + len(new) > MOST_ON_A_LIST:
        raise Refused(
            "list-full",
            f"A list holds {MOST_ON_A_LIST:,} replicas; this one has room for {MOST_ON_A_LIST - len(there):,} more. "
            "Nothing was added. Begin another list for the rest.",
        )
    last = shortlist.entries.aggregate(last=Max("position"))["last"] or 0
    mask = mask_of(tags)
    ShortlistEntry.objects.bulk_create(
        ShortlistEntry(
            shortlist=shortlist, replica_id=pk, position=position, tags=mask, note=note, added_by=by, added_at=at
        )
        for position, pk in enumerate(new, last + 1)
    )
    _touch(shortlist, at)
    return len(new)


@transaction.atomic
def put_on(
    shortlist: Shortlist | None,
    *,
    organization: Organization,
    title: str,
    replicas: Iterable[int],
    note: str = "",
    by: User,
    at: datetime,
) -> tuple[Shortlist, int]:
    """``add_replicas`` to a list, or (None) to a new one called ``title``: begun only if they can be added."""
    chosen = shortlist or create_shortlist(organization=organization, title=title, by=by, at=at)
    return chosen, add_replicas(chosen, replicas=replicas, note=note, by=by, at=at)


@transaction.atomic
def change_entry(entry: ShortlistEntry, *, tags: Iterable[int], note: str, by: User, at: datetime) -> ShortlistEntry:
    """The tags (1 to 6) and the note of one entry. Tags without a name now are kept as they are."""
    shortlist = _locked(entry.shortlist, by)
    entry = _entry(entry)
    unnamed = [number for number in entry.tag_numbers if number not in dict(shortlist.named_tags)]
    entry.tags, entry.note = mask_of([*tags, *unnamed]), note
    entry.save(update_fields=["tags", "note"])
    _touch(shortlist, at)
    return entry


@transaction.atomic
def move_entry(entry: ShortlistEntry, *, where: str, by: User, at: datetime) -> None:
    """``where``: “up” or “down” past its neighbor that shows, “first” or “last” of all. At the end it stays."""
    shortlist = _locked(entry.shortlist, by)
    entry = _entry(entry)
    order = ("position", "id") if where in ("down", "last") else ("-position", "-id")
    shown = list(entries_of(shortlist).order_by(*order).values_list("pk", "position"))
    place = next((place for place, (pk, _) in enumerate(shown) if pk == entry.pk), None)
    if place is None or place == len(shown) - 1:
        return
    if where in ("first", "last"):
        entry.position = shown[-1][1] + (1 if where == "last" else -1)
    else:
        other, position = shown[place + 1]
        ShortlistEntry.objects.filter(pk=other).update(position=entry.position)
        entry.position = position
    entry.save(update_fields=["position"])
    _touch(shortlist, at)


@transaction.atomic
def remove_entry(entry: ShortlistEntry, *, by: User, at: datetime) -> None:
    """Takes one replica off the list. One that is off already is fine."""
    shortlist = _locked(entry.shortlist, by)
    ShortlistEntry.objects.filter(pk=entry.pk).delete()
    _touch(shortlist, at)


@transaction.atomic
def remove_silent(shortlist: Shortlist, *, by: User, at: datetime) -> int:
    """Takes off what is not listed any more, with its tags and notes. Returns how many that were."""
    shortlist = _locked(shortlist, by)
    silent = shortlist.entries.exclude(pk__in=entries_of(shortlist).values("pk"))
    count, _ = silent.delete()
    _touch(shortlist, at)
    return count


@move(Event.SHORTLIST_DELETED)
def delete_shortlist(shortlist: Shortlist, *, by: User, at: datetime) -> None:
    """Throws a list away, with every link to it. Raises Refused for people of other houses."""
    shortlist = _locked(shortlist, by)
    subject = shortlist.subject
    shortlist.delete()
    record(Event.SHORTLIST_DELETED, subject=subject, by=by, at=at)


@move(Event.SHORTLIST_SHARED)
def share(
    shortlist: Shortlist, *, whom: str, days: int, with_notes: bool = False, by: User, at: datetime
) -> ShortlistShare:
    """Makes a link that shows the list for ``days`` (one of ``SHARE_DAYS``) to whoever holds it.

    Raises Refused for assistants and people of other houses, and while too many links are open.
    """
    shortlist = _locked(shortlist, by)
    _check_may_give_out(shortlist, by)
    if shares_of(shortlist, at=at).count() >= MOST_SHARES:
        raise Refused(
            "too-many-links",
            f"{MOST_SHARES} links to this list are open already. Close one that is not needed any more.",
            subject=shortlist.subject,
        )
    nonce = new_nonce()
    made = ShortlistShare.objects.create(
        shortlist=shortlist,
        nonce=nonce,
        token_hash=hash_of(token_of(nonce)),
        whom=whom,
        with_notes=with_notes,
        created_by=by,
        created_at=at,
        expires_at=expires_at(days, at=at),
    )
    record(Event.SHORTLIST_SHARED, subject=shortlist.subject, by=by, at=at, days=days)
    return made


@move(Event.SHORTLIST_LINK_CLOSED)
def close_share(shortlist: Shortlist, *, share_id: int, by: User, at: datetime) -> None:
    """Closes a link: from this moment it shows nothing. One that is over already is left as it is."""
    shortlist = _locked(shortlist, by)
    _check_may_give_out(shortlist, by)
    open_ = ShortlistShare.objects.filter(pk=share_id, shortlist=shortlist, closed_at__isnull=True)
    if not open_.filter(expires_at__gt=at).update(closed_at=at, closed_by=by):
        raise Refused("link-over", "This link is over already. Nobody sees the list by it.", subject=shortlist.subject)
    record(Event.SHORTLIST_LINK_CLOSED, subject=shortlist.subject, by=by, at=at)


def _check(organization: int, by: User) -> None:
    if not members_of(organization).filter(pk=by.pk).exists():
        raise Refused("not-yours", "Only people of this house can do this.")


def _check_may_give_out(shortlist: Shortlist, by: User) -> None:
    if not may_act_for(by, shortlist.organization_id):
        words = "An owner or member of your house gives lists out. You can prepare this one for them."
        raise Refused("assistant", words, subject=shortlist.subject)


def _locked(shortlist: Shortlist, by: User) -> Shortlist:
    """The list's row, locked, so that moves on one list come one after another."""
    found = Shortlist.objects.select_for_update().filter(pk=shortlist.pk).first()
    if found is None:
        raise Refused("deleted", "Somebody of your house deleted this list meanwhile.", subject=shortlist.subject)
    try:
        _check(found.organization_id, by)
    except Refused as refusal:
        refusal.subject = found.subject
        raise
    return found


def _entry(entry: ShortlistEntry) -> ShortlistEntry:
    found = ShortlistEntry.objects.filter(pk=entry.pk).first()
    if found is None:
        raise Refused("off-the-list", "Somebody of your house took this replica off the list meanwhile.")
    return found


def _six(tags: Sequence[str]) -> list[str]:
    """Exactly six names, cleaned of spaces around them."""
    names = [" ".join(name.split()) for name in tags][:TAGS]
    return names + [""] * (TAGS - len(names))


def _touch(shortlist: Shortlist, at: datetime) -> None:
    Shortlist.objects.filter(pk=shortlist.pk).update(changed_at=at)
