"""Houses and the people in them: founding, inviting, joining, roles, leaving."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Delivery, Notification
from agencies.access import desks_of, may_act_for, members_of
from agencies.access.invitations import invitation_path
from agencies.actions import teams
from agencies.actions.organizations import found, unverify, verify
from agencies.models import Membership, Organization
from agencies.rules.organizations import OrganizationKind, Role
from tests.agencies.people import invite, last_entry, refusal_of, seat
from tests.factories import make_member, make_user

pytestmark = pytest.mark.django_db


# --- Founding ---------------------------------------------------------------------------------------------------------


def test_the_founder_owns_the_house():
    user = make_user()
    house = found(kind=OrganizationKind.AGENCY, name="Northlight Talent", by=user, at=timezone.now())
    assert (house.slug, seat(user, house).role) == ("northlight-talent", "owner")
    assert last_entry().event == "organization.founded"
    assert [desk.key for desk in desks_of(user)] == ["northlight-talent"]


def test_houses_of_one_name_get_different_addresses():
    user = make_user()
    slugs = [
        found(kind=kind, name=name, by=user, at=timezone.now()).slug
        for kind, name in (
            (OrganizationKind.AGENCY, "Nova"),
            (OrganizationKind.CASTING, "Nova"),
            (OrganizationKind.AGENCY, "星"),
        )
    ]
    assert slugs == ["nova", "nova-2", "house"]


def test_only_staff_check_a_house(house, alice):
    staff = make_user("Sam Staff", is_staff=True)
    assert refusal_of(verify, house, by=alice, at=timezone.now()).code == "not-yours"
    verify(house, by=staff, at=timezone.now())
    assert Organization.objects.get(pk=house.pk).verified_at
    assert refusal_of(verify, house, by=staff, at=timezone.now()).code == "nothing-changed"
    unverify(house, by=staff, at=timezone.now())
    assert Organization.objects.get(pk=house.pk).verified_at is None


def test_the_page_founds_a_house_and_sits_one_down_there(client):
    client.force_login(make_user())
    page = client.get("/organizations/new/?kind=agency&name=Northlight")
    assert page.context["form"]["name"].value() == "Northlight"
    answer = client.post("/organizations/new/", {"kind": "agency", "name": "Northlight"})
    assert (answer.status_code, answer["Location"]) == (303, "/house/northlight/team/")
    assert client.session["desk"] == "northlight"


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client):
    client.force_login(make_user())
    page = client.post("/organizations/new/", {"name": "Northlight", "website": "no address"})
    assert page.status_code == 200
    assert page.context["form"].errors == {
        "kind": ["Choose what kind of house it is."],
        "website": ["This is no web address. Write it like https://northlight.example."],
    }
    assert 'value="Northlight"' in page.text


# --- Inviting ---------------------------------------------------------------------------------------------------------


def test_an_invitation_goes_to_a_bare_address(house, alice):
    membership = invite(house, alice, email=" Cora@Nova.example ")
    notice = Notification.objects.get(kind="team-invited")
    assert (membership.email, notice.recipient, notice.address) == ("cora@nova.example", None, "cora@nova.example")
    assert notice.path == invitation_path(membership)
    told = {key: notice.context[key] for key in ("organization", "by", "role", "name", "message")}
    assert told == {
        "organization": "Nova Pictures",
        "by": "Alice Ames",
        "role": "member",
        "name": "cora@nova.example",
        "message": "",
    }
    assert membership.expires_at - membership.invited_at == timedelta(days=14)


def test_an_invitation_to_somebody_known_stands_in_their_inbox_and_says_nothing_to_the_inviter(house, alice, client):
    cora = make_user("Cora Known", email="cora@nova.example")
    invite(house, alice)
    assert Notification.objects.get(kind="team-invited").recipient == cora
    client.force_login(alice)
    assert "Cora Known" not in client.get(reverse("team", args=[house.slug])).text


def test_the_same_address_is_invited_once(house, alice):
    invite(house, alice)
    refusal = refusal_of(invite, house, alice, email="CORA@nova.example")
    assert (refusal.code, Membership.objects.filter(state="invited").count()) == ("already-invited", 1)
    assert (last_entry().event, last_entry().refused) == ("team.invited", "already-invited")


def test_an_expired_invitation_makes_room(house, alice):
    long_ago = timezone.now() - timedelta(days=14)
    old = invite(house, alice, at=long_ago)
    invite(house, alice)
    old.refresh_from_db()
    assert (old.state, old.ended_by) == ("declined", None)


def test_a_colleague_is_not_invited_again(house, alice, bob):
    assert refusal_of(invite, house, alice, email="bob@nova.example").code == "already-active"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ASSISTANT, None])
def test_only_owners_invite(house, alice, role):
    by = make_member(house, make_user("Bob"), role) if role else make_user("Charlie")
    assert refusal_of(invite, house, by).code == "not-yours"
    entry = last_entry()
    assert (entry.event, entry.refused, entry.by_id, entry.subject_id) == ("team.invited", "not-yours", by.pk, house.pk)
    assert not Membership.objects.filter(state="invited").exists()


def test_sending_again_stops_the_earlier_link_and_its_letter(house, alice, client):
    membership = invite(house, alice, at=timezone.now() - timedelta(hours=1))
    earlier = invitation_path(membership)
    Delivery.objects.update(state="queued")
    again = teams.resend(membership, by=alice, at=timezone.now())
    assert "There is a newer letter" in client.get(earlier).text
    assert "invites" in client.get(invitation_path(again)).text
    states = Delivery.objects.filter(notification__kind="team-invited").order_by("id").values_list("state", flat=True)
    assert states[0] == "cancelled"


def test_sending_again_waits_ten_minutes(house, alice):
    membership = invite(house, alice)
    assert refusal_of(teams.resend, membership, by=alice, at=timezone.now()).code == "sent-just-now"


def test_what_was_taken_back_says_so(house, alice, client):
    membership = invite(house, alice)
    path = invitation_path(membership)
    teams.withdraw(membership, by=alice, at=timezone.now())
    assert "took this invitation back" in client.get(path).text
    assert refusal_of(teams.withdraw, membership, by=alice, at=timezone.now()).code == "already-declined"


# --- Joining ----------------------------------------------------------------------------------------------------------


def test_whoever_owns_the_address_joins_with_the_account_they_have(house, alice, client):
    membership = invite(house, alice)
    cora = make_user("Cora", email="cora@nova.example")
    client.force_login(cora)
    path = invitation_path(membership)
    assert "invites you" in client.get(path).text
    answer = client.post(path, {"answer": "accept"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("team", args=[house.slug]))
    assert seat(cora, house).role == "member"
    assert client.session["desk"] == house.slug
    assert Notification.objects.get(kind="team-changed").recipient == alice
    assert last_entry().event == "team.joined"


def test_accepting_twice_is_harmless(house, alice, client):
    membership = invite(house, alice)
    client.force_login(make_user("Cora", email="cora@nova.example"))
    path = invitation_path(membership)
    client.post(path, {"answer": "accept"})
    page = client.post(path, {"answer": "accept"})
    assert (page.status_code, page.context["refused"]) == (200, "This was already accepted.")
    assert "This invitation was accepted" in page.text
    assert Membership.objects.filter(organization=house, state="active").count() == 2


def test_another_account_is_told_whose_the_invitation_is(house, alice, client):
    membership = invite(house, alice)
    client.force_login(make_user("Charlie", email="charlie@elsewhere.example"))
    path = invitation_path(membership)
    page = client.get(path)
    assert "cora@nova.example" in page.text
    assert 'value="accept"' not in page.text
    assert client.post(path, {"answer": "accept"}).context["refused"] == "This is not yours to do."
    assert last_entry().refused == "not-yours"


def test_an_unverified_address_proves_nothing(house, alice):
    membership = invite(house, alice)
    cora = make_user("Cora", email="cora@nova.example")
    cora.emailaddress_set.update(verified=False)
    assert refusal_of(teams.accept, membership, by=cora, at=timezone.now()).code == "not-yours"


def test_a_visitor_is_led_to_sign_in_and_back(house, alice, client):
    path = invitation_path(invite(house, alice))
    page = client.get(path)
    assert client.session["invitation"] == path
    assert f"?next={quote(path)}" in page.text
    answer = client.post(path, {"answer": "accept"})
    assert (answer.status_code, answer["Location"]) == (303, f"/accounts/login/?next={path}")
    assert Membership.objects.get(email="cora@nova.example").state == "invited"


@pytest.mark.parametrize(("seconds", "code"), [(-1, ""), (0, "expired"), (1, "expired")])
def test_an_invitation_ends_on_the_second(house, alice, seconds, code):
    membership = invite(house, alice)
    cora = make_user("Cora", email="cora@nova.example")
    at = membership.expires_at + timedelta(seconds=seconds)
    if code:
        assert refusal_of(teams.accept, membership, by=cora, at=at).code == code
    else:
        assert teams.accept(membership, by=cora, at=at).state == "active"


def test_an_expired_link_says_whom_to_ask(house, alice, client):
    path = invitation_path(invite(house, alice, at=timezone.now() - timedelta(days=15)))
    page = client.get(path)
    assert (page.status_code, page.context["standing"]) == (200, "expired")
    assert "Ask Alice Ames at Nova Pictures" in page.text


@pytest.mark.parametrize("token", ["nonsense", "WzFd:1:x", "a" * 300])
def test_a_link_nobody_made_is_missing(client, token):
    assert client.get(f"/invitations/{token}/").status_code == 404


def test_declining_tells_the_owners(house, alice):
    membership = invite(house, alice)
    cora = make_user("Cora", email="cora@nova.example")
    assert teams.decline(membership, by=cora, at=timezone.now()).state == "declined"
    assert Notification.objects.get(kind="team-changed").context["change"] == "declined"
    assert refusal_of(teams.accept, membership, by=cora, at=timezone.now()).code == "already-declined"


# --- Roles and leaving ------------------------------------------------------------------------------------------------


def test_removing_ends_every_power_at_once(house, alice, bob, client):
    client.force_login(bob)
    url = reverse("team", args=[house.slug])
    assert client.get(url).status_code == 200
    teams.remove(seat(bob, house), by=alice, at=timezone.now())
    assert client.get(url).status_code == 404
    assert not may_act_for(bob, house)
    assert list(members_of(house)) == [alice]
    assert Notification.objects.get(kind="team-changed").recipient == bob


def test_the_last_owner_stays(house, alice, bob):
    mine = seat(alice, house)
    at = timezone.now()
    assert refusal_of(teams.leave, mine, by=alice, at=at).code == "last-owner"
    assert refusal_of(teams.remove, mine, by=alice, at=at).code == "last-owner"
    assert refusal_of(teams.change_role, mine, role=Role.MEMBER, by=alice, at=at).code == "last-owner"
    teams.change_role(seat(bob, house), role=Role.OWNER, by=alice, at=at)
    assert teams.leave(mine, by=alice, at=at).state == "former"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ASSISTANT, None])
def test_only_owners_change_the_team(house, alice, bob, role):
    by = make_member(house, make_user("Dora"), role) if role else make_user("Charlie")
    at = timezone.now()
    assert refusal_of(teams.remove, seat(bob, house), by=by, at=at).code == "not-yours"
    assert refusal_of(teams.change_role, seat(bob, house), role=Role.OWNER, by=by, at=at).code == "not-yours"
    assert refusal_of(teams.leave, seat(bob, house), by=by, at=at).code == "not-yours"
    assert [entry.refused for entry in AuditEntry.objects.order_by("-id")[:3]] == ["not-yours"] * 3


def test_a_colleague_may_leave(house, alice, bob):
    assert teams.leave(seat(bob, house), by=bob, at=timezone.now()).state == "former"
    assert refusal_of(teams.leave, Membership.objects.get(user=bob), by=bob, at=timezone.now()).code == "already-former"


def test_a_role_is_given_and_told(house, alice, bob):
    teams.change_role(seat(bob, house), role=Role.ASSISTANT, by=alice, at=timezone.now())
    notice = Notification.objects.get(kind="team-changed")
    assert (notice.recipient, notice.context["role"]) == (bob, "assistant")
    assert last_entry().data == {"name": "Bob Brandt", "role": "assistant", "before": "member"}
    assert not may_act_for(bob, house)


@pytest.mark.django_db(transaction=True)
def test_two_owners_can_not_both_leave(house, alice, bob, together):
    teams.change_role(seat(bob, house), role=Role.OWNER, by=alice, at=timezone.now())
    first, second = seat(alice, house), seat(bob, house)
    results = together(
        lambda: teams.leave(first, by=alice, at=timezone.now()), lambda: teams.leave(second, by=bob, at=timezone.now())
    )
    assert sorted(getattr(result, "code", "left") for result in results) == ["last-owner", "left"]


@pytest.mark.django_db(transaction=True)
def test_two_owners_invite_one_address_once(house, alice, together):
    ben = make_member(house, make_user("Ben"), Role.OWNER)
    results = together(lambda: invite(house, alice), lambda: invite(house, ben))
    codes = sorted(getattr(result, "code", "sent") for result in results)
    assert codes == ["already-invited", "sent"]
