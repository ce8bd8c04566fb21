"""Signing up as an actor and as somebody of a house, by code; the same answer to strangers and to members."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.adapters import INVITATION
from accounts.models import ActorProfile, AuditEntry, Notification, User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
ACTOR = {
    "name": "Maya  Reyes",
    "who": "actor",
    "stage_name": "",
    "house": "",
    "birth_date": "1994-05-17",
    "time_zone": "America/Boise",
    "email": "Maya@Example.com",
    "password1": "a long enough password",
}
HOUSE = {**ACTOR, "who": "casting", "house": "Nova Pictures", "birth_date": "", "email": "dana@example.com"}


def sign_up(client, data):
    return client.post(reverse("account_signup"), data)


def code_in(letter):
    return re.search(r"[A-Z0-9]{4,}-?[A-Z0-9]{2,}", letter.subject.removeprefix("Your code for Understudy: ")).group()


def confirm(client):
    return client.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])})


def test_an_actor_signs_up_and_goes_home(client):
    assert sign_up(client, ACTOR).url == reverse("account_email_verification_sent")
    user = User.objects.get()
    assert (user.email, user.name, user.time_zone) == ("maya@example.com", "Maya Reyes", "America/Boise")
    assert user.actor_profile.stage_name == "Maya Reyes"
    assert confirm(client).url == "/"
    assert client.get(reverse("profile")).status_code == 200
    events = list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))
    assert events[:2] == ["person.joined", "person.actor-registered"]
    assert events[-1] == "person.signed-in"


def test_the_letter_with_the_code_is_dressed(client):
    sign_up(client, ACTOR)
    letter = mail.outbox[0]
    assert letter.subject.startswith("Your code for Understudy: ")
    assert code_in(letter) in letter.body
    assert code_in(letter) in letter.alternatives[0][0]
    assert "Silence is no" in letter.body


def test_somebody_of_a_house_goes_on_to_found_it(client):
    sign_up(client, HOUSE)
    assert confirm(client).url == "/organizations/new/?kind=casting&name=Nova+Pictures"
    assert not ActorProfile.objects.exists()


def test_who_came_by_an_invitation_returns_to_it(client):
    session = client.session
    session[INVITATION] = "/invitations/abc/"
    session.save()
    sign_up(client, HOUSE)
    assert confirm(client).url == "/invitations/abc/"


def test_an_invitation_never_leads_elsewhere(client):
    session = client.session
    session[INVITATION] = "https://evil.example/"
    session.save()
    sign_up(client, ACTOR)
    assert confirm(client).url == "/"


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": " \n"}, "name", "Tell us your name."),
        ({"birth_date": ""}, "birth_date", "Type your date of birth. It decides who may sign here."),
        ({"birth_date": "1994"}, "birth_date", "Write the date as year, month, day: 2008-05-17."),
        ({"birth_date": "1801-05-17"}, "birth_date", "Check the year of birth: nobody alive was born then."),
        ({"who": "king"}, "who", "Select a valid choice. king is not one of the available choices."),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "There is no such time zone. Choose one from the list."),
        ({"email": "no address"}, "email", "Enter a valid email address."),
        ({"password1": "short"}, "password1", "This password is too short. It must contain at least 10 characters."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client, change, field, sentence):
    answer = sign_up(client, {**ACTOR, "stage_name": "Maya R.", **change})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {field: [sentence]}
    assert "Maya R." in answer.text
    assert not User.objects.exists()


def test_a_wrong_code_is_refused(client):
    sign_up(client, ACTOR)
    answer = client.post(reverse("account_email_verification_sent"), {"code": "WRONG-CODE"})
    assert answer.context["form"].errors == {
        "code": ["That code is not right. Please look again, or ask for a new one."]
    }


def test_a_letter_that_did_not_come_is_sent_again(client):
    sign_up(client, ACTOR)
    first = code_in(mail.outbox[-1])
    page = reverse("account_email_verification_sent")
    assert "Send a new code" in client.get(page).text
    client.post(page, {"action": "resend"})
    assert len(mail.outbox) == 2
    assert code_in(mail.outbox[-1]) != first
    assert confirm(client).url == "/"


def test_a_mistyped_address_is_corrected_without_signing_up_again(client):
    sign_up(client, {**ACTOR, "email": "maya@exmaple.com"})
    client.post(reverse("account_email_verification_sent"), {"action": "change", "email": "maya@example.com"})
    assert mail.outbox[-1].to == ["maya@example.com"]
    assert confirm(client).url == "/"
    assert User.objects.get().email == "maya@example.com"


def test_a_taken_address_gets_the_same_answer(client):
    make_user("Maya Reyes", email="maya@example.com")
    answer = sign_up(client, ACTOR)
    assert (answer.status_code, answer.url) == (302, reverse("account_email_verification_sent"))
    assert User.objects.count() == 1
    assert mail.outbox[0].subject == "You have an account already"


def test_password_reset_says_the_same_to_everybody(client):
    make_user(email="maya@example.com")
    known = client.post(reverse("account_reset_password"), {"email": "maya@example.com"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.subject for letter in mail.outbox] == [
        "A new password for Understudy",
        "There is no account with this address",
    ]


def test_a_wrong_password_is_remembered_without_it(client):
    user = make_user(email="maya@example.com")
    for email in ("maya@example.com", "nobody@example.com"):
        answer = client.post(reverse("account_login"), {"login": email, "password": "my secret guess"})
        assert answer.context["form"].non_field_errors() == ["This e-mail address and password don’t belong together."]
    rows = AuditEntry.objects.filter(event="person.sign-in-failed").order_by("pk")
    assert [(row.refused, row.subject_id) for row in rows] == [("wrong-password", user.pk), ("wrong-password", None)]
    assert not any("guess" in str(row.data) or "example" in str(row.data) for row in rows)


def test_a_dead_mail_server_gives_a_sentence_and_the_account_stays(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = sign_up(client, ACTOR)
    assert answer.status_code == 503
    assert "We could not send the letter just now." in answer.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(reverse("account_login"), {"login": "maya@example.com", "password": PASSWORD})
    assert confirm(client).url == "/"


def test_the_owner_is_told_of_a_new_password_and_of_a_new_browser(client):
    user = make_user(email="maya@example.com")
    login = {"login": user.email, "password": PASSWORD}
    client.post(reverse("account_login"), login, headers={"user-agent": "One"})
    assert not Notification.objects.exists()
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"},
    )
    client.logout()
    client.post(reverse("account_login"), {**login, "password": "another long password"}, headers={"user-agent": "Two"})
    told = [notice.context["what"] for notice in Notification.objects.order_by("pk")]
    assert told == [
        "Your password was changed.",
        "Somebody signed in to your account from a browser we had not seen.",
    ]
    assert set(Notification.objects.values_list("kind", "recipient")) == {("account-changed", user.pk)}
    assert "person.password-changed" in AuditEntry.objects.values_list("event", flat=True)


def test_somebody_whose_house_is_here_already_founds_none(client):
    sign_up(client, {**HOUSE, "house": ""})
    assert confirm(client).url == "/"


def test_a_link_may_know_who_comes(client):
    page = client.get(reverse("account_signup"), {"who": "casting", "email": "dana@example.com"})
    assert page.context["form"]["who"].value() == "casting"
    assert page.context["form"]["email"].value() == "dana@example.com"
    assert client.get(reverse("account_signup"), {"who": "king"}).context["form"]["who"].value() == "actor"


def test_one_sentence_says_what_a_password_needs(client):
    text = client.get(reverse("account_signup")).text
    assert "At least 10 characters, not only digits, and nothing others would guess." in text
    assert "too similar" not in text
