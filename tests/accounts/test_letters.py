"""Every kind of letter, in text and HTML, with ordinary words and with hostile ones."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from django.template.loader import get_template

from accounts.models import Notification
from accounts.notifications.letters import headline, message_id, write_digest, write_letter
from accounts.notifications.rules import KINDS, LONGEST_SUBJECT, MERGED
from accounts.notifications.words import GROUPS, WORDS
from tests.factories import make_user

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)  # Thursday 17:00 in Los Angeles
WORDS_IN = {
    "ref": "R-7K3M9Q",
    "actor": "Maya Reyes",
    "organization": "Nova Pictures",
    "project": "Harbor Lights",
    "replica": "2024 body scan",
    "answer_by": DUE.isoformat(),
    "total": "693.00",
    "currency": "USD",
    "sentence": "Nova Pictures wants to use your 2024 body scan.",
    "license": "L-7K3M9QXW2T",
    "first_day": "Dec 1, 2026",
    "last_day": "Nov 30, 2027",
    "terms_hash": "ab" * 32,
    "uses": ["Crowd", "Trailer"],
    "outcome": "denied",
    "reason": "Not this time",
    "comment": "",
    "written_by": "Alex Moreno",
    "body": "Ask for more.",
    "why": "550 no such user",
    "by": "Alex Moreno",
    "role": "member",
    "name": "Maya Reyes",
    "message": "Come to us.",
    "what": "Your password was changed.",
    "happened_at": "2026-11-23T12:00:00+00:00",
    "ip": "192.0.2.7",
    "browser": "Firefox",
    "strike": "strike under ACTRA",
    "note": "Called today.",
    "starts_at": "2026-11-23T12:00:00+00:00",
    "side": "actor",
    "requests": 2,
    "licenses": 1,
}
HOSTILE = [
    "Eve\r\nBcc: everybody@example.com",
    "Eve\nSubject: other",
    "\u202eevE\u2066",
    'Eve "@:,;<x>',
    "E" * 4000,
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}",
]


def notice_of(kind, context=WORDS_IN, due=DUE, recipient=None, **fields):
    values = {"recipient": recipient or make_user("Maya Reyes"), "path": "/requests/R-7K3M9Q/", "once": f"1:{kind}:x"}
    return Notification(
        kind=kind, subject_type="request", context=context, due_at=due, created_at=DUE, **values | fields
    )


def test_every_kind_has_its_words_and_its_place():
    assert list(WORDS) == list(KINDS)
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_whole_letter(kind):
    letter = write_letter(notice_of(kind), "maya@example.com")
    page = letter.alternatives[0][0]
    for text in (letter.body, page):
        assert "http://testserver/requests/R-7K3M9Q/" in text
        assert "You get this because" in text
        assert not any(left in text for left in ("{{", "{%", "None"))
    assert letter.to == ["maya@example.com"]
    assert ("List-Unsubscribe" in letter.extra_headers) is not KINDS[kind].essential
    if "{% if due %}" in get_template(f"letters/{kind}/body.txt").template.source:
        assert "Thu, Nov 26, 5:00 PM PST" in letter.body
        assert "Thu, Nov 26, 5:00 PM PST" in page


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_written_with_nothing_known(kind):
    letter = write_letter(notice_of(kind, {}, None, path=""), "maya@example.com")
    assert "None" not in letter.body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payload", HOSTILE)
def test_nobody_adds_a_header_through_a_name(kind, payload):
    moments = ("answer_by", "first_day", "last_day", "happened_at", "total", "uses", "outcome")
    context = {key: value if key in moments else payload for key, value in WORDS_IN.items()}
    letter = write_letter(notice_of(kind, context), "maya@example.com")
    parsed = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    expected = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"}
    if not KINDS[kind].essential:
        expected |= {"List-Unsubscribe", "List-Unsubscribe-Post"}
    assert set(parsed.keys()) == expected
    assert len(letter.subject) <= LONGEST_SUBJECT
    assert letter.subject.isprintable()
    assert "<script>alert" not in letter.alternatives[0][0]


def test_subjects_say_by_when_in_the_recipients_zone_or_that_nothing_is_asked():
    maya = make_user("Maya Reyes")
    paris = make_user("Paul Petit", time_zone="Europe/Paris")
    assert write_letter(notice_of("request-received", recipient=maya), "m@example.com").subject == (
        "[Answer by Thu Nov 26, 17:00] Nova Pictures asks for your replica in Harbor Lights"
    )
    assert write_letter(notice_of("request-received", recipient=paris), "p@example.com").subject == (
        "[Answer by Fri Nov 27, 02:00] Nova Pictures asks for your replica in Harbor Lights"
    )
    assert write_letter(notice_of("request-received", due=None), "m@example.com").subject == (
        "[For information] Nova Pictures asks for your replica in Harbor Lights"
    )
    assert write_letter(notice_of("client-request"), "m@example.com").subject == (
        "[For information] Maya Reyes has a request from Nova Pictures for Harbor Lights"
    )
    better = notice_of("client-request", {**WORDS_IN, "round": 2}, once="2")
    assert headline(better) == "Maya Reyes has new terms from Nova Pictures for Harbor Lights"


def test_no_two_kinds_share_a_subject():
    subjects = [write_letter(notice_of(kind), "m@example.com").subject for kind in KINDS]
    assert len(set(subjects)) == len(subjects)


def test_a_refusal_is_not_given_a_reason_the_actor_did_not_share():
    told = {**WORDS_IN, "comment": ""}
    letter = write_letter(notice_of("request-not-available", told), "m@example.com")
    assert "denied" not in letter.body.lower()
    assert "Not this time" not in letter.body
    shared = write_letter(
        notice_of("request-not-available", {**told, "comment": "My dates are full."}), "m@example.com"
    )
    assert "“My dates are full.”" in shared.body


def test_the_message_id_follows_from_what_is_told():
    assert message_id(["a", "b"]) == message_id(["b", "a"])
    assert message_id(["a"]) != message_id(["b"])
    first = write_letter(notice_of("request-received"), "m@example.com").extra_headers["Message-ID"]
    assert first == write_letter(notice_of("request-received"), "m@example.com").extra_headers["Message-ID"]
    assert first.endswith("@testserver>")


def test_an_invitation_says_until_when_it_is_good():
    context = {"organization": "Northlight", "by": "Alex", "expires_at": DUE.isoformat()}
    letter = write_letter(notice_of("team-invited", context, None), "m@example.com")
    assert letter.subject == "[Answer by Thu Nov 26, 17:00] Alex invites you to Northlight"
    assert "The invitation is good until Thu, Nov 26, 5:00 PM PST." in letter.body


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ("began", "Northlight represents Maya"),
        ("ended", "Northlight and Maya: the representation has ended"),
        ("declined", "Maya and Northlight: no representation"),
    ],
)
def test_a_change_of_representation_is_named(change, subject):
    context = {"organization": "Northlight", "name": "Maya", "change": change, "message": "Alex ended it."}
    letter = write_letter(notice_of("representation-changed", context, None), "m@example.com")
    assert letter.subject == f"[For information] {subject}"
    assert "\nAlex ended it.\n" in letter.body


@pytest.mark.parametrize(
    ("outcome", "sentence", "next_"),
    [
        ("announced", "Nova wants to scan Maya for Low Tide on Monday.", "only Maya agrees or refuses"),
        ("changed", "The scan of Maya for Low Tide by Nova, on Monday, is changed.", "only Maya agrees or refuses"),
        ("refused", "The scan of Maya for Low Tide by Nova, on Monday, is refused.", "“Not available for scanning”"),
        ("done", "The scan of Maya for Low Tide by Nova, on Monday, is done.", "The scan is S-1."),
    ],
)
def test_an_agency_reads_what_became_of_a_scan_and_is_asked_for_nothing_once_it_is_answered(outcome, sentence, next_):
    context = {"organization": "Nova", "project": "Low Tide", "when": "Monday", "actor": "Maya", "ref": "S-1"}
    body = write_letter(notice_of("client-scan", {**context, "outcome": outcome}, None), "alex@example.com").body
    assert sentence in body
    assert next_ in body
    assert ("agrees or refuses" in body) is (outcome in ("announced", "changed"))


CLIENTS = ("client-answered", "client-request", "client-scan")


def test_a_digest_to_a_house_speaks_of_its_scans():
    dana = make_user("Dana Whitfield")
    notices = [
        notice_of("scan-answered", {**WORDS_IN, "person": name, "agreed": name == "Ana"}, recipient=dana, once=name)
        for name in ("Ana", "Ben", "Cleo")
    ]
    letter = write_digest(notices, "dana@example.com")
    assert letter.subject == "[For information] 3 answers to your scans"
    assert "3 answers to your scans." in letter.body
    assert "Ana agreed to be scanned for Harbor Lights" in letter.body
    assert "Ben is not available for scanning for Harbor Lights" in letter.body
    assert "/scans/announced/" in letter.body
    assert "client" not in letter.body


def test_a_digest_of_better_fees_asks_for_nothing_and_cannot_be_ended():
    dana = make_user("Dana Whitfield")
    notices = [
        notice_of("license-amended", {**WORDS_IN, "actor": name, "license": "L-1"}, recipient=dana, once=name)
        for name in ("Ana", "Ben", "Cleo")
    ]
    letter = write_digest(notices, "dana@example.com")
    assert letter.subject == "[For information] 3 licenses have a better fee"
    assert "3 licenses have a better fee." in letter.body
    assert "A better fee for license L-1: Ben, Harbor Lights" in letter.body
    assert "nothing has to be signed again" in letter.body
    assert "Without an answer" not in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_a_digest_lists_all_of_them_and_can_be_ended():
    alex = make_user("Alex Moreno")
    notices = [
        notice_of(kind, {**WORDS_IN, "actor": actor}, recipient=alex, once=f"{alex.pk}:{kind}:{actor}")
        for kind, actor in zip(CLIENTS, ("Maya", "Jonah", "Priya"), strict=True)
    ]
    assert set(CLIENTS) < MERGED
    letter = write_digest(notices, "alex@example.com")
    assert letter.subject == "[For information] 3 things about your clients"
    page = letter.alternatives[0][0]
    for notice in notices:
        assert headline(notice) in letter.body
        assert headline(notice) in page
    assert "3 things about Jonah, Maya and Priya." in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
