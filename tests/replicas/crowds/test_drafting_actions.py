"""Preparing a crowd: begun, kept, people chosen and ordered, thrown away, by the people of its house alone."""

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.actions.crowds import drafting
from replicas.actions.crowds.drafting import (
    add_people,
    begin_crowd,
    choose_people,
    discard_crowd,
    order_people,
    put_first,
    remove_people,
    save_crowd_draft,
)
from replicas.models import Crowd, CrowdPlace
from replicas.rules.crowds.drafting import LONGEST_STEP, Order, Step
from replicas.rules.vocabulary import ReplicaState, Visibility
from tests.factories import make_actor, make_casting, make_member, make_project, make_replica, make_user
from tests.replicas.crowds.drafts import make_crowd_draft, make_people, names_on

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def stranger():
    house = make_casting(make_user("Charlie Stone"), "Other Pictures")
    return house.memberships.get().user


def test_a_draft_begins_in_the_house_of_its_project_and_an_assistant_may_begin_it():
    project = make_project()
    bob = make_member(project.organization, make_user("Bob Brandt"), Role.ASSISTANT)
    crowd = begin_crowd(project=project, title="  The fair \n at night ", by=bob, at=NOW)
    crowd.refresh_from_db()
    assert (crowd.organization, crowd.state, crowd.title, crowd.created_by) == (
        project.organization,
        "draft",
        "The fair at night",
        bob,
    )
    assert crowd.ref.startswith("C-")
    assert crowd.draft == {"brief": {"title": ["  The fair \n at night "]}}
    with pytest.raises(Refused, match="Only people of the project’s house"):
        begin_crowd(project=project, title="Mine", by=stranger(), at=NOW)
    assert Crowd.objects.count() == 1


def test_each_step_is_kept_by_itself_and_the_title_follows_the_brief():
    crowd = make_crowd_draft()
    alice = crowd.created_by
    seen_before = Crowd.objects.get(pk=crowd.pk)
    assert save_crowd_draft(crowd, step=Step.TERMS, values={"currency": ["USD"]}, by=alice, at=NOW)
    assert save_crowd_draft(seen_before, step=Step.BRIEF, values={"title": ["Ferris wheel"]}, by=alice, at=NOW)
    crowd.refresh_from_db()
    assert crowd.draft == {"brief": {"title": ["Ferris wheel"]}, "terms": {"currency": ["USD"]}}
    assert crowd.title == "Ferris wheel"
    assert save_crowd_draft(crowd, step=Step.BRIEF, values={"title": [" "]}, by=alice, at=NOW)
    crowd.refresh_from_db()
    assert (crowd.title, crowd.draft["brief"]) == ("Ferris wheel", {"title": [" "]})


def test_nobody_else_writes_in_it_and_nobody_after_it_was_thrown_away():
    crowd = make_crowd_draft()
    with pytest.raises(Refused, match="Only people of the project’s house"):
        save_crowd_draft(crowd, step=Step.BRIEF, values={"title": ["Mine"]}, by=stranger(), at=NOW)
    with pytest.raises(Refused, match="can hold 2,000,000 characters"):
        save_crowd_draft(
            crowd, step=Step.PEOPLE, values={"list": ["x" * (LONGEST_STEP + 1)]}, by=crowd.created_by, at=NOW
        )
    same = Crowd.objects.get(pk=crowd.pk)
    discard_crowd(same, by=crowd.created_by, at=NOW)
    assert not save_crowd_draft(crowd, step=Step.BRIEF, values={"title": ["Late"]}, by=crowd.created_by, at=NOW)
    with pytest.raises(Refused, match="no draft any more"):
        add_people(crowd, replica_ids=[], by=crowd.created_by, at=NOW)


def test_people_stand_in_the_order_they_were_chosen_in_one_place_each():
    one, two, three = make_people(3)
    second_of_one = make_replica(one.actor)
    crowd = make_crowd_draft()
    alice = crowd.created_by
    assert choose_people(crowd, replica_ids=[three.pk, one.pk, second_of_one.pk], by=alice, at=NOW) == 2
    assert names_on(crowd) == ["Person 002", "Person 000"]
    assert add_people(crowd, replica_ids=[second_of_one.pk, two.pk], by=alice, at=NOW) == 1
    assert names_on(crowd) == ["Person 002", "Person 000", "Person 001"]
    assert list(CrowdPlace.objects.order_by("rank").values_list("rank", "replica", "number", "request")) == [
        (1, three.pk, None, None),
        (2, one.pk, None, None),
        (3, two.pk, None, None),
    ]
    assert choose_people(crowd, replica_ids=[two.pk], by=alice, at=NOW) == 1
    assert names_on(crowd) == ["Person 001"]


def test_who_can_t_be_asked_is_left_out():
    fields = [
        {},
        {"visibility": Visibility.HIDDEN},
        {"visibility": Visibility.BY_LINK},
        {"state": ReplicaState.PROPOSED},
        {"state": ReplicaState.LEAVING},
    ]
    replicas = [make_replica(make_actor(f"Person {n}"), **each) for n, each in enumerate(fields)]
    gone = make_replica(make_actor("Gone"))
    gone.actor.user.is_active = False
    gone.actor.user.save()
    crowd = make_crowd_draft()
    ids = [replica.pk for replica in [*replicas, gone]] + [10**6]
    assert choose_people(crowd, replica_ids=ids, by=crowd.created_by, at=NOW) == 1
    assert names_on(crowd) == ["Person 0"]


def test_more_people_than_a_crowd_can_have_are_refused_and_the_list_stays(monkeypatch):
    monkeypatch.setattr(drafting, "MOST_PEOPLE", 3)
    people = make_people(4)
    crowd = make_crowd_draft(people[:3])
    with pytest.raises(Refused, match="can have 3 people, and this would make 4"):
        add_people(crowd, replica_ids=[people[3].pk], by=crowd.created_by, at=NOW)
    with pytest.raises(Refused, match="this would make 4"):
        choose_people(crowd, replica_ids=[person.pk for person in people], by=crowd.created_by, at=NOW)
    assert names_on(crowd) == ["Person 000", "Person 001", "Person 002"]


def test_people_are_put_in_another_order_and_taken_off():
    people = make_people(5)
    crowd = make_crowd_draft([people[n] for n in (3, 1, 4, 0, 2)])
    alice = crowd.created_by
    order_people(crowd, order=Order.NAME, by=alice, at=NOW)
    assert names_on(crowd) == [f"Person {n:03d}" for n in range(5)]
    last = people[4].ref
    assert put_first(crowd, ref=last, by=alice, at=NOW)
    assert names_on(crowd) == [f"Person {n:03d}" for n in (4, 0, 1, 2, 3)]
    assert remove_people(crowd, refs=[last], by=alice, at=NOW) == 1
    assert not put_first(crowd, ref=last, by=alice, at=NOW)
    assert list(CrowdPlace.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4]
    order_people(crowd, order=Order.SHUFFLED, by=alice, at=NOW)
    assert sorted(names_on(crowd)) == [f"Person {n:03d}" for n in range(4)]
    assert sorted(CrowdPlace.objects.values_list("rank", flat=True)) == [1, 2, 3, 4]
    other = make_crowd_draft(people, project=crowd.project)
    assert remove_people(crowd, by=alice, at=NOW) == 4
    assert (len(names_on(crowd)), len(names_on(other))) == (0, 5)


def test_who_is_on_another_list_alone_is_out_of_reach():
    people = make_people(3)
    crowd, other = make_crowd_draft(people[:2]), make_crowd_draft(people[1:])
    assert remove_people(crowd, refs=[people[2].ref], by=crowd.created_by, at=NOW) == 0
    assert not put_first(crowd, ref=people[2].ref, by=crowd.created_by, at=NOW)
    assert remove_people(crowd, refs=[people[1].ref], by=crowd.created_by, at=NOW) == 1
    assert (names_on(crowd), names_on(other)) == (["Person 000"], ["Person 001", "Person 002"])


def test_a_draft_is_thrown_away_with_its_list_and_leaves_an_entry():
    crowd = make_crowd_draft(make_people(2))
    with pytest.raises(Refused, match="Only people of the project’s house"):
        discard_crowd(crowd, by=stranger(), at=NOW)
    discard_crowd(crowd, by=crowd.created_by, at=NOW)
    assert (Crowd.objects.count(), CrowdPlace.objects.count()) == (0, 0)
    assert AuditEntry.objects.filter(subject_type="crowd").values_list("event", flat=True).last() == "crowd.discarded"
