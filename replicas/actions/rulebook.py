"""Entering figures into the rulebook: those the portal comes with, and the changes of staff."""

from datetime import date, datetime

from django.db import transaction

from accounts.actions.moves import move
from accounts.audit import record
from accounts.models import User
from accounts.rules.refusal import Refused
from replicas.models import RulebookEntry
from replicas.rulebook import from_files
from replicas.rules.events import Event
from replicas.rules.rates import EntryKind, check_day, with_figure
from replicas.rules.rulebook.stages import Grade

CAME_WITH = "Came with the portal."


@transaction.atomic
def load_rulebook(*, at: datetime) -> int:
    """Adds what the files have and the table does not, by key and day. Returns how many rows.

    A key and day that is there already is left as it is, so that nothing staff entered is overwritten. Safe to run
    at every start, and by two at once. The rows say themselves when and why they came; they are nobody's decision, so
    there is no audit entry.
    """
    there = set(RulebookEntry.objects.values_list("kind", "key", "effective_from"))
    rows = [
        RulebookEntry(
            kind=entry.kind,
            key=entry.key,
            effective_from=entry.effective_from,
            values=dict(entry.values),
            source=entry.source,
            grade=entry.grade,
            reason=CAME_WITH,
            created_at=at,
        )
        for entry in from_files()
        if entry.place not in there
    ]
    if rows:
        RulebookEntry.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@move(Event.RULEBOOK_CHANGED)
def add_version(
    base: RulebookEntry,
    *,
    figure: str,
    effective_from: date,
    source: str,
    grade: str,
    reason: str,
    void: bool = False,
    by: User,
    at: datetime,
) -> RulebookEntry:
    """Enters another figure for what ``base`` is about. Only staff. What was there stays readable.

    The same day makes a new version of it, another day a new row that counts from then on. ``void`` takes the row of
    that day back. Raises Refused for anybody else, for a figure that is none, and without a source or a reason.
    """
    if not (by.is_active and by.is_staff):
        raise Refused("not-staff", "Only staff change the rulebook.", subject=base.subject)
    try:
        check_day(effective_from)
        values = dict(base.values) if void else with_figure(base.kind, base.values, figure)
        if not source.strip() or not reason.strip():
            raise Refused("reason-missing", "Say where the figure comes from, and why it changes.")
        if grade not in set(Grade):
            raise Refused("grade-missing", "Say how sure the source is.")
    except Refused as refusal:
        refusal.subject = base.subject
        raise
    # The first row holds back a second writer until this one is committed, on PostgreSQL too: a process that has seen
    # the newest row may then count on having seen all before it.
    list(RulebookEntry.objects.order_by("pk").select_for_update()[:1])
    versions = RulebookEntry.objects.filter(kind=base.kind, key=base.key, effective_from=effective_from)
    last = versions.order_by("-number").first()
    if void and last is None:
        raise Refused("nothing-there", "Nothing was entered for that day.", subject=base.subject)
    row = RulebookEntry.objects.create(
        kind=base.kind,
        key=base.key,
        effective_from=effective_from,
        number=last.number + 1 if last else 1,
        values=values,
        void=void,
        source=source.strip(),
        grade=grade,
        reason=reason.strip(),
        created_by=by,
        created_at=at,
    )
    record(
        Event.RULEBOOK_CHANGED,
        subject=row.subject,
        by=by,
        at=at,
        what=f"{EntryKind(row.kind).label.lower()} {row.name}",
        figure=row.headline,
        day=f"{effective_from:%b} {effective_from.day}, {effective_from.year}",
        reason=reason.strip(),
    )
    return row
