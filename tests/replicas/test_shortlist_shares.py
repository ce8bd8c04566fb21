"""A list behind a link: what a stranger sees, that looking changes nothing, and that over is over."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEntry
from accounts.notifications.sealed import token_of
from agencies.rules.organizations import Role
from replicas.access.shortlist_shares import behind_share, kept_back, shared_entries
from replicas.actions.shortlists import add_replicas, change_entry, close_share, delete_shortlist
from replicas.models import Preview, Replica, ShortlistShare
from replicas.previews import store
from replicas.previews.rendering import Picture, Rendered
from tests.factories import (
    make_actor,
    make_casting,
    make_member,
    make_minor,
    make_project,
    make_replica,
    make_request,
    make_user,
)
from tests.replicas.shortlist_factory import make_share, make_shortlist

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_casting()


@pytest.fixture
def dana(house):
    return house.memberships.get().user


@pytest.fixture
def ann(house):
    user = make_user("Ann Legal", email="ann@private.example")
    return make_replica(
        make_actor(
            "Ann One", user=user, skills="Call 555-0100", about="ann@agent.example", place="Burbank", height_cm=170
        ),
        notes="Ring 555-0199",
    )


@pytest.fixture
def shortlist(house, ann):
    return make_shortlist(ann, make_replica(make_actor("Ben Two")), organization=house)


def address(share):
    return reverse("shortlist-shared", args=[token_of(share.nonce)])


def names(body):
    return re.findall(r"<h3>([^<]+)</h3>", body)


def later(monkeypatch, **span):
    real, ahead = timezone.now, timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: real() + ahead)


def test_a_stranger_sees_names_and_facts_and_no_way_to_reach_anybody(client, shortlist, dana, ann):
    change_entry(shortlist.entries.get(replica=ann), tags=[1], note="Canarynote", by=dana, at=timezone.now())
    response = client.get(address(make_share(shortlist)))
    body = response.content.decode()
    assert response.status_code == 200
    assert names(body) == ["Ann One", "Ben Two"]
    assert "For Ines Producer" in body
    assert "170 cm" in body
    main = body[body.index("<main") :]
    canaries = ("Canarynote", "First choice", "555-01", "Ann Legal", dana.name, shortlist.title, "Burbank", "<form")
    for word in canaries:
        assert word not in main
    assert re.findall(r"[\w.]+@[\w.]+", main) == []
    assert re.findall(r'href="(?!\?)([^"]+)"', main[: main.index("</main>")]) == []


def test_nobody_on_the_way_keeps_it(client, shortlist):
    response = client.get(address(make_share(shortlist)))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


def test_tags_and_notes_only_where_the_house_says_so(client, shortlist, dana, ann):
    change_entry(shortlist.entries.get(replica=ann), tags=[1], note="Canarynote", by=dana, at=timezone.now())
    body = client.get(address(make_share(shortlist, with_notes=True))).content.decode()
    assert "Canarynote" in body
    assert "First choice" in body


def test_a_mail_scanner_changes_nothing(client, shortlist):
    share = make_share(shortlist)
    before = (AuditEntry.objects.count(), ShortlistShare.objects.values().get())
    for ask in (client.get, client.head, client.get):
        with CaptureQueriesContext(connection) as seen:
            assert ask(address(share)).status_code == 200
        assert [row["sql"] for row in seen if row["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert client.post(address(share), {"whom": "x"}).status_code == 405
    assert client.options(address(share)).status_code == 405
    assert (AuditEntry.objects.count(), ShortlistShare.objects.values().get()) == before


def test_over_reads_alike_whether_it_expired_or_was_closed(client, shortlist, dana, monkeypatch):
    expired, closed = make_share(shortlist, days=3), make_share(shortlist, days=30)
    close_share(shortlist, share_id=closed.pk, by=dana, at=timezone.now())
    later(monkeypatch, days=3)
    pages = [client.get(address(each)) for each in (expired, closed)]
    unknown = client.get(reverse("shortlist-shared", args=["x" * 43]))
    assert [page.status_code for page in (*pages, unknown)] == [410, 410, 404]
    bodies = {page.content for page in (*pages, unknown)}
    assert len({re.sub(rb'nonce="[^"]*"', b"", body) for body in bodies}) == 1
    body = pages[0].content.decode()
    for word in ("Ann One", "Ben Two", shortlist.title, "Nova Pictures", "Ines Producer"):
        assert word not in body
    assert pages[0]["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("seconds", "standing"), [(-1, "open"), (0, "over"), (1, "over")])
def test_it_ends_at_its_second(shortlist, seconds, standing):
    share = make_share(shortlist)
    assert behind_share(token_of(share.nonce), at=share.expires_at + timedelta(seconds=seconds)).standing == standing


def test_neither_the_nonce_nor_the_hash_opens_it(client, shortlist):
    share = make_share(shortlist)
    for what in (share.nonce, share.token_hash, token_of(share.nonce)[:-1], token_of(share.nonce).lower()):
        assert client.get(reverse("shortlist-shared", args=[what])).status_code == 404
    assert token_of(share.nonce) not in str(ShortlistShare.objects.values().get())


def test_a_deleted_list_is_shown_to_nobody(client, shortlist, dana):
    where = address(make_share(shortlist))
    delete_shortlist(shortlist, by=dana, at=timezone.now())
    assert client.get(where).status_code == 404


@pytest.mark.parametrize("fields", [{"visibility": "hidden"}, {"visibility": "by_link"}, {"state": "leaving"}])
def test_what_is_taken_back_disappears_from_the_link_at_once(client, shortlist, house, ann, fields):
    make_request(ann, make_project(house))  # the house itself still sees what it asked for
    share = make_share(shortlist)
    Replica.objects.filter(pk=ann.pk).update(**fields)
    body = client.get(address(share)).content.decode()
    assert names(body) == ["Ben Two"]
    assert "not listed" not in body


def test_nobody_under_18_is_shown_outside(client, shortlist, dana):
    at = timezone.now()
    mia = make_replica(make_minor("Mia Minor"))
    add_replicas(shortlist, replicas=[mia.pk], by=dana, at=at)
    share = make_share(shortlist)
    assert names(client.get(address(share)).content.decode()) == ["Ann One", "Ben Two"]
    assert kept_back(share, at=at) == 1
    of_age = mia.actor.adult_at
    assert shared_entries(share, at=of_age - timedelta(seconds=1)).count() == 2
    assert shared_entries(share, at=of_age).count() == 3
    client.force_login(dana)
    body = client.get(reverse("shortlist-shares", args=[shortlist.ref])).content.decode()
    assert "It leaves out 1 of your list" in body


def test_the_house_makes_and_closes_links(client, shortlist, dana):
    where = reverse("shortlist-shares", args=[shortlist.ref])
    client.force_login(dana)
    assert "Say who it is for." in client.post(where, {"days": "7"}).content.decode()
    assert ShortlistShare.objects.count() == 0
    assert client.post(where, {"whom": "Ines Producer", "days": "14"}).status_code == 303
    made = ShortlistShare.objects.get()
    assert made.expires_at - made.created_at == timedelta(days=14)
    body = client.get(where).content.decode()
    assert f"http://testserver{address(made)}" in body
    assert client.post(where, {"close": made.pk}).status_code == 303
    assert client.get(address(made)).status_code == 410
    assert "over already" in client.post(where, {"close": made.pk}).content.decode()
    assert "over already" in client.post(where, {"close": "x"}).content.decode()
    assert "Select a valid choice" in client.post(where, {"whom": "Ines", "days": "365"}).content.decode()


def test_an_assistant_gives_nothing_out(client, shortlist, house):
    client.force_login(make_member(house, make_user("Ada"), Role.ASSISTANT))
    where = reverse("shortlist-shares", args=[shortlist.ref])
    assert client.get(where).status_code == 404
    assert client.post(where, {"whom": "Me", "days": "3"}).status_code == 404
    assert "Show it to somebody" not in client.get(shortlist.get_absolute_url()).content.decode()
    assert ShortlistShare.objects.count() == 0


def picture_of(replica):
    """A picture of one color, so that whatever is in it was written across."""
    files = []
    for kind in ("JPEG", "WEBP"):
        drawn = io.BytesIO()
        Image.new("RGB", (400, 500), (90, 60, 90)).save(drawn, kind)
        files.append(Picture(400, 500, kind, drawn.getvalue()))
    key = store(Rendered(400, 500, tuple(files)))
    return Preview.objects.create(replica=replica, key=key, width=400, height=500, added_at=timezone.now())


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_pictures_carry_the_watermark_and_are_for_the_link_alone(client, media, shortlist, ann, monkeypatch):
    preview, other = picture_of(ann), picture_of(make_replica(make_actor("Not On It")))
    share = make_share(shortlist)
    token = token_of(share.nonce)
    where = reverse("shortlist-shared-picture", args=[token, preview.key])
    assert f'src="{where}"' in client.get(address(share)).content.decode()
    response = client.get(where)
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (
        200,
        "image/jpeg",
        "no-store",
    )
    shown = Image.open(io.BytesIO(response.content))
    assert shown.size == (400, 500)
    assert len(set(shown.get_flattened_data())) > 50  # one color before, now written across
    corners = [shown.crop((x, y, x + 200, y + 250)) for x in (0, 200) for y in (0, 250)]
    assert all(len(set(corner.get_flattened_data())) > 50 for corner in corners)
    assert client.get(reverse("shortlist-shared-picture", args=[token, other.key])).status_code == 404
    assert client.get(reverse("shortlist-shared-picture", args=["x" * 43, preview.key])).status_code == 404
    assert client.get(f"/previews/{preview.key}/400.jpg").status_code == 302  # the unmarked one: sign in first
    Replica.objects.filter(pk=ann.pk).update(visibility="hidden")
    assert client.get(where).status_code == 404
    Replica.objects.filter(pk=ann.pk).update(visibility="listed")
    later(monkeypatch, days=7)
    assert client.get(where).status_code == 404


def test_tries_are_counted(client, shortlist, settings, monkeypatch):
    monkeypatch.setattr("replicas.views.shortlist_shares.within_limit", lambda *args, **kwargs: False)
    share = make_share(shortlist)
    assert client.get(address(share)).status_code == 429
    assert client.get(reverse("shortlist-shared-picture", args=[token_of(share.nonce), "k"])).status_code == 429


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(client, house, number, django_assert_num_queries):
    share = make_share(make_shortlist(*[make_replica() for _ in range(number)], organization=house))
    client.get(address(share))
    with django_assert_num_queries(2):
        assert len(names(client.get(address(share)).content.decode())) == min(number, 24)
