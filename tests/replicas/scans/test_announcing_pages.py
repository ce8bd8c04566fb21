"""Announcing a scan, as pages: typed, kept, read, announced; and what the page never tells."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from agencies.rules.organizations import Role
from replicas.models import Scan, ScanDraft, ScanNotice
from tests.factories import make_actor, make_agency, make_casting, make_member, make_project, make_user
from tests.replicas.scan_factory import make_notice
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def soon(**span) -> dict:
    """An announcement of now for a scan in three days, or as told."""
    now = timezone.now()
    return {"at": now, "scan_at": now + timedelta(**(span or {"days": 3}))}


def typed(project, people="ana@example.com", **changes) -> dict[str, str]:
    in_four_days = timezone.now() + timedelta(days=4)
    return {
        "project": project.ref,
        "scan_at": in_four_days.strftime("%Y-%m-%dT09:00"),
        "zone": "America/Los_Angeles",
        "place": "Stage 4, Burbank",
        "jurisdiction": "US-CA",
        "minutes": "30",
        "modalities": ["face", "body"],
        "equipment": "A rig of 120 still cameras",
        "business_reason": "The fair can't be built again at full size for the night shoot.",
        "intended_use": "Stands in the crowd behind the ferris wheel in three wide shots of scene 12A.",
        "role": "background",
        "alterations": "Clothing color only.",
        "training": "no",
        "storage": "Volume Stage, Burbank.",
        "access": "The effects house, for these shots.",
        "retention_until": (in_four_days + timedelta(days=300)).strftime("%Y-%m-%d"),
        "pay": "231.00",
        "currency": "USD",
        "contributions": "yes",
        "own_work_day": "no",
        "contact": "Ravi Menon, 555 0137",
        "people": people,
        "do": "review",
        **changes,
    }


@pytest.fixture
def house():
    return make_casting(make_user("Dana Whitfield"))


@pytest.fixture
def owner(house):
    return house.memberships.get().user


@pytest.fixture
def project(house):
    return make_project(house)


class TestAnnouncing:
    def announce(self, client, data) -> ScanNotice:
        """The whole way: typed, read, announced."""
        response = client.post(reverse("scan-new"), data, follow=True)
        assert response.status_code == 200, response.content
        path = response.request["PATH_INFO"]
        assert path.endswith("/review/"), response.content.decode()
        return client.post(path, {"read": response.context["read"]}, follow=True)

    def test_a_list_is_announced_and_everybody_told(self, owner, project):
        actor = make_actor("Maya Reyes")
        data = typed(project, f"E-mail;Name\n{actor.user.email};Maya Reyes\nana@example.com;Ana Alves\n")
        response = self.announce(signed_in(owner), data)
        notice = ScanNotice.objects.get()
        assert response.redirect_chain[-1] == (notice.get_absolute_url(), 303)
        assert list(notice.scans.order_by("pk").values_list("email", "name", "actor")) == [
            (actor.user.email, "Maya Reyes", actor.pk),
            ("ana@example.com", "Ana Alves", None),
        ]
        told = Notification.objects.filter(kind="scan-announced").order_by("pk")
        assert [(one.recipient, one.address) for one in told] == [(actor.user, ""), (None, "ana@example.com")]
        assert not ScanDraft.objects.exists()

    def test_the_page_never_tells_who_is_on_the_portal(self, owner, project):
        """An address of somebody here and one of nobody look the same, but for the words the house typed."""
        there, nobody = make_actor("Mia Wong", user=make_user("Mia Wong", email="aaaa@example.com")), "abbb@example.com"
        client = signed_in(owner)
        pages = {}
        for address in (there.user.email, nobody):
            self.announce(client, typed(project, address))
            scan = Scan.objects.get(email=address)
            refs = (scan.ref, scan.notice.ref, address, scan.notice.sha256)
            for name, args in (("scan-notice", scan.notice.ref), ("scan", scan.ref), ("scan-day", scan.ref)):
                text = client.get(reverse(name, args=[args])).content.decode()
                for word in refs:
                    text = text.replace(word, "…")
                pages.setdefault(name, []).append(cleaned(text))
        for name, (one, other) in pages.items():
            assert one == other, name

    def test_what_is_typed_is_kept_when_something_is_missing(self, owner, project):
        client = signed_in(owner)
        data = typed(project, "ana@example.com\nnot an address\n", place="")
        response = client.post(reverse("scan-new"), data, follow=True)
        draft = ScanDraft.objects.get()
        assert response.request["PATH_INFO"] == draft.get_absolute_url()
        text = response.content.decode()
        assert "Row 2 has no e-mail address" in text
        assert "This is needed." in text
        assert "not an address" in text
        assert not ScanNotice.objects.exists()

    def test_a_file_is_added_to_the_list(self, owner, project):
        text = "Name;E-Mail\r\nZoë Müller;zoe@example.com\r\n".encode("cp1252")
        data = typed(project, "ana@example.com") | {"people_file": SimpleUploadedFile("crowd.csv", text)}
        self.announce(signed_in(owner), data)
        assert list(Scan.objects.order_by("pk").values_list("email", "name")) == [
            ("ana@example.com", ""),
            ("zoe@example.com", "Zoë Müller"),
        ]

    @pytest.mark.parametrize(
        ("changes", "rule", "sentence"),
        [
            ({"intended_use": "A crowd."}, "R01", "The intended use is too short to be specific."),
            ({"storage": "Anywhere, in perpetuity, for all our companies."}, "R02", "“in perpetuity”"),
            ({"pay": "100"}, "R30", "$100 for the session is below the minimum of"),
        ],
    )
    def test_the_rulebook_says_what_stops_it_and_how_to_mend_it(self, owner, project, changes, rule, sentence):
        client = signed_in(owner)
        response = client.post(reverse("scan-new"), typed(project, **changes), follow=True)
        text = response.content.decode()
        assert sentence in text
        assert f'/rules/#{rule}">{rule} ' in text
        found = [finding for finding in response.context["findings"] if finding.rule == rule]
        assert found
        blocks = any(one.blocks for one in found)
        assert response.request["PATH_INFO"].endswith("/review/") is not blocks
        read = client.get(reverse("scan-review", args=[ScanDraft.objects.get().ref])).content.decode()
        assert ("Announce to 1" in read) is not blocks

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"intended_use": "A crowd."}, "intended_use"),
            ({"access": "Whoever, for all purposes."}, "access"),
            ({"pay": "100"}, "pay"),
            ({"scan_at": "tomorrow"}, "scan_at"),
            ({"scan_at": "tomorrow", "people": "a@example.com;A;2026-01-05\nb@example.com"}, "people"),
            ({}, "project"),  # a strike
        ],
    )
    def test_a_finding_stands_beside_the_field_it_is_about(self, house, owner, changes, field):
        """Back in the form, with everything typed; a field nothing is wrong with has no finding beside it."""
        if "scan_at" in changes:
            changes = {**changes, "scan_at": (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")}
        project = make_project(house, "Union Film", agreement="sag_tv_theatrical_2026")
        if field == "project":
            make_strike()
        data = typed(project, **changes)
        response = signed_in(owner).post(reverse("scan-new"), data, follow=True)
        draft = ScanDraft.objects.get()
        assert response.request["PATH_INFO"] == draft.get_absolute_url()
        text = response.content.decode()
        assert re.findall(r'<ul class="findings beside" id="id_(\w+)_findings">', text) == [field]
        assert f'<a href="#id_{field}">' in text
        assert re.search(rf'aria-describedby="[^"]*\bid_{field}_findings"', text)
        assert draft.values["equipment"] == [data["equipment"]]

    def test_less_than_48_hours_before_is_stopped_with_a_way_out(self, owner, project):
        tomorrow = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        client = signed_in(owner)
        text = client.post(reverse("scan-new"), typed(project, scan_at=tomorrow), follow=True).content.decode()
        assert "The scan is less than 48 hours after the notice." in text
        path = reverse("scan-review", args=[ScanDraft.objects.get().ref])
        read = client.get(path)
        assert "Announce to" not in read.content.decode()
        posted = client.post(path, {"read": read.context["read"]})
        assert posted.status_code == 200
        assert not ScanNotice.objects.exists()

    def test_engaged_later_is_told_at_engagement_and_says_so(self, owner, project):
        now = timezone.localtime(timezone.now(), owner.zone)
        tomorrow = (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        engaged = (now + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
        self.announce(signed_in(owner), typed(project, f"ana@example.com;Ana;{engaged}", scan_at=tomorrow))
        assert Scan.objects.get().at_engagement

    def test_an_assistant_drafts_and_a_member_announces(self, house, owner, project):
        assistant = make_member(house, make_user("Tess Ito"), Role.ASSISTANT)
        response = signed_in(assistant).post(reverse("scan-new"), typed(project), follow=True)
        assert "An owner or a member of" in response.content.decode()
        path, read = response.request["PATH_INFO"], response.context["read"]
        assert signed_in(assistant).post(path, {"read": read}).status_code == 200
        assert not ScanNotice.objects.exists()
        assert signed_in(owner).post(path, {"read": read}).status_code == 303
        assert ScanNotice.objects.get().announced_by == owner

    def test_nobody_announces_to_themself(self, owner, project):
        response = signed_in(owner).post(reverse("scan-new"), typed(project, owner.email), follow=True)
        assert "Row 1 is your own address." in response.content.decode()

    @pytest.mark.parametrize("who", ["actor", "agent", "other house"])
    def test_others_find_nothing_here(self, who, owner, project):
        client = signed_in(owner)
        client.post(reverse("scan-new"), typed(project, do="save"))
        draft = ScanDraft.objects.get()
        notice = make_notice("ana@example.com", project=project, **soon())
        person = {
            "actor": lambda: make_actor("Cleo").user,
            "agent": lambda: make_agency(make_user("Ulf")).memberships.get().user,
            "other house": lambda: make_casting(make_user("Otto"), "Supernova").memberships.get().user,
        }[who]()
        stranger = signed_in(person)
        for name, ref in (("scan-draft", draft.ref), ("scan-review", draft.ref), ("scan-notice", notice.ref)):
            assert stranger.get(reverse(name, args=[ref])).status_code == 404
        for name, ref in (("scan-discard", draft.ref), ("scan-notice-change", notice.ref)):
            assert stranger.post(reverse(name, args=[ref])).status_code == 404
        assert stranger.get(reverse("scan", args=[notice.scans.get().ref])).status_code == 404
        if who != "other house":
            assert stranger.get(reverse("scan-new")).status_code == 404


def cleaned(text: str) -> str:
    text = re.sub(r'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', "", text)
    text = re.sub(r"hx-headers=\'[^\']*\'", "", text)
    text = re.sub(r'datetime="[^"]*"', "", text)
    text = re.sub(r"<svg[^>]*class=\"segno\".*?</svg>|<path [^>]*>", "", text, flags=re.S)
    return re.sub(r"hue\d", "", text)
