"""G22 at the web's side: a web process killed while somebody releases a crowd leaves a draft, or the whole of it."""

import http.client
import re
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Notification
from replicas.models import Crowd, CrowdOffer, CrowdPlace, ReuseRequest
from replicas.rules.crowds import CrowdState
from replicas.tasks import sweep_crowds
from tests.factories import make_project
from tests.promises.scale import scaled
from tests.promises.web import Browser, Web, running_web
from tests.replicas.crowds.drafts import make_people, ready

KILLS = scaled(50, ci=4)
PEOPLE = 12
LATEST = 0.12  # seconds after the press by which the process is killed; a release takes about half of it


@pytest.fixture
def web(database_url: str, tmp_path: Path):
    with running_web(database_url, tmp_path / "web.log", workers=1) as server:
        yield server


def page_of(crowd: Crowd) -> str:
    return reverse("crowd-review", args=[crowd.ref])


def read(browser: Browser, crowd: Crowd) -> dict[str, str]:
    """What the button of the last page sends."""
    return dict(re.findall(r'name="(read|form_key)" value="([^"]+)"', browser.get(page_of(crowd))[2]))


def press(browser: Browser, crowd: Crowd, shown: dict[str, str]) -> None:
    """Whatever becomes of the answer: the process may be gone, or the next one not there yet."""
    with suppress(OSError, http.client.HTTPException):
        browser.post(page_of(crowd), **shown)


def press_and_be_killed(web: Web, browser: Browser, crowd: Crowd, after: float) -> None:
    pressing = threading.Thread(target=press, args=(browser, crowd, read(browser, crowd)))
    pressing.start()
    time.sleep(after)
    web.kill_a_worker()
    pressing.join(60)


def check_whole_or_absent(crowd: Crowd) -> None:
    offers, released = CrowdOffer.objects.filter(crowd=crowd), AuditEntry.objects.filter(event="crowd.released")
    numbers = set(CrowdPlace.objects.filter(crowd=crowd).values_list("number", flat=True))
    if Crowd.objects.get(pk=crowd.pk).state == CrowdState.DRAFT:
        assert (offers.count(), released.filter(subject_id=crowd.pk, refused="").count(), numbers) == (0, 0, {None})
    else:
        assert (offers.count(), released.filter(subject_id=crowd.pk, refused="").count()) == (1, 1)
        assert len(numbers - {None}) == PEOPLE


def test_a_web_process_killed_while_it_releases_leaves_nothing_half(web):
    """4 kills in CI, 50 with PROMISES_SCALE=1. Whoever presses again gets there, and nobody is asked twice."""
    people = make_people(PEOPLE)
    crowds = [ready(people, needed=PEOPLE, project=make_project()) for _ in range(KILLS)]
    for number, crowd in enumerate(crowds):
        browser = Browser(web, crowd.created_by)
        press_and_be_killed(web, browser, crowd, LATEST * number / KILLS)
        check_whole_or_absent(crowd)
        end = time.monotonic() + 30
        while Crowd.objects.get(pk=crowd.pk).is_draft and time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                press(browser, crowd, read(browser, crowd))
        check_whole_or_absent(crowd)
    sweep_crowds()
    assert {crowd.state for crowd in Crowd.objects.all()} == {"open"}
    assert ReuseRequest.objects.filter(state="open").count() == KILLS * PEOPLE
    told = Notification.objects.filter(kind="request-received").values_list("recipient", "subject_id")
    assert len(told) == len(set(told)) == KILLS * PEOPLE
