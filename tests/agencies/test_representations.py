"""An agency and an actor: inviting, asking, confirming, ending; the roster and the actor's own list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ActorProfile, AuditEntry, Delivery, Notification
from accounts.rules.refusal import Refused
from agencies.access import represents
from agencies.access.invitations import invitation_path
from agencies.actions import representations as actions
from agencies.models import Membership, Representation
from agencies.rules.organizations import BondState, Role
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


@pytest.fixture
def alex():
    return make_user("Alex Agent", email="alex@northlight.example")


@pytest.fixture
def agency(alex):
    return make_agency(alex)


@pytest.fixture
def maya():
    return make_actor("Maya Reyes", user=make_user("Maya Reyes", email="maya@example.com"))


def invite(agency, by, email="maya@example.com", at=None, **more):
    return actions.invite(agency, email=email, by=by, at=at or timezone.now(), **more)


def ask(agency, actor, at=None):
    return actions.ask(agency, message="Would you?", by=actor.user, at=at or timezone.now())


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value


def last_entry():
    return AuditEntry.objects.latest("id")


# --- The agency's step ------------------------------------------------------------------------------------------------


def test_an_invited_account_is_linked_and_nothing_is_seen_before(agency, alex, maya):
    bond = invite(agency, alex, name="M. Reyes", message="We would love to.")
    assert (bond.actor, bond.name) == (None, "M. Reyes")
    notice = Notification.objects.get(kind="representation-invited")
    assert (notice.recipient, notice.context["message"]) == (maya.user, "We would love to.")
    assert not represents(alex, maya)
    actions.accept(bond, by=maya.user, at=timezone.now())
    assert represents(alex, maya)
    assert ActorProfile.objects.count() == 1
    assert Notification.objects.get(kind="representation-changed").recipient == alex


def test_somebody_new_becomes_an_actor_when_they_accept(agency, alex, client):
    bond = invite(agency, alex, email="new@example.com", name="Nadia New")
    user = make_user("Nadia New", email="new@example.com")
    client.force_login(user)
    path = invitation_path(bond)
    assert client.get(path).context["form"]["stage_name"].value() == "Nadia New"
    unsure = client.post(path, {"answer": "accept", "stage_name": "Nadia"})
    assert unsure.context["form"].errors["birth_date"]
    answer = client.post(path, {"answer": "accept", "stage_name": "Nadia", "birth_date": "1994-05-17"})
    assert (answer.status_code, answer["Location"]) == (303, "/me/agencies/")
    assert represents(alex, ActorProfile.objects.get(user=user, stage_name="Nadia"))


def test_declining_needs_no_profile(agency, alex, client):
    bond = invite(agency, alex, email="new@example.com")
    client.force_login(make_user("Nadia New", email="new@example.com"))
    assert client.post(invitation_path(bond), {"answer": "decline"}).status_code == 303
    bond.refresh_from_db()
    assert bond.state == "declined"


@pytest.mark.parametrize("role", [Role.ASSISTANT, None])
def test_assistants_and_strangers_do_not_invite(agency, role):
    by = make_member(agency, make_user("Bob"), role) if role else make_user("Charlie")
    assert refusal_of(invite, agency, by).code == "not-yours"
    assert (last_entry().event, last_entry().refused) == ("representation.invited", "not-yours")


def test_a_casting_office_represents_nobody(maya):
    dana = make_user("Dana")
    assert refusal_of(invite, make_casting(dana), dana).code == "not-yours"
    assert refusal_of(ask, make_casting(make_user("Dora")), maya).code == "not-yours"


def test_one_letter_to_one_address(agency, alex):
    invite(agency, alex)
    refusal = refusal_of(invite, agency, alex, email="Maya@Example.com")
    assert (refusal.code, "send it again" in refusal.sentence) == ("already-invited", True)


def test_a_client_is_not_invited_again(agency, alex, maya):
    represent(agency, maya)
    assert refusal_of(invite, agency, alex).sentence == "Maya Reyes is already on your roster."


def test_who_asked_is_not_invited_but_confirmed(agency, alex, maya):
    ask(agency, maya)
    assert "has asked you to represent them" in refusal_of(invite, agency, alex).sentence


@pytest.mark.parametrize(("seconds", "code"), [(-1, ""), (0, "expired"), (1, "expired")])
def test_an_invitation_ends_on_the_second(agency, alex, maya, seconds, code):
    bond = invite(agency, alex)
    at = bond.expires_at + timedelta(seconds=seconds)
    if code:
        assert refusal_of(actions.accept, bond, by=maya.user, at=at).code == code
        assert invite(agency, alex, at=at).state == "invited"
    else:
        assert actions.accept(bond, by=maya.user, at=at).state == "active"


def test_sending_again_and_taking_back(agency, alex, client):
    bond = invite(agency, alex)
    later = timezone.now() + timedelta(hours=1)
    earlier = invitation_path(bond)
    again = actions.resend(bond, by=alex, at=later)
    assert "There is a newer letter" in client.get(earlier).text
    actions.withdraw(again, by=alex, at=later)
    assert "took this invitation back" in client.get(invitation_path(again)).text


# --- The actor's step -------------------------------------------------------------------------------------------------


def test_an_actor_asks_and_the_agency_confirms(agency, alex, maya):
    bond = ask(agency, maya)
    assert Notification.objects.get(kind="representation-asked").recipient == alex
    assert not represents(alex, maya)
    assert refusal_of(actions.accept, bond, by=maya.user, at=timezone.now()).code == "not-yours"
    actions.accept(bond, by=alex, at=timezone.now())
    assert represents(alex, maya)
    assert Notification.objects.get(kind="representation-changed").recipient == maya.user


def test_a_question_can_be_declined_and_taken_back(agency, alex, maya):
    bond = ask(agency, maya)
    assert refusal_of(actions.withdraw, bond, by=alex, at=timezone.now()).code == "not-yours"
    assert actions.decline(bond, by=alex, at=timezone.now()).state == "declined"
    second = ask(agency, maya)
    assert actions.withdraw(second, by=maya.user, at=timezone.now()).state == "declined"


def test_one_question_at_a_time(agency, maya):
    ask(agency, maya)
    assert "have not answered yet" in refusal_of(ask, agency, maya).sentence


def test_who_is_invited_does_not_ask(agency, alex, maya):
    invite(agency, alex)
    assert "has already invited you" in refusal_of(ask, agency, maya).sentence


def test_only_actors_ask(agency):
    assert refusal_of(actions.ask, agency, by=make_user(), at=timezone.now()).code == "no-profile"


def test_a_yes_closes_other_letters_of_the_two(agency, alex, maya):
    maya.user.emailaddress_set.create(email="second@example.com", verified=True)
    first, second = invite(agency, alex), invite(agency, alex, email="elsewhere@example.com")
    second.email = "second@example.com"
    second.save()
    actions.accept(first, by=maya.user, at=timezone.now())
    second.refresh_from_db()
    assert second.state == "declined"


@pytest.mark.django_db(transaction=True)
def test_two_questions_at_once_become_one(agency, maya, together):
    results = together(lambda: ask(agency, maya), lambda: ask(agency, maya))
    assert sorted(getattr(result, "code", type(result).__name__) for result in results) == [
        "Representation",
        "already-invited",
    ]


@pytest.mark.django_db(transaction=True)
def test_accepting_and_taking_back_at_once_has_one_winner(agency, alex, maya, together):
    bond = invite(agency, alex)
    results = together(
        lambda: actions.accept(bond, by=maya.user, at=timezone.now()),
        lambda: actions.withdraw(bond, by=alex, at=timezone.now()),
    )
    bond.refresh_from_db()
    refused = [result for result in results if isinstance(result, Refused)]
    assert [refusal.code for refusal in refused] == [f"already-{bond.state}"]


# --- The end ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["actor", "owner", "member"])
def test_either_side_ends_it_at_once(agency, alex, maya, who):
    bob = make_member(agency)
    bond = represent(agency, maya)
    by = {"actor": maya.user, "owner": alex, "member": bob}[who]
    actions.end(bond, by=by, at=timezone.now())
    assert not represents(alex, maya)
    told = set(Notification.objects.filter(kind="representation-changed").values_list("recipient", flat=True))
    assert told == {alex.pk, bob.pk, maya.user_id} - {by.pk}
    assert last_entry().event == "representation.ended"
    assert refusal_of(actions.end, bond, by=by, at=timezone.now()).code == "already-former"


def test_letters_on_their_way_to_a_former_agency_are_stopped(agency, alex, maya):
    jonah = make_actor("Jonah Adeyemi")
    bond = represent(agency, maya)
    represent(agency, jonah)
    for actor in (maya, jonah):
        make_request(make_replica(actor))
    Delivery.objects.update(state="queued")
    actions.end(bond, by=maya.user, at=timezone.now())
    letters = Delivery.objects.filter(notification__kind__in=["client-request", "request-received"])
    states = {(row.notification.recipient.name, row.notification.context["actor"]): row.state for row in letters}
    assert states == {
        ("Alex Agent", "Maya Reyes"): "cancelled",
        ("Alex Agent", "Jonah Adeyemi"): "queued",
        ("Maya Reyes", "Maya Reyes"): "queued",
        ("Jonah Adeyemi", "Jonah Adeyemi"): "queued",
    }


@pytest.mark.parametrize("role", [Role.ASSISTANT, None])
def test_nobody_else_ends_it(agency, maya, role):
    by = make_member(agency, make_user("Bob"), role) if role else make_user("Charlie")
    bond = represent(agency, maya)
    assert refusal_of(actions.end, bond, by=by, at=timezone.now()).code == "not-yours"
    assert last_entry().subject_id == bond.pk


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_bond_is_seen_by_its_two_sides_only(agency, alex, maya, client):
    bond = represent(agency, maya)
    url, end = bond.get_absolute_url(), reverse("representation-end", args=[bond.pk])
    for user, status in ((alex, 200), (maya.user, 200), (make_member(agency), 200), (make_user("Charlie"), 404)):
        client.force_login(user)
        assert (client.get(url).status_code, client.get(end).status_code) == (status, status)
    client.force_login(make_user("Olga"))
    for name in ("confirm", "decline", "withdraw", "resend", "end"):
        assert client.post(reverse(f"representation-{name}", args=[bond.pk])).status_code == 404


def test_the_confirm_page_ends_it_only_once_it_was_read(agency, maya, client):
    bond = represent(agency, maya)
    client.force_login(maya.user)
    end = reverse("representation-end", args=[bond.pk])
    assert "Open requests stay with you" in client.get(end).text
    assert client.post(end).context["form"].errors["understood"]
    answer = client.post(end, {"understood": "on"})
    assert (answer.status_code, answer["Location"]) == (303, "/me/agencies/")
    bond.refresh_from_db()
    assert (bond.state, bond.ended_by) == ("former", maya.user)


def test_the_actors_page_finds_and_asks(agency, alex, maya, client):
    client.force_login(maya.user)
    page = client.get("/me/agencies/?q=north")
    assert [found.pk for found in page.context["found"]] == [agency.pk]
    asked = reverse("ask-agency", args=[agency.slug])
    assert client.post(asked, {"message": "Hello"}).status_code == 303
    again = client.post(asked, {"message": "Hello again"})
    assert "have not answered yet" in again.text
    assert "Hello again" in again.text
    assert client.get(reverse("ask-agency", args=[make_casting().slug])).status_code == 404


def test_the_actors_page_shows_letters_to_answer(agency, alex, maya, client):
    bond = invite(agency, alex)
    client.force_login(maya.user)
    assert invitation_path(bond) in client.get("/me/agencies/").text


def test_the_roster_confirms_and_declines(agency, alex, maya, client):
    client.force_login(alex)
    bond, other = ask(agency, maya), ask(agency, make_actor("Jonah"))
    roster = reverse("roster", args=[agency.slug])
    assert "2 actors ask" in client.get(roster).text
    assert client.post(reverse("representation-confirm", args=[bond.pk]))["Location"] == roster
    client.post(reverse("representation-decline", args=[other.pk]))
    assert [bond.state for bond in Representation.objects.order_by("pk")] == ["active", "declined"]


def test_the_roster_is_for_the_agencys_people(agency, alex, client):
    url, letter = reverse("roster", args=[agency.slug]), reverse("roster-invite", args=[agency.slug])
    for user in (make_user("Charlie"), Membership.objects.get(organization=make_agency(name="Other")).user):
        client.force_login(user)
        assert (client.get(url).status_code, client.get(letter).status_code) == (404, 404)
    client.force_login(alex)
    assert client.get(url).status_code == 200
    casting = make_casting(alex)
    assert client.get(reverse("roster", args=[casting.slug])).status_code == 404


def test_the_roster_by_state_and_name(agency, alex, maya, client):
    represent(agency, maya)
    represent(agency, make_actor("Jonah Adeyemi"), BondState.FORMER)
    ask(agency, make_actor("Priya Nair"))
    invite(agency, alex, email="tomas@example.com", name="Tomas Vega")
    client.force_login(alex)
    url = reverse("roster", args=[agency.slug])

    def names(query):
        return [line["bond"].name for line in client.get(url + query).context["lines"]]

    assert names("") == ["Maya Reyes", "Priya Nair", "Tomas Vega"]
    assert names("?state=active") == ["Maya Reyes"]
    assert names("?state=asked") == ["Priya Nair"]
    assert names("?state=invited") == ["Tomas Vega"]
    assert names("?state=former") == ["Jonah Adeyemi"]
    assert names("?q=vega") == ["Tomas Vega"]
    assert names("?q=tomas@example") == ["Tomas Vega"]
    assert names("?q=nobody") == []
    assert client.get(url + "?state=nonsense").status_code == 404


def test_a_new_stage_name_moves_on_the_roster(agency, alex, maya, client):
    represent(agency, maya)
    represent(agency, make_actor("Priya Nair"))
    letter = invite(agency, alex, email="tomas@example.com", name="  quinn  Vega")
    client.force_login(maya.user)
    assert client.post(reverse("actor-profile"), {"stage_name": "Zora Quell"}).status_code == 303
    client.force_login(alex)
    lines = client.get(reverse("roster", args=[agency.slug])).context["lines"]
    assert [line["bond"].sort_name for line in lines] == ["priya nair", "quinn vega", "zora quell"]

    ursula = make_actor("Ursula Bell")
    letter = Representation.objects.get(pk=letter.pk)
    Representation.objects.filter(pk=letter.pk).update(email=ursula.user.email)
    actions.accept(letter, by=ursula.user, at=timezone.now())
    assert Representation.objects.get(pk=letter.pk).sort_name == "ursula bell"


def test_an_empty_roster_helps(agency, alex, client):
    client.force_login(alex)
    page = client.get(reverse("roster", args=[agency.slug]))
    assert "The roster is empty" in page.text
    assert reverse("roster-invite", args=[agency.slug]) in page.text


def test_the_roster_pages_by_fifty(agency, alex, client):
    for number in range(60):
        represent(agency, make_actor(f"Actor {number:02}"))
    client.force_login(alex)
    url = reverse("roster", args=[agency.slug])
    first = client.get(url).context["page"]
    second = client.get(url + first.next_url).context["page"]
    assert [len(first.items), len(second.items), second.next_url] == [50, 10, ""]
    assert second.items[0].name == "Actor 50"
    assert len(client.get(url + second.previous_url).context["page"].items) == 50


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_ask_as_much_for_thirty_as_for_one(agency, alex, maya, client, rows, django_assert_num_queries):
    for number in range(rows):
        represent(agency, make_actor(f"Actor {number}"))
        represent(make_agency(make_user(f"Owner {number}"), f"House {number}"), maya)
        invite(make_agency(make_user(f"Owner B{number}"), f"House B{number}"), Membership.objects.latest("pk").user)
    client.force_login(alex)
    with django_assert_num_queries(9):
        client.get(reverse("roster", args=[agency.slug]))
    client.force_login(maya.user)
    with django_assert_num_queries(9):
        client.get("/me/agencies/?q=house")
