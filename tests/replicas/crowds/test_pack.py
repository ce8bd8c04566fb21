"""The clearance pack: complete, checkable without us, and silent about everybody who did not say yes."""

import csv
import hashlib
import io
import json
import resource
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.rules.organizations import Role
from replicas.access.crowds.pack import licensed_in, licenses_by_id, terms_offered
from replicas.actions.licensing import revoke
from replicas.certificates import Writer, certificate
from replicas.models import CrowdOffer, License, LicenseAmendment
from replicas.papers.packs import pack
from replicas.rules.crowds import Shown
from replicas.rules.crowds.pack import COLUMNS, readme
from replicas.rules.crowds.raising import amendment
from replicas.rules.terms import digest
from tests.factories import make_actor, make_casting, make_member, make_user
from tests.replicas.crowds.rows import make_crowd, make_place

pytestmark = pytest.mark.django_db
CANARIES = ("Cora Countered", "Gil Gone", "Otto Open", "Willa Waiting")


@pytest.fixture
def crowd():
    return make_crowd()


@pytest.fixture
def dana(crowd):
    return crowd.organization.memberships.get().user


@pytest.fixture
def answered(crowd):
    """Two said yes; one proposed changes, one is gone, one open, one never called."""
    for name, shown in zip(CANARIES, (Shown.COUNTERED, Shown.GONE, Shown.OPEN, Shown.WAITING), strict=True):
        make_place(crowd, name, shown)
    return [make_place(crowd, name, Shown.APPROVED) for name in ("Zed Yes", "=Amy Yes")]


def download(client, user, crowd):
    client.force_login(user)
    return client.get(reverse("crowd-pack", args=[crowd.ref]))


def opened(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def index_of(zipped):
    return list(csv.DictReader(io.StringIO(zipped.read("index.csv").decode().removeprefix("\ufeff"))))


def test_everything_is_in_it_and_nobody_else(client, dana, crowd, answered):
    response = download(client, dana, crowd)
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith(f'attachment; filename="clearance-{crowd.ref}-20')
    assert response["Cache-Control"] == "private, no-store"
    zipped = opened(response)
    refs = sorted(License.objects.values_list("ref", flat=True))
    licenses = [f"licenses/{ref}.{kind}" for ref in refs for kind in ("pdf", "json")]
    assert zipped.testzip() is None
    assert zipped.namelist() == ["README.txt", "terms.json", *licenses, "index.csv", "SHA256SUMS"]
    everything = b"".join(zipped.read(name) for name in zipped.namelist() if not name.endswith(".pdf")).decode()
    for name in CANARIES:
        assert name not in everything
    assert "2 licenses, as of" in zipped.read("README.txt").decode()


def test_every_hash_is_right(client, dana, crowd, answered):
    zipped = opened(download(client, dana, crowd))
    sums = dict(line.split("  ")[::-1] for line in zipped.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(zipped.namelist()) - {"SHA256SUMS"}
    for name, expected in sums.items():
        assert hashlib.sha256(zipped.read(name)).hexdigest() == expected
    for row in index_of(zipped):
        assert sums[row["PDF"]] == row["SHA-256 of the PDF"]
        assert sums[row["JSON"]] == row["SHA-256 of the JSON"]


def test_a_license_can_be_checked_without_us(client, dana, crowd, answered):
    zipped = opened(download(client, dana, crowd))
    for license_ in License.objects.select_related("decision", "terms", "actor__user"):
        said = json.loads(zipped.read(f"licenses/{license_.ref}.json"))
        assert digest(said["signed_terms"]) == said["signed_terms_sha256"] == license_.terms_hash
        assert said["agreed"] == license_.document
        assert said["signature"] == {
            "typed_name": license_.actor.user.name,
            "signed_as": "",
            "court_ref": "",
            "factor": "password",
            "at": license_.decision.at.isoformat(timespec="seconds"),
        }
        assert said["verify"].endswith(f"/verify/{license_.ref}/")
        assert zipped.read(f"licenses/{license_.ref}.pdf") == certificate(license_)


def test_the_index_says_who_signed_what_when_and_is_no_formula(client, dana, crowd, answered):
    rows = index_of(opened(download(client, dana, crowd)))
    assert list(rows[0]) == list(COLUMNS.values())
    assert [row["Performer"] for row in rows] == ["'=Amy Yes", "Zed Yes"]
    license_ = License.objects.get(actor=answered[0].actor)
    assert rows[1]["License"] == license_.ref
    assert rows[1]["Signed at (UTC)"] == license_.decision.at.astimezone(UTC).isoformat(timespec="seconds")
    assert rows[1]["Fee"] == f"{license_.terms.total:.2f}"
    assert [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")] == []


def test_the_terms_are_what_was_offered_to_all(client, dana, crowd, answered):
    said = json.loads(opened(download(client, dana, crowd)).read("terms.json"))
    assert (said["crowd"], said["title"], said["brief"]) == (crowd.ref, crowd.title, crowd.brief)
    [offer] = said["offers"]
    assert digest(offer["document"]) == offer["sha256"] == crowd.offer.sha256


def test_a_revoked_license_says_so(client, dana, crowd, answered):
    license_ = License.objects.get(actor=answered[0].actor)
    revoke(license_, reason="", by=license_.actor.user, at=timezone.now())
    zipped = opened(download(client, dana, crowd))
    said = json.loads(zipped.read(f"licenses/{license_.ref}.json"))
    assert said["standing"] == "The performer revoked it. No new use is allowed."
    assert said["revoked_at"]
    assert index_of(zipped)[1]["Stands"] == said["standing"]


def test_a_better_fee_stands_in_it(client, dana, crowd, answered):
    license_ = License.objects.get(actor=answered[0].actor)
    before, fees = license_.terms.total, [Decimal(use["fee"]) + 25 for use in license_.document["uses"]]
    better = amendment(license_.ref, 1, license_.document, fees, license_.terms_hash)
    offer = CrowdOffer.objects.create(
        crowd=crowd, number=2, document={}, sha256="0" * 64, currency="USD", total=sum(fees), put_by=dana,
        created_at=timezone.now(),
    )  # fmt: skip
    LicenseAmendment.objects.create(
        license=license_, number=1, offer=offer, put_by=dana, created_at=timezone.now(), currency="USD",
        total_before=before, total=sum(fees), document=better, sha256=digest(better),
    )  # fmt: skip
    zipped = opened(download(client, dana, crowd))
    said = json.loads(zipped.read(f"licenses/{license_.ref}.json"))
    assert said["fee"] == index_of(zipped)[1]["Fee"] == f"{sum(fees):.2f}"
    [told] = said["amendments"]
    assert (told["number"], told["total_before"], told["total"]) == (1, f"{before:.2f}", f"{sum(fees):.2f}")
    assert digest(told["document"]) == told["sha256"]
    assert said["agreed"] == license_.document  # as it was signed
    assert [each["number"] for each in json.loads(zipped.read("terms.json"))["offers"]] == [1, 2]


def test_the_house_and_its_assistants_take_it_and_nobody_else(client, dana, crowd, answered):
    ada = make_member(crowd.organization, make_user("Ada"), Role.ASSISTANT)
    charlie = make_casting(make_user("Charlie"), "Supernova").memberships.get().user
    assert download(client, ada, crowd).status_code == 200
    for user in (charlie, answered[0].actor.user, make_actor("Somebody").user):
        assert download(client, user, crowd).status_code == 404
    client.logout()
    assert client.get(reverse("crowd-pack", args=[crowd.ref])).status_code == 302


def test_without_a_yes_there_is_none(client, dana, crowd):
    make_place(crowd, "Otto Open", Shown.OPEN)
    response = download(client, dana, crowd)
    assert (response.status_code, response.url) == (303, crowd.get_absolute_url())
    assert "nobody has said yes yet" in client.get(response.url).content.decode()
    assert reverse("crowd-pack", args=[crowd.ref]) not in client.get(response.url).content.decode()


def test_the_board_leads_to_it(client, dana, crowd, answered):
    client.force_login(dana)
    assert reverse("crowd-pack", args=[crowd.ref]) in client.get(crowd.get_absolute_url()).content.decode()


def test_it_is_not_asked_for_without_end(client, dana, crowd, answered, monkeypatch):
    monkeypatch.setattr("replicas.views.crowd_pack.within_limit", lambda *args, **kwargs: False)
    assert download(client, dana, crowd).status_code == 429


def test_the_same_moment_gives_the_same_bytes(crowd, answered):
    at = datetime(2027, 3, 1, 12, tzinfo=UTC)

    def made():
        pieces = pack(licenses_by_id(licensed_in(crowd), at=at), terms=terms_offered(crowd), readme="r", made_at=at)
        return b"".join(pieces)

    assert made() == made()


def test_one_license_at_a_time_and_the_same_queries_for_two_and_for_many(crowd, answered, django_assert_num_queries):
    at, ids = timezone.now(), licensed_in(crowd)
    with django_assert_num_queries(2):
        pieces = pack(licenses_by_id(ids, at=at), terms={}, readme="", made_at=at)
        sizes = [len(piece) for piece in pieces]
    assert len(sizes) == 1 + len(ids) + 1
    row = License.objects.select_related("actor__user", "organization", "decision").get(pk=ids[0])
    before, writer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, Writer()
    assert {certificate(row, writer) for _ in range(200)} == {certificate(row)}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB: a writer keeps no certificate


def test_the_readme_counts():
    words = {
        "title": "Fair",
        "ref": "C-ABCDEF",
        "project": "Harbor Lights",
        "house": "Nova",
        "site": "https://x/verify/",
    }
    at = datetime(2027, 3, 1, 12, tzinfo=UTC) + timedelta(seconds=1)
    assert "1 license, as of 2027-03-01T12:00:01+00:00." in readme(**words, licenses=1, made_at=at)
    assert "1,200 licenses, as of" in readme(**words, licenses=1200, made_at=at)
