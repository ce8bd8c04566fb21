"""Guardrails as values: what each rule forbids, what it lets through to the person, and how two sets merge."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.people import Language
from replicas.rules.guardrails import Floor, Guardrails
from replicas.rules.guardrails.judging import AI, CONTENT, judge_guardrails, phrases
from replicas.rules.guardrails.merging import Layer, Loosened, loosened, tighten
from replicas.rules.guardrails.presets import PRESET_MEANS, PRESETS, Preset, preset
from replicas.rules.guardrails.words import changes, effective_pairs, plain_sentences
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import AIUse, Currency, Medium, Sensitive, Territory, UseRole

NONE = Guardrails(never_ai=frozenset())


def terms(currency="USD", **changes) -> OfferedTerms:
    values = {
        "title": "Crowd",
        "description": "In the crowd.",
        "role": "background",
        "medium": "streaming",
        "territory": "us",
        "starts_on": date(2026, 3, 1),
        "ends_on": date(2026, 3, 30),
        "fee": Decimal(300),
        "replica_days": 3,
        **changes,
    }
    return OfferedTerms((UseTerms(**values),), "A reason.", currency)


def ruled(offered, *, house=7, hours=48.0, **rules) -> str:
    return phrases(judge_guardrails(Guardrails(**{"never_ai": frozenset(), **rules}), offered, house, hours))


def only(*values):
    return frozenset(values)


@pytest.mark.parametrize("medium", Medium)
def test_a_medium_never_given_forbids_that_medium_alone(medium):
    assert ruled(terms(medium=medium), never_media=only(medium)) == medium.label.lower()
    assert ruled(terms(medium=medium), never_media=frozenset(Medium) - {medium}) == ""


@pytest.mark.parametrize("content", Sensitive)
def test_content_never_given_forbids_that_content_alone(content):
    assert ruled(terms(sensitive=(content,)), never_content=only(content)) == CONTENT[content]
    assert ruled(terms(sensitive=(content,)), never_content=frozenset(Sensitive) - {content}) == ""
    assert ruled(terms(), never_content=frozenset(Sensitive)) == ""


@pytest.mark.parametrize("permission", AIUse)
def test_ai_is_off_until_switched_on(permission):
    offered = terms(ai=(permission,))
    assert phrases(judge_guardrails(Guardrails(), offered, 7, 48)) == AI[permission]
    assert ruled(offered) == ""


@pytest.mark.parametrize(
    ("asked", "never", "fires"),
    [
        ("us", "us", True),
        ("us", "ca", False),
        ("us_ca", "us", True),
        ("us", "us_ca", True),
        ("uk_ie", "eu", True),
        ("eu", "latam", False),
        ("world", "apac", True),
        ("world", "world", True),
        ("us", "world", False),
    ],
)
def test_a_territory_is_ruled_out_with_everything_that_reaches_it(asked, never, fires):
    assert bool(ruled(terms(territory=asked), never_territories=only(never))) is fires


@pytest.mark.parametrize(("limit", "fires"), [(29, True), (30, False), (31, False), (None, False)])
def test_the_longest_term_counts_both_ends(limit, fires):
    assert bool(ruled(terms(), longest_days=limit)) is fires


@pytest.mark.parametrize(("hours", "fires"), [(71.9, True), (72, False), (None, False)])
def test_notice_is_the_least_time_to_answer(hours, fires):
    assert bool(ruled(terms(), hours=hours, notice_hours=72)) is fires


@pytest.mark.parametrize(
    ("fee", "role", "currency", "fires"),
    [
        ("299.99", "background", "USD", True),
        ("300", "background", "USD", False),
        ("1", "principal", "USD", False),
        ("9999", "background", "EUR", True),
    ],
)
def test_the_least_fee_is_per_replica_day_role_and_currency(fee, role, currency, fires):
    floor = Floor("background", "USD", Decimal(100))
    assert bool(ruled(terms(currency, fee=Decimal(fee), role=role), floors=only(floor))) is fires
    assert ruled(terms("EUR"), floors=only(Floor("background", "USD", Decimal(0)))) == ""


def test_dubbing_is_ruled_out_by_naming_the_languages():
    assert ruled(terms(languages="en de"), languages=only("en")) == "language: German"
    assert ruled(terms(languages="en"), languages=only("en")) == ""
    assert ruled(terms(languages="en de")) == ""


def test_where_nobody_speaks_nothing_is_dubbed():
    rules, german = Guardrails(languages=frozenset({"en"})), terms(languages="de")
    assert phrases(judge_guardrails(rules, german, 1, voiced=True)) == "language: German"
    assert judge_guardrails(rules, german, 1, voiced=False) == []


def test_a_blocked_house_is_refused_and_never_named():
    found = judge_guardrails(Guardrails(blocked=only(7)), terms(), 7, 48)
    assert [ruling.private for ruling in found] == [True]
    assert phrases(found) == ""
    assert judge_guardrails(Guardrails(blocked=only(8)), terms(), 7, 48) == []


@pytest.mark.parametrize(
    "values",
    [
        {"never_media": only("radio")},
        {"never_content": only("x")},
        {"languages": only("xx")},
        {"longest_days": 0},
        {"notice_hours": 47},
        {"floors": only(Floor("star", "USD", Decimal(1)))},
        {"floors": only(Floor("principal", "USD", Decimal("NaN")))},
        {"floors": only(Floor("principal", "USD", Decimal(-1)))},
        {"floors": only(Floor("principal", "USD", Decimal(1)), Floor("principal", "USD", Decimal(2)))},
    ],
)
def test_what_no_form_can_send_is_no_guardrail(values):
    with pytest.raises(ValueError, match=r"."):
        Guardrails(**values)


@pytest.mark.parametrize("document", [{}, {"schema": "understudy-guardrails/1"}, {"schema": "understudy-guardrails/2"}])
def test_only_guardrails_are_read_back(document):
    with pytest.raises(ValueError, match="guardrails"):
        Guardrails.from_dict(document)


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_says_what_it_means_and_keeps_generative_training_off(preset):
    assert PRESET_MEANS[preset]
    assert AIUse.GENERATIVE_TRAINING in PRESETS[preset].never_ai


def test_a_sentence_stands_beside_each_switch():
    said = plain_sentences(PRESETS[Preset.CAUTIOUS])
    assert said["content_political"] == "Political message: refused for you. You are not asked."
    assert said["medium_game"] == "Games: you are asked each time."
    assert said["summary"].endswith("You are asked about everything else.")
    whole = Guardrails(
        floors=only(Floor("principal", "USD", Decimal(900))),
        languages=only("en"),
        blocked=only(1),
        never_territories=only("eu"),
        longest_days=1,
    )
    summary = plain_sentences(whole)["summary"]
    for words in ("European Union", "1 day", "$900 a day as principal", "Only in: English", "1 organization is"):
        assert words in summary


def test_what_a_person_may_not_loosen_is_said_at_its_field():
    strict = Guardrails(
        never_media=only(Medium.GAME),
        never_content=only(Sensitive.POLITICAL),
        never_territories=only(Territory.EU),
        never_ai=frozenset(),
        never_pairs=only(("theatrical", "nudity")),
        longest_days=30,
        notice_hours=72,
        languages=only("en"),
        floors=only(Floor("principal", "USD", Decimal(9))),
        blocked=only(3),
    )
    layer = Layer("agency-1", "Northlight", strict)
    fields = ["medium_game", "content_political", "territory_eu", "pair_theatrical_nudity", "longest_days"]
    fields += ["notice_hours", "floor_principal_USD", "languages", "blocked"]
    assert [loose.field for loose in loosened([layer], NONE)] == fields
    assert loosened([Layer("agency-1", "Northlight", NONE)], strict) == loosened([layer], strict) == []
    sentence = "Northlight says never here. You can only tighten it."
    assert loosened([layer], NONE)[0] == Loosened("medium_game", sentence)


def test_media_and_content_can_be_ruled_out_only_together():
    pair = only((Medium.GAME.value, Sensitive.NUDITY.value))
    assert ruled(terms(medium="game", sensitive=("nudity",)), never_pairs=pair) == "nudity in games"
    assert ruled(terms(medium="theatrical", sensitive=("nudity",)), never_pairs=pair) == ""
    assert ruled(terms(medium="game", sensitive=("political",)), never_pairs=pair) == ""
    both = terms(medium="game", sensitive=("nudity",))
    assert ruled(both, never_pairs=pair, never_content=only("nudity")) == "nudity"  # said once
    assert effective_pairs(Guardrails(never_pairs=pair)) == [("game", "nudity")]
    assert effective_pairs(Guardrails(never_pairs=pair, never_media=only("game"))) == []


def test_floors_in_two_currencies_ask_for_either():
    floors = only(Floor("background", "USD", Decimal(100)), Floor("background", "EUR", Decimal(90)))
    assert ruled(terms("USD"), floors=floors) == ruled(terms("EUR"), floors=floors) == ""
    assert ruled(terms("EUR", fee=Decimal("269.99")), floors=floors) == "less than €90 a day as background"
    assert ruled(terms("GBP"), floors=floors) == "a fee not in Euros or US dollars"


def test_rules_written_before_pairs_are_still_read():
    kept = Guardrails(never_media=only("game")).as_dict()
    del kept["never_pairs"]
    assert Guardrails.from_dict({**kept, "schema": "understudy-guardrails/1"}) == Guardrails(never_media=only("game"))
    with pytest.raises(ValueError, match="guardrails"):
        Guardrails.from_dict({**kept, "schema": "understudy-guardrails/3"})


def test_presets_leave_dubbing_off_but_for_who_is_open_to_it():
    assert preset("cautious", ["en", "es"]).languages == only("en", "es")
    assert preset("union", []).languages is None  # nobody knows what they speak, so they are asked
    assert preset("open", ["en"]).languages is None
    with pytest.raises(KeyError):
        preset("reckless", [])


def test_what_a_version_changed_is_said_in_words():
    old = Guardrails(floors=only(Floor("principal", "USD", Decimal(9))), blocked=only(1))
    new = Guardrails(
        never_media=only("game"),
        never_ai=frozenset(AIUse) - {"ai_inference"},
        never_pairs=only(("live", "drugs")),
        longest_days=30,
        notice_hours=72,
        languages=only("en", "fr"),
        blocked=only(2),
    )
    assert changes(old, old, {}) == []
    assert changes(old, new, {1: "Nova", 2: "Supernova"}) == [
        "Games: never.",
        "Feed it to an AI system as input: ask me.",
        "Drugs, alcohol or tobacco in live events: never.",
        "At most 30 days.",
        "At least 72 hours to answer.",
        "No least fee as principal in USD.",
        "Only in English, French.",
        "No work for Supernova.",
        "Nova may ask again.",
    ]
    assert changes(new, old, {})[-2:] == ["No work for an organization.", "An organization may ask again."]


def subset(values):
    return st.frozensets(st.sampled_from([str(value.value) for value in values]))


money = st.decimals(min_value=0, max_value=5000, places=2)
guardrails = st.builds(
    Guardrails,
    never_media=subset(Medium),
    never_content=subset(Sensitive),
    never_territories=subset(Territory),
    never_ai=subset(AIUse),
    never_pairs=st.frozensets(
        st.tuples(st.sampled_from([m.value for m in Medium]), st.sampled_from([c.value for c in Sensitive])), max_size=5
    ),
    longest_days=st.none() | st.integers(1, 4000),
    notice_hours=st.integers(48, 500),
    floors=st.lists(
        st.builds(
            Floor, st.sampled_from([r.value for r in UseRole]), st.sampled_from([c.value for c in Currency]), money
        ),
        max_size=4,
        unique_by=lambda floor: (floor.role, floor.currency),
    ).map(frozenset),
    languages=st.none() | subset(Language),
    blocked=st.frozensets(st.integers(1, 5)),
)
any_terms = st.builds(
    terms,
    currency=st.sampled_from([c.value for c in Currency]),
    role=st.sampled_from([r.value for r in UseRole]) | st.text(max_size=5),
    medium=st.sampled_from([m.value for m in Medium]) | st.text(max_size=5),
    territory=st.sampled_from([t.value for t in Territory]) | st.text(max_size=5),
    starts_on=st.dates(),
    ends_on=st.dates(),
    fee=money,
    replica_days=st.integers(0, 60),
    languages=st.text(max_size=9) | st.sampled_from(["en", "en de", ""]),
    ai=st.lists(st.sampled_from(list(AIUse))).map(tuple),
    sensitive=st.lists(st.sampled_from(list(Sensitive))).map(tuple),
)


@given(guardrails, guardrails, any_terms, st.integers(1, 6), st.none() | st.floats(0, 2000))
def test_judging_never_fails_and_a_merge_forbids_what_either_forbids(one, other, offered, house, hours):
    merged = tighten(one, other)
    for rules in (one, other):
        if judge_guardrails(rules, offered, house, hours):
            assert judge_guardrails(merged, offered, house, hours)
    assert loosened([Layer("agency-1", "One", one), Layer("agency-2", "Other", other)], merged) == []
    assert plain_sentences(merged)["summary"]


@given(guardrails)
def test_guardrails_survive_being_written_down(rules):
    assert Guardrails.from_dict(json.loads(rules.as_text())) == rules
    assert tighten(rules, rules) == rules


@given(any_terms)
def test_the_absence_of_rules_is_no_yes(offered):
    found = judge_guardrails(NONE, offered, 7, timedelta(days=5) / timedelta(hours=1))
    assert found == []  # nothing was forbidden; there is no other answer to give
