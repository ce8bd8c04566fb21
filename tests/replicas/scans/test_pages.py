"""The performer's answer, the day, and the house's board and record, as pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from replicas.access.scan_pages import scans_on_board
from replicas.actions.scans import refuse, withdraw
from replicas.models import Scan, ScanDraft
from replicas.rules.scanning import ScanState
from replicas.rules.vocabulary import Agreement
from tests.factories import PASSWORD, make_actor, make_agency, make_casting, make_project, make_user, represent
from tests.replicas.scan_factory import make_notice, make_performed, make_scan, say_yes
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def soon() -> dict:
    """An announcement of now for a scan in three days."""
    now = timezone.now()
    return {"at": now, "scan_at": now + timedelta(days=3)}


@pytest.fixture
def owner():
    return make_casting(make_user("Dana Whitfield")).memberships.get().user


@pytest.fixture
def project(owner):
    return make_project(owner.memberships.get().organization)


class TestTheAnswer:
    def test_three_answers_of_equal_weight_and_one_sentence(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        text = signed_in(scan.actor.user).get(scan.get_absolute_url()).content.decode()
        assert "wants to scan your face and body for Harbor Lights on" in text
        for words in (">Agree</a>", ">Refuse</a>", ">Ask a question</a>"):
            assert words in text
        assert "Refusing costs nothing" in text
        assert "Ravi Menon, 555 0137" in text

    def test_a_private_reason_stands_before_the_performer_and_their_agency_and_nobody_else(self):
        maya, agency = make_actor("Maya Reyes"), make_agency()
        represent(agency, maya)
        scan = make_scan(maya, **soon())
        refuse(scan, reason="I was ill after the last one", by=maya.user, at=timezone.now())
        house = scan.notice.organization.memberships.get().user
        pages = [
            signed_in(user).get(scan.get_absolute_url()).content.decode()
            for user in (maya.user, agency.memberships.get().user, house)
        ]
        assert ["I was ill after the last one" in page for page in pages] == [True, True, False]
        assert "does not read it." in pages[0]
        assert "reads “Not available for scanning”, and nothing else." in pages[0]

    def test_a_shared_reason_is_said_to_be_shared(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        refuse(scan, reason="I am away", shared=True, by=scan.actor.user, at=timezone.now())
        page = signed_in(scan.actor.user).get(scan.get_absolute_url()).content.decode()
        assert "reads “Not available for scanning”, and the reason that was shared." in page
        house = scan.notice.organization.memberships.get().user
        assert "Reason: “I am away”" in signed_in(house).get(scan.get_absolute_url()).content.decode()

    def test_somebody_without_a_register_is_led_to_none(self):
        user = make_user("Nell New", email="nell@example.com")
        scan = make_notice("nell@example.com", **soon()).scans.get()
        page = signed_in(user).get(scan.get_absolute_url()).content.decode()
        assert reverse("scan-agree", args=[scan.ref]) in page
        assert f'href="{reverse("scan-register")}"' not in page

    def test_agreeing_is_signed_over_what_was_shown(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        client = signed_in(scan.actor.user)
        page = client.get(reverse("scan-agree", args=[scan.ref]))
        data = {
            "notice_sha256": scan.notice.sha256,
            "typed_name": "maya  reyes",
            "challenge": page.context["signing"].fresh,
            "password": PASSWORD,
        }
        response = client.post(reverse("scan-agree", args=[scan.ref]), data, follow=True)
        assert "You agreed to this scan and to nothing else." in response.content.decode()
        answer = scan.answers.get()
        assert (answer.outcome, answer.factor, answer.notice_sha256) == ("agreed", "password", scan.notice.sha256)

    def test_a_changed_announcement_is_shown_before_it_is_signed(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        client = signed_in(scan.actor.user)
        data = {"notice_sha256": "0" * 64, "typed_name": "Maya Reyes", "challenge": "x", "password": PASSWORD}
        response = client.post(reverse("scan-agree", args=[scan.ref]), data)
        assert response.status_code == 409
        assert "The announcement changed since you read it." in response.content.decode()
        assert not scan.answers.exists()

    def test_a_wrong_password_agrees_to_nothing(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        client = signed_in(scan.actor.user)
        page = client.get(reverse("scan-agree", args=[scan.ref]))
        data = {"notice_sha256": scan.notice.sha256, "typed_name": "Maya Reyes", "password": "wrong"}
        data["challenge"] = page.context["signing"].fresh
        response = client.post(reverse("scan-agree", args=[scan.ref]), data)
        assert "That password is not right." in response.content.decode()
        scan.refresh_from_db()
        assert scan.state == ScanState.ANNOUNCED

    def test_refusing_tells_the_house_one_thing_only(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        data = {"reason": "I was scanned in 2023 and nobody said why."}
        signed_in(scan.actor.user).post(reverse("scan-refuse", args=[scan.ref]), data)
        house = signed_in(scan.notice.announced_by)
        for path in (scan.get_absolute_url(), scan.notice.get_absolute_url(), reverse("scan-day", args=[scan.ref])):
            text = house.get(path).content.decode()
            assert "refused" not in text.lower().replace("whoever had not agreed", "")
            assert "nobody said why" not in text
        assert "not available for scanning" in house.get(scan.get_absolute_url()).content.decode()
        told = Notification.objects.get(kind="scan-answered")
        assert (told.context["agreed"], told.context["reason"]) == (False, "")

    def test_taking_back_is_one_press(self):
        scan = say_yes(make_scan(make_actor("Maya Reyes"), **soon()), at=timezone.now())
        client = signed_in(scan.actor.user)
        assert "Take it back" in client.get(scan.get_absolute_url()).content.decode()
        response = client.post(reverse("scan-withdraw", args=[scan.ref]), follow=True)
        assert "Taken back." in response.content.decode()
        scan.refresh_from_db()
        assert scan.state == ScanState.WITHDRAWN

    def test_questions_are_read_by_both_sides(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        client = signed_in(scan.actor.user)
        client.post(reverse("scan-ask", args=[scan.ref]), {"body": "Who keeps the files?"})
        house = signed_in(scan.notice.announced_by)
        assert "Who keeps the files?" in house.get(scan.get_absolute_url()).content.decode()
        house.post(reverse("scan-ask", args=[scan.ref]), {"body": "Volume Stage does."})
        assert "Volume Stage does." in client.get(scan.get_absolute_url()).content.decode()

    def test_the_agency_reads_and_asks_but_never_answers(self):
        actor = make_actor("Maya Reyes")
        agency = make_agency(make_user("Alex Moreno"))
        represent(agency, actor)
        scan = make_scan(actor, **soon())
        agent = signed_in(agency.memberships.get().user)
        text = agent.get(scan.get_absolute_url()).content.decode()
        assert "Only Maya Reyes can agree or refuse." in text
        assert ">Agree</a>" not in text
        assert agent.post(reverse("scan-refuse", args=[scan.ref])).status_code == 409
        assert agent.post(reverse("scan-agree", args=[scan.ref])).status_code == 409
        scan.refresh_from_db()
        assert scan.state == ScanState.ANNOUNCED

    def test_after_the_moment_of_the_scan_nothing_can_be_agreed(self):
        scan = make_scan(make_actor("Maya Reyes"), at=timezone.now() - timedelta(days=4), scan_at=timezone.now())
        response = signed_in(scan.actor.user).get(reverse("scan-agree", args=[scan.ref]))
        assert "You gave no answer before the scan, so the answer is no." in response.content.decode()

    @pytest.mark.parametrize("stands", [True, False], ids=["strike", "after the strike"])
    def test_a_strike_takes_agreeing_away_and_leaves_the_rest(self, owner, stands):
        """Performer, day page and board say so alike; a no and a question stay possible. Over, all is as before."""
        project = make_project(owner.memberships.get().organization, agreement=Agreement.SAG_TV_THEATRICAL)
        scan = make_scan(make_actor("Maya Reyes"), project=project, **soon())
        now = timezone.now()
        make_strike(now - timedelta(days=2), None if stands else now - timedelta(seconds=1))
        client, house = signed_in(scan.actor.user), signed_in(owner)
        page = client.get(scan.get_absolute_url()).content.decode()
        assert (">Agree</a>" in page) is not stands
        assert ">Refuse</a>" in page
        assert ">Ask a question</a>" in page
        pages = [page, client.get(reverse("scan-day", args=[scan.ref])).content.decode()]
        pages += [house.get(reverse(*there)).content.decode() for there in self.of_the_house(scan)]
        assert [("A strike stops this scan." in one) for one in pages] == [stands] * 4
        agree = client.get(reverse("scan-agree", args=[scan.ref])).templates[0].name
        assert agree == f"replicas/scan_{'closed' if stands else 'agree'}.html"
        client.post(reverse("scan-refuse", args=[scan.ref]), {})
        scan.refresh_from_db()
        assert scan.state == ScanState.REFUSED

    def of_the_house(self, scan):
        return [("scan", None, [scan.ref]), ("scan-notice", None, [scan.notice.ref])]

    def test_somebody_without_an_account_signs_up_and_answers(self):
        scan = make_notice("newcomer@example.com", **soon()).scans.get()
        user = make_user("Nina New", email="newcomer@example.com")
        client = signed_in(user)
        assert client.get(scan.get_absolute_url()).status_code == 200
        refused = client.post(reverse("scan-refuse", args=[scan.ref]))
        assert "Tell us first how casting people know you" in refused.content.decode()
        actor = make_actor("Nina New", user=user)
        client.post(reverse("scan-refuse", args=[scan.ref]))
        scan.refresh_from_db()
        assert (scan.actor, scan.state) == (actor, ScanState.REFUSED)


class TestTheDay:
    def test_yes_or_no_in_words_with_the_contact_and_the_sheet(self):
        scan = make_scan(make_actor("Maya Reyes"), **soon())
        client = signed_in(scan.actor.user)
        assert "No agreement" in client.get(reverse("scan-day", args=[scan.ref])).content.decode()
        say_yes(scan, at=timezone.now())
        text = client.get(reverse("scan-day", args=[scan.ref])).content.decode()
        assert "Agreed" in text
        assert "No agreement" not in text
        assert "Anything unclear? Ask Ravi Menon, 555 0137" in text
        sheet = client.get(reverse("scan-sheet", args=[scan.ref]))
        assert (sheet.content[:5], sheet["Content-Type"]) == (b"%PDF-", "application/pdf")


class TestTheHouse:
    def test_the_board_words_refused_taken_back_and_silent_alike(self):
        people = [make_actor(f"Person {number}") for number in range(4)]
        now = timezone.now()
        notice = make_notice(*people, at=now - timedelta(days=4), scan_at=now + timedelta(seconds=60))
        scans = list(notice.scans.order_by("pk"))
        before = now - timedelta(days=1)
        say_yes(scans[0], at=before)
        refuse(scans[1], by=people[1].user, at=before)
        withdraw(say_yes(scans[2], at=before), by=people[2].user, at=before)
        Scan.objects.filter(notice=notice).update(changed_at=now)
        after = notice.scan_at
        words = {scan.pk: scan.seen_by_house(after) for scan in scans_on_board(notice, "", at=after)}
        assert [words[scan.pk] for scan in scans] == ["agreed", "not_available", "not_available", "not_available"]
        shelf = scans_on_board(notice, "not_available", at=after).order_by("pk")
        assert [scan.pk for scan in shelf] == [scan.pk for scan in scans[1:]]

    def test_changing_resets_answers_and_tells(self):
        notice = make_notice(make_actor("Maya Reyes"), **soon())
        scan = say_yes(notice.scans.get(), at=timezone.now())
        client = signed_in(notice.announced_by)
        draft = client.post(reverse("scan-notice-change", args=[notice.ref]))
        values = dict(ScanDraft.objects.get().values)
        client.post(draft["Location"], {**values, "place": "Stage 9, Burbank", "do": "review"})
        review = client.get(reverse("scan-review", args=[ScanDraft.objects.get().ref]))
        assert "where" in review.context["changes"]
        response = client.post(review.request["PATH_INFO"], {"read": review.context["read"]}, follow=True)
        assert "Changed." in response.content.decode()
        scan.refresh_from_db()
        assert (scan.state, scan.notice.supersedes) == (ScanState.ANNOUNCED, notice)
        assert Notification.objects.filter(kind="scan-changed", recipient=scan.actor.user).count() == 1

    def test_calling_off(self):
        notice = make_notice(make_actor("Maya Reyes"), **soon())
        client = signed_in(notice.announced_by)
        response = client.post(reverse("scan-notice-call-off", args=[notice.ref]), {"reason": "Rain."}, follow=True)
        assert "Called off." in response.content.decode()
        assert notice.scans.get().state == ScanState.CALLED_OFF

    def test_recording_waits_for_the_time_of_the_scan(self):
        notice = make_notice(make_actor("Maya Reyes"), **soon())
        client = signed_in(notice.announced_by)
        text = client.get(reverse("scan-notice-record", args=[notice.ref])).content.decode()
        assert "This scan has not been yet." in text

    def test_who_agreed_stands_first_and_can_be_ticked_at_once(self):
        now = timezone.now()
        notice = make_notice(
            *(make_actor(name) for name in ("Ana One", "Ben Two", "Cy Three")),
            at=now - timedelta(days=5),
            scan_at=now - timedelta(hours=2),
        )
        scans = {scan.actor.stage_name: scan.ref for scan in notice.scans.select_related("actor")}
        agreed = [scans["Ben Two"], scans["Cy Three"]]
        for ref in agreed:
            say_yes(notice.scans.get(ref=ref), at=now - timedelta(days=4))
        client = signed_in(notice.announced_by)
        where = reverse("scan-notice-record", args=[notice.ref])
        page = client.get(where)
        assert "Tick all 2 who agreed" in page.content.decode()
        assert [value for value, _ in page.context["form"].fields["people"].choices] == [*agreed, scans["Ana One"]]
        ticked = {link: client.get(where + link).context["form"]["people"].value() for link in ("", "?agreed=1")}
        assert ticked == {"": [], "?agreed=1": agreed}

    def test_recording_makes_a_replica_with_its_files(self):
        now = timezone.now()
        scan = say_yes(
            make_scan(make_actor("Maya Reyes"), at=now - timedelta(days=5), scan_at=now - timedelta(hours=2)),
            at=now - timedelta(days=4),
        )
        client = signed_in(scan.notice.announced_by)
        page = client.get(reverse("scan-notice-record", args=[scan.notice.ref]) + f"?person={scan.ref}")
        form = page.context["form"]
        data = {name: form.initial[name] for name in form.initial}
        data |= {"people": [scan.ref], "kept_until": data["kept_until"].isoformat(), "lines": f"{'a' * 64}  body.obj"}
        response = client.post(reverse("scan-notice-record", args=[scan.notice.ref]), data, follow=True)
        assert "Recorded. 1 person is being told." in response.content.decode()
        scan.refresh_from_db()
        assert (scan.state, scan.replica.state, scan.breaches.count()) == ("performed", "proposed", 0)
        assert list(scan.replica.files.values_list("name", "sha256")) == [("body.obj", "a" * 64)]
        assert scan.manifest == [{"name": "body.obj", "sha256": "a" * 64, "size": None}]

    def test_a_breach_is_read_by_both_sides(self):
        scan = make_performed(make_scan(make_actor("Lena Kowalski")), place="A trailer on the lot")
        for user in (scan.actor.user, scan.notice.announced_by):
            text = signed_in(user).get(scan.get_absolute_url()).content.decode()
            assert "Scanned without an agreement" in text
            assert "A trailer on the lot" in text
        kinds = Notification.objects.filter(kind="scan-breach").values_list("recipient", flat=True)
        assert set(kinds) == {scan.actor.user_id, scan.notice.announced_by_id}

    def test_the_list_in_words(self, owner, project):
        make_notice(*(make_actor(f"Person {number}") for number in range(3)), project=project, **soon())
        text = signed_in(owner).get(reverse("scan-notices")).content.decode()
        assert "3 open" in text
