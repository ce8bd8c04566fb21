"""The terms somebody searches by: read from the address, and held to how many different ones a house may try a day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from agencies.views.viewer import ViewerRequest
from replicas.access.listing import ANY, matching
from replicas.access.permitted import Sets, may_ask, permitted, refused, sets_allowing
from replicas.forms.listing import Pill
from replicas.forms.permitted import TermsForm, terms_words
from replicas.rules.listing import MOST_COUNTED, Filters
from replicas.rules.permitted import MOST_TERMS, SearchTerms, refused_words

TOO_MANY = (
    f"Your house has searched by {MOST_TERMS} different terms today. Use one of those again, or try new ones tomorrow."
)


@dataclass(frozen=True)
class Asked:
    """``form`` as it was sent, None at a desk that asks nobody. ``terms`` are None where they narrow nothing, and
    ``why_not`` says so where it is not the form that does."""

    form: TermsForm | None = None
    terms: SearchTerms | None = None
    why_not: str = ""

    @cached_property
    def _sets(self) -> Sets | None:
        return sets_allowing([self.terms.asked()]) if self.terms else None

    @property
    def also(self) -> Q:
        """What the terms add to the search. One query, once."""
        return permitted(self._sets) if self._sets else ANY

    @property
    def faults(self) -> list[str]:
        """Why terms that were meant to count do not."""
        return [self.why_not] if self.why_not else self.form.faults() if self.form else []

    @property
    def pills(self) -> list[Pill]:
        """The terms among the chosen filters. How many there would be without them is not said."""
        return [Pill(terms_words(self.terms), self.form.without())] if self.form and self.terms else []

    def refused(self, filters: Filters, today: date) -> str:
        """How many who fit otherwise are left out by their rules, as it may be said. One query, and none without
        terms."""
        if self._sets is None:
            return ""
        rows = matching(filters, today=today, also=refused(self._sets)).order_by()
        return refused_words(rows[: MOST_COUNTED + 1].count(), MOST_COUNTED)


def terms_asked(request: ViewerRequest, *, today: date) -> Asked:
    """The terms of this page. At a desk that asks nobody, rules are nobody's business: there are none."""
    desk = request.desk
    if desk.kind != "casting" or desk.organization is None:
        return Asked()
    form = TermsForm(request.GET)
    terms = form.terms()
    if terms and not may_ask(desk.organization.pk, terms, day=today):
        return Asked(form, None, TOO_MANY)
    return Asked(form, terms)
