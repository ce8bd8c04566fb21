"""Rules as numbers in the database: they answer as the rules do, and follow whatever changes those."""

from dataclasses import replace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.actions.representations import accept, end
from replicas.access.guardrails import guardrails_in_force
from replicas.access.permitted import allowing, numbers_of, permitted, refused, sets_allowing, unread_actors
from replicas.actions.actors import save_actor
from replicas.actions.listing import relist_actor
from replicas.actions.permitted import follow_rules, read_unread
from replicas.actions.replicas import change, facts_of, set_visibility
from replicas.models import ActorRules, Listing, RuleSet
from replicas.rules.permitted import SearchTerms, allows, asked_uses, rule_set
from tests.factories import make_actor, make_agency, make_replica, represent
from tests.replicas.guardrails_factory import set_default, set_rules
from tests.replicas.permitted_cases import guardrails, offers

pytestmark = pytest.mark.django_db

GAME = SearchTerms(medium="game", territory="us").asked()
FILM = SearchTerms(medium="theatrical", territory="us").asked()


def known(actor):
    """What the copy says of the actor, and that it is what the rules in force say."""
    kept = ActorRules.objects.select_related("rule_set").get(pk=actor.pk)
    assert kept.rule_set.key == rule_set(guardrails_in_force(actor.pk).rules).key
    return kept.rule_set


def allowed(actor, use):
    return Listing.objects.filter(permitted(sets_allowing([use])), actor=actor).exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(guardrails(), min_size=1, max_size=8), offers())
def test_the_database_agrees_with_the_rule_on_any_round_of_terms(db, rules, terms):
    numbers = {rule_set(each).key: rule_set(each) for each in rules}
    RuleSet.objects.all().delete()
    RuleSet.objects.bulk_create([RuleSet.of(each) for each in numbers.values()])
    uses = asked_uses(terms)
    for voiced in (True, False):
        found = set(allowing(uses, voiced=voiced).values_list("key", flat=True))
        assert found == {key for key, each in numbers.items() if all(allows(each, use, voiced=voiced) for use in uses)}


def test_own_rules_are_followed_with_their_version():
    alice = make_actor()
    make_replica(alice)
    set_rules(alice)
    assert allowed(alice, GAME) is True
    set_rules(alice, never_media=frozenset({"game"}))
    assert (allowed(alice, GAME), allowed(alice, FILM)) == (False, True)
    known(alice)


def test_an_agencys_default_counts_from_the_day_it_is_set_and_while_it_represents():
    alice, agency = make_actor(), make_agency()
    make_replica(alice)
    bond = represent(agency, alice)
    set_default(agency, never_media=frozenset({"game"}))
    assert allowed(alice, GAME) is False
    known(alice)
    end(bond, by=alice.user, at=timezone.now())
    assert allowed(alice, GAME) is True
    known(alice)
    again = represent(agency, alice, "invited")
    accept(again, by=alice.user, at=timezone.now())
    assert allowed(alice, GAME) is False
    known(alice)


def test_union_and_languages_are_followed_with_the_profile():
    alice = make_actor()
    replica = make_replica(alice, voice=True)
    german = SearchTerms(medium="audio", territory="us", languages=("de",)).asked()
    training = SearchTerms(medium="audio", territory="us", ai=("ai_generative_training",)).asked()
    for values, speaks_german, trains in [({"languages": " de "}, True, False), ({"languages": " en "}, False, False)]:
        save_actor(alice, user=alice.user, values=values, by=alice.user, at=timezone.now())
        assert (allowed(alice, german), allowed(alice, training)) == (speaks_german, trains)
        known(alice)
    facts = replace(facts_of(replica), modalities=("body",))
    change(replica, facts=facts, by=alice.user, at=timezone.now())
    assert allowed(alice, german) is True  # nobody is dubbed who does not speak
    set_rules(alice)
    assert allowed(alice, training) is True
    save_actor(alice, user=alice.user, values={"union": "sag_aftra"}, by=alice.user, at=timezone.now())
    assert allowed(alice, training) is False
    known(alice)


def test_the_forbidden_are_the_others_and_nobody_unknown():
    alice, bob, charlie = (make_actor(name) for name in ("Alice", "Bob", "Charlie"))
    for actor in (alice, bob, charlie):
        make_replica(actor)
    set_rules(alice, never_media=frozenset({"game"}))
    set_rules(bob)
    assert [row.actor for row in Listing.objects.filter(permitted(sets_allowing([GAME])))] == [bob]
    assert [row.actor for row in Listing.objects.filter(refused(sets_allowing([GAME])))] == [alice]
    Listing.objects.update(rules=None)
    assert not Listing.objects.filter(permitted(sets_allowing([GAME])) | refused(sets_allowing([GAME]))).exists()


def test_a_listing_has_the_rules_of_its_actor_whichever_came_first():
    alice = make_actor()
    set_rules(alice, never_media=frozenset({"game"}))
    replica = make_replica(alice, visibility="hidden")
    assert not Listing.objects.exists()
    set_visibility(replica, visibility="listed", by=alice.user, at=timezone.now())
    assert Listing.objects.get().rules == known(alice)
    set_rules(alice)
    assert Listing.objects.get().rules == known(alice)
    relist_actor(alice)
    assert Listing.objects.get().rules == known(alice)


def test_whom_somebody_will_not_work_for_is_no_part_of_it():
    alice, agency = make_actor(), make_agency()
    make_replica(alice)
    set_rules(alice)
    before = known(alice)
    set_rules(alice, blocked=frozenset({agency.pk}))
    assert ActorRules.objects.get(pk=alice.pk).rule_set == before


def test_the_same_rules_are_kept_once():
    actors = [make_actor(f"Actor {number}") for number in range(5)]
    assert follow_rules([actor.pk for actor in actors], by=None, at=timezone.now()) == 5
    assert (RuleSet.objects.count(), ActorRules.objects.count()) == (1, 5)


@pytest.mark.parametrize("count", [1, 30])
def test_following_costs_the_same_for_one_and_thirty(django_assert_num_queries, count):
    ids = [make_actor(f"Actor {number}").pk for number in range(count)]
    with django_assert_num_queries(8):  # with its savepoint
        follow_rules(ids, by=None, at=timezone.now())


def test_who_was_never_read_or_by_an_earlier_version_is_read_by_the_clock():
    alice, bob = make_actor("Alice"), make_actor("Bob")
    make_replica(alice), make_replica(alice), make_actor("Nobody yet")
    set_rules(bob)
    ActorRules.objects.filter(pk=bob.pk).update(read_with="earlier")
    assert read_unread(by=None, at=timezone.now()) == 1
    assert read_unread(by=None, at=timezone.now()) == 1
    assert read_unread(by=None, at=timezone.now()) == 0
    assert unread_actors(10) == []
    assert set(ActorRules.objects.values_list("pk", flat=True)) == {alice.pk, bob.pk}
    assert numbers_of([alice.pk])[alice.pk].key == known(alice).key


@pytest.mark.parametrize("most", [0, 1, 2, 2000])
@pytest.mark.parametrize("languages", [(), ("de",)])
def test_many_sets_are_named_by_the_fewer_or_looked_up(monkeypatch, most, languages):
    """Whichever way the sets are written, the same people are found."""
    people = {"Alice": {"never_media": {"game"}}, "Bob": {"never_media": {"audio"}}, "Cleo": {}, "Dora": {}}
    people["Dora"] = {"languages": {"en"}}
    for name, rules in people.items():
        actor = make_actor(name)
        make_replica(actor, voice=True)
        make_replica(actor)
        set_rules(actor, **{word: frozenset(values) for word, values in rules.items()})
    monkeypatch.setattr("replicas.access.permitted.MOST_NAMED", most)
    sets = sets_allowing([SearchTerms(medium="game", territory="us", languages=languages).asked()])
    assert found(permitted(sets)) == ["Bob", "Bob", "Cleo", "Cleo", "Dora", *([] if languages else ["Dora"])]
    assert found(refused(sets)) == ["Alice", "Alice", *(["Dora"] if languages else [])]


def found(condition):
    rows = Listing.objects.filter(condition).select_related("actor")
    return sorted(row.actor.stage_name for row in rows)
