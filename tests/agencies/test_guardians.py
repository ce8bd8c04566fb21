"""Guardians: invited by e-mail, accepted, confirmed by staff, ended; profiles of children; their pages and desks."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ActorProfile, AuditEntry, Notification, User
from accounts.rules.refusal import Refused
from agencies.access import deciders_of_each, decides_for, desks_of, own_actors, represents
from agencies.access.invitations import invitation_path
from agencies.actions import guardians as actions
from agencies.actions import handover, representations
from agencies.models import Guardianship
from agencies.tasks import sweep_guardians
from tests.accounts.test_joining import ACTOR, confirm, sign_up
from tests.agencies.people import last_entry, refusal_of
from tests.factories import add_totp, make_actor, make_agency, make_guardian, make_minor, make_request, make_user

pytestmark = pytest.mark.django_db
PAPER = "Birth certificate 12/345, County of Los Angeles"


@pytest.fixture
def mia():
    return make_minor("Mia Minor")


@pytest.fixture
def rosa():
    return make_user("Rosa Vega", email="rosa@example.com")


def invite(mia, by=None, email="rosa@example.com", at=None):
    return actions.invite(mia, email=email, by=by or mia.user, at=at or timezone.now())


def accept(bond, by, at=None):
    return actions.accept(bond, relation="parent", proof=PAPER, by=by, at=at or timezone.now())


def staff():
    return make_user("Stella Staff", is_staff=True)


# --- The bond -------------------------------------------------------------------------------------------------------


def test_invited_accepted_confirmed_and_only_then_deciding(mia, rosa):
    bond = invite(mia)
    notice = Notification.objects.get(kind="guardian-invited")
    assert (notice.recipient, notice.path) == (rosa, invitation_path(bond))
    assert not own_actors(rosa).exists()
    bond = accept(bond, rosa)
    assert (list(own_actors(rosa)), decides_for(rosa, mia)) == ([mia], False)
    actions.confirm(bond, by=staff(), at=timezone.now())
    assert decides_for(rosa, mia)
    assert not decides_for(mia.user, mia)
    assert last_entry().event == "guardian.confirmed"
    told = Notification.objects.filter(kind="guardian-changed").values_list("recipient__name", "context__change")
    assert set(told) == {("Mia Minor", "accepted"), ("Mia Minor", "confirmed"), ("Rosa Vega", "confirmed")}


def test_there_are_two_at_most_and_nobody_twice(mia, rosa):
    accept(invite(mia), rosa)
    second = invite(mia, email="luis@example.com")
    assert refusal_of(invite, mia, email="third@example.com").code == "enough-guardians"
    actions.withdraw(second, by=mia.user, at=timezone.now())
    again = invite(mia)  # the same person by a second letter
    assert refusal_of(accept, again, rosa).code == "already-there"


def test_an_invitation_that_ran_out_makes_room(mia):
    at = timezone.now()
    invite(mia, email="one@example.com", at=at)
    invite(mia, email="two@example.com", at=at)
    late = at + timedelta(days=14)
    assert invite(mia, email="one@example.com", at=late).state == "invited"
    assert Guardianship.objects.filter(state="declined", ended_by=None).count() == 2


def test_nobody_is_invited_to_guard_themself(mia):
    assert refusal_of(invite, mia, email=mia.user.email.upper()).code == "own-address"
    assert not Guardianship.objects.filter(actor=mia).exists()


@pytest.mark.parametrize("who", ["another minor", "a stranger"])
def test_a_guardian_is_another_grown_up_who_owns_the_address(mia, who):
    person = make_minor("Nora Next").user if who == "another minor" else make_user("Carl Charlie")
    bond = invite(mia, email="rosa@example.com" if who == "a stranger" else person.email)
    assert refusal_of(accept, bond, person).code == ("not-yours" if who == "a stranger" else "not-grown-up")
    assert AuditEntry.objects.latest("id").refused


def test_strangers_do_not_invite(mia):
    assert refusal_of(invite, mia, by=make_user("Carl Charlie")).code == "not-yours"


def test_nobody_confirms_themself_and_only_staff_confirm(mia, rosa):
    bond = accept(invite(mia), rosa)
    User.objects.filter(pk=rosa.pk).update(is_staff=True)
    rosa.refresh_from_db()
    for person in (rosa, mia.user, make_user("Carl Charlie")):
        assert refusal_of(actions.confirm, bond, by=person, at=timezone.now()).code == "not-yours"
    assert not decides_for(rosa, mia)


def test_a_confirmed_guardian_steps_back_themself(mia):
    rosa, luis = make_guardian(mia, make_user("Rosa Vega")), make_guardian(mia, make_user("Luis Vega"))
    bond = Guardianship.objects.get(guardian=luis)
    for person in (mia.user, rosa):
        assert refusal_of(actions.end, bond, by=person, at=timezone.now()).code == "not-yours"
    actions.end(bond, by=luis, at=timezone.now())
    assert (decides_for(rosa, mia), decides_for(luis, mia)) == (True, False)
    unseen = make_guardian(mia, make_user("Una Unseen"), confirmed=False)
    actions.end(Guardianship.objects.get(guardian=unseen), by=mia.user, at=timezone.now())
    assert not own_actors(unseen).exists()


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_leave_room_for_both_and_no_third(mia, together):
    mia.refresh_from_db()
    results = together(*[lambda n=n: invite(mia, email=f"g{n}@example.com") for n in range(4)])
    assert Guardianship.objects.filter(state="invited").count() == 2
    assert [isinstance(result, Refused) for result in results].count(True) == 2


def test_a_guardian_answers_the_agency_for_the_minor(mia):
    rosa, agency = make_guardian(mia, make_user("Rosa Vega")), make_agency()
    alex = agency.memberships.get().user
    refused = refusal_of(representations.ask, agency, by=mia.user, at=timezone.now())
    assert refused.code == "guardian-decides"
    bond = representations.ask(agency, ward=mia, by=rosa, at=timezone.now())
    representations.accept(bond, by=alex, at=timezone.now())
    assert represents(alex, mia)
    bond.refresh_from_db()
    assert refusal_of(representations.end, bond, by=mia.user, at=timezone.now()).code == "not-yours"
    assert representations.end(bond, by=rosa, at=timezone.now()).state == "former"


# --- A child's profile ----------------------------------------------------------------------------------------------


def open_for(rosa, birth_date, at=None):
    return actions.open_profile(
        name="Timo Vega", stage_name="Timo", birth_date=birth_date, relation="parent", proof=PAPER, by=rosa,
        at=at or timezone.now(),
    )  # fmt: skip


def test_a_child_has_a_profile_and_no_account(rosa, client):
    today = timezone.now().date()
    bond = open_for(rosa, date(today.year - 9, 5, 17))
    child = bond.actor.user
    assert (child.has_account, child.has_usable_password()) == (False, False)
    assert not decides_for(rosa, bond.actor)
    actions.confirm(bond, by=staff(), at=timezone.now())
    assert decides_for(rosa, bond.actor)
    assert not Notification.objects.filter(recipient=child).exists()
    assert [desk.label for desk in desks_of(User.objects.get(pk=rosa.pk))] == ["For Timo"]


def test_a_grown_up_child_opens_their_own(rosa):
    today = timezone.now().date()
    assert refusal_of(open_for, rosa, date(today.year - 19, 1, 1)).code == "of-age"
    assert refusal_of(open_for, make_minor("Nora Next").user, date(today.year - 9, 1, 1)).code == "not-grown-up"
    assert (ActorProfile.objects.filter(stage_name="Timo").count(), User.objects.filter(name="Timo Vega").count()) == (
        0, 0,
    )  # fmt: skip


def thirteen_years_old():
    return timezone.now().date() - timedelta(days=13 * 366 + 5)


def test_a_profile_is_handed_to_the_person_it_is_about(rosa, client):
    bond = actions.confirm(open_for(rosa, thirteen_years_old()), by=staff(), at=timezone.now())
    actor = bond.actor
    client.force_login(rosa)
    assert "Hand the profile over" in client.get("/me/guardians/").text
    path = reverse("guardian-hand-over", args=[actor.pk])
    assert "Type their address, not yours." in client.post(path, {"email": rosa.email}).text
    assert client.post(path, {"email": "timo@example.com"}).status_code == 303
    notice = Notification.objects.get(kind="profile-offered")
    assert (notice.address, notice.recipient) == ("timo@example.com", None)
    client.post(notice.path)
    assert "signed in as rosa@example.com" in client.get(notice.path).text
    client.logout()
    assert "Sign up" in client.get(notice.path).text
    birth = actor.birth_date.isoformat()
    sign_up(client, {**ACTOR, "email": "timo@example.com", "name": "Timo Vega", "birth_date": birth})
    assert confirm(client).url == notice.path
    assert (client.post(notice.path)["Location"], client.get(notice.path).status_code) == ("/", 404)
    actor.refresh_from_db()
    assert (actor.user.email, ActorProfile.objects.count()) == ("timo@example.com", 1)
    assert (decides_for(rosa, actor), decides_for(actor.user, actor)) == (True, False)
    assert last_entry().event == "profile.handed-over"


def test_nobody_hands_over_what_they_did_not_open(rosa, mia):
    young = actions.confirm(
        open_for(rosa, timezone.now().date() - timedelta(days=3_700)), by=staff(), at=timezone.now()
    )
    at = timezone.now()
    for actor, person in [(young.actor, rosa), (young.actor, make_user("Carl Charlie")), (mia, make_guardian(mia))]:
        assert refusal_of(handover.offer, actor, email="x@example.com", by=person, at=at).code == "not-yours"
    grown_up = young.actor.adult_at + timedelta(days=400)
    handover.offer(young.actor, email="x@example.com", by=rosa, at=grown_up)


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_a_minor_signs_up_and_is_led_to_naming_a_guardian(client):
    sixteen = timezone.now().date().replace(day=1) - timedelta(days=16 * 366)
    sign_up(client, {**ACTOR, "birth_date": sixteen.isoformat()})
    assert confirm(client).url == "/me/guardians/"
    page = client.get("/me/guardians/")
    assert "Name a parent or guardian. Nothing can be decided before." in page.text
    assert ActorProfile.objects.get().is_minor(timezone.now())


def test_a_child_is_told_who_opens_the_profile(client):
    ten = timezone.now().date() - timedelta(days=3_700)
    answer = sign_up(client, {**ACTOR, "birth_date": ten.isoformat()})
    assert answer.context["form"].errors["birth_date"][0].startswith("Under 13 a parent or guardian opens the profile")
    assert not User.objects.exists()


def test_a_guardian_signs_up_and_opens_a_profile(client):
    sign_up(client, {**ACTOR, "name": "Rosa Vega", "who": "guardian", "birth_date": ""})
    assert confirm(client).url == "/me/guardians/open/"
    born = timezone.now().date() - timedelta(days=3_700)
    fields = {
        "name": "Timo Vega",
        "stage_name": "",
        "birth_date": born.isoformat(),
        "relation": "parent",
        "proof": PAPER,
    }
    answer = client.post("/me/guardians/open/", fields)
    assert (answer.status_code, answer["Location"]) == (303, "/me/guardians/")
    assert "You see everything of Timo Vega’s" in client.get("/me/guardians/").text
    assert client.get("/").context["desk"].label == "For Timo Vega"


def test_the_invitation_is_answered_on_its_page(client, mia, rosa):
    bond = invite(mia)
    path = invitation_path(bond)
    assert "Sign in to answer" in client.get(path).text
    client.force_login(rosa)
    assert "names you as a guardian of" in client.get(path).text
    unsure = client.post(path, {"answer": "accept"})
    assert set(unsure.context["form"].errors) == {"relation", "proof"}
    answer = client.post(path, {"answer": "accept", "relation": "legal", "proof": PAPER})
    assert (answer.status_code, answer["Location"]) == (303, "/me/guardians/")
    bond.refresh_from_db()
    assert (bond.guardian, bond.relation, bond.state) == (rosa, "legal", "active")


def test_declining_asks_for_nothing(client, mia, rosa):
    bond = invite(mia)
    client.force_login(rosa)
    assert client.post(invitation_path(bond), {"answer": "decline"}).status_code == 303
    bond.refresh_from_db()
    assert bond.state == "declined"


def test_staff_confirm_in_the_admin(client, mia, rosa):
    bond = accept(invite(mia), rosa)
    sol = make_user("Sol Staff", is_staff=True, is_superuser=True)
    add_totp(sol)
    client.force_login(sol)
    list_ = reverse("admin:agencies_guardianship_changelist")
    client.post(list_, {"action": "confirm", "_selected_action": [bond.pk]})
    assert decides_for(rosa, mia)
    client.post(list_, {"action": "end", "_selected_action": [bond.pk]})
    assert not own_actors(rosa).exists()


def test_the_birth_date_is_shown_to_nobody_who_asks(client, mia):
    make_guardian(mia)
    from tests.factories import make_replica

    request_ = make_request(make_replica(mia))
    client.force_login(request_.sent_by)
    born = mia.birth_date
    for path in (request_.get_absolute_url(), request_.replica.get_absolute_url(), reverse("replicas")):
        text = client.get(path).text
        assert born.isoformat() not in text
        assert f"{born:%b} {born.day}" not in text


@pytest.mark.parametrize("wards", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_thirty(client, rosa, wards, django_assert_num_queries):
    for number in range(wards):
        make_guardian(make_minor(f"Mia {number}"), rosa)
    client.force_login(rosa)
    client.get("/me/guardians/")
    with django_assert_num_queries(10):
        client.get("/me/guardians/")


def test_many_are_told_in_one_query(django_assert_num_queries):
    adults = [make_actor(f"Alice {number}") for number in range(3)]
    young = [make_minor(f"Mia {number}") for number in range(30)]
    people = [make_guardian(one) for one in young]
    with django_assert_num_queries(0):
        assert deciders_of_each(adults) == {actor.pk: [actor.user] for actor in adults}
    with django_assert_num_queries(1):
        told = deciders_of_each([*adults, *young], copies=False)
    assert [told[one.pk] for one in young] == [[person] for person in people]


def test_the_clock_rings_for_birthdays():
    minor = make_minor("Mia Minor")
    make_guardian(minor)
    past = timezone.now() - timedelta(minutes=1)
    ActorProfile.objects.filter(pk=minor.pk).update(adult_at=past)
    sweep_guardians()
    assert Guardianship.objects.get().state == "former"
