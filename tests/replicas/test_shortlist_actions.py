"""What a house does with its lists, and what falls silent on them when an actor takes it back."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from agencies.rules.organizations import Role
from replicas.access import shortlists as access
from replicas.actions import shortlists as acts
from replicas.actions.answering import deny
from replicas.models import Crowd, Replica, Shortlist, ShortlistEntry, ShortlistShare
from replicas.rules.crowds import Shown
from replicas.rules.shortlists import DEFAULT_TAGS, MOST_SHARES, expires_at, mask_of, numbers_of
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
)
from tests.replicas.crowds.rows import make_crowd, make_place
from tests.replicas.shortlist_factory import make_share, make_shortlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def dana(house):
    return house.memberships.get().user


@pytest.fixture
def three(house):
    return [make_replica(make_actor(name)) for name in ("Ann One", "Ben Two", "Cleo Three")]


@pytest.fixture
def shortlist(house, three):
    return make_shortlist(*three, organization=house)


def ids(*replicas):
    return [replica.pk for replica in replicas]


def entry_of(shortlist, replica):
    return shortlist.entries.get(replica=replica)


def move(shortlist, replica, where, by):
    acts.move_entry(entry_of(shortlist, replica), where=where, by=by, at=timezone.now())
    return access.shortlisted_replica_ids(shortlist)


def test_tags_are_kept_as_a_mask_and_come_back_as_numbers():
    for mask in range(64):
        assert mask_of(numbers_of(mask)) == mask
        assert numbers_of(mask) == [number for number in range(1, 7) if mask & 2 ** (number - 1)]


def test_numbers_that_are_no_tags_are_left_out():
    assert mask_of([0, 7, -1, 64, 2, 2]) == 2


@pytest.mark.parametrize("role", [Role.OWNER, Role.MEMBER, Role.ASSISTANT])
def test_everybody_of_the_house_keeps_its_lists(house, role, three):
    user, at = make_member(house, make_user("Bob Brandt"), role), timezone.now()
    made = acts.create_shortlist(organization=house, title="Fair", by=user, at=at)
    assert acts.add_replicas(made, replicas=ids(*three), tags=[2], note="tall", by=user, at=at) == 3
    assert (made.organization, made.created_by, made.tags) == (house, user, list(DEFAULT_TAGS))
    assert list(made.entries.order_by("position").values_list("replica", "tags", "note", "added_by")) == [
        (replica.pk, 2, "tall", user.pk) for replica in three
    ]


def test_people_of_other_houses_and_agencies_keep_none_here(shortlist, three):
    charlie, at = make_casting(make_user("Charlie"), "Supernova").memberships.get().user, timezone.now()
    entry = entry_of(shortlist, three[0])
    moves = [
        lambda: acts.create_shortlist(organization=shortlist.organization, title="Mine", by=charlie, at=at),
        lambda: acts.change_shortlist(shortlist, title="Mine", about="", tags=(), by=charlie, at=at),
        lambda: acts.add_replicas(shortlist, replicas=ids(make_replica()), by=charlie, at=at),
        lambda: acts.change_entry(entry, tags=[1], note="x", by=charlie, at=at),
        lambda: acts.move_entry(entry, where="last", by=charlie, at=at),
        lambda: acts.remove_entry(entry, by=charlie, at=at),
        lambda: acts.remove_silent(shortlist, by=charlie, at=at),
        lambda: acts.delete_shortlist(shortlist, by=charlie, at=at),
        lambda: acts.share(shortlist, whom="Me", days=3, by=charlie, at=at),
    ]
    for each in moves:
        with pytest.raises(Refused) as refusal:
            each()
        assert refusal.value.code == "not-yours"
    agency = make_agency()
    with pytest.raises(Refused, match="Only casting offices"):
        acts.create_shortlist(organization=agency, title="Ours", by=agency.memberships.get().user, at=at)
    assert access.shortlisted_replica_ids(shortlist) == ids(*three)


def test_a_new_list_takes_over_the_names_of_the_newest_lists_tags(shortlist, house, dana):
    at = timezone.now()
    acts.change_shortlist(shortlist, title="Fair", about="", tags=[" Near  front", "Back"], by=dana, at=at)
    made = acts.create_shortlist(organization=house, title="Next", by=dana, at=at)
    assert made.tags == ["Near front", "Back", "", "", "", ""]
    assert made.named_tags == [(1, "Near front"), (2, "Back")]


def test_adding_twice_keeps_what_is_there(shortlist, three, dana):
    at = timezone.now()
    acts.change_entry(entry_of(shortlist, three[1]), tags=[1, 3], note="good hands", by=dana, at=at)
    another = make_replica(make_actor("Dee Four"))
    assert acts.add_replicas(shortlist, replicas=ids(three[1], another, another), note="new", by=dana, at=at) == 1
    assert access.shortlisted_replica_ids(shortlist) == ids(*three, another)
    assert (entry_of(shortlist, three[1]).tag_numbers, entry_of(shortlist, three[1]).note) == ([1, 3], "good hands")


def test_a_list_does_not_grow_without_end(shortlist, dana, monkeypatch):
    monkeypatch.setattr(acts, "MOST_ON_A_LIST", 4)
    more = [make_replica() for _ in range(2)]
    with pytest.raises(Refused, match="room for 1 more") as refusal:
        acts.add_replicas(shortlist, replicas=ids(*more), by=dana, at=timezone.now())
    assert refusal.value.code == "list-full"
    assert shortlist.entries.count() == 3
    assert acts.add_replicas(shortlist, replicas=ids(more[0]), by=dana, at=timezone.now()) == 1


@pytest.mark.parametrize(
    "fields", [{"visibility": "hidden"}, {"visibility": "by_link"}, {"state": "proposed"}, {"state": "leaving"}]
)
def test_what_the_house_can_not_find_is_not_put_on_a_list(shortlist, dana, fields):
    with pytest.raises(Refused) as refusal:
        acts.add_replicas(shortlist, replicas=ids(make_replica(**fields)), by=dana, at=timezone.now())
    assert refusal.value.code == "not-listed"
    assert shortlist.entries.count() == 3


@pytest.mark.parametrize(
    "fields",
    [{"visibility": "hidden"}, {"visibility": "by_link"}, {"state": "leaving"}, {"state": "destroyed"}],
)
def test_what_is_taken_back_falls_silent_and_comes_back_with_its_notes(shortlist, three, dana, fields):
    acts.change_entry(entry_of(shortlist, three[1]), tags=[2], note="kept", by=dana, at=timezone.now())
    Replica.objects.filter(pk=three[1].pk).update(**fields)
    assert access.shortlisted_replica_ids(shortlist) == ids(three[0], three[2])
    assert access.counts_of(shortlist).silent == 1
    Replica.objects.filter(pk=three[1].pk).update(visibility="listed", state="confirmed")
    assert access.shortlisted_replica_ids(shortlist, tag=2) == ids(three[1])
    assert access.counts_of(shortlist).silent == 0


def test_who_left_the_portal_falls_silent(shortlist, three):
    three[0].actor.user.is_active = False
    three[0].actor.user.save()
    assert access.shortlisted_replica_ids(shortlist) == ids(*three[1:])


def test_by_link_stays_for_a_house_that_asked_and_whatever_was_answered(shortlist, house, three):
    request = make_request(three[0], make_project(house))
    Replica.objects.filter(pk=three[0].pk).update(visibility="by_link")
    assert access.shortlisted_replica_ids(shortlist) == ids(*three)
    deny(request, by=three[0].actor.user, at=timezone.now())
    assert access.shortlisted_replica_ids(shortlist) == ids(*three)
    assert access.counts_of(shortlist).silent == 0


def test_a_request_of_an_anonymous_crowd_opens_nothing_before_its_yes(shortlist, house):
    crowd = make_crowd(make_project(house))
    waits, agreed = make_place(crowd), make_place(crowd, shown=Shown.APPROVED)
    both = [waits.replica_id, agreed.replica_id]
    acts.add_replicas(shortlist, replicas=both, by=shortlist.created_by, at=timezone.now())
    Replica.objects.filter(pk__in=both).update(visibility="by_link")
    assert access.shortlisted_replica_ids(shortlist)[3:] == [agreed.replica_id]
    Crowd.objects.update(anonymous=False)
    assert access.shortlisted_replica_ids(shortlist)[3:] == both


def test_order(shortlist, three, dana):
    one, two, three_ = ids(*three)
    assert move(shortlist, three[2], "up", dana) == [one, three_, two]
    assert move(shortlist, three[0], "down", dana) == [three_, one, two]
    assert move(shortlist, three[1], "first", dana) == [two, three_, one]
    assert move(shortlist, three[1], "up", dana) == [two, three_, one]
    assert move(shortlist, three[1], "last", dana) == [three_, one, two]
    assert move(shortlist, three[1], "down", dana) == [three_, one, two]


def test_order_passes_over_what_is_silent(shortlist, three, dana):
    Replica.objects.filter(pk=three[1].pk).update(visibility="hidden")
    assert move(shortlist, three[2], "up", dana) == ids(three[2], three[0])


def test_taking_off(shortlist, three, dana):
    at, entry = timezone.now(), entry_of(shortlist, three[0])
    acts.remove_entry(entry, by=dana, at=at)
    acts.remove_entry(entry, by=dana, at=at)
    with pytest.raises(Refused, match="took this replica off"):
        acts.change_entry(entry, tags=[], note="late", by=dana, at=at)
    Replica.objects.filter(pk=three[1].pk).update(visibility="hidden")
    assert acts.remove_silent(shortlist, by=dana, at=at) == 1
    assert list(shortlist.entries.values_list("replica", flat=True)) == ids(three[2])


def test_tags_without_a_name_are_kept(shortlist, three, dana):
    at, entry = timezone.now(), entry_of(shortlist, three[0])
    acts.change_entry(entry, tags=[1, 6], note="", by=dana, at=at)
    acts.change_shortlist(shortlist, title="Fair", about="", tags=["First"], by=dana, at=at)
    assert acts.change_entry(entry, tags=[], note="", by=dana, at=at).tag_numbers == [6]


def test_a_deleted_list_takes_everything_with_it_and_leaves_an_entry(shortlist, three, dana):
    make_share(shortlist)
    pk = shortlist.pk
    acts.delete_shortlist(shortlist, by=dana, at=timezone.now())
    assert (Shortlist.objects.count(), ShortlistEntry.objects.count(), ShortlistShare.objects.count()) == (0, 0, 0)
    entry = AuditEntry.objects.get(event="shortlist.deleted")
    assert (entry.subject_id, entry.subject_label, entry.by_id) == (pk, "A shortlist", dana.pk)
    with pytest.raises(Refused, match="deleted this list"):
        acts.add_replicas(
            Shortlist(pk=pk, organization=shortlist.organization), replicas=[], by=dana, at=timezone.now()
        )


def test_only_who_may_act_gives_a_list_out(shortlist, house, dana):
    ada, at = make_member(house, make_user("Ada"), Role.ASSISTANT), timezone.now()
    made = make_share(shortlist)
    for each in (
        lambda: acts.share(shortlist, whom="Me", days=3, by=ada, at=at),
        lambda: acts.close_share(shortlist, share_id=made.pk, by=ada, at=at),
    ):
        with pytest.raises(Refused) as refusal:
            each()
        assert refusal.value.code == "assistant"
    assert [(row.whom, row.with_notes) for row in access.shares_of(shortlist, at=at)] == [("Ines Producer", False)]
    assert AuditEntry.objects.filter(event="shortlist.shared", refused="").count() == 1
    assert AuditEntry.objects.filter(event__startswith="shortlist.", refused="assistant").count() == 2


@pytest.mark.parametrize("days", [3, 7, 14, 30])
def test_a_link_ends_at_its_second(shortlist, days):
    at = timezone.now()
    made = make_share(shortlist, days=days, at=at)
    end = at + timedelta(days=days)
    assert made.is_open(end - timedelta(seconds=1))
    assert not made.is_open(end)
    assert access.shares_of(shortlist, at=end - timedelta(seconds=1)).count() == 1
    assert access.shares_of(shortlist, at=end).count() == 0


def test_no_link_for_other_spans():
    with pytest.raises(ValueError, match="365"):
        expires_at(365, at=timezone.now())


def test_closing_is_once_and_for_open_links(shortlist, dana):
    at = timezone.now()
    made = make_share(shortlist, days=3, at=at)
    with pytest.raises(Refused, match="over already"):
        acts.close_share(shortlist, share_id=made.pk, by=dana, at=at + timedelta(days=3))
    acts.close_share(shortlist, share_id=made.pk, by=dana, at=at)
    made.refresh_from_db()
    assert (made.closed_at, made.closed_by, made.is_open(at)) == (at, dana, False)
    with pytest.raises(Refused, match="over already"):
        acts.close_share(shortlist, share_id=made.pk, by=dana, at=at)
    with pytest.raises(Refused, match="over already"):
        acts.close_share(make_shortlist(organization=shortlist.organization), share_id=made.pk, by=dana, at=at)


def test_there_are_not_many_open_links(shortlist, dana):
    at = timezone.now()
    for _ in range(MOST_SHARES):
        make_share(shortlist, days=3, at=at)
    with pytest.raises(Refused, match="open already"):
        make_share(shortlist, at=at)
    assert make_share(shortlist, at=at + timedelta(days=3)).whom == "Ines Producer"


def test_only_people_of_the_house_see_its_lists(shortlist, house, dana, three):
    bob = make_member(house, make_user("Bob"), Role.ASSISTANT)
    charlie = make_casting(make_user("Charlie"), "Supernova").memberships.get().user
    agent = make_agency().memberships.get().user
    for user in (dana, bob):
        assert access.get_shortlist(user, shortlist.ref.lower()) == shortlist
    for user in (charlie, agent, three[0].actor.user):
        with pytest.raises(Http404):
            access.get_shortlist(user, shortlist.ref)
    with pytest.raises(Http404):
        access.get_shortlist(dana, "T-ZZZZZZ")
