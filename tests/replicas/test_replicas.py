"""Replicas: registered, confirmed, shown and hidden; who may see and do what."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from accounts.rules.refusal import Refused
from agencies.rules.organizations import BondState, Role
from replicas.access.listing import matching
from replicas.access.replicas import get_replica, replicas_seen_by
from replicas.actions import replicas as acts
from replicas.actions.listing import relist_actor
from replicas.models import Listing, Replica
from replicas.rules.listing import Filters
from replicas.rules.replicas import Facts
from tests.factories import (
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_replica,
    make_request,
    make_user,
    represent,
)

pytestmark = pytest.mark.django_db

FACTS = Facts(
    kind="ebdr",
    modalities=("face", "body"),
    captured_on=date(2023, 5, 2),
    captured_at_place="Burbank",
    captured_by="Volume Stage",
    custodian="Volume Stage",
    notes="Short hair, no beard",
)
TYPED = {
    "kind": "ebdr",
    "modalities": ["face", "body"],
    "captured_on": "2023-05-02",
    "captured_at_place": "Burbank",
    "captured_by": "Volume Stage",
    "custodian": "Volume Stage",
    "notes": "Short hair, no beard",
    "visibility": "listed",
}


def page(client, user, name, /, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|class="mono">\w+<', "", response.content.decode())


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def agent(agency):
    return agency.memberships.get().user


@pytest.fixture
def alice(agency):
    actor = make_actor("Alice Ames")
    represent(agency, actor)
    return actor


@pytest.fixture
def proposed(alice, agent):
    return acts.register(actor=alice, facts=FACTS, visibility="listed", by=agent, at=timezone.now())


# --- Registering ------------------------------------------------------------------------------------------------------


def test_an_actor_registers_their_own_replica_and_it_is_confirmed(client):
    alice = make_actor("Zoë Núñez", place="Los Angeles", skills="Riding")
    response = post(client, alice.user, "replica-new", **TYPED)
    made = Replica.objects.get()
    assert (response.status_code, response.url) == (303, reverse("replica-previews", args=[made.ref]))
    assert (made.state, made.visibility, made.name) == ("confirmed", "listed", "2023 face and body scan")
    assert made.confirmed_at is not None
    listing = made.listing
    assert (listing.sort_name, listing.names, listing.place) == (
        "zoe nunez",
        "zoe nunez",
        "|los angeles|california|united states|",
    )
    assert (listing.words, listing.skills) == ("riding los angeles short hair no beard", "riding")
    assert AuditEntry.objects.get(event="replica.registered").subject_ref == made.ref


def test_what_an_agency_registers_waits_for_the_actor_and_tells_them(client, agency, agent, alice):
    response = post(client, agent, "replica-new", client=alice.pk, **TYPED)
    assert response.status_code == 303
    made = Replica.objects.get()
    assert (made.state, made.confirmed_at, made.registered_by) == ("proposed", None, agent)
    told = Notification.objects.get()
    assert (told.recipient, told.kind) == (alice.user, "replica-to-confirm")
    assert told.path == reverse("replica-confirm", args=[made.ref])
    assert told.context["organization"] == agency.name


def test_an_agency_registers_for_nobody_but_its_clients(client, agent, alice):
    stranger = make_actor("Charlie Carr")
    response = post(client, agent, "replica-new", client=stranger.pk, **TYPED)
    assert "This is no client of yours." in response.content.decode()
    with pytest.raises(Refused) as refused:
        acts.register(actor=stranger, facts=FACTS, by=agent, at=timezone.now())
    assert refused.value.code == "not-yours"
    assert Replica.objects.count() == 0
    assert AuditEntry.objects.filter(event="replica.registered", refused="not-yours").count() == 1


def test_an_assistant_of_the_agency_reads_and_registers_nothing(client, agency, alice, proposed):
    assistant = make_member(agency, make_user("Ann Assist"), Role.ASSISTANT)
    assert page(client, assistant, "replica", proposed.ref).status_code == 200
    assert page(client, assistant, "replica-new").status_code == 404
    with pytest.raises(Refused):
        acts.change(proposed, facts=replace(FACTS, notes="x"), by=assistant, at=timezone.now())


def test_every_error_stands_beside_its_field_and_what_was_typed_stays(client):
    alice = make_actor()
    typed = {**TYPED, "captured_on": "yesterday", "captured_by": "", "modalities": []}
    body = post(client, alice.user, "replica-new", **typed).content.decode()
    for sentence in ("Write the day as year-month-day", "This is needed.", "Choose at least one."):
        assert sentence in body
    assert "Short hair, no beard" in body
    assert Replica.objects.count() == 0


def test_a_capture_in_the_future_is_refused(client):
    alice = make_actor()
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    body = post(client, alice.user, "replica-new", **{**TYPED, "captured_on": tomorrow}).content.decode()
    assert "can’t lie in the future" in body


# --- Seeing -----------------------------------------------------------------------------------------------------------


def test_a_proposed_replica_is_there_for_the_actor_and_their_agency_alone(client, agency, agent, alice, proposed):
    dana = make_casting().memberships.get().user
    bob = make_member(agency, make_user("Bob Brandt"))
    for user in (alice.user, agent, bob):
        assert get_replica(user, proposed.ref) == proposed
    for user in (dana, make_actor("Charlie Carr").user, make_user("Nobody Yet")):
        assert page(client, user, "replica", proposed.ref).status_code == 404
    assert page(client, dana, "replica-by-link", proposed.link_nonce).status_code == 404
    assert proposed.ref not in page(client, dana, "replicas").content.decode()


def test_a_hidden_replica_and_a_missing_one_look_the_same_to_a_stranger(client):
    replica = make_replica(visibility="hidden")
    dana = make_casting().memberships.get().user
    foreign = page(client, dana, "replica", replica.ref)
    missing = page(client, dana, "replica", "P-000000")
    assert foreign.status_code == missing.status_code == 404
    assert without_token(foreign).replace(replica.ref, "P-000000") == without_token(missing)


@pytest.mark.parametrize("name", ["replica-edit", "replica-confirm", "replica-visibility", "replica-files"])
def test_pages_that_change_a_replica_are_there_for_its_side_only(client, agent, alice, name):
    replica = make_replica(alice)
    assert page(client, alice.user, name, replica.ref).status_code == 200
    assert page(client, agent, name, replica.ref).status_code == 200
    dana = make_casting().memberships.get().user
    assert page(client, dana, name, replica.ref).status_code == 404
    assert post(client, dana, name, replica.ref, visibility="hidden").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client):
    replica = make_replica()
    for name, args in [("replicas", []), ("replica", [replica.ref]), ("replica-by-link", [replica.link_nonce])]:
        assert client.get(reverse(name, args=args)).status_code == 302


def test_somebody_who_is_nothing_here_yet_sees_no_replica(client):
    replica = make_replica()
    nobody = make_user("Nobody Yet")
    assert page(client, nobody, "replica", replica.ref).status_code == 404
    assert page(client, nobody, "replicas").status_code == 404


def test_an_ended_representation_ends_the_view_at_once(agency, agent, alice):
    replica = make_replica(alice, visibility="hidden")
    assert get_replica(agent, replica.ref) == replica
    alice.representations.update(state=BondState.FORMER)
    with pytest.raises(Http404):
        get_replica(agent, replica.ref)


def test_the_replicas_of_somebody_who_left_are_not_shown(client):
    replica = make_replica()
    replica.actor.user.is_active = False
    replica.actor.user.save()
    dana = make_casting().memberships.get().user
    assert page(client, dana, "replica", replica.ref).status_code == 404
    assert page(client, dana, "replicas").context["total"] == 0


# --- By link ----------------------------------------------------------------------------------------------------------


def test_a_link_opens_the_page_for_casting_people_and_nobody_else(client):
    replica = make_replica(visibility="by_link")
    dana = make_casting().memberships.get().user
    assert page(client, dana, "replica", replica.ref).status_code == 404
    shown = page(client, dana, "replica-by-link", replica.link_nonce)
    assert shown.status_code == 200
    assert f"replica={replica.ref}&amp;link={replica.link_nonce}" in shown.content.decode()
    assert page(client, make_actor("Charlie Carr").user, "replica-by-link", replica.link_nonce).status_code == 404


def test_a_renewed_link_closes_the_one_before(client):
    replica = make_replica(visibility="by_link")
    old = replica.link_nonce
    assert post(client, replica.actor.user, "replica-visibility", replica.ref, renew="1").status_code == 303
    replica.refresh_from_db()
    dana = make_casting().memberships.get().user
    assert replica.link_nonce != old
    assert page(client, dana, "replica-by-link", old).status_code == 404
    assert page(client, dana, "replica-by-link", replica.link_nonce).status_code == 200


def test_who_has_asked_for_a_replica_by_link_still_sees_it_without_the_link():
    replica = make_replica(visibility="by_link")
    request = make_request(replica)
    assert get_replica(request.sent_by, replica.ref) == replica
    Replica.objects.update(visibility="hidden")
    assert not replicas_seen_by(request.sent_by).exists()


# --- Confirming -------------------------------------------------------------------------------------------------------


def test_the_actor_confirms_and_chooses_who_sees_it(client, agent, alice, proposed):
    shown = page(client, alice.user, "replica-confirm", proposed.ref).context["form"].initial["shown"]
    response = post(client, alice.user, "replica-confirm", proposed.ref, visibility="by_link", shown=shown, confirm="1")
    assert response.status_code == 303
    proposed.refresh_from_db()
    assert (proposed.state, proposed.visibility) == ("confirmed", "by_link")
    told = Notification.objects.get(kind="replica-confirmed")
    assert (told.recipient, told.context["outcome"]) == (agent, "confirmed")


def test_the_actor_declines_and_it_stays_invisible(client, agent, alice, proposed):
    assert post(client, alice.user, "replica-confirm", proposed.ref, decline="1").status_code == 303
    proposed.refresh_from_db()
    assert (proposed.state, proposed.visibility) == ("declined", "hidden")
    assert Notification.objects.get(kind="replica-confirmed").context["outcome"] == "declined"


def test_what_changed_under_the_actors_eyes_is_not_confirmed(client, agent, alice, proposed):
    shown = acts.hash_shown(proposed)
    acts.change(proposed, facts=replace(FACTS, custodian="Somebody Else"), by=agent, at=timezone.now())
    response = post(client, alice.user, "replica-confirm", proposed.ref, visibility="listed", shown=shown)
    assert "changed this replica since you opened the page" in response.content.decode()
    assert "Somebody Else" in response.content.decode()
    proposed.refresh_from_db()
    assert proposed.state == "proposed"
    again = acts.hash_shown(proposed)
    assert again in response.content.decode()


def test_nobody_confirms_for_the_actor(client, agent, proposed):
    post(client, agent, "replica-confirm", proposed.ref, visibility="listed", shown=acts.hash_shown(proposed))
    proposed.refresh_from_db()
    assert proposed.state == "proposed"
    assert AuditEntry.objects.filter(event="replica.confirmed", refused="not-yours").count() == 1


# --- Changing ---------------------------------------------------------------------------------------------------------


def test_a_change_is_told_in_words_and_only_when_there_is_one(client):
    alice = make_actor()
    replica = acts.register(actor=alice, facts=FACTS, by=alice.user, at=timezone.now())
    changed = {**TYPED, "custodian": "Alice herself", "notes": "Long hair"}
    assert post(client, alice.user, "replica-edit", replica.ref, **changed).status_code == 303
    assert post(client, alice.user, "replica-edit", replica.ref, **changed).status_code == 303
    entry = AuditEntry.objects.get(event="replica.changed")
    assert entry.data == {"what": "who holds the files and the notes"}
    assert [*matching(Filters(q="long hair"), today=date(2026, 11, 23))] == [*Listing.objects.filter(pk=replica.pk)]


def test_after_the_yes_the_agency_changes_nothing_others_can_see(client, agent, alice):
    replica = make_replica(alice)
    body = post(client, agent, "replica-edit", replica.ref, **TYPED).content.decode()
    assert "only they can change that now" in body
    post(client, agent, "replica-visibility", replica.ref, visibility="hidden")
    replica.refresh_from_db()
    assert (replica.visibility, replica.captured_on) == ("listed", date(2024, 3, 14))


@pytest.mark.parametrize("name", ["replica-confirm", "replica-visibility"])
def test_the_choice_says_that_a_listed_one_may_be_shown_outside_on_a_shortlist(client, alice, proposed, name):
    replica = proposed if name == "replica-confirm" else make_replica(alice)
    client.force_login(alice.user)
    page = " ".join(client.get(reverse(name, args=[replica.ref])).content.decode().split())
    seen = "Casting people, agents and other actors here can find it in the search."
    for words in (seen, "by a link that expires", "with a watermark", "never how to reach you", "under 18"):
        assert words in page


def test_visibility_is_set_and_told(client):
    replica = make_replica()
    assert post(client, replica.actor.user, "replica-visibility", replica.ref, visibility="hidden").status_code == 303
    replica.refresh_from_db()
    assert replica.visibility == "hidden"
    assert Listing.objects.count() == 0
    assert AuditEntry.objects.get(event="replica.visibility-set").data == {"visibility": "Hidden"}


def test_the_listing_follows_the_profile():
    alice = make_actor()
    replica = make_replica(alice, notes="Beard")
    alice.stage_name, alice.place = "Ásta Åberg", "Malmö"
    alice.save()
    assert relist_actor(alice) == 1
    listing = Listing.objects.get(pk=replica.pk)
    assert (listing.sort_name, listing.words, listing.place) == ("asta aberg", "malmo beard", "|malmo|")


# --- One's own list ---------------------------------------------------------------------------------------------------


def test_my_replicas_are_mine_or_my_clients(client, agent, alice):
    own, foreign = make_replica(alice), make_replica(make_actor("Charlie Carr"))
    make_request(own)
    for user in (alice.user, agent):
        body = page(client, user, "my-replicas").content.decode()
        assert own.ref in body
        assert "1 open request" in body
        assert foreign.ref not in body
    dana = make_casting().memberships.get().user
    assert page(client, dana, "my-replicas").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_my_replicas_cost_the_same_at_1_and_30_rows(client, django_assert_num_queries, rows):
    alice = make_actor()
    for _ in range(rows):
        make_replica(alice)
    client.force_login(alice.user)
    with django_assert_num_queries(6):
        client.get(reverse("my-replicas"))


def test_the_page_costs_at_most_twelve_queries(client, django_assert_max_num_queries, alice):
    replica = make_replica(alice)
    client.force_login(alice.user)
    with django_assert_max_num_queries(12):
        client.get(reverse("replica", args=[replica.ref]))


def test_the_second_press_of_the_same_button_does_nothing(client):
    alice = make_actor()
    client.force_login(alice.user)
    first = client.post(reverse("replica-new"), {**TYPED, "form_key": "one"})
    second = client.post(reverse("replica-new"), {**TYPED, "form_key": "one"})
    assert first.url == second.url
    assert Replica.objects.count() == 1
