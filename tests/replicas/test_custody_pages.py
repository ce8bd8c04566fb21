"""The custody pages: who sees them, what they say, and that each form does its one thing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from replicas.actions.custody import recording
from replicas.actions.listing import relist
from replicas.models import CustodyAccess, CustodyTransfer, DestructionTask, Holding
from tests.factories import (
    PASSWORD,
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
    represent,
)
from tests.replicas.custody_factory import SHA, make_copy, make_task, make_transfer, original_of

pytestmark = pytest.mark.django_db
LA = ZoneInfo("America/Los_Angeles")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str, *args) -> str:
    response = client_of(user).get(reverse(name, args=args))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(user: User, name: str, *args, **values):
    return client_of(user).post(reverse(name, args=args), values)


@pytest.fixture
def world():
    """Volume Stage, off the portal, holds the original; Nova, where Bob works, two copies; Alex is the agent."""
    replica = make_replica(visibility="hidden")
    agency = make_agency()
    represent(agency, replica.actor)
    house = make_casting(make_user("Bob Brandt"))
    copy = make_copy(replica, house)
    return replica, copy, house.memberships.get().user, agency.memberships.get().user


def test_the_actors_side_sees_everything_and_a_holder_their_own(world):
    replica, _copy, bob, alex = world
    for user in (replica.actor.user, alex):
        text = page(user, "custody", replica.ref)
        assert "Volume Stage holds the original; two copies are at Nova Pictures; nobody is overdue." in text
    text = page(bob, "custody", replica.ref)
    assert "Two copies are at Nova Pictures; nobody is overdue." in text
    assert "Volume Stage</th" not in text
    assert "holds the original" not in text


def test_strangers_find_nothing(world):
    replica, copy, *_ = world
    task, asked = make_task(copy), make_transfer(original_of(replica))
    strangers = [
        make_user("Charlie Cole"),
        make_actor("Carla Cole").user,
        make_member(make_casting(make_user("Otto"), "Supernova"), make_user("Cleo")),
    ]
    addresses = [
        ("custody", replica.ref),
        *(
            (name, replica.ref, copy.pk)
            for name in ("custody-copy", "custody-access", "custody-end", "custody-destroy")
        ),
        ("custody-transfer", replica.ref, copy.pk),
        *((f"custody-{name}", replica.ref, asked.pk) for name in ("answer", "union", "complete", "withdraw")),
        ("custody-attest", replica.ref, task.pk),
        ("replica-delete", replica.ref),
        ("replica-delete-challenge", replica.ref),
    ]
    for user in strangers:
        for name, *args in addresses:
            assert client_of(user).get(reverse(name, args=args)).status_code == 404, name
            if name != "replica-delete-challenge":
                assert post(user, name, *args).status_code == 404 or name == "custody", name


def test_a_holder_sees_no_other_holding_and_answers_no_transfer(world):
    replica, copy, bob, _ = world
    asked = make_transfer(copy, by=bob)
    others = make_transfer(original_of(replica))
    assert client_of(bob).get(reverse("custody-answer", args=[replica.ref, asked.pk])).status_code == 404
    assert client_of(bob).get(reverse("custody-withdraw", args=[replica.ref, others.pk])).status_code == 404
    assert client_of(bob).get(reverse("custody-access", args=[replica.ref, original_of(replica).pk])).status_code == 404
    assert client_of(bob).get(reverse("replica-delete", args=[replica.ref])).status_code == 404


def test_a_copy_is_written_down_and_its_house_finds_it(world):
    replica, *_ = world
    halo = make_casting(make_user("Hal"), "Halo Capture")
    typed = {"holder": "halo capture", "copies": "3", "purpose": "Crowd", "place": "Atlanta", "since": "2024-05-01"}
    alice = replica.actor.user
    missing = post(alice, "custody-copy", replica.ref, original_of(replica).pk, **typed)
    assert missing.status_code == 200
    assert "This is needed." in missing.content.decode()
    done = post(alice, "custody-copy", replica.ref, original_of(replica).pk, **typed, told_by="Ruth")
    assert (done.status_code, done.headers["Location"]) == (303, reverse("custody", args=[replica.ref]))
    made = Holding.objects.get(organization=halo)
    assert (made.holder, made.copies) == ("Halo Capture", 3)
    assert "3 copies" in page(halo.memberships.get().user, "house-custody")


def test_access_is_logged_and_paged(world):
    replica, copy, bob, _ = world
    typed = {
        "who": "Ben Ito",
        "purpose": "Compositing",
        "opened_at": "2024-06-01T10:30",
        "file_names": "a.abc\n\nb.abc",
    }
    assert post(bob, "custody-access", replica.ref, copy.pk, **typed).status_code == 303
    row = CustodyAccess.objects.get()
    assert (row.who, row.files, row.at.astimezone(LA).hour) == ("Ben Ito", ["a.abc", "b.abc"], 10)
    for number in range(21):
        at = timezone.now() - timedelta(days=number)
        recording.log_access(
            copy, who=f"Person {number}", purpose="x", opened_at=at, by=bob, at=at + timedelta(seconds=1)
        )
    text = page(bob, "custody", replica.ref)
    assert "Person 0<" in text
    assert "Person 20<" not in text
    assert 'rel="next"' in text


def test_a_transfer_from_the_question_to_the_new_holder(world):
    replica, copy, bob, _ = world
    alice, at = replica.actor.user, replica.ref
    typed = {
        "to_name": "Glacier Films",
        "place": "Vancouver",
        "reason": "Rescue scenes",
        "agreement": "sag_tv_theatrical_2026",
    }
    assert post(bob, "custody-transfer", at, copy.pk, **typed).status_code == 303
    asked = CustodyTransfer.objects.get()
    text = page(alice, "custody-answer", at, asked.pk)
    assert "Agree</button>" in text
    assert "Refuse</button>" in text
    assert post(alice, "custody-answer", at, asked.pk, answer="agree").status_code == 303
    assert post(bob, "custody-union", at, asked.pk, document="a.pdf", sha256=SHA.upper()).status_code == 303
    assert "Its silence is not approval" in page(bob, "custody", at)
    silent = post(bob, "custody-complete", at, asked.pk)
    assert (silent.status_code, CustodyTransfer.objects.get().state) == (200, "union_pending")
    today = timezone.now().astimezone(LA).date().isoformat()
    done = post(bob, "custody-complete", at, asked.pk, union_approved_on=today, union_reference="Letter of today")
    assert done.status_code == 303
    assert Holding.objects.live().filter(holder="Glacier Films", copies=2).exists()


def test_a_no_reads_not_agreed_to_the_holder_and_nothing_else(world):
    replica, copy, bob, _ = world
    asked = make_transfer(copy, by=bob)
    assert post(replica.actor.user, "custody-answer", replica.ref, asked.pk, answer="refuse").status_code == 303
    text = page(bob, "custody", replica.ref)
    assert "Not agreed" in text
    assert "refused" not in text.lower()
    again = post(replica.actor.user, "custody-answer", replica.ref, asked.pk, answer="agree")
    assert again.status_code == 409
    assert "This transfer was not agreed." in again.content.decode()


def test_overdue_stands_where_the_replica_does(world):
    replica, copy, bob, _ = world
    type(replica).objects.update(visibility="listed")
    relist([replica.pk])
    make_task(copy)
    dana = make_member(make_casting(make_user("Otto"), "Supernova"), make_user("Dana"))
    assert "Destruction overdue" not in page(dana, "replicas")
    past = timezone.now() - timedelta(days=1)
    DestructionTask.objects.update(asked_at=past - timedelta(days=9), due_at=past, due_on=past.date())
    assert "Destruction overdue" in page(dana, "replicas")
    assert "Destruction overdue" in page(dana, "replica", replica.ref)
    assert "One destruction is overdue." in page(bob, "house-custody")
    assert "Nova Pictures is overdue." in page(replica.actor.user, "custody", replica.ref)


def test_the_proof_is_typed_once(world):
    replica, copy, bob, _ = world
    task = make_task(copy)
    today = timezone.now().astimezone(LA).date().isoformat()
    typed = {"attester": "Ruth", "method": "erased", "destroyed_on": today, "sha256s": f"{SHA}  mesh.abc\nnonsense"}
    wrong = post(bob, "custody-attest", replica.ref, task.pk, **typed, gone="on").content.decode()
    assert "Line 2 does not begin with 64 hex digits." in wrong
    typed["sha256s"] = f"{SHA}  mesh.abc"
    assert post(bob, "custody-attest", replica.ref, task.pk, **typed, gone="on").status_code == 303
    assert DestructionTask.objects.get().sha256s == [SHA]
    assert "Proof of destruction" in page(replica.actor.user, "custody", replica.ref)
    assert "has attested it" in page(bob, "custody-attest", replica.ref, task.pk)


def test_the_page_shows_what_ends_and_one_signature_ends_it(world):
    replica, *_ = world
    type(replica).objects.update(visibility="listed")
    replica.refresh_from_db()
    alice = replica.actor.user
    license_ = approve_request(make_request(replica, make_project(make_casting(make_user("Otto"), "Supernova"))))
    open_ = make_request(replica, make_project(make_casting(make_user("Ida"), "Halo"), "Carousel"))
    client = client_of(alice)
    address = reverse("replica-delete", args=[replica.ref])
    text = client.get(address).content.decode()
    for words in ("Ends now", "Runs to its last day", license_.ref, open_.ref, "Carousel", "Volume Stage"):
        assert words in text
    form = client.get(address).context["form"]
    signing = client.get(address).context["signing"]
    typed = {
        "shown": form["shown"].value(),
        "due_on": form["due_on"].value().isoformat(),
        f"fate_{license_.ref}": "now",
        "typed_name": alice.name,
        "understood": "on",
        "challenge": signing.fresh,
        "password": "wrong",
    }
    wrong = client.post(address, typed)
    assert "That password is not right." in wrong.content.decode()
    typed["password"] = PASSWORD
    typed["challenge"] = wrong.context["signing"].fresh
    stale = client.post(address, {**typed, "shown": "0" * 64})
    assert (stale.status_code, "Something changed since" in stale.content.decode()) == (409, True)
    done = client.post(address, typed)
    assert (done.status_code, done.headers["Location"]) == (303, reverse("custody", args=[replica.ref]))
    replica.refresh_from_db()
    assert replica.state == "leaving"
    assert "withdrawn now" in client.get(address).content.decode()
    assert client.get(reverse("replica-delete-challenge", args=[replica.ref])).status_code == 404
    for name in ("replica", "my-replicas", "license"):
        args = {"my-replicas": [], "license": [license_.ref]}.get(name, [replica.ref])
        assert client.get(reverse(name, args=args)).status_code == 200


def test_the_agency_does_not_withdraw_a_replica(world):
    replica, _, _, alex = world
    assert client_of(alex).get(reverse("replica-delete", args=[replica.ref])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_pages_cost_the_same_for_one_and_for_thirty(number, django_assert_num_queries):
    replica = make_replica()
    house = make_casting(make_user("Bob Brandt"))
    bob = house.memberships.get().user
    for turn in range(number):
        copy = make_copy(replica, house)
        recording.log_access(copy, who="Ben", purpose="x", opened_at=timezone.now(), by=bob, at=timezone.now())
        make_transfer(copy, by=bob) if turn % 2 else make_task(copy)
    for user, name, args, count in (
        (replica.actor.user, "custody", [replica.ref], 13),
        (bob, "custody", [replica.ref], 12),
        (bob, "house-custody", [], 8),
    ):
        client = client_of(user)
        client.get("/")
        with django_assert_num_queries(count):
            assert client.get(reverse(name, args=args)).status_code == 200
