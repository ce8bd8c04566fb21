"""Reading a request as the actor will read it, and sending it once, by who may send."""

import html
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import AuditEntry
from agencies.rules.organizations import Role
from replicas.rules.vocabulary import Visibility
from tests.factories import (
    make_actor,
    make_draft,
    make_member,
    make_replica,
    make_user,
    use_terms,
)
from tests.replicas.drafts import address, as_, fingerprint, ready, typed

pytestmark = pytest.mark.django_db


# --- Reading and sending ----------------------------------------------------------------------------------------------


def test_an_unfinished_draft_leads_back_to_its_faults():
    draft = make_draft()
    answer = as_(draft.created_by).get(address(draft, "review"))
    assert answer.url == address(draft) + "?check=1"


def test_the_page_before_sending_shows_what_the_actor_will_read_in_the_actors_time():
    actor = make_actor(user=make_user("Amy Berlin", time_zone="Europe/Berlin"))
    draft = make_draft(make_replica(actor))
    client = as_(draft.created_by)
    due = datetime.now(UTC).replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=5)
    client.post(address(draft), {**typed(answer_by=due, zone="Europe/Berlin"), "do": "save"})
    page = html.unescape(client.get(address(draft, "review")).content.decode())
    assert "wants to use <strong>your 2024 body scan</strong>" in page
    berlin = due.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{berlin.hour % 12 or 12}:00 PM {berlin.tzname()}" in page
    for words in ("If you do nothing, the answer is no", "Festival trailer", "3 days × $231", "No. Another title"):
        assert words in page
    assert "The harbor fair can't be built again" in page


def test_sending_leads_to_the_request_with_the_terms_that_were_read():
    draft, client = ready(use_terms(fee=Decimal("1283.50")))
    read = fingerprint(client, draft)
    answer = client.post(address(draft, "review"), {"read": read})
    draft.refresh_from_db()
    assert (answer.status_code, answer.url) == (303, f"/requests/{draft.ref}/")
    assert (draft.state, draft.sent_by) == ("open", draft.created_by)
    assert draft.current_terms.total == Decimal("1283.50")
    again = client.post(address(draft, "review"), {"read": read})
    assert again.url == f"/requests/{draft.ref}/"
    assert draft.rounds.count() == 1


def test_an_edit_in_another_tab_is_not_sent_unseen():
    draft, client = ready()
    read = fingerprint(client, draft)
    client.post(address(draft, "autosave"), {**typed(), "use-0-fee": "1"})
    answer = client.post(address(draft, "review"), {"read": read})
    assert answer.status_code == 200
    assert "changed since you read it" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    draft.refresh_from_db()
    assert draft.state == "open"
    assert draft.current_terms.uses.all()[0].fee == 1


@pytest.mark.parametrize("read", ["", "0" * 64])
def test_nothing_is_sent_without_having_been_read(read):
    draft, client = ready()
    client.post(address(draft, "review"), {"read": read} if read else {})
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_assistant_can_t_send_and_the_attempt_is_kept():
    draft, owner = ready()
    bob = make_member(draft.organization, role=Role.ASSISTANT)
    page = as_(bob).get(address(draft, "review")).content.decode()
    assert "An owner or a member" in page
    assert 'name="read"' not in page
    answer = as_(bob).post(address(draft, "review"), {"read": fingerprint(owner, draft)})
    assert "not yours" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    entry = AuditEntry.objects.get(event="request.sent")
    assert (entry.refused, entry.by_label, entry.subject_ref) == ("not-yours", str(bob), draft.ref)


def test_without_a_second_factor_the_way_is_shown_and_the_draft_is_kept():
    draft, owner = ready()
    read = fingerprint(owner, draft)
    Authenticator.objects.filter(user=draft.created_by).delete()
    page = owner.get(address(draft, "review")).content.decode()
    assert reverse("second-step") in page
    assert "the draft is kept" in page
    answer = owner.post(address(draft, "review"), {"read": read})
    assert "Set up a passkey or codes from an app first" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.draft["use-0-title"]) == ("draft", ["Crowd at the harbor fair"])


def test_a_replica_hidden_meanwhile_is_said_and_the_draft_kept():
    draft, client = ready()
    read = fingerprint(client, draft)
    draft.replica.visibility = Visibility.HIDDEN
    draft.replica.save()
    answer = client.post(address(draft, "review"), {"read": read})
    page = html.unescape(answer.content.decode())
    assert "can't be asked for any more" in page
    assert "The draft is kept" in page
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_warnings_are_shown_and_do_not_stop_anybody():
    replica = make_replica(kind="badr")
    draft, client = ready(use_terms(role="principal", fee=Decimal(0)), replica=replica)
    page = html.unescape(client.get(address(draft, "review")).content.decode())
    for words in ("priced as a day performer", "Offer at least $3,849", "no photography dates"):
        assert words in page
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    draft.refresh_from_db()
    assert draft.state == "open"


# --- Throwing away ----------------------------------------------------------------------------------------------------


def test_a_draft_is_thrown_away_after_asking_once():
    draft, client = ready()
    assert "Throw this draft away?" in client.get(address(draft, "discard")).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    answer = client.post(address(draft, "discard"), {})
    draft.refresh_from_db()
    assert (draft.state, answer.status_code) == ("withdrawn", 303)


def test_an_assistant_throws_nothing_away():
    draft, _ = ready()
    bob = as_(make_member(draft.organization, role=Role.ASSISTANT))
    assert "not yours" in bob.post(address(draft, "discard"), {}).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
