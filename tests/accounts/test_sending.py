"""Letters reach “sent” or a visible failure: claims, leases, retries, digests, and a mail server in every mood."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import Delivery, Notification, Preference
from accounts.notifications import Notice, call_off, notify, notifying, sending
from accounts.notifications.rules import KINDS, LEASE, MERGED, RETRY_AFTER, DeliveryState, merged_under, merges
from accounts.notifications.sending import send_due
from accounts.rules.subject import Subject
from tests.accounts.mail import mail_server, silent_server
from tests.factories import make_user

NOON = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 12:00 in Los Angeles
SUBJECT = Subject("request", 1, "R-7K3M9Q", "Harbor Lights")


def tell(kind="license-issued", to=None, once="1", at=NOON, due_at=None, subject=SUBJECT, **context):
    to = to or make_user("Maya Reyes")
    notify([Notice(kind, to, subject, once=once, path="/x/", due_at=due_at, context=context)], at=at)
    return Delivery.objects.order_by("-pk").first()


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.django_db
def test_a_letter_goes_once_however_often_the_bell_rings():
    delivery = tell()
    assert send_due(at=NOON).sent == 1
    assert send_due(at=NOON + timedelta(hours=1)).sent == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.attempts, delivery.error) == ("sent", NOON, 1, "")
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_the_same_telling_is_written_once():
    maya = make_user("Maya Reyes")
    tell(to=maya, once="a")
    tell(to=maya, once="a")
    tell(to=maya, once="b")
    assert Notification.objects.count() == Delivery.objects.count() == 2


@pytest.mark.django_db
def test_nothing_goes_before_its_time():
    delivery = tell("request-withdrawn", at=datetime(2026, 11, 24, 5, 0, tzinfo=UTC))  # 21:00 in Los Angeles
    morning = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert delivery.next_at == morning
    assert send_due(at=morning - timedelta(microseconds=1)).sent == 0
    assert send_due(at=morning).sent == 1


@pytest.mark.django_db
def test_a_letter_claimed_by_a_dead_worker_goes_when_its_lease_ends():
    delivery = tell()
    Delivery.objects.update(state=DeliveryState.SENDING, lease_until=NOON + LEASE)
    assert send_due(at=NOON + LEASE - timedelta(microseconds=1)).sent == 0
    assert send_due(at=NOON + LEASE).sent == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"


@pytest.mark.django_db
def test_a_letter_called_off_after_it_was_claimed_does_not_go(monkeypatch):
    tell("request-received")
    tell("request-received", to=make_user("Jonah"), once="2", subject=Subject("request", 2))
    claim = sending._claim

    def claim_then_answer(at):
        rows = claim(at)
        if rows:
            assert call_off(SUBJECT, ["request-received"], at=at) == 1
        return rows

    monkeypatch.setattr(sending, "_claim", claim_then_answer)
    assert send_due(at=NOON).sent == 1
    assert states() == ["cancelled", "sent"]


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_sends_nothing(monkeypatch):
    tell()
    claim = sending._claim

    def claim_then_sleep(at):
        rows = claim(at)
        Delivery.objects.update(lease_until=at + 2 * LEASE)  # another worker took it over meanwhile
        return rows

    monkeypatch.setattr(sending, "_claim", claim_then_sleep)
    assert send_due(at=NOON).sent == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_closed_account_gets_no_letter():
    maya = make_user("Maya Reyes")
    tell(to=maya)
    maya.is_active = False
    maya.save()
    send_due(at=NOON)
    assert states() == ["cancelled"]


@pytest.mark.django_db
def test_a_letter_goes_to_the_address_of_today():
    maya = make_user("Maya Reyes")
    tell(to=maya)
    maya.email = "new@example.com"
    maya.save()
    send_due(at=NOON)
    assert mail.outbox[0].to == ["new@example.com"]


@pytest.mark.django_db
def test_switched_off_is_not_written_but_essential_is():
    maya = make_user("Maya Reyes")
    for kind in ("request-advice", "license-issued"):
        Preference.objects.create(user=maya, kind=kind, channel="email", wanted=False)
        tell(kind, to=maya)
    assert list(Delivery.objects.values_list("notification__kind", flat=True)) == ["license-issued"]
    assert Notification.objects.count() == 2


@pytest.mark.django_db
def test_time_runs_out_and_the_rest_is_given_back():
    for number in range(3):
        tell(to=make_user(f"Person{number}"))
    assert send_due(at=NOON, seconds=0).more is True
    assert states() == ["queued"] * 3
    assert send_due(at=NOON).sent == 3


# --- Digests ----------------------------------------------------------------------------------------------------------


def test_when_letters_become_one():
    assert not merges(["client-request", "client-request"])
    assert merges(["client-request"] * 3)
    assert merges(["client-reminder"] * 2)
    assert not merges(["client-reminder", "client-request"])
    assert not merges(["client-reminder"])
    assert not merges(["client-request", "client-request", "license-issued"])
    assert not merges(["request-received"] * 5)


@pytest.mark.django_db
def test_an_agent_with_many_clients_gets_one_letter():
    alex = make_user("Alex Moreno")
    for number in range(4):
        tell("client-request", to=alex, once=str(number), actor=f"Actor {number}", project="Harbor Lights")
    tell("license-issued", to=alex, once="l", license="L-7K3M9QXW2T", actor="Maya", project="Harbor Lights")
    outcome = send_due(at=NOON)
    assert outcome.sent == 2
    assert sorted(letter.subject for letter in mail.outbox) == [
        "[For information] 4 things about your clients",
        "[For information] License L-7K3M9QXW2T: Maya for Harbor Lights",
    ]
    assert states() == ["sent"] * 5


@pytest.mark.django_db
def test_the_better_fees_of_a_crowd_come_as_one_letter_apart_from_what_asks_for_something():
    alex = make_user("Alex Moreno")
    for number in range(3):
        tell("client-request", to=alex, once=str(number), actor=f"Actor {number}", project="Harbor Lights")
        tell(
            "license-amended", to=alex, once=f"l{number}", license=f"L-{number}", actor="Maya", project="Harbor Lights"
        )
    assert send_due(at=NOON).sent == 2
    assert sorted(letter.subject for letter in mail.outbox) == [
        "[For information] 3 licenses have a better fee",
        "[For information] 3 things about your clients",
    ]


@pytest.mark.django_db
def test_two_agents_get_one_letter_each():
    for name in ("Alex", "Bea"):
        agent = make_user(name)
        for number in range(3):
            tell("client-request", to=agent, once=str(number), actor=f"Actor {number}")
    assert send_due(at=NOON).sent == 2
    assert len({letter.to[0] for letter in mail.outbox}) == 2


@pytest.mark.django_db
def test_a_digest_is_not_torn_by_the_end_of_a_batch(monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    alex = make_user("Alex Moreno")
    for number in range(7):
        tell("client-request", to=alex, once=str(number), actor=f"Actor {number}")
    assert send_due(at=NOON).sent == 1


@pytest.mark.django_db
def test_reminders_wait_for_the_morning_and_come_as_one():
    alex = make_user("Alex Moreno")
    due = NOON + timedelta(days=2)
    for number in range(2):
        tell("client-reminder", to=alex, once=str(number), actor=f"Actor {number}", due_at=due)
    assert send_due(at=NOON).sent == 0
    assert send_due(at=datetime(2026, 11, 24, 16, 0, tzinfo=UTC)).sent == 1


# --- The mail server's moods ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_many_letters_use_one_connection(settings):
    for number in range(5):
        tell(to=make_user(f"Person{number}"))
    with mail_server(settings) as sink:
        assert send_due(at=NOON).sent == 5
    assert (len(sink.letters), sink.connections) == (5, 1)
    assert len({letter["Message-ID"] for letter in sink.letters}) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["421 too busy", "450 mailbox busy", "451 greylisted, come back"])
def test_a_no_for_now_is_tried_again_and_then_taken(settings, answer):
    delivery = tell()
    with mail_server(settings) as sink:
        sink.answers = lambda address: answer
        outcome = send_due(at=NOON)
        assert (outcome.sent, outcome.later, outcome.failed) == (0, 1, 0)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("queued", 1)
        assert answer[:3] in delivery.error
        wait = delivery.next_at - NOON
        assert RETRY_AFTER[0] * 0.8 <= wait <= RETRY_AFTER[0] * 1.2
        sink.answers = lambda address: "250 OK"
        assert send_due(at=delivery.next_at).sent == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 2, "")


@pytest.mark.django_db
def test_a_no_for_good_fails_at_once_with_the_servers_words(settings):
    delivery = tell()
    other = tell(to=make_user("Jonah"))
    with mail_server(settings) as sink:
        sink.answers = lambda address: "550 no such user" if address.startswith("maya") else "250 OK"
        outcome = send_due(at=NOON)
    assert (outcome.sent, outcome.later, outcome.failed) == (1, 0, 1)
    delivery.refresh_from_db()
    other.refresh_from_db()
    assert (delivery.state, delivery.error) == ("failed", "The mail server refused the address: 550 no such user")
    assert other.state == "sent"


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "state"), [("554 spam", "failed"), ("452 disk full", "queued")])
def test_a_letter_refused_after_its_text(settings, answer, state):
    tell()
    with mail_server(settings) as sink:
        sink.data_answer = answer
        send_due(at=NOON)
    assert states() == [state]


@pytest.mark.django_db
@pytest.mark.parametrize("mood", ["down", "silent"])
def test_a_server_that_is_away_costs_one_try_and_loses_nothing(settings, mood):
    for number in range(3):
        tell(to=make_user(f"Person{number}"))
    with silent_server(settings):
        if mood == "down":
            settings.EMAIL_PORT = 1
        outcome = send_due(at=NOON)
    assert (outcome.sent, outcome.later, outcome.failed) == (0, 3, 0)
    assert list(Delivery.objects.values_list("state", "attempts")) == [("queued", 1)] * 3
    with mail_server(settings) as sink:
        assert send_due(at=NOON + timedelta(minutes=2)).sent == 3
    assert len(sink.letters) == 3


@pytest.mark.django_db
def test_after_the_last_try_the_failure_is_visible(settings):
    delivery, at = tell(), NOON
    with silent_server(settings):
        settings.EMAIL_PORT = 1
        for attempt in range(1, len(RETRY_AFTER) + 1):
            send_due(at=at)
            delivery.refresh_from_db()
            assert (delivery.state, delivery.attempts) == ("queued", attempt)
            at = delivery.next_at
        send_due(at=at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", len(RETRY_AFTER) + 1)
    assert delivery.error.startswith("The mail server could not be reached")


@pytest.mark.django_db
def test_a_letter_that_cannot_be_written_holds_up_nobody(monkeypatch):
    tell()
    tell(to=make_user("Jonah"))
    write = sending.write_letter

    def broken(notice, address):
        if address.startswith("maya"):
            raise ZeroDivisionError
        return write(notice, address)

    monkeypatch.setattr(sending, "write_letter", broken)
    outcome = send_due(at=NOON)
    assert (outcome.sent, outcome.later) == (1, 1)
    assert Delivery.objects.get(state="queued").error == "The letter could not be written (ZeroDivisionError)"


@pytest.mark.django_db
def test_every_kind_goes_out(settings):
    maya = make_user("Maya Reyes")
    for kind in KINDS:
        tell(kind, to=maya, once=kind, due_at=NOON + timedelta(hours=3))
    with mail_server(settings) as sink:
        send_due(at=NOON)
    assert set(states()) == {"sent"}
    alone = [kind for kind in KINDS.values() if kind.letter and kind.name not in MERGED]
    assert len(sink.letters) == len(alone) + len({merged_under(kind) for kind in MERGED})  # what may be merged is


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(together, monkeypatch):
    monkeypatch.setattr(notifying, "ring", lambda count: None)
    for number in range(30):
        tell(to=make_user(f"Person{number}"))
    results = together(lambda: send_due(at=NOON), lambda: send_due(at=NOON))
    assert sum(result.sent for result in results) == 30
    assert len(mail.outbox) == 30
    assert set(states()) == {"sent"}
