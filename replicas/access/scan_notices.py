"""What a house has announced. Everybody of the house reads it, assistants too; nobody else knows it exists."""

from datetime import datetime

from django.db.models import QuerySet, Subquery
from django.http import Http404

from accounts.models import User
from accounts.rules.references import read_reference
from agencies.access import Desk
from agencies.models import Membership
from agencies.rules.organizations import LICENSEE_KINDS, BondState
from replicas.access.strikes import strike_id
from replicas.models import ScanDraft, ScanNotice


def _announcers_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, state=BondState.ACTIVE, organization__kind__in=LICENSEE_KINDS)


def notices_of(desk: Desk) -> QuerySet[ScanNotice]:
    """The announcements of a casting or production desk that were not superseded. Http404 for other desks."""
    if desk.kind != "casting":
        raise Http404
    return ScanNotice.objects.filter(organization=desk.organization, superseded_by__isnull=True)


def get_notice(user: User, ref: str, *, at: datetime | None = None) -> ScanNotice:
    """One announcement of the person's house, superseded or not. Raises Http404 for a stranger.

    With ``at``, the row carries ``struck_by``: the id of the strike that stands then under its project's agreement.
    """
    rows = ScanNotice.objects.filter(
        organization__in=_announcers_of(user).values("organization"), ref=read_reference(ref)
    )
    if at is not None:
        rows = rows.annotate(struck_by=Subquery(strike_id(at)))
    found = rows.select_related(
        "organization", "project", "announced_by", "call_off__by", "superseded_by", "supersedes"
    ).first()
    if found is None:
        raise Http404
    return found


def drafts_of(desk: Desk) -> QuerySet[ScanDraft]:
    """What a casting or production desk has begun to announce. Http404 for other desks."""
    if desk.kind != "casting":
        raise Http404
    return ScanDraft.objects.filter(organization=desk.organization)


def get_draft(user: User, ref: str) -> ScanDraft:
    """One draft of the person's house, whoever began it. Raises Http404 for a stranger."""
    rows = ScanDraft.objects.filter(organization__in=_announcers_of(user).values("organization"))
    found = rows.select_related("organization", "created_by", "supersedes").filter(ref=read_reference(ref)).first()
    if found is None:
        raise Http404
    return found


def find_notice(user: User, ref: str) -> ScanNotice | None:
    """The announcement that came of a draft with this reference, if it was announced and is the person's house's."""
    rows = ScanNotice.objects.filter(organization__in=_announcers_of(user).values("organization"))
    return rows.filter(ref=read_reference(ref)).first()
