"""What somebody outside sees of a list by its link: the list as it is now, less than its house sees, and only while the
link is open. No account is asked for, so nothing here names a way to reach anybody."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.notifications.sealed import hash_of
from replicas.access.shortlists import entries_of
from replicas.models import Preview, ShortlistEntry, ShortlistShare
from replicas.rules.vocabulary import Visibility


@dataclass(frozen=True, slots=True)
class Shared:
    """``standing`` is open, over (expired, closed: they read alike) or unknown; ``share`` only where it is open."""

    standing: str
    share: ShortlistShare | None = None


def behind_share(token: str, *, at: datetime) -> Shared:
    """The link of a token at ``at`` (aware), with its list and house. One query."""
    rows = ShortlistShare.objects.select_related("shortlist__organization", "created_by")
    found = rows.filter(token_hash=hash_of(token)).first()
    if found is None:
        return Shared("unknown")
    return Shared("open", found) if found.is_open(at) else Shared("over")


def shared_entries(share: ShortlistShare, *, at: datetime) -> QuerySet[ShortlistEntry]:
    """The entries a link shows: what anybody in the search may find, and nobody under 18.

    A replica shown by link was shown to one house, not to whom that house knows.
    """
    adults = Q(replica__actor__adult_at__isnull=True) | Q(replica__actor__adult_at__lte=at)
    return entries_of(share.shortlist).filter(adults, replica__visibility=Visibility.LISTED)


def kept_back(share: ShortlistShare, *, at: datetime) -> int:
    """How many entries the house sees on the list, and the link does not show."""
    return entries_of(share.shortlist).count() - shared_entries(share, at=at).count()


def get_shared_preview(token: str, key: str, *, at: datetime) -> tuple[ShortlistShare, Preview]:
    """A picture of a replica that the link shows. Raises Http404 for every other, and when the link is over."""
    share = behind_share(token, at=at).share
    if share is None:
        raise Http404
    shown = shared_entries(share, at=at).values("replica")
    preview = Preview.objects.filter(key=key, replica__in=shown).first()
    if preview is None:
        raise Http404
    return share, preview
