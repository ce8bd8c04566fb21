"""What the rulebook says on the pages: beside the form, before sending, at the answer and on the license."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.rules.refusal import Refused
from replicas.actions.answering import approve
from replicas.actions.drafting import send
from replicas.actions.negotiating import counter, propose
from replicas.actions.rulebook import add_version, load_rulebook
from replicas.models import Decision, ReuseRequest, RulebookEntry
from replicas.rules.rulebook import RULES
from replicas.rules.rulebook.stages import Stage
from replicas.rules.terms import UseTerms, digest, document
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    approve_request,
    make_actor,
    make_agency,
    make_casting,
    make_draft,
    make_member,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    proof_of,
    represent,
    use_terms,
)
from tests.replicas.drafts import address, as_, fingerprint, ready, typed

pytestmark = pytest.mark.django_db
SAG = Agreement.SAG_TV_THEATRICAL
LOW, FAIR = use_terms(fee=Decimal("692.99")), use_terms(fee=Decimal("693.00"))


def badr(project_agreement=SAG, **fields):
    """A background actor’s replica and a project under the union agreement."""
    return make_replica(kind="badr", **fields), make_project(agreement=project_agreement)


def words(response) -> str:
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def the_send(draft, *uses, **changes):
    return send(
        draft,
        terms=offered_terms(*uses, **changes),
        answer_by=timezone.now() + timedelta(days=5),
        by=draft.created_by,
        at=timezone.now(),
    )


# --- Beside the form --------------------------------------------------------------------------------------------------


def test_an_empty_form_is_told_what_is_still_to_be_written_and_accused_of_nothing():
    draft = make_draft()
    page = words(as_(draft.created_by).get(address(draft)))
    assert "Still to be written: 8 fields" in page
    assert "Stops it" not in page


def test_the_findings_come_live_and_keep_nothing():
    draft, client = ready(FAIR, replica=badr()[0], project=badr()[1])
    before = ReuseRequest.objects.get(pk=draft.pk)
    said = words(client.post(address(draft, "findings"), typed(LOW)))
    assert "1 thing to mend before it can be sent." in said
    assert "$692.99 is below the minimum of $693: 3 days at $231." in said
    assert "Offer at least $693." in said
    assert 'href="#id_use-0-fee"' in said
    assert "/rules/#R30" in said
    assert "secondary source, not checked by a lawyer" in said
    after = ReuseRequest.objects.get(pk=draft.pk)
    assert (after.draft, after.changed_at) == (before.draft, before.changed_at)
    assert "Stops it" not in words(client.post(address(draft, "findings"), typed(FAIR)))


def test_half_a_form_is_read_as_far_as_it_goes():
    draft, client = ready()
    half = {
        "use-0-title": "Crowd",
        "use-0-description": "In the crowd, in perpetuity and throughout the universe, in any media at all.",
        "use-0-fee": "lots",
        "use-0-starts_on": "someday",
    }
    said = words(client.post(address(draft, "findings"), half))
    assert "“in perpetuity”" in said
    assert "Still to be written" in said
    assert client.post(address(draft, "findings"), {}).status_code == 200


def test_findings_are_for_the_house_and_its_drafts_alone():
    draft, client = ready()
    assert client.get(address(draft, "findings")).status_code == 405
    stranger = as_(make_member(make_casting(name="Elsewhere"), make_user("Charlie Cole")))
    for other in (stranger, as_(draft.actor.user)):
        assert other.post(address(draft, "findings"), typed()).status_code == 404
    sent = make_request()
    assert as_(sent.created_by).post(address(sent, "findings"), typed()).status_code == 404


def test_without_javascript_the_same_stands_there_after_saving():
    replica, project = badr()
    draft, client = ready(LOW, replica=replica, project=project)
    page = words(client.get(address(draft)))
    assert "$692.99 is below the minimum of $693" in page
    assert 'value="692.99"' in page


@pytest.mark.parametrize("number", [1, 8])
def test_the_form_and_its_findings_take_at_most_twelve_queries(number):
    draft, client = ready(*[use_terms(f"Use {n}") for n in range(number)])
    data = typed(*[use_terms(f"Use {n}") for n in range(number)])
    client.get(address(draft))
    counts = []
    for ask in (lambda: client.get(address(draft)), lambda: client.post(address(draft, "findings"), data)):
        with CaptureQueriesContext(connection) as captured:
            assert ask().status_code == 200
        counts.append(len(captured))
    assert counts == [7, 6]


# --- Before sending ---------------------------------------------------------------------------------------------------


def test_below_the_floor_a_union_agreement_stops_the_sending_and_nothing_typed_is_lost():
    replica, project = badr()
    draft, client = ready(LOW, replica=replica, project=project)
    page = words(client.get(address(draft, "review")))
    assert "This has to be mended first" in page
    assert "The draft is kept." in page
    answer = client.post(address(draft, "review"), {"read": fingerprint_of(page)})
    assert "$692.99 is below the minimum" in words(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.draft["use-0-fee"]) == ("draft", ["692.99"])


def fingerprint_of(page: str) -> str:
    found = re.search(r'name="read" value="([0-9a-f]{64})"', page)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("use", "code", "words_of"),
    [
        (LOW, "rule-R30", "“Crowd at the harbor fair”: $692.99 is below the minimum of $693"),
        (use_terms(role="principal"), "rule-R31", "Offer at least $3,849"),
        (use_terms(scenes=""), "rule-R01", "The scenes are missing."),
        (use_terms(description="In the crowd in perpetuity, in three wide shots."), "unfit-terms", "“in perpetuity”"),
        (use_terms(description="Too short."), "unfit-terms", "At least 40"),
        (use_terms(medium="commercial"), "rule-R37", "No advertiser is named."),
    ],
)
def test_what_a_rule_stops_is_not_sent_by_any_way(use, code, words_of):
    replica, project = badr()
    draft = make_draft(replica, project)
    with pytest.raises(Refused) as refusal:
        the_send(draft, use)
    assert refusal.value.code == code
    if code != "unfit-terms":
        assert words_of in refusal.value.sentence
    assert AuditEntry.objects.get(event="request.sent").refused == code
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_at_the_floor_it_is_sent_and_the_rules_it_was_judged_by_are_kept():
    replica, project = badr()
    request = the_send(make_draft(replica, project), FAIR)
    asked = {rule.key for rule in RULES if Stage.COMPOSING in rule.stages}
    kept = request.current_terms.judged
    assert set(kept) <= asked
    assert {"R01.1", "R02.1", "R30.1", "R31.1"} <= set(kept)


def test_without_a_union_the_same_fee_warns_and_goes_out():
    replica, project = badr(Agreement.NONE)
    draft, client = ready(LOW, replica=replica, project=project)
    page = words(client.get(address(draft, "review")))
    assert "Before you send" in page
    assert "Warns:" in page
    assert "$692.99 is below the minimum of $693" in page
    client.post(address(draft, "review"), {"read": fingerprint(client, draft)})
    draft.refresh_from_db()
    assert draft.state == "open"


def test_the_floor_follows_the_day_staff_entered_it_for():
    load_rulebook(at=timezone.now())
    staff = make_user("Sam Staff", is_staff=True)
    row = RulebookEntry.objects.get(kind="rate", key=f"{SAG}/background", effective_from=date(2026, 7, 1), number=1)
    day = timezone.now().astimezone(make_actor().user.zone).date()
    for first_day, refused in ((day + timedelta(days=1), False), (day, True)):
        add_version(
            row,
            figure="240",
            effective_from=first_day,
            source="Rate sheet",
            grade="P",
            reason="A raise.",
            by=staff,
            at=timezone.now(),
        )
        replica, project = badr()
        draft = make_draft(replica, project)
        if refused:
            with pytest.raises(Refused, match="below the minimum of \\$720"):
                the_send(draft, FAIR)
        else:
            assert the_send(draft, FAIR).state == "open"


def test_a_proposal_and_a_counter_offer_are_judged_like_the_first_round():
    replica, project = badr()
    request = the_send(make_draft(replica, project), FAIR)
    for move, by in ((propose, request.actor.user), (counter, request.created_by)):
        request.refresh_from_db()
        before = request.current_terms
        with pytest.raises(Refused) as refusal:
            move(request, terms=offered_terms(LOW), terms_hash=before.sha256, by=by, at=timezone.now())
        assert refusal.value.code == "rule-R30"
        more = offered_terms(use_terms(fee=before.total + 100))
        move(request, terms=more, terms_hash=before.sha256, by=by, at=timezone.now())
        request.refresh_from_db()
        assert "R30.1" in request.current_terms.judged


def test_the_three_part_test_needs_nobody_beside_the_performer():
    project = make_project(jurisdictions=["US-CA"])
    weak = "She stands at the pier, for the term of copyright and beyond it."
    use = use_terms(work_replaced=True, description=weak)
    draft, client = ready(use, project=project)
    assert "nobody advised the performer" in words(client.post(address(draft, "findings"), typed(use)))
    represent(make_agency(), draft.actor)
    assert "nobody advised the performer" not in words(client.post(address(draft, "findings"), typed(use)))


def test_a_change_as_scripted_names_a_script_from_before_the_performance():
    replica, project = badr()
    draft, client = ready(FAIR, replica=replica, project=project)
    said = words(client.post(address(draft, "findings"), {**typed(FAIR), "use-0-as_scripted": "on"}))
    assert "no dated script is named" in said
    named = {"use-0-as_scripted": "on", "use-0-script_version": "Blue pages", "use-0-script_dated": "2020-01-10"}
    assert "script is" not in words(client.post(address(draft, "findings"), {**typed(FAIR), **named}))


def test_a_use_in_the_eu_says_how_people_are_told():
    draft, client = ready(use_terms(territory="eu"))
    said = words(client.post(address(draft, "findings"), typed(use_terms(territory="eu"))))
    assert "nothing says that a replica is used" in said
    told = {**typed(use_terms(territory="eu")), "disclosure": "In the end credits."}
    assert "nothing says" not in words(client.post(address(draft, "findings"), told))


# --- At the answer ----------------------------------------------------------------------------------------------------


def raised(request) -> None:
    """The union’s minimum goes up after the request was sent."""
    load_rulebook(at=timezone.now())
    row = RulebookEntry.objects.filter(kind="rate", key=f"{SAG}/background").order_by("-effective_from")[0]
    today = timezone.now().astimezone(request.actor.user.zone).date()
    add_version(
        row,
        figure="300",
        effective_from=today,
        source="Rate sheet",
        grade="P",
        reason="A raise.",
        by=make_user("Sam Staff", is_staff=True),
        at=timezone.now(),
    )


def test_each_side_reads_what_stands_in_the_way_of_a_yes_and_a_yes_is_refused():
    replica, project = badr()
    request = the_send(make_draft(replica, project), FAIR)
    agent = make_user("Alex Agent")
    represent(make_agency(agent), request.actor)
    raised(request)
    actor, house, agency = as_(request.actor.user), as_(request.created_by), as_(agent)
    where = request.get_absolute_url()
    for client in (actor, house, agency):
        page = words(client.get(where))
        assert "$693 is below the minimum of $900" in page
        assert ("They can mend it:" in page) == (client is not house)
    assert "$693 is below the minimum of $900" in words(actor.get(f"{where}approve/"))
    with pytest.raises(Refused) as refusal:
        approve_request(request)
    assert refusal.value.code == "rule-R30"
    assert not Decision.objects.exists()


def test_a_yes_keeps_the_rules_it_was_judged_by_and_shows_them():
    replica, project = badr()
    request = the_send(make_draft(replica, project), FAIR)
    license_ = approve_request(request)
    kept = Decision.objects.get().judged
    asked = {rule.key for rule in RULES if Stage.ANSWERING in rule.stages}
    assert set(kept) <= asked
    assert {"R04.1", "R19.1", "R22.1", "R30.1"} <= set(kept)
    assert AuditEntry.objects.get(event="request.approved").data["rules"] == kept
    for client in (as_(request.actor.user), as_(request.created_by)):
        assert "R30.1" in words(client.get(request.get_absolute_url()))
        assert "R30.1" in words(client.get(license_.get_absolute_url()))


def test_only_the_chosen_uses_count():
    replica, project = badr()
    request = the_send(make_draft(replica, project), FAIR, use_terms("Trailer", medium="trailer"))
    user, uses = request.actor.user, list(request.current_terms.uses.values_list("pk", flat=True))
    license_ = approve(
        request,
        terms_hash=request.current_terms.sha256,
        use_ids=uses[:1],
        typed_name=user.name,
        proof=proof_of(user, request),
        by=user,
        at=timezone.now(),
    )
    assert license_ is not None
    assert len(license_.document["uses"]) == 1


# --- Old rounds -------------------------------------------------------------------------------------------------------


def test_what_is_not_said_stays_out_of_the_document_so_old_hashes_hold():
    plain = document(offered_terms(use_terms()), parties={})
    assert set(plain["uses"][0]) == set(UseTerms.__dataclass_fields__) - {
        "work_replaced",
        "as_scripted",
        "script_version",
        "script_dated",
        "brand",
        "product_line",
    }
    assert "disclosure" not in plain
    said = document(offered_terms(use_terms(brand="Voltline"), disclosure="In the credits."), parties={})
    assert (said["uses"][0]["brand"], said["disclosure"]) == ("Voltline", "In the credits.")
    assert digest(said) != digest(plain)
