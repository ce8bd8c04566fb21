"""Searches the demo's casting director keeps: one by terms, with letters about what is new, and one to look at by hand."""

from datetime import datetime, timedelta

from django.http import QueryDict

from portal.demo.staging import Stage
from replicas.actions.searches import save_search
from replicas.forms.listing import ListingForm
from replicas.forms.permitted import TermsForm, terms_words
from replicas.models import SavedSearch

KEPT = [
    ("Spanish-speaking crowd, streaming", "language=es", ["Spanish"], True),
    ("Voices for the radio play", "modality=voice", ["Voice"], False),
]
TERMS = "t_on=on&t_medium=streaming&t_territory=world&t_starts_on={begins}&t_ends_on={ends}&t_fee=231"


def keep_searches(stage: Stage) -> None:
    """Kept a week ago, so that what was listed since can be news."""
    stage.script.at(stage.world.ago(days=7), lambda at: [_keep(stage, at, *search) for search in KEPT])


def _keep(stage: Stage, at: datetime, name: str, query: str, said: list[str], alert: bool) -> SavedSearch:
    if alert:
        begins = at.date() + timedelta(days=30)
        query = f"{query}&{TERMS.format(begins=begins, ends=begins + timedelta(days=364))}"
    asked = QueryDict(query)
    terms = TermsForm(asked).terms()
    return save_search(
        organization=stage.world.houses["nova"],
        name=name,
        query=query,
        filters=ListingForm(asked, today=at.date()).filters(),
        terms=terms,
        said=[*said, terms_words(terms)] if terms else said,
        alert=alert,
        by=stage.user("Dana Whitfield"),
        at=at,
    )
