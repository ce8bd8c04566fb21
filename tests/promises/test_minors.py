"""G46: a minor needs a guardian; with two a yes needs both; on the 18th birthday it all becomes the adult's own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from accounts.rules.ages import birthday
from accounts.rules.refusal import Refused
from agencies.access import deciders_of, decides_for, own_actors
from agencies.actions import guardians
from agencies.actions.majority import come_of_age
from agencies.models import Guardianship
from replicas.actions.answering import approve, deny, reopen
from replicas.actions.consents import hold_consents, resume_consents
from replicas.actions.licensing import resume, suspend
from replicas.models import Decision, GuardianSignature, License, ReuseRequest
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    COURT_REF,
    make_actor,
    make_guardian,
    make_minor,
    make_project,
    make_replica,
    make_request,
    make_user,
    offered_terms,
    proof_of,
    sign_request,
    use_terms,
)
from tests.replicas.scan_factory import make_scan, say_yes
from tests.replicas.strike_factory import make_strike

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def minor():
    return make_minor("Mia Minor")


@pytest.fixture
def rosa(minor):
    return make_guardian(minor, make_user("Rosa Vega"))


@pytest.fixture
def luis(minor, rosa):
    return make_guardian(minor, make_user("Luis Vega"))


def asked(minor, **fields):
    return make_request(make_replica(minor), **fields)


def yes(request_, user, *, at=None, use_ids=None, court_ref=COURT_REF):
    return sign_request(request_, user, at=at, use_ids=use_ids, court_ref=court_ref)


def no(request_, user):
    return deny(request_, by=user, at=timezone.now())


def last_days(minor):
    """A request whose window spans the 18th birthday, for uses that end the day before it."""
    born = minor.birth_date
    day = birthday(born, 18) - timedelta(days=1)
    at = minor.adult_at - timedelta(days=2)
    terms = offered_terms(use_terms(starts_on=day - timedelta(days=1), ends_on=day))
    return make_request(make_replica(minor), terms=terms, at=at, answer_by=minor.adult_at + timedelta(days=2))


# --- 17 years and 364 days --------------------------------------------------------------------------------------------


def test_the_birthday_changes_who_decides_to_the_second(minor, rosa):
    for at, adult in [(minor.adult_at - SECOND, False), (minor.adult_at, True), (minor.adult_at + SECOND, True)]:
        assert decides_for(minor.user, minor, at) is adult
        assert decides_for(rosa, minor, at) is not adult
        assert own_actors(rosa, at).filter(pk=minor.pk).exists() is not adult
        assert deciders_of(minor, at) == ([minor.user] if adult else [rosa, minor.user])


def test_a_second_before_it_is_the_guardian_and_from_then_on_the_adult(minor, rosa):
    request_ = last_days(minor)
    with pytest.raises(Refused) as refused:
        yes(request_, minor.user, at=minor.adult_at - SECOND)
    assert refused.value.code == "guardian-decides"
    with pytest.raises(Refused) as refused:
        yes(request_, rosa, at=minor.adult_at)
    assert refused.value.code == "not-yours"
    license_ = yes(request_, minor.user, at=minor.adult_at, court_ref="")
    assert (license_.decision.by, license_.decision.signed_as) == (minor.user, "")


def test_the_guardians_last_second_counts(minor, rosa):
    license_ = yes(last_days(minor), rosa, at=minor.adult_at - SECOND)
    assert license_.ends_at == minor.adult_at
    assert not license_.standing(minor.adult_at).in_force


def test_on_the_day_it_is_written_down_once_and_everybody_is_told(minor, rosa, luis):
    request_ = last_days(minor)
    assert come_of_age(by=None, at=minor.adult_at - SECOND) == 0
    assert come_of_age(by=None, at=minor.adult_at) == 1
    assert come_of_age(by=None, at=minor.adult_at + timedelta(minutes=5)) == 0
    assert set(Guardianship.objects.values_list("state", flat=True)) == {"former"}
    told = Notification.objects.filter(kind="majority-reached")
    assert {notice.recipient: notice.context["own"] for notice in told} == {minor.user: True, rosa: False, luis: False}
    assert AuditEntry.objects.filter(event="person.came-of-age").count() == 1
    assert AuditEntry.objects.filter(event="guardian.over").count() == 2
    assert ReuseRequest.objects.get(pk=request_.pk).state == "open"


def test_half_a_yes_of_guardians_is_nothing_to_the_adult(minor, rosa, luis):
    request_ = last_days(minor)
    assert yes(request_, rosa, at=minor.adult_at - SECOND) is None
    license_ = yes(request_, minor.user, at=minor.adult_at, court_ref="")
    assert license_.decision.signed_as == ""


# --- Nobody there -----------------------------------------------------------------------------------------------------


def test_without_a_confirmed_guardian_nobody_is_asked(minor):
    make_guardian(minor, confirmed=False)
    with pytest.raises(Refused) as refused:
        asked(minor)
    assert refused.value.code == "no-guardian"


def test_when_the_guardian_goes_nobody_decides_and_silence_stays_no(minor, rosa):
    request_ = asked(minor)
    guardians.end(Guardianship.objects.get(guardian=rosa), by=rosa, at=timezone.now())
    for person in (rosa, minor.user):
        with pytest.raises(Refused):
            yes(request_, person)
    assert (Decision.objects.count(), ReuseRequest.objects.get().state) == (0, "open")


# --- Two guardians ----------------------------------------------------------------------------------------------------


def test_a_yes_of_two_needs_both_signatures(minor, rosa, luis):
    request_ = asked(minor)
    assert yes(request_, rosa) is None
    assert (ReuseRequest.objects.get().state, License.objects.count()) == ("open", 0)
    notice = Notification.objects.get(kind="guardian-signature")
    assert (notice.recipient, notice.context["signed_by"]) == (luis, "Rosa Vega")
    assert yes(request_, rosa) is None  # signing twice is one signature
    assert GuardianSignature.objects.filter(taken_back_at__isnull=True).count() == 1
    license_ = yes(request_, luis)
    assert license_.decision.signed_as == "Rosa Vega and Luis Vega, guardians of Mia Minor"
    assert set(Notification.objects.filter(kind="license-issued").values_list("recipient__name", flat=True)) >= {
        "Rosa Vega", "Luis Vega", "Mia Minor",
    }  # fmt: skip


ORDERS = [
    ("yes", "rosa", "no", "luis"),
    ("no", "luis", "yes", "rosa"),
    ("yes", "luis", "no", "rosa"),
    ("no", "rosa", "yes", "luis"),
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: " ".join(order))
def test_two_who_disagree_give_no_license_in_any_order(minor, rosa, luis, order):
    request_, people = asked(minor), {"rosa": rosa, "luis": luis}
    answers = {"yes": yes, "no": no}
    (first, who), (second, other) = order[:2], order[2:]
    answers[first](request_, people[who])
    if first == "yes":
        answers[second](request_, people[other])
    else:
        with pytest.raises(Refused, match="already denied"):
            answers[second](request_, people[other])
    assert (ReuseRequest.objects.get().state, License.objects.count()) == ("denied", 0)


def test_a_no_that_is_taken_back_leaves_no_half_yes_behind(minor, rosa, luis):
    request_ = asked(minor)
    yes(request_, rosa)
    no(request_, luis)
    reopen(request_, by=luis, at=timezone.now())
    assert yes(request_, luis) is None
    assert yes(request_, rosa) is not None


def test_a_use_is_agreed_when_both_say_yes_to_it(minor, rosa, luis):
    request_ = asked(minor)
    first, second = request_.current_terms.uses.all()
    yes(request_, rosa, use_ids=[first.pk])
    with pytest.raises(Refused) as refused:
        yes(request_, luis, use_ids=[second.pk])
    assert (refused.value.code, License.objects.count()) == ("uses-differ", 0)
    license_ = yes(request_, luis, use_ids=[first.pk, second.pk])
    assert list(license_.decision.approved_uses.all()) == [first]


def test_both_name_the_same_approval_of_a_court(minor, rosa, luis):
    request_ = asked(minor)
    yes(request_, rosa)
    with pytest.raises(Refused) as refused:
        yes(request_, luis, court_ref="another order")
    assert refused.value.code == "court-ref-differs"
    assert yes(request_, luis, court_ref=COURT_REF.lower()) is not None


def test_who_has_to_sign_changed_so_what_was_signed_counts_no_more(minor, rosa, luis):
    request_ = asked(minor)
    assert yes(request_, rosa) is None
    guardians.end(Guardianship.objects.get(guardian=luis), by=luis, at=timezone.now())
    assert License.objects.count() == 0
    assert yes(request_, rosa).decision.signed_as == "Rosa Vega, guardian of Mia Minor"


def test_what_one_paused_the_other_does_not_take_up(minor, rosa, luis):
    request_, at = asked(minor), timezone.now()
    yes(request_, rosa)
    license_ = yes(request_, luis)
    suspend(license_, reason="", by=rosa, at=at)
    with pytest.raises(Refused):
        resume(license_, by=luis, at=at)
    assert resume(license_, by=rosa, at=at).state in {"scheduled", "active"}


def test_what_one_held_in_a_strike_the_other_does_not_take_up(minor, rosa, luis):
    first, at = timezone.now().date(), timezone.now()
    terms = offered_terms(use_terms(starts_on=first, ends_on=first + timedelta(days=90)))
    project = make_project(agreement=Agreement.SAG_INTERACTIVE)
    request_ = make_request(make_replica(minor), project, terms=terms)
    yes(request_, rosa)
    yes(request_, luis)
    strike = make_strike(at + timedelta(hours=1), at + timedelta(days=9), agreement=Agreement.SAG_INTERACTIVE)
    later = at + timedelta(hours=2)
    assert hold_consents(minor, strike=strike, by=rosa, at=later) == 1
    with pytest.raises(Refused):
        resume_consents(minor, by=luis, at=later)
    assert resume_consents(minor, by=rosa, at=later) == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_once_never_make_a_license(together):
    for _ in range(5):
        minor = make_minor("Mia Minor")
        rosa = make_guardian(minor, make_user("Rosa Vega"))
        luis = make_guardian(minor, make_user("Luis Vega"))
        request_ = asked(minor)
        yes(request_, rosa)
        before = License.objects.count()
        together(lambda r=request_, p=luis: yes(r, p), lambda r=request_, p=rosa: no(r, p))
        state = ReuseRequest.objects.get(pk=request_.pk).state
        made = License.objects.count() - before
        # Either the second signature was first, and the no came too late for it, or the no stands alone.
        assert (state, made) in {("approved", 1), ("denied", 0)}
        assert Decision.objects.filter(request=request_, taken_back_at__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_both_sign_at_once_and_one_license_is_made(together):
    minor = make_minor("Mia Minor")
    rosa, luis = (make_guardian(minor, make_user(name)) for name in ("Rosa Vega", "Luis Vega"))
    request_ = asked(minor)
    proofs = {person: proof_of(person, request_) for person in (rosa, luis)}
    uses = list(request_.current_terms.uses.values_list("pk", flat=True))

    def sign(person):
        return approve(
            request_, terms_hash=request_.current_terms.sha256, use_ids=uses, typed_name=person.name,
            proof=proofs[person], court_ref=COURT_REF, by=person, at=timezone.now(),
        )  # fmt: skip

    results = together(lambda: sign(rosa), lambda: sign(luis))
    assert [isinstance(result, License) for result in results].count(True) == 1
    assert (License.objects.count(), ReuseRequest.objects.get().state) == (1, "approved")


# --- R14, R15: what nobody can agree to -------------------------------------------------------------------------------


def refusal_of(terms, minor):
    with pytest.raises(Refused) as refused:
        asked(minor, terms=terms)
    return refused.value.code


@pytest.mark.parametrize("content", ["nudity", "simulated_sex"])
def test_intimate_content_is_never_asked_of_a_minor(minor, rosa, content):
    assert refusal_of(offered_terms(use_terms(sensitive=(content,))), minor) == "minor-protected"


def test_nor_of_anybody_shown_as_one():
    adult = make_actor("Alice Ames")
    assert refusal_of(offered_terms(use_terms(sensitive=("nudity", "as_minor"))), adult) == "minor-protected"
    assert asked(adult, terms=offered_terms(use_terms(sensitive=("violence", "as_minor")))).state == "open"


def test_a_minors_license_lasts_five_years_at_most_and_ends_with_childhood():
    young = make_minor("Yara Young", age=10)
    make_guardian(young)
    today = timezone.now().date() + timedelta(days=10)
    five = today.replace(year=today.year + 5)
    assert asked(young, terms=offered_terms(use_terms(starts_on=today, ends_on=five))).state == "open"
    assert refusal_of(offered_terms(use_terms(starts_on=today, ends_on=five + timedelta(days=1))), young) == (
        "minor-protected"
    )
    old = make_minor("Ola Older", age=17)
    make_guardian(old)
    of_age = birthday(old.birth_date, 18)
    assert (
        asked(old, terms=offered_terms(use_terms(starts_on=today, ends_on=of_age - timedelta(days=1)))).state == "open"
    )
    assert refusal_of(offered_terms(use_terms(starts_on=today, ends_on=of_age)), old) == "minor-protected"


def test_it_is_judged_again_as_the_guardian_signs(minor, rosa):
    """A birth date corrected after the sending counts: what was fine then may run past the birthday now."""
    request_ = asked(minor)
    earlier = minor.birth_date.replace(year=minor.birth_date.year - 1)
    type(minor).objects.filter(pk=minor.pk).update(birth_date=earlier)
    ends = request_.current_terms.uses.first().ends_on
    assert ends >= birthday(earlier, 18)
    with pytest.raises(Refused) as refused:
        yes(request_, rosa)
    assert (refused.value.code, License.objects.count()) == ("minor-protected", 0)


# --- Scans -----------------------------------------------------------------------------------------------------------


def test_a_scan_is_agreed_by_guardians_and_never_by_the_minor(minor, rosa, luis):
    scan = make_scan(minor)
    with pytest.raises(Refused) as refused:
        say_yes(scan, by=minor.user)
    assert (refused.value.code, scan.state) == ("not-yours", "announced")
    assert say_yes(scan, by=rosa).state == "announced"
    scan.refresh_from_db()
    assert say_yes(scan, by=luis).state == "agreed"
    labels = AuditEntry.objects.filter(event="scan.agreed", refused="").values_list("for_label", flat=True)
    assert list(labels) == ["Mia Minor", "Mia Minor"]


def test_nor_when_it_was_announced_to_an_address_the_minor_owns(minor, rosa):
    scan = make_scan(minor)
    type(scan).objects.filter(pk=scan.pk).update(actor=None)
    scan.refresh_from_db()
    with pytest.raises(Refused) as refused:
        say_yes(scan, by=minor.user)
    assert refused.value.code == "not-yours"
