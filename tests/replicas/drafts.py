"""A draft in the hands of a house, as its browser sends it."""

import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from replicas.forms.terms import TermsForm
from replicas.models import ReuseRequest
from tests.factories import (
    make_draft,
    offered_terms,
)


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(*uses, answer_by: datetime | None = None, zone: str = "America/Los_Angeles", **changes) -> dict:
    """A complete form as a browser sends it."""
    moment = (answer_by or timezone.now() + timedelta(days=5)).astimezone(ZoneInfo(zone))
    draft = TermsForm.draft_of(offered_terms(*uses))
    return {**draft, "answer_by": [moment.strftime("%Y-%m-%dT%H:%M")], **changes}


def address(draft: ReuseRequest, what: str = "draft") -> str:
    return reverse(f"request-{what}", args=[draft.ref])


def ready(*uses, replica=None, project=None) -> tuple[ReuseRequest, Client]:
    """A complete draft and its owner's browser."""
    draft = make_draft(replica, project)
    client = as_(draft.created_by)
    client.post(address(draft), {**typed(*uses), "do": "save"})
    return draft, client


def fingerprint(client: Client, draft: ReuseRequest) -> str:
    page = client.get(address(draft, "review")).content.decode()
    found = re.search(r'name="read" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


def errors_at(page: str, field: str) -> str:
    """The words in the error box that the field itself points to."""
    assert re.search(rf'id="id_{field}"[^>]*|for="id_{field}', page)
    found = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</div>', page, re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", found[1])) if found else ""
