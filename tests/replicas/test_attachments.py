"""Papers of a request: checked, limited, downloaded by who may see the request, never shown as a page."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from replicas.actions.attaching import MOST_PAPERS, attach, remove
from replicas.models import Attachment
from replicas.previews import check_document
from replicas.previews.storing import document_path
from tests.factories import make_agency, make_casting, make_draft, make_member, make_request, make_user, represent
from tests.replicas.drafts import address, as_, fingerprint, ready, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pdf(words: str = "page") -> bytes:
    return f"%PDF-1.4\n% {words}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def upload(client: Client, draft, data: bytes, name: str, **more):
    return client.post(
        address(draft), {**typed(), "do": "attach", "paper": SimpleUploadedFile(name, data), **more}, follow=True
    )


def put(draft, words: str = "page") -> Attachment:
    return attach(
        draft, paper=check_document(BytesIO(pdf(words)), f"{words}.pdf"), by=draft.created_by, at=timezone.now()
    )


@pytest.mark.parametrize(
    ("data", "name", "kept"), [(pdf(), "Scene 12A.pdf", "Scene 12A.pdf"), (picture(), "p.png", "p.jpg")]
)
def test_a_paper_is_attached_and_what_was_typed_is_kept(data, name, kept):
    draft, client = ready()
    page = upload(client, draft, data, name, **{"use-0-title": "Typed just now"}).content.decode()
    paper = Attachment.objects.get()
    assert paper.name == kept
    assert kept in page
    assert 'value="Typed just now"' in page
    assert default_storage.exists(document_path(paper.key))
    assert AuditEntry.objects.filter(event="request.paper-added", refused="").count() == 1


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"MZ\x90\0", "page.pdf", "PDF"),
        (b"%PDF-1.4 cut", "page.pdf", "broken"),
        (pdf(), "page.png", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "page.svg", "PDF"),
        (b"%PDF-" + b"0" * 10_000_001, "page.pdf", "10 MB"),
    ],
)
def test_what_can_t_be_taken_is_said_at_the_field_and_nothing_typed_is_lost(data, name, words):
    draft, client = ready()
    page = upload(client, draft, data, name, **{"use-0-title": "Typed just now"}).content.decode()
    error = page.split('id="id_paper_error"')[1].split("</div>")[0]
    assert words in error
    assert 'value="Typed just now"' in page
    assert not Attachment.objects.exists()


def test_no_file_chosen_is_said_at_the_field():
    draft, client = ready()
    page = client.post(address(draft), {**typed(), "do": "attach"}).content.decode()
    assert "Choose a file first." in page.split('id="id_paper_error"')[1].split("</div>")[0]


def test_the_sixth_is_refused_with_the_limit_and_the_same_twice_is_once():
    draft, client = ready()
    for number in range(MOST_PAPERS):
        put(draft, f"page {number}")
    put(draft, "page 0")
    assert Attachment.objects.count() == MOST_PAPERS
    page = upload(client, draft, pdf("one more"), "more.pdf").content.decode()
    assert "5 papers at most" in page.split('id="id_paper_error"')[1].split("</div>")[0]
    assert Attachment.objects.count() == MOST_PAPERS


def test_who_sees_the_request_has_its_papers_as_downloads():
    draft, client = ready()
    paper = put(draft)
    where = reverse("attachment", args=[draft.ref, paper.pk])
    charlie = as_(make_member(make_casting(name="Elsewhere"), make_user("Charlie Cole")))
    actor = as_(draft.actor.user)
    assert client.get(where).getvalue() == pdf()
    assert [who.get(where).status_code for who in (actor, charlie)] == [404, 404]
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    agency = make_agency()
    represent(agency, draft.actor)
    agent = as_(agency.memberships.get().user)
    for who in (client, actor, agent):
        answer = who.get(where)
        assert answer.getvalue() == pdf()
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert charlie.get(where).status_code == 404
    assert Client().get(where).status_code == 302


def test_a_paper_is_not_found_under_another_request():
    draft, client = ready()
    paper = put(draft)
    other = make_request()
    assert client.get(reverse("attachment", args=[other.ref, paper.pk])).status_code == 404
    assert client.get(reverse("attachment", args=[draft.ref, 0])).status_code == 404


def test_a_paper_is_removed_while_it_is_a_draft_and_its_file_goes(django_capture_on_commit_callbacks):
    draft, client = ready()
    paper = put(draft)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(address(draft), {**typed(), "do": f"remove-paper-{paper.pk}"}, follow=True)
    assert paper.name not in page.content.decode()
    assert not default_storage.exists(document_path(paper.key))


def test_nothing_is_attached_or_removed_after_sending_or_by_a_stranger():
    draft, client = ready()
    paper = put(draft)
    charlie = make_member(make_casting(name="Elsewhere"), make_user("Charlie Cole"))
    checked = check_document(BytesIO(pdf("late")), "late.pdf")
    with pytest.raises(Refused):
        attach(draft, paper=checked, by=charlie, at=timezone.now())
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    with pytest.raises(Refused):
        attach(draft, paper=checked, by=draft.created_by, at=timezone.now())
    with pytest.raises(Refused):
        remove(paper, by=draft.created_by, at=timezone.now())
    assert Attachment.objects.get() == paper
    assert AuditEntry.objects.filter(event__startswith="request.paper", refused__gt="").count() == 3


def test_another_requests_paper_is_not_removed_through_mine():
    paper = put(make_draft())
    draft, client = ready()
    assert client.post(address(draft), {**typed(), "do": f"remove-paper-{paper.pk}"}).status_code == 404
    assert Attachment.objects.filter(pk=paper.pk).exists()


def test_a_paper_added_after_reading_is_not_sent_unseen():
    draft, client = ready()
    read = fingerprint(client, draft)
    put(draft)
    assert "changed since you read it" in client.post(address(draft, "review"), {"read": read}).content.decode()
