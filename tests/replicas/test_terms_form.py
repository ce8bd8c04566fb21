"""The terms form: every fault beside its field with the input kept, and what was typed comes back as it was."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from replicas.forms.terms import TermsForm, UseForm, numbers_in, with_another_use, without_use
from replicas.rules.days import years_later
from replicas.rules.faults import terms_faults
from replicas.rules.money import read_amount
from replicas.rules.showing import language_words, shown, terms_of
from replicas.rules.terms import document
from tests.factories import offered_terms, use_terms

TODAY = date.today()  # noqa: DTZ011


def posted(**changes: object) -> QueryDict:
    """A complete form with one use as a browser sends it; ``changes`` by field name, a list for several values."""
    draft = TermsForm.draft_of(offered_terms(use_terms()))
    data = QueryDict(mutable=True)
    for name, values in draft.items():
        data.setlist(name, values)
    for name, value in changes.items():
        known = name if name in ("business_reason", "currency") else f"use-0-{name}"
        data.setlist(known, value if isinstance(value, list) else [str(value)])
    return data


def test_a_complete_form_gives_the_terms_back():
    terms = offered_terms()
    data = QueryDict(mutable=True)
    for name, values in TermsForm.draft_of(terms).items():
        data.setlist(name, values)
    form = TermsForm(data, today=TODAY)
    assert form.is_valid(), (form.errors, [use.errors for use in form.uses])
    assert form.offered() == terms


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("business_reason", "", "Say why"),
        ("business_reason", "We need it in perpetuity.", "in perpetuity"),
        ("business_reason", "x" * 1001, "At most 1,000"),
        ("currency", "XXX", "one of the list"),
        ("title", "", "short name"),
        ("title", "Everything, in all media", "own use"),
        ("title", "x" * 81, "At most 80"),
        ("description", "", "Describe"),
        ("description", "Too short.", "at least 40"),
        ("description", "A crowd scene at the harbor, throughout the universe and beyond.", "Name the territory"),
        ("description", "          too short              but padded          ", "at least 40"),
        ("role", "", "Choose one"),
        ("role", "king", "one of the list"),
        ("scenes", "", "Name the scenes"),
        ("scenes", "12A, for any purpose", "Another purpose"),
        ("medium", "", "Choose one"),
        ("territory", "moon", "one of the list"),
        ("languages", [], "at least one"),
        ("languages", ["tlh"], "from the list"),
        ("starts_on", "", "begins"),
        ("starts_on", "soon", "2027-11-30"),
        ("starts_on", TODAY - timedelta(days=1), "This day is over"),
        ("starts_on", "9995-01-01", "Check the year"),
        ("ends_on", "", "ends"),
        ("ends_on", TODAY, "before the first"),
        ("ends_on", years_later(TODAY, 11), "10 years"),
        ("alterations", "", "“None”"),
        ("alterations", "Irrevocably aged by ten years.", "revoke"),
        ("ai", ["everything"], "from the list"),
        ("sensitive", ["gore"], "from the list"),
        ("replica_days", "0", "between 1 and 365"),
        ("replica_days", "366", "between 1 and 365"),
        ("replica_days", "a few", "whole number"),
        ("fee", "", "0 if there is none"),
        ("fee", "-1", "less than nothing"),
        ("fee", "12.345", "two digits"),
        ("fee", "1.283,50", "like 1,283.50"),
        ("fee", "1e9", "like 1,283.50"),
        ("fee", "NaN", "like 1,283.50"),
        ("fee", "99999999", "at most"),
    ],
)
def test_every_fault_is_a_sentence_at_its_field_and_the_input_is_kept(field, value, words):
    form = TermsForm(posted(**{field: value}), today=TODAY)
    assert not form.is_valid()
    place = form if field in form.fields else form.uses[0]
    assert set(place.errors) == {field}
    assert words in " ".join(place.errors[field])
    kept = place[field].value()
    assert kept == (value if isinstance(value, list) else str(value))


def test_each_use_shows_its_own_faults():
    data = posted()
    for name, values in TermsForm.draft_of(offered_terms(use_terms("Second", fee=Decimal(5)))).items():
        if name.startswith("use-0-"):
            data.setlist(name.replace("use-0-", "use-4-"), values)
    data["use-4-fee"] = "lots"
    form = TermsForm(data, today=TODAY)
    assert not form.is_valid()
    assert [use.number for use in form.uses] == [0, 4]
    assert not form.uses[0].errors
    assert set(form.uses[1].errors) == {"fee"}
    assert form.fault_count == 1


def test_a_wholly_empty_second_use_is_not_passed_over():
    data = posted()
    for name in UseForm.base_fields:
        data.setlist(f"use-1-{name}", [""])
    form = TermsForm(data, today=TODAY)
    assert not form.is_valid()
    assert "title" in form.uses[1].errors


def test_nine_uses_are_too_many_and_none_is_lost():
    data = QueryDict(mutable=True)
    draft = TermsForm.draft_of(offered_terms(*[use_terms(f"Use {number}") for number in range(9)]))
    for name, values in draft.items():
        data.setlist(name, values)
    form = TermsForm(data, today=TODAY)
    assert not form.is_valid()
    assert "at most 8 uses" in str(form.non_field_errors())
    assert len(form.uses) == 9


def test_a_draft_keeps_the_forms_fields_and_nothing_else():
    data = posted()
    data.update(
        {"state": "approved", "sent_at": "2020-01-01", "csrfmiddlewaretoken": "x", "use-0-id": "7", "use-x-title": "y"}
    )
    assert TermsForm.data_of(data).keys() == TermsForm.draft_of(offered_terms(use_terms())).keys()


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(ANY_TEXT, min_size=len(UseForm.base_fields) + 3, max_size=len(UseForm.base_fields) + 3))
def test_whatever_is_typed_comes_back_as_it_was(texts):
    names = ["business_reason", "currency", "disclosure", *(f"use-3-{name}" for name in UseForm.base_fields)]
    post = QueryDict(mutable=True)
    for name, text in zip(names, texts, strict=True):
        post.setlist(name, [text])
    draft = TermsForm.data_of(post)
    assert draft == {name: [text] for name, text in zip(names, texts, strict=True)}
    form = TermsForm(today=TODAY, draft=draft)
    for name in form.fields:
        assert form[name].value() == draft[name][0]
    for name in UseForm.base_fields:
        shown_value = form.uses[0][name].value()
        assert (shown_value if isinstance(shown_value, list) else [shown_value]) == draft[f"use-3-{name}"]


def test_an_emptied_box_stays_empty():
    draft = TermsForm.data_of(posted(languages=[]))
    draft.pop("use-0-languages", None)
    assert TermsForm(today=TODAY, draft=draft).uses[0]["languages"].value() == []
    assert TermsForm(today=TODAY).uses[0]["languages"].value() == ["en"]


def test_uses_are_added_and_removed_without_touching_the_others():
    draft = TermsForm.draft_of(offered_terms())
    more = with_another_use(draft)
    assert numbers_in(more) == [0, 1, 2]
    assert {name: more[name] for name in draft} == draft
    fewer = without_use(more, 1)
    assert numbers_in(fewer) == [0, 2]
    assert without_use(without_use(fewer, 0), 2) == without_use(fewer, 0)
    full = draft
    for _ in range(12):
        full = with_another_use(full)
    assert len(numbers_in(full)) == 8


def test_line_ends_of_a_browser_are_no_change_of_terms():
    terms = offered_terms(use_terms(description="A crowd at the fair.\nSeen from far away, never in close-up."))
    data = QueryDict(mutable=True)
    for name, values in TermsForm.draft_of(terms).items():
        data.setlist(name, [value.replace("\n", "\r\n") for value in values])
    form = TermsForm(data, today=TODAY)
    assert form.is_valid()
    assert form.offered() == terms


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("0", "0"), ("1283.5", "1283.50"), ("1,283.50", "1283.50"), ("$693", "693"), ("9,999,999.99", "9999999.99")],
)
def test_amounts_are_read_as_people_write_them(typed, amount):
    assert read_amount(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["1,28", "12,34.5", "1 283", "١٢", "0x10", "", "1.", ".5", "Infinity", "1.234"])
def test_amounts_that_could_mean_something_else_are_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        read_amount(typed)


def test_leap_days_end_on_the_28th():
    assert years_later(date(2024, 2, 29), 10) == date(2034, 2, 28)


def test_the_rules_refuse_what_the_form_refuses():
    good = offered_terms()
    assert terms_faults(good, today=TODAY) == []
    bad = offered_terms(
        use_terms(description="Short."),
        use_terms(ends_on=years_later(TODAY, 12), alterations="in any manner"),
        business_reason=" ",
    )
    found = {(fault.use, fault.field) for fault in terms_faults(bad)}
    assert found == {(None, "business_reason"), (0, "description"), (1, "ends_on"), (1, "alterations")}
    assert terms_faults(replace(good, uses=()))[0].field == "uses"


def test_terms_are_shown_in_words_and_read_back_from_the_frozen_document():
    terms = offered_terms(use_terms(languages="en es", ai=("ai_training",), sensitive=("crime",)))
    words = shown(terms, keys=[41], answers={"41": "no"})
    use = words.uses[0]
    assert (use.key, use.answer, use.languages) == ("41", "no", "English and Spanish")
    assert (use.fee, use.each, words.total) == ("$693", "3 days × $231", "$693")
    assert use.ai == ("Train other AI on it",)
    assert dict(words.may_not)["Other AI"] == (
        "No. Only what they ask for: Train other AI on it (in “Crowd at the harbor fair”)."
    )
    assert any("Sensitive" in line for line in use.bullets)
    assert dict(shown(offered_terms()).may_not)["Train AI"].startswith("No.")
    assert terms_of(document(terms, parties={})) == terms
    assert language_words("en es fr") == "English, Spanish and French"
