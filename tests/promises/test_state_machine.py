"""G5: the state machine is exactly the written one, whatever order people, clocks and crashes come in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, assume, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.actions.signing import Proof, challenge_for
from accounts.audit.recording import GENESIS, digest_of
from accounts.audit.timeline import timeline
from accounts.models import AuditEntry, Delivery, Notification
from accounts.notifications.rules import DeliveryState
from accounts.rules.refusal import Refused
from agencies.actions.representations import end as end_representation
from agencies.models import Representation
from agencies.rules.organizations import BondState, Role
from replicas.actions import answering, conversing, drafting, holding, negotiating, striking, sweeping
from replicas.models import Decision, License, ReuseRequest
from replicas.rules.vocabulary import Agreement
from tests.factories import (
    PASSWORD,
    make_actor,
    make_agency,
    make_casting,
    make_member,
    make_project,
    make_replica,
    make_user,
    offered_terms,
    represent,
    use_terms,
)
from tests.promises.crashing import CrashError, crash_at
from tests.promises.model import OVER, WAITING, Model
from tests.promises.scale import scaled
from tests.replicas.strike_factory import make_staff

RUNS = scaled(500, ci=32)  # of 50 steps each, shared by the parts below
PARTS = 4
STEPS = 50
TV = Agreement.SAG_TV_THEATRICAL
PEOPLE = ("actor", "agent", "casting", "assistant", "stranger")
START = datetime(2027, 3, 12, 9, 30, tzinfo=UTC)  # two days before the clocks change in Los Angeles
HOUR = timedelta(hours=1)
TOLD_TO_LICENSEE = {  # every key a letter of “not available” may carry when the reason is not shared
    *("ref", "actor", "actor_id", "organization", "organization_id", "project", "replica", "answer_by", "total"),
    *("currency", "sentence"),
}
who_tries = st.one_of(st.just("right"), st.sampled_from(PEOPLE))
world: SimpleNamespace


class Requests(RuleBasedStateMachine):
    """One request after another between the same people, moved here and in the model."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.now, self.count, self.entries = START, 0, 0
        self.model, self.pk, self.expect = Model(), 0, 0
        self.last_digest, self.last_entry = GENESIS, 0
        tail = AuditEntry.objects.order_by("-pk").first()
        if tail:
            self.last_digest, self.last_entry = tail.digest, tail.pk

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    # --- What rules are made of ---------------------------------------------------------------------------------------

    def row(self) -> ReuseRequest:
        return ReuseRequest.objects.select_related("current_terms", "actor", "project").get(pk=self.pk)

    def terms(self) -> Any:
        """Different from every round before, so that only the state decides."""
        self.count += 1
        days = {"starts_on": date(2027, 6, 1), "ends_on": date(2027, 12, 31)}
        crowd = use_terms(f"Crowd {self.count}", fee=Decimal(4000 + self.count), **days)
        return offered_terms(crowd, use_terms(f"Trailer {self.count}", fee=Decimal(3849), **days))

    def try_move(self, move: str, who: str, act: Callable[..., Any], *, otherwise: str = "", **made: Any) -> None:
        """Makes a move and holds the portal to the model. ``otherwise`` is why a move that is allowed still fails."""
        if who == "right":
            who = {"approve": "actor", "deny": "actor", "reopen": "actor", "advise": "agent"}.get(move, "casting")
        refusal = self.model.refusal(move, who, self.now) or otherwise
        before = AuditEntry.objects.count()
        try:
            act(self.row(), by=getattr(world, who), at=self.now)
        except Refused as refused:
            why = refused.code
            assert why == refusal, (move, who, why, refusal)
            assert AuditEntry.objects.count() == before + 1
            assert AuditEntry.objects.latest("pk").refused == refusal
        else:
            assert refusal == "", (move, who, refusal)
            assert AuditEntry.objects.count() > before
            self.model.make(move, self.now, **made)

    def round_of(self, request: ReuseRequest, fault: str) -> str:
        return "0" * 64 if fault == "terms-changed" or request.current_terms is None else request.current_terms.sha256

    def answer(self, request: ReuseRequest, fault: str, partly: bool) -> dict[str, Any]:
        """The fields of an approval, with one thing wrong when there is a ``fault``."""
        digest = self.round_of(request, "")
        uses = [use.pk for use in request.current_terms.uses.all()] if request.current_terms else [1]
        uses = uses[:1] if partly else uses
        signer = world.stranger if fault == "proof-of-something-else" else world.actor
        signed = self.now - timedelta(minutes=6) if fault == "proof-too-old" else self.now
        challenge = challenge_for(signer, request.subject, digest, at=signed)
        return {
            "terms_hash": self.round_of(request, fault),
            "use_ids": [] if fault == "no-use-chosen" else uses,
            "typed_name": "Somebody Else" if fault == "name-differs" else "alice  AMES",
            "proof": Proof(challenge, password="wrong" if fault == "wrong-password" else PASSWORD),
        }

    # --- The moves ----------------------------------------------------------------------------------------------------

    @initialize()
    def first_draft(self) -> None:
        self.draft()

    @precondition(lambda self: self.model.state in OVER)
    @rule()
    def draft(self) -> None:
        request = drafting.begin_draft(
            replica=world.replica, project=world.project, draft={}, by=world.casting, at=self.now
        )
        self.pk, self.model = request.pk, Model(represented=self.model.represented, strike=self.model.strike)

    @precondition(lambda self: self.model.state == "draft")
    @rule(who=who_tries, hours=st.sampled_from([47, 48, 49, 72, 120, 24 * 60, 24 * 60 + 1]))
    def send(self, who: str, hours: int) -> None:
        wrong = "window-too-short" if hours < 48 else "window-too-long" if hours > 24 * 60 else ""
        at, terms = self.now + hours * HOUR, self.terms()

        def act(request: ReuseRequest, **who_when: Any) -> None:
            drafting.send(request, terms=terms, answer_by=at, **who_when)

        self.try_move("send", who, act, otherwise=wrong, answer_by=at)

    @rule(
        who=who_tries,
        partly=st.booleans(),
        fault=st.one_of(
            st.just(""),
            st.sampled_from(["terms-changed", "no-use-chosen", "name-differs", "wrong-password", "proof-too-old"]),
            st.just("proof-of-something-else"),
        ),
    )
    def approve(self, who: str, partly: bool, fault: str) -> None:
        answer, was = self.answer(self.row(), fault, partly), self.model.state
        self.try_move(
            "approve", who, lambda request, **rest: answering.approve(request, **answer, **rest), otherwise=fault
        )
        if was != self.model.state == "approved":  # the same page once more: the proof counted, and so did the answer
            self.try_move("approve", "actor", lambda request, **rest: answering.approve(request, **answer, **rest))
            assert License.objects.get(request=self.pk).decision.approved_uses.count() == len(set(answer["use_ids"]))

    @rule(who=who_tries)
    def deny(self, who: str) -> None:
        self.try_move("deny", who, lambda request, **rest: answering.deny(request, reason="fee", comment="No.", **rest))

    @rule(who=who_tries)
    def reopen(self, who: str) -> None:
        self.try_move("reopen", who, answering.reopen)

    @rule(who=st.one_of(st.sampled_from(["actor", "agent"]), who_tries), stale=st.booleans(), move=st.just("propose"))
    def propose(self, who: str, stale: bool, move: str) -> None:
        self.new_terms("propose", "agent" if who == "right" else who, stale)

    @rule(who=who_tries, stale=st.booleans())
    def counter(self, who: str, stale: bool) -> None:
        self.new_terms("counter", who, stale)

    def new_terms(self, move: str, who: str, stale: bool) -> None:
        fault = "terms-changed" if stale else "too-many-rounds" if self.model.rounds >= 12 else ""
        terms, digest = self.terms(), self.round_of(self.row(), fault)
        action = negotiating.propose if move == "propose" else negotiating.counter
        self.try_move(
            move,
            who,
            lambda request, **rest: action(request, terms=terms, terms_hash=digest, note="Like this?", **rest),
            otherwise=fault,
        )

    @rule(who=who_tries, stale=st.booleans())
    def accept(self, who: str, stale: bool) -> None:
        fault = "terms-changed" if stale else ""
        digest = self.round_of(self.row(), fault)
        self.try_move(
            "accept",
            who,
            lambda request, **rest: negotiating.accept(request, terms_hash=digest, **rest),
            otherwise=fault,
        )

    @rule(who=who_tries, hours=st.sampled_from([-1, 0, 1, 48, 200]))
    def extend(self, who: str, hours: int) -> None:
        until = (self.model.answer_by or self.now) + hours * HOUR
        fault = "not-later" if hours <= 0 else "window-too-short" if until - self.now < 48 * HOUR else ""
        fault = fault or ("window-too-long" if until - self.now > 60 * 24 * HOUR else "")
        self.try_move(
            "extend",
            who,
            lambda request, **rest: negotiating.extend(request, answer_by=until, **rest),
            otherwise=fault,
            answer_by=until,
        )

    @rule(who=who_tries)
    def withdraw(self, who: str) -> None:
        self.try_move("withdraw", who, drafting.withdraw)

    @rule(who=st.sampled_from(PEOPLE))
    def ask(self, who: str) -> None:
        side = {"actor": "actor", "agent": "agency"}.get(who, "licensee")
        self.try_move("ask", who, lambda request, **rest: conversing.ask(request, body="When?", side=side, **rest))

    @rule(who=who_tries)
    def advise(self, who: str) -> None:
        self.try_move("advise", who, lambda request, **rest: conversing.advise(request, body="Take it.", **rest))

    # --- The world ----------------------------------------------------------------------------------------------------

    @rule()
    def part_ways_or_begin(self) -> None:
        bond = Representation.objects.filter(state=BondState.ACTIVE).first()
        if bond:
            end_representation(bond, by=world.agent, at=self.now)
        else:
            represent(world.agency, world.profile)
        self.model.represented = not bond

    @rule(step=st.sampled_from([timedelta(microseconds=1), HOUR / 6, 5 * HOUR, 30 * HOUR, 24 * 9 * HOUR]))
    def time_passes(self, step: timedelta) -> None:
        self.now += step

    @precondition(lambda self: self.model.state in WAITING)
    @rule(micro=st.sampled_from([-1, 0, 1]))
    def time_comes_to_the_deadline(self, micro: int) -> None:
        moment = self.model.answer_by + timedelta(microseconds=micro)  # type: ignore[operator]
        assume(moment >= self.now)
        self.now = moment

    @precondition(lambda self: not self.model.strike and not self.model.stopped)
    @rule()
    def strike_begins(self) -> None:
        self.strike = striking.set_strike(agreement=TV, starts_at=self.now, by=world.staff, at=self.now)
        self.model.strike_begins(self.now)

    @precondition(lambda self: self.model.strike and self.model.strike < self.now)
    @rule()
    def strike_ends(self) -> None:
        striking.lift_strike(self.strike, ends_at=self.now, why="Over.", shown=1, by=world.staff, at=self.now)
        self.model.strike_ends(self.now)

    @rule()
    def clock_sweeps(self) -> None:
        before, entries = self.row(), AuditEntry.objects.count()
        sweeping.note_deliveries(at=self.now)
        while holding.hold_due(by=None, at=self.now):
            pass
        while holding.release_due(by=None, at=self.now):
            pass
        while sweeping.lapse_due(by=None, at=self.now):
            pass
        while sweeping.remind_due(by=None, at=self.now):
            pass
        self.model.sweep(self.now)
        after = self.row()
        moved = (before.state, before.reminded, before.held_for) != (after.state, after.reminded, after.held_for)
        assert (AuditEntry.objects.count() > entries) == moved

    @precondition(lambda self: self.model.state in {*WAITING, "held"} and not self.model.delivered)
    @rule()
    def first_letter_arrives(self) -> None:
        letters = Delivery.objects.filter(notification__subject_id=self.pk, notification__kind="request-received")
        if letters.filter(state=DeliveryState.QUEUED).update(state=DeliveryState.SENT, sent_at=self.now):
            sweeping.note_deliveries(at=self.now)
        else:  # called off, because the terms changed before it went
            sweeping.mark_seen(self.row(), by=world.actor, at=self.now)
        self.model.deliver(self.now)

    @rule(move=st.sampled_from(["approve", "deny", "withdraw", "reopen", "lapse", "hold"]), position=st.integers(0, 30))
    def crash(self, move: str, position: int) -> None:
        """Somewhere in a move everything stops. Nothing of it may be left; if it got through, it is undone by hand."""
        request = self.row()
        acts: dict[str, Callable[[], Any]] = {
            "approve": lambda: answering.approve(
                request, **self.answer(request, "", False), by=world.actor, at=self.now
            ),
            "deny": lambda: answering.deny(request, by=world.actor, at=self.now),
            "withdraw": lambda: drafting.withdraw(request, by=world.casting, at=self.now),
            "reopen": lambda: answering.reopen(request, by=world.actor, at=self.now),
            "lapse": lambda: sweeping.lapse_due(by=None, at=self.now),
            "hold": lambda: holding.hold_due(by=None, at=self.now),
        }
        before = AuditEntry.objects.count()
        with transaction.atomic():
            try:
                with connection.execute_wrapper(crash_at(position)):
                    acts[move]()
            except CrashError:
                assert AuditEntry.objects.count() == before
                self.state_is_the_models()
            except Refused:
                pass
            transaction.set_rollback(True)

    # --- What is always true ------------------------------------------------------------------------------------------

    @invariant()
    def state_is_the_models(self) -> None:
        if self.pk:
            row = self.row()
            assert (row.state, row.answer_by) == (self.model.state, self.model.answer_by)
            assert (row.delivered_at is not None) == self.model.delivered

    @invariant()
    def one_decision_stands_for_what_is_over(self) -> None:
        standing = list(Decision.objects.filter(request=self.pk, taken_back_at=None).values_list("outcome", flat=True))
        assert standing == ([self.model.state] if self.model.state in OVER else [])
        assert License.objects.filter(request=self.pk).exists() == (self.model.state == "approved")

    @invariant()
    def trail_grows_and_its_chain_holds(self) -> None:
        for entry in AuditEntry.objects.filter(pk__gt=self.last_entry).order_by("pk"):
            assert entry.previous == self.last_digest
            assert entry.digest == digest_of(entry)
            self.last_digest, self.last_entry = entry.digest, entry.pk

    @invariant()
    def licensee_can_not_tell_a_no_from_silence(self) -> None:
        if self.model.state in {"denied", "lapsed"}:
            told = Notification.objects.filter(recipient=world.casting, subject_id=self.pk).order_by("-pk")
            assert told[0].kind == "request-not-available"
            assert set(told[0].context) == TOLD_TO_LICENSEE
            last = timeline(self.row().subject, side="licensee")[-1]
            assert last.sentence == "The performer is not available."


@pytest.fixture
def people(db: None) -> None:
    """Made once per test; every run goes back to this."""
    global world
    profile, agency, house = make_actor(), make_agency(), make_casting()
    represent(agency, profile)
    world = SimpleNamespace(
        actor=profile.user,
        profile=profile,
        agency=agency,
        agent=agency.memberships.get().user,
        casting=house.memberships.get().user,
        assistant=make_member(house, role=Role.ASSISTANT),
        stranger=make_user("Charlie Stranger"),
        staff=make_staff(),
        replica=make_replica(profile),
        project=make_project(house, agreement=TV),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_the_state_machine_is_exactly_the_written_one(people, part):
    """G5. CI takes 32 runs of up to 50 steps per engine; PROMISES_SCALE=1 takes 500."""
    how = settings(
        max_examples=-(-RUNS // PARTS),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate,),  # shrinking a run of 50 steps takes longer than reading it
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(20270312 + part)(Requests), settings=how)
