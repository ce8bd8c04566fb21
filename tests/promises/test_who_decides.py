"""G8: nobody but the actor, or for a minor a confirmed guardian, decides; every other try leaves an entry."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.signing import challenge_for
from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from agencies.access import decides_for
from agencies.actions import guardians
from agencies.models import Guardianship
from replicas.actions.answering import deny, reopen
from replicas.models import Decision, GuardianSignature, License, ReuseRequest
from tests.factories import (
    COURT_REF,
    PASSWORD,
    make_actor,
    make_agency,
    make_guardian,
    make_member,
    make_minor,
    make_replica,
    make_request,
    make_user,
    represent,
    sign_request,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def minor():
    return make_minor("Mia Minor")


@pytest.fixture
def gloria(minor):
    return make_guardian(minor)


@pytest.fixture
def request_(minor, gloria):
    return make_request(make_replica(minor))


def bond_of(user):
    return Guardianship.objects.get(guardian=user)


def staff():
    return make_user("Stella Staff", is_staff=True)


def outsiders(minor, request_):
    """Everybody who might think it is theirs to say."""
    at = timezone.now()
    agency = make_agency()
    represent(agency, minor)
    former = make_guardian(make_minor("Nora Next"), make_user("Fred Former"))
    other_child = make_guardian(make_minor("Otto Other"), make_user("Olga Other"))
    # A former guardian of this minor is bound and ended again.
    bond = Guardianship.objects.get(guardian=former)
    Guardianship.objects.filter(pk=bond.pk).update(actor=minor)
    guardians.end(Guardianship.objects.get(pk=bond.pk), by=former, at=at)
    return {
        "the minor": minor.user,
        "a former guardian": former,
        "a guardian nobody confirmed": make_guardian(minor, make_user("Una Unseen"), confirmed=False),
        "a guardian of another child": other_child,
        "the agent": agency.memberships.get().user,
        "an agent's assistant": make_member(agency, make_user("Ada Assistant"), "assistant"),
        "the people who ask": request_.sent_by,
        "another actor": make_actor("Carl Charlie").user,
        "staff": staff(),
        "a superuser": make_user("Sue Super", is_staff=True, is_superuser=True),
    }


def answer(name, request_, person):
    if name == "approved":
        sign_request(request_, person, court_ref=COURT_REF)
    else:
        deny(request_, by=person, at=timezone.now())


def test_nobody_else_decides_and_each_try_leaves_an_entry(minor, gloria, request_):
    for who, person in outsiders(minor, request_).items():
        for name in ("approved", "denied"):
            before = AuditEntry.objects.count()
            with pytest.raises(Refused) as refused:
                answer(name, request_, person)
            entry = AuditEntry.objects.latest("id")
            assert refused.value.code in {"not-yours", "guardian-decides"}, who
            assert AuditEntry.objects.count() == before + 1, who
            assert (entry.event, entry.by_id, entry.refused) == (f"request.{name}", person.pk, refused.value.code), who
            assert (entry.subject_type, entry.subject_id) == ("request", request_.pk), who
    assert (Decision.objects.count(), License.objects.count(), GuardianSignature.objects.count()) == (0, 0, 0)
    assert sign_request(request_, gloria, court_ref=COURT_REF) is not None


def test_the_minor_is_told_why_and_may_ask(minor, gloria, request_):
    from replicas.actions.conversing import ask

    with pytest.raises(Refused) as refused:
        deny(request_, by=minor.user, at=timezone.now())
    assert refused.value.sentence.startswith("Your guardian answers this until you are 18.")
    assert ask(request_, body="Is it a close-up?", side="actor", by=minor.user, at=timezone.now()).by == minor.user


def fields_of(request_, user):
    digest = request_.current_terms.sha256
    return {
        **{f"use-{use.pk}": "yes" for use in request_.current_terms.uses.all()},
        "terms_hash": digest,
        "typed_name": user.name,
        "password": PASSWORD,
        "court_ref": COURT_REF,
        "challenge": challenge_for(user, request_.subject, digest, at=timezone.now()),
    }


@pytest.mark.parametrize("move", ["approve", "deny"])
@pytest.mark.parametrize("how", ["ended", "confirmation taken back", "account closed"])
def test_what_is_revoked_between_the_page_and_the_answer_counts_at_once(client, minor, gloria, request_, move, how):
    client.force_login(gloria)
    path = reverse(f"request-{move}", args=[request_.ref])
    assert client.get(path).status_code == 200
    at = timezone.now()
    if how == "ended":
        guardians.end(bond_of(gloria), by=gloria, at=at)
    elif how == "confirmation taken back":
        guardians.unconfirm(bond_of(gloria), by=staff(), at=at)
    else:
        type(gloria).objects.filter(pk=gloria.pk).update(is_active=False)
    answer = client.post(path, fields_of(request_, gloria))
    # Who was ended finds nothing; who only sees reads why; a closed account is signed out.
    assert answer.status_code == {"ended": 404, "confirmation taken back": 403, "account closed": 302}[how]
    assert ReuseRequest.objects.get(pk=request_.pk).state == "open"
    assert (Decision.objects.count(), GuardianSignature.objects.count()) == (0, 0)
    if how != "account closed":
        event = "request.approved" if move == "approve" else "request.denied"
        entry = AuditEntry.objects.filter(event=event).latest("id")
        assert (entry.by_id, entry.refused, entry.subject_id) == (gloria.pk, "not-yours", request_.pk)


@pytest.mark.parametrize("who", ["staff", "a superuser", "another actor", "a guardian of another child"])
def test_a_strangers_post_is_not_found_and_leaves_an_entry(client, minor, gloria, request_, who):
    person = outsiders(minor, request_)[who]
    client.force_login(person)
    answer = client.post(reverse("request-approve", args=[request_.ref]), fields_of(request_, person))
    entry = AuditEntry.objects.latest("id")
    assert answer.status_code == 404
    assert (entry.event, entry.by_id, entry.refused, entry.subject_id) == (
        "request.approved", person.pk, "not-yours", request_.pk,
    )  # fmt: skip
    missing = client.post(reverse("request-approve", args=["R-ZZZZZZ"]), {})
    entry = AuditEntry.objects.latest("id")
    assert (missing.status_code, entry.refused, entry.subject_id) == (404, "not-yours", None)


def test_the_guardian_signs_on_the_page_and_the_license_says_for_whom(client, minor, gloria, request_):
    client.force_login(gloria)
    page = client.get(reverse("request-approve", args=[request_.ref]))
    assert "You answer as a guardian." in page.text
    answer = client.post(reverse("request-approve", args=[request_.ref]), fields_of(request_, gloria))
    license_ = License.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, license_.get_absolute_url())
    assert (license_.decision.by, license_.decision.signed_as, license_.decision.court_ref) == (
        gloria, "Gloria Guardian, guardian of Mia Minor", COURT_REF,
    )  # fmt: skip
    assert AuditEntry.objects.filter(event="request.approved").latest("id").for_label == "Mia Minor"
    assert "signed by Gloria Guardian, guardian of Mia Minor" in client.get(license_.get_absolute_url()).text


def test_without_the_courts_approval_nothing_is_agreed(client, minor, gloria, request_):
    client.force_login(gloria)
    fields = {**fields_of(request_, gloria), "court_ref": "  "}
    answer = client.post(reverse("request-approve", args=[request_.ref]), fields)
    assert answer.context["form"].errors["court_ref"]
    with pytest.raises(Refused) as refused:
        sign_request(request_, gloria)
    assert (refused.value.code, License.objects.count()) == ("minor-protected", 0)


def test_an_adult_decides_alone_and_nobody_guards_them():
    alice = make_actor("Alice Ames")
    request_ = make_request(make_replica(alice))
    at = timezone.now()
    assert decides_for(alice.user, alice)
    with pytest.raises(Refused) as refused:
        guardians.invite(alice, email="mother@example.com", by=alice.user, at=at)
    assert refused.value.code == "of-age"
    assert sign_request(request_, alice.user) is not None
    assert License.objects.get().decision.signed_as == ""


def test_only_the_guardian_who_said_no_takes_it_back(minor, gloria, request_):
    luis, at = make_guardian(minor, make_user("Luis Second")), timezone.now()
    deny(request_, by=luis, at=at)
    with pytest.raises(Refused):
        reopen(request_, by=gloria, at=at + timedelta(minutes=1))
    assert reopen(request_, by=luis, at=at + timedelta(minutes=2)).state == "open"
