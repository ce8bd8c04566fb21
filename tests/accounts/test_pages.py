"""A person's own pages: profile, notices, wishes, history, the outbox and the demo's sign-in."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from accounts.models import AuditEntry, Delivery, Notification, OutboxLetter, Preference
from accounts.notifications import Notice, notify
from accounts.notifications.actions import mark_read
from accounts.notifications.outbox import OutboxBackend
from accounts.notifications.rules import KINDS
from accounts.notifications.unsubscribing import unsubscribe_url
from accounts.rules.demo import PEOPLE
from accounts.rules.subject import Subject
from tests.factories import PASSWORD, add_totp, make_actor, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OUTBOX = "accounts.notifications.outbox.OutboxBackend"


@pytest.fixture
def alice(client):
    user = make_user("Alice Ames")
    client.force_login(user)
    return user


def tell(user, number=1, kind="request-received"):
    subject = Subject("request", number, f"R-{number:06d}", "Harbor Lights")
    context = {"organization": "Nova Pictures", "project": f"Project {number}"}
    notify([Notice(kind, user, subject, once=str(number), path=f"/requests/R-{number:06d}/", context=context)], at=AT)
    return subject


@pytest.mark.parametrize("name", ["profile", "history", "preferences", "notifications", "actor-profile"])
def test_strangers_are_asked_to_sign_in(client, name):
    assert client.get(reverse(name)).url == f"/accounts/login/?next={reverse(name)}"


def test_a_person_changes_name_and_zone_and_it_is_remembered_without_the_values(client, alice):
    data = {"part": "person", "person-name": "Alice B.\r\nAmes", "person-time_zone": "Europe/Paris"}
    answer = client.post(reverse("profile"), data)
    assert (answer.status_code, answer.url) == (303, "/me/")
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Alice B. Ames", "Europe/Paris")
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.data) == ("person.changed", {"what": "your name, time zone"})


def test_a_wrong_zone_is_said_beside_it_and_nothing_is_written(client, alice):
    answer = client.post(reverse("profile"), {"part": "person", "person-name": "New", "person-time_zone": "Mars"})
    assert answer.context["person"].errors == {"time_zone": ["There is no such time zone. Choose one from the list."]}
    alice.refresh_from_db()
    assert alice.name == "Alice Ames"


def test_what_actors_see_of_who_asks(client, alice):
    data = {"part": "director", "director-title": "Casting director", "director-website": "nova.example"}
    assert client.post(reverse("profile"), data).status_code == 303
    assert alice.director_profile.website == "https://nova.example"


def test_somebody_becomes_an_actor_and_changes_the_profile(client, alice):
    url = reverse("actor-profile")
    unsure = client.post(url, {"stage_name": "Alice A."})
    assert unsure.context["form"].errors == {"birth_date": ["Type your date of birth. It decides who may sign here."]}
    assert client.post(url, {"stage_name": "Alice A.", "birth_date": "1994-05-17"}).status_code == 303
    actor = alice.actor_profile
    data = {"stage_name": "Alice A.", "languages": ["en", "es"], "gender": "own_word", "gender_word": "fluid"}
    data |= {"playing_age_from": 30, "playing_age_to": 40}
    assert client.post(url, data).status_code == 303
    actor.refresh_from_db()
    assert (actor.languages, actor.gender_word, actor.playing_age_to) == (" en es ", "fluid", 40)
    wrong = client.post(url, {**data, "playing_age_to": 20, "height_cm": 900, "gender_word": ""})
    assert wrong.context["form"].errors == {
        "playing_age_to": ["This is younger than 30. Please give the older age here."],
        "height_cm": ["Ensure this value is less than or equal to 250."],
        "gender_word": ["Please give your word, or choose another answer."],
    }


def test_listings_follow_the_profile(client):
    from tests.factories import make_replica

    actor = make_actor("Alice Ames")
    replica = make_replica(actor)
    client.force_login(actor.user)
    client.post(reverse("actor-profile"), {"stage_name": "Zora Quell"})
    assert replica.listing.sort_name == "zora quell"


def test_the_inbox_costs_the_same_for_one_and_for_thirty(client, alice, django_assert_num_queries):
    tell(alice)
    with django_assert_num_queries(6):
        assert client.get(reverse("notifications")).context["unread"] == 1
    for number in range(2, 31):
        tell(alice, number)
    with django_assert_num_queries(6):
        assert client.get(reverse("notifications")).context["unread"] == 30


def test_reading_one_all_and_by_looking(client, alice):
    charlie = make_user("Charlie")
    for number in range(1, 5):
        tell(alice, number)
    theirs = tell(charlie, 9)
    unread = Notification.objects.filter(read_at=None)
    foreign = unread.get(recipient=charlie)
    client.post(reverse("notifications"), {"notice": foreign.pk})
    client.post(reverse("notifications"), {"notice": "9" * 40})
    assert unread.count() == 5
    client.post(reverse("notifications"), {"notice": unread.filter(recipient=alice).first().pk})
    assert unread.filter(recipient=alice).count() == 3
    assert mark_read(alice, Subject("request", 2), AT) == 1
    assert mark_read(alice, theirs, AT) == 0
    client.post(reverse("notifications"), {"all": "1"})
    assert list(unread) == [foreign]


def test_long_inboxes_have_pages(client, alice):
    for number in range(1, 53):
        tell(alice, number)
    first = client.get(reverse("notifications"))
    second = client.get(reverse("notifications") + first.context["page"].next_url)
    assert (len(first.context["notices"]), len(second.context["notices"])) == (50, 2)


def test_wishes_are_kept_and_essential_ones_stay_on(client, alice):
    wanted = {f"{kind.name}-{channel}": "on" for kind in KINDS.values() for channel in ("inbox", "email")}
    del wanted["request-advice-email"], wanted["license-issued-email"]
    assert client.post(reverse("preferences"), wanted).status_code == 303
    rows = list(Preference.objects.values_list("user", "kind", "channel", "wanted"))
    assert rows == [(alice.pk, "request-advice", "email", False)]
    page = client.get(reverse("preferences")).text
    assert 'name="license-issued-email"' not in page
    tell(alice, 1, "request-advice")
    tell(alice, 2, "license-issued")
    assert list(Delivery.objects.values_list("notification__kind", flat=True)) == ["license-issued"]
    client.post(reverse("preferences"), {**wanted, "request-advice-email": "on"})
    assert list(Preference.objects.values_list("wanted", flat=True)) == [True]


def test_a_link_in_a_letter_ends_it_by_post_only(client):
    alice = make_user("Alice Ames")
    path = unsubscribe_url(alice.pk, ["request-advice", "license-issued"]).removeprefix("http://testserver")
    page = client.get(path)
    assert page.context["labels"] == ["My agent left me advice"]
    assert not Preference.objects.exists()
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert list(Preference.objects.values_list("user", "kind", "wanted")) == [(alice.pk, "request-advice", False)]
    assert client.post(path).status_code == 200
    assert client.get(path[:-3] + "x/").status_code == 404
    assert client.post("/unsubscribe/nonsense/").status_code == 404


def test_my_history_is_mine(client, alice):
    client.post(reverse("profile"), {"part": "person", "person-name": "Alice", "person-time_zone": "UTC"})
    charlie = make_user("Charlie")
    client.force_login(charlie)
    assert client.get(reverse("history")).context["deeds"] == []
    client.force_login(alice)
    sentences = [deed.sentence for deed in client.get(reverse("history")).context["deeds"]]
    assert sentences == ["Alice changed your name, time zone."]


# --- Outbox -----------------------------------------------------------------------------------------------------------


def keep_letter():
    letter = EmailMultiAlternatives("Hello", "text", "a@example.com", ["b@example.com"], headers={"X-A": "1"})
    letter.attach_alternative("<html><head></head><body><script>alert(1)</script>hi</body></html>", "text/html")
    OutboxBackend().send_messages([letter])
    return OutboxLetter.objects.get()


@pytest.mark.parametrize(
    ("demo", "backend"), [(False, OUTBOX), (True, "django.core.mail.backends.locmem.EmailBackend")]
)
def test_there_is_no_outbox_elsewhere(client, settings, demo, backend):
    letter = keep_letter()
    settings.DEMO, settings.EMAIL_BACKEND = demo, backend
    paths = ["/outbox/", f"/outbox/{letter.pk}/", f"/outbox/{letter.pk}/html/"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_the_outbox_shows_letters_in_a_cage(client, settings):
    settings.DEMO, settings.EMAIL_BACKEND = True, OUTBOX
    letter = keep_letter()
    assert "Hello" in client.get("/outbox/").text
    page = client.get(f"/outbox/{letter.pk}/")
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>alert" not in page.text
    bare = client.get(f"/outbox/{letter.pk}/html/")
    policy = bare.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "script-src 'none'" in policy
    assert bare.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/outbox/999999/").status_code == 404


# --- Demo -------------------------------------------------------------------------------------------------------------


def test_one_click_makes_one_of_the_six_in_a_demo_only(client, settings):
    maya = make_user("Maya Reyes", email=PEOPLE[0].email)
    other = make_user("Olga", email="olga@example.com")
    url = reverse("demo-sign-in")
    assert client.post(url, {"email": maya.email}).status_code == 404
    settings.DEMO = True
    assert client.post(url, {"email": other.email}).status_code == 404
    assert client.post(url, {"email": PEOPLE[1].email}).status_code == 404
    assert client.get(url).status_code == 405
    assert "Try it as one of them" in client.get(reverse("account_login")).text
    answer = client.post(url, {"email": maya.email})
    assert (answer.status_code, answer.url) == (303, "/")
    assert client.get(reverse("profile")).context["user"] == maya
    settings.DEMO = False
    client.logout()
    assert "Try it as one of them" not in client.get(reverse("account_login")).text


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_staff_need_a_second_step_and_others_are_refused(client, settings):
    assert client.get("/staff/", follow=True).redirect_chain[-1] == ("/accounts/login/?next=/staff/", 302)
    staff = make_user("Sam Staff", is_staff=True)
    client.force_login(staff)
    assert client.get("/staff/", follow=True).redirect_chain[-1] == (reverse("mfa_index"), 302)
    assert "Go on where you were" in client.get(reverse("mfa_index")).text
    add_totp(staff)
    assert client.get("/staff/").status_code == 200
    client.force_login(make_user("Alice"))
    assert client.get("/staff/", follow=True).status_code == 403


def test_staff_see_and_requeue_but_never_edit(client, settings):
    staff = make_user("Sam Staff", is_staff=True)
    add_totp(staff)
    client.force_login(staff)
    tell(make_user("Alice"))
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="failed", error="550 no such user", attempts=3)
    listing = "/staff/accounts/delivery/"
    assert "550 no such user" in client.get(f"{listing}?stuck=failed").text
    client.post(listing, {"action": "send_again", "_selected_action": [delivery.pk]})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 0)
    entry = AuditEntry.objects.get(event="delivery.requeued")
    assert (entry.by_id, entry.refused) == (staff.pk, "")
    for path in ("delivery", "user", "auditentry", "notification"):
        assert client.get(f"/staff/accounts/{path}/").status_code == 200
        assert client.get(f"/staff/accounts/{path}/add/").status_code == 403
    assert client.post(f"{listing}{delivery.pk}/change/", {"state": "sent"}).status_code == 403
    assert client.post(f"{listing}{delivery.pk}/delete/", {"post": "yes"}).status_code == 403


def test_who_was_sent_to_a_second_step_is_led_back_once(alice, client):
    page = reverse("second-step")
    assert "Go on where you were" not in client.get(reverse("mfa_index")).text
    client.get(page, {"next": "/requests/R-7K3M9Q/review/"})
    assert "Go on where you were" in client.get(reverse("mfa_index")).text
    assert client.get(page).url == "/requests/R-7K3M9Q/review/"
    assert client.get(page).url == "/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "evil", ""])
def test_the_way_back_never_leads_elsewhere(alice, client, elsewhere):
    client.get(reverse("second-step"), {"next": elsewhere})
    assert client.get(reverse("second-step")).url == "/"


def test_staff_can_neither_add_nor_change_anything_behind_the_portals_back(client, rf):
    request = rf.get("/staff/")
    request.user = make_user("Root", is_staff=True, is_superuser=True)
    assert not [
        str(model)
        for model, site in admin.site._registry.items()
        if site.has_add_permission(request)
        or site.has_change_permission(request)
        or site.has_delete_permission(request)
    ]
    assert Authenticator not in admin.site._registry


def test_the_second_step_offers_a_passkey_only_to_who_has_one(client):
    alice = make_user("Alice Ames")
    add_totp(alice)
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    page = client.get(reverse("mfa_authenticate")).text
    assert "Enter the code from your authenticator app" in page
    assert "Use a passkey" not in page


def test_one_verified_address_has_nothing_to_press(client, alice):
    page = client.get(reverse("account_email")).text
    assert alice.email in page
    assert "Remove" not in page
    assert "Verify it" not in page


def test_where_one_is_signed_in_is_said_in_words(client, alice):
    client.get(
        reverse("usersessions_list"), headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Safari/604.1"}
    )
    assert "Mozilla" not in client.get(reverse("usersessions_list")).text
