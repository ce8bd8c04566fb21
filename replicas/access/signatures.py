"""How far the yes of a minor's guardians has come."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from agencies.access import guardians_of
from replicas.models import GuardianSignature, ReuseRequest
from replicas.rules.minors import progress_words


@dataclass(frozen=True)
class Signing:
    """``needed`` are the guardians who must all sign, ``given`` the signatures that count right now."""

    young: bool = False
    needed: Sequence[User] = field(default_factory=list)
    given: Sequence[GuardianSignature] = field(default_factory=list)

    @property
    def progress(self) -> str:
        """“1 of 2 signed”; empty where one signature is enough."""
        return progress_words(len(self.given), len(self.needed)) if len(self.needed) > 1 else ""

    @property
    def missing(self) -> list[User]:
        signed = {signature.by_id for signature in self.given}
        return [guardian for guardian in self.needed if guardian.pk not in signed]

    def by(self, user: User) -> GuardianSignature | None:
        return next((signature for signature in self.given if signature.by_id == user.pk), None)


def key_of(guardians: Sequence[User]) -> str:
    """The ids of those who have to sign, as a signature keeps them."""
    return f" {' '.join(str(pk) for pk in sorted(guardian.pk for guardian in guardians))} "


def counting(request: ReuseRequest, guardians: Sequence[User]) -> QuerySet[GuardianSignature]:
    """The signatures that count: under the present round, by those who are the guardians now."""
    rows = GuardianSignature.objects.filter(request=request, terms=request.current_terms_id, taken_back_at__isnull=True)
    return rows.filter(guardians=key_of(guardians)).select_related("by").order_by("at", "pk")


def signing_of(request: ReuseRequest, *, at: datetime) -> Signing:
    """No query for an adult, two for a minor."""
    if not request.actor.is_minor(at):
        return Signing()
    guardians = guardians_of(request.actor, at)
    return Signing(True, guardians, list(counting(request, guardians)))
