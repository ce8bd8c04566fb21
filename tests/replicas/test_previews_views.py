"""Preview pictures through the pages: kept, refused with the limit named, put in order, and seen by nobody else."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from replicas.actions import previews as acts
from replicas.actions.replicas import register
from replicas.models import Preview
from replicas.previews import process
from replicas.templatetags.pictures import first_picture
from tests.factories import make_actor, make_agency, make_casting, make_replica, represent
from tests.replicas.test_replicas import FACTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def jpeg(width=400, height=500):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#5A2A58").save(file, "JPEG")
    return file.getvalue()


def upload(content=None, name="me.jpg"):
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


def add(client, user, replica, content=None, caption="In profile"):
    client.force_login(user)
    data = {"add": "1", "picture": upload(content), "caption": caption}
    return client.post(reverse("replica-previews", args=[replica.ref]), data)


def keep(replica, caption=""):
    picture = process(io.BytesIO(jpeg()))
    return acts.add_preview(replica, picture=picture, caption=caption, by=replica.actor.user, at=timezone.now())


def get(client, user, preview, width=320, fmt="webp", **query):
    """The answer, read to its end, so that the file behind it is closed."""
    client.force_login(user)
    response = client.get(reverse("preview", args=[preview.key, width, fmt]), query)
    if response.streaming:
        assert b"".join(response)
    return response


def test_a_picture_is_cleaned_kept_and_shown(client):
    replica = make_replica()
    assert add(client, replica.actor.user, replica).status_code == 303
    preview = Preview.objects.get()
    assert (preview.width, preview.height, preview.caption, preview.position) == (400, 500, "In profile", 0)
    for width, fmt, kind in ((320, "webp", "image/webp"), (400, "jpg", "image/jpeg")):
        response = get(client, replica.actor.user, preview, width, fmt)
        assert (response.status_code, response["Content-Type"]) == (200, kind)
        assert response["X-Content-Type-Options"] == "nosniff"
    body = client.get(reverse("replica", args=[replica.ref])).content.decode()
    assert f'srcset="/previews/{preview.key}/320.webp 320w, /previews/{preview.key}/400.webp 400w"' in body
    assert 'width="400" height="500" alt="In profile"' in body


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a" + b"\0" * 100, "This is a GIF; send JPEG, PNG or WebP."),
        (b"\xff\xd8\xff\xe0 broken", "This file is broken"),
        (b"", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x27\x10\0\0\x27\x10" + b"\0" * 40, "the most we take is 40"),
    ],
)
def test_what_we_do_not_take_is_refused_beside_the_field_and_the_caption_stays(client, content, sentence):
    replica = make_replica()
    response = add(client, replica.actor.user, replica, content)
    errors = response.context["form"].errors
    assert sentence in errors["picture"][0]
    assert 'value="In profile"' in response.content.decode()
    assert Preview.objects.count() == 0


def test_a_file_over_the_limit_is_refused_with_the_limit(client, monkeypatch):
    monkeypatch.setattr("replicas.previews.limits.MAX_BYTES", 10)
    replica = make_replica()
    response = add(client, replica.actor.user, replica, b"\xff\xd8\xff" + b"\0" * 20_000_001)
    assert "the most we take is 20 MB" in response.context["form"].errors["picture"][0]


def test_no_picture_at_all_is_said(client):
    replica = make_replica()
    client.force_login(replica.actor.user)
    response = client.post(reverse("replica-previews", args=[replica.ref]), {"add": "1", "caption": "Front"})
    assert response.context["form"].errors["picture"] == ["Choose a picture."]


def test_the_thirteenth_is_refused(client, monkeypatch):
    monkeypatch.setattr(acts, "MOST_PREVIEWS", 1)
    replica = make_replica()
    keep(replica)
    assert "at most 1 pictures" in add(client, replica.actor.user, replica).content.decode()
    assert Preview.objects.count() == 1


def test_places_and_captions_are_saved(client):
    replica = make_replica()
    first, second = keep(replica, "One"), keep(replica, "Two")
    client.force_login(replica.actor.user)
    data = {
        "arrange": "1",
        f"place_{first.key}": "2",
        f"place_{second.key}": "1",
        f"caption_{first.key}": "One",
        f"caption_{second.key}": "From the left",
    }
    assert client.post(reverse("replica-previews", args=[replica.ref]), data).status_code == 303
    assert [(row.key, row.caption) for row in replica.previews.all()] == [
        (second.key, "From the left"),
        (first.key, "One"),
    ]


def test_a_place_that_is_no_number_is_named_and_the_captions_stay(client):
    replica = make_replica()
    preview = keep(replica)
    client.force_login(replica.actor.user)
    data = {"arrange": "1", f"place_{preview.key}": "first", f"caption_{preview.key}": "Typed"}
    body = client.post(reverse("replica-previews", args=[replica.ref]), data).content.decode()
    assert "A place is a whole number." in body
    assert 'value="Typed"' in body


def test_a_removed_picture_is_gone_with_its_files(client, django_capture_on_commit_callbacks):
    replica = make_replica()
    preview = keep(replica)
    client.force_login(replica.actor.user)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("replica-previews", args=[replica.ref]), {"remove": preview.key})
    assert response.status_code == 303
    assert get(client, replica.actor.user, preview).status_code == 404
    again = client.post(reverse("replica-previews", args=[replica.ref]), {"remove": preview.key})
    assert "not here any more" in again.content.decode()


@pytest.mark.parametrize(("visibility", "status"), [("listed", 200), ("by_link", 404), ("hidden", 404)])
def test_a_picture_is_seen_by_who_may_see_the_replica(client, visibility, status):
    replica = make_replica(visibility=visibility)
    preview = keep(replica)
    agency = make_agency()
    represent(agency, replica.actor)
    dana = make_casting().memberships.get().user
    for user, expected in ((replica.actor.user, 200), (agency.memberships.get().user, 200), (dana, status)):
        response = get(client, user, preview)
        assert response.status_code == expected


def test_a_picture_of_a_replica_by_link_needs_the_link(client):
    replica, other = make_replica(visibility="by_link"), make_replica(visibility="by_link")
    preview = keep(replica)
    dana, charlie = make_casting().memberships.get().user, make_actor("Charlie Carr").user
    for user, link, expected in (
        (dana, replica.link_nonce, 200),
        (dana, other.link_nonce, 404),
        (dana, "", 404),
        (charlie, replica.link_nonce, 404),
    ):
        response = get(client, user, preview, link=link)
        assert response.status_code == expected
    client.force_login(dana)
    body = client.get(reverse("replica-by-link", args=[replica.link_nonce])).content.decode()
    assert f"/previews/{preview.key}/400.jpg?link={replica.link_nonce}" in body


def test_a_visitor_and_a_guess_see_nothing(client):
    preview = keep(make_replica())
    assert client.get(reverse("preview", args=[preview.key, 320, "webp"])).status_code == 302
    user = make_casting().memberships.get().user
    for key, width, fmt in ((preview.key, 321, "webp"), (preview.key, 320, "png"), ("0" * 32, 320, "webp")):
        client.force_login(user)
        assert client.get(reverse("preview", args=[key, width, fmt])).status_code == 404


def test_the_agency_adds_pictures_only_until_the_actor_has_confirmed(client):
    alice, agency = make_actor(), make_agency()
    represent(agency, alice)
    agent = agency.memberships.get().user
    proposed = register(actor=alice, facts=FACTS, by=agent, at=timezone.now())
    assert add(client, agent, proposed).status_code == 303
    confirmed = make_replica(alice)
    assert add(client, agent, confirmed).status_code == 200
    assert Preview.objects.filter(replica=confirmed).count() == 0


def test_where_there_is_no_picture_a_head_in_contours_stands():
    assert first_picture(None).startswith('<svg class="portrait"')
    assert 'alt="A &lt;b&gt;"' in first_picture("0" * 32 + " 800 1000", "A <b>")
