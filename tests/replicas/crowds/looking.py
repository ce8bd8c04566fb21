"""What somebody of a house can look at, and what people in its crowd do meanwhile; for tests of what that tells."""

import re
from typing import Any

from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.models import User
from replicas.actions.answering import deny
from replicas.actions.crowds.settling import settle
from replicas.actions.negotiating import propose
from replicas.models import Crowd, CrowdPlace, ReuseRequest
from tests.replicas.crowd_factory import crowd_terms, requests_in


def dana_of(crowd: Crowd) -> Any:
    """Whoever sent it."""
    return crowd.project.created_by


def settled(crowd: Crowd, at: Any = None) -> None:
    for _ in range(20):
        if not settle(crowd.pk, at=at or timezone.now()):
            break


def say_no(crowd: Crowd, *ranks: int) -> None:
    for rank in ranks:
        request = request_at(crowd, rank)
        deny(request, by=request.actor.user, at=timezone.now())


def request_at(crowd: Crowd, rank: int) -> ReuseRequest:
    return next(request for request in requests_in(crowd) if CrowdPlace.objects.get(request=request).rank == rank)


def ask_for(request: ReuseRequest, fee: str) -> None:
    propose(
        request,
        terms=crowd_terms(fee),
        terms_hash=request.current_terms.sha256,
        by=request.actor.user,
        at=timezone.now(),
    )


def get(user: User, where: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(where)
    assert response.status_code == 200
    return response.content.decode()


def look(crowd: Crowd, **query: str) -> str:
    """The board as a member of the house reads it, without what differs between two crowds and two moments."""
    tail = QueryDict(mutable=True)
    tail.update(query)
    page = get(dana_of(crowd), f"{crowd.get_absolute_url()}?{tail.urlencode()}")
    board = page[page.index('<div id="board"') : page.index("</main>")]
    board = board.split('<details class="more">')[0]
    board = re.sub(r"seen=\w+|\d+ (d|h|min)\b( \d+ (h|min))?|[A-Z][a-z]{2}, [A-Z][a-z]{2} \d+, [\d:]+ [AP]M", "", board)
    return board.replace(crowd.ref, "C-1")
