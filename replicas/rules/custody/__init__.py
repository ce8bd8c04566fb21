"""Who holds a replica: words, the transfer's and the destruction's state machines, and the clock. Pure.

Sources: SAG-AFTRA TV/Theatrical 2026 §39.H (access with a legitimate need), §39.I (transfer; the union answers within
21 days), secondary source; Illinois BIPA, 740 ILCS 14/15(a) (destroy when the purpose is met, at the latest three years
after the last interaction), primary source. Where no law says so, the same periods are the portal's own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from accounts.rules.labeled import Labeled
from accounts.rules.refusal import Refused
from replicas.rules.vocabulary import Agreement

UNION_DAYS = 21  # §39.I: the union answers within 21 days
ANSWER_DAYS = 14  # the actor's window for a transfer; the portal's choice. Silence is no
DESTROY_DAYS = 30  # from the end of the reason to keep it, or from being asked, to the proof
INTERACTION_YEARS = 3  # BIPA §15(a)
SOON_DAYS = 7  # the reminder before the day


class HoldingKind(Labeled):
    ORIGINAL = "original", "Original"
    COPY = "copy", "Copy"


class Ending(Labeled):
    """How somebody stopped holding it. The last two are written by a transfer and by an attestation alone."""

    RETURNED = "returned", "Handed back"
    MISTAKE = "mistake", "Recorded by mistake"
    TRANSFERRED = "transferred", "Passed on"
    DESTROYED = "destroyed", "Destroyed"


RECORDABLE = (Ending.RETURNED, Ending.MISTAKE)


class Party(Labeled):
    """In whose name somebody acts. ``NOTED`` is the actor's side writing down what a holder off the portal did."""

    ACTOR = "actor", "Actor"
    AGENCY = "agency", "Agency"
    HOLDER = "holder", "Holder"
    NOTED = "noted", "Noted for the holder"
    PORTAL = "portal", "Understudy"


class Act(StrEnum):
    """What can be done about a holding, apart from transfers and destruction tasks."""

    RECORD_COPY = "record-copy"
    LOG_ACCESS = "log-access"
    END = "end"
    ASK_TRANSFER = "ask-transfer"
    ASK_DESTRUCTION = "ask-destruction"


class TransferState(Labeled):
    ASKED = "asked", "Waits for the actor"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Not agreed"
    UNION_PENDING = "union_pending", "Waits for the union"
    COMPLETED = "completed", "Passed on"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"


class TransferMove(StrEnum):
    AGREE = "agree"
    REFUSE = "refuse"
    ASK_UNION = "ask-union"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class TaskState(Labeled):
    OPEN = "open", "Due"
    ATTESTED = "attested", "Destroyed, with proof"


class TaskMove(StrEnum):
    ATTEST = "attest"


class TaskReason(Labeled):
    """Why it has to be destroyed."""

    RETENTION = "retention", "The time they may keep it has passed"
    LICENSE = "license", "The license it was kept for has ended"
    INTERACTION = "interaction", "Three years since the last interaction"
    ASKED = "asked", "The purpose is met"
    LEAVING = "leaving", "The performer withdraws the replica altogether"


class Method(Labeled):
    ERASED = "erased", "Erased from all systems and backups"
    OVERWRITTEN = "overwritten", "Overwritten, then erased"
    SHREDDED = "shredded", "The media were physically destroyed"
    KEYS = "keys", "The encryption keys were destroyed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table. ``clock``: ``before`` the state's own deadline, ``after`` (at or past it), ``any`` time."""

    parties: frozenset[Party]
    states: frozenset[str]
    leads_to: str
    clock: str = "any"


def _rule(parties: Collection[Party], states: Collection[str], leads_to: str, clock: str = "any") -> Rule:
    return Rule(frozenset(parties), frozenset(states), leads_to, clock)


_T, _P = TransferState, Party
_HOLDING = (_P.HOLDER, _P.NOTED)
LIVE_TRANSFERS = frozenset({_T.ASKED, _T.AGREED, _T.UNION_PENDING})
TRANSFER_MOVES: dict[TransferMove, Rule] = {
    TransferMove.AGREE: _rule({_P.ACTOR}, {_T.ASKED}, _T.AGREED, "before"),
    TransferMove.REFUSE: _rule({_P.ACTOR}, LIVE_TRANSFERS, _T.REFUSED, "before"),  # a yes can be taken back
    TransferMove.ASK_UNION: _rule(_HOLDING, {_T.AGREED}, _T.UNION_PENDING),
    TransferMove.COMPLETE: _rule(_HOLDING, {_T.AGREED, _T.UNION_PENDING}, _T.COMPLETED, "before"),
    TransferMove.WITHDRAW: _rule(_HOLDING, LIVE_TRANSFERS, _T.WITHDRAWN),
    TransferMove.LAPSE: _rule({_P.PORTAL}, {_T.ASKED, _T.UNION_PENDING}, _T.LAPSED, "after"),
}
TASK_MOVES: dict[TaskMove, Rule] = {TaskMove.ATTEST: _rule(_HOLDING, {TaskState.OPEN}, TaskState.ATTESTED)}

ACTS: dict[Act, frozenset[Party]] = {
    Act.RECORD_COPY: frozenset({_P.ACTOR, _P.AGENCY, _P.HOLDER}),
    Act.LOG_ACCESS: frozenset({_P.HOLDER, _P.NOTED}),
    Act.END: frozenset({_P.HOLDER, _P.NOTED}),
    Act.ASK_TRANSFER: frozenset({_P.HOLDER, _P.NOTED}),
    Act.ASK_DESTRUCTION: frozenset({_P.ACTOR, _P.HOLDER}),
}

TRANSFER_STANDS = {
    _T.ASKED: "This transfer waits for the performer’s answer.",
    _T.AGREED: "The performer has agreed to this transfer.",
    _T.REFUSED: "This transfer was not agreed.",
    _T.UNION_PENDING: "This transfer waits for the union’s answer.",
    _T.COMPLETED: "This transfer is completed.",
    _T.WITHDRAWN: "This transfer was withdrawn.",
    _T.LAPSED: "The time for this transfer ran out, so the answer is no.",
}
NOT_YOURS = "This is not yours to do. Whoever holds it does it, or the performer decides it."


def judge_transfer(
    move: TransferMove, *, state: TransferState, parties: frozenset[Party], at: datetime, due_at: datetime | None
) -> TransferState:
    """The state ``move`` leads to, or Refused.

    ``due_at`` is the deadline of the state it is in: the actor's answer when asked, the union's reply when that is
    pending, else None. At the deadline itself it is too late: silence is no, and it is no approval of the union.
    """
    rule = TRANSFER_MOVES[move]
    if not rule.parties & parties:
        raise Refused("not-yours", NOT_YOURS)
    if state not in rule.states:
        raise Refused(f"already-{state.value}", TRANSFER_STANDS[state])
    late = due_at is not None and at >= due_at
    if rule.clock == "before" and late:
        raise Refused("too-late", TRANSFER_STANDS[_T.LAPSED])
    if rule.clock == "after" and not late:
        raise Refused("too-early", "The time has not run out yet.")
    return TransferState(rule.leads_to)


def judge_task(move: TaskMove, *, state: TaskState, parties: frozenset[Party]) -> TaskState:
    """The state ``move`` leads to, or Refused. Proof counts however late it comes."""
    rule = TASK_MOVES[move]
    if not rule.parties & parties:
        raise Refused("not-yours", NOT_YOURS)
    if state not in rule.states:
        raise Refused(f"already-{state.value}", "The destruction of this was already attested.")
    return TaskState(rule.leads_to)


def judge_act(act: Act, *, parties: frozenset[Party], ended: bool, task_open: bool, transfer_open: bool) -> None:
    """Raises Refused when nobody in whose name the person acts may do this with a holding that stands like this."""
    if not ACTS[act] & parties:
        raise Refused("not-yours", NOT_YOURS)
    if ended:
        raise Refused("holding-ended", "They do not hold it any more.")
    if task_open and act is not Act.LOG_ACCESS:
        if act is Act.ASK_DESTRUCTION:
            raise Refused("already-asked", "Its destruction was asked for already.")
        raise Refused("destruction-due", "It has to be destroyed. Attest that first; nothing else can become of it.")
    if transfer_open and act in (Act.END, Act.ASK_TRANSFER):
        raise Refused("transfer-open", "A transfer of it is under way. Complete or withdraw that first.")


def check_handing_on(*, parties: frozenset[Party], same_holder: bool, licensed: bool) -> None:
    """R24, §39.I: a copy in new hands is a transfer, unless the performer licensed them or writes it down themself."""
    if not parties & {Party.ACTOR, Party.AGENCY} and not same_holder and not licensed:
        raise Refused(
            "needs-transfer",
            "They hold no license for it. Ask for a transfer instead, so that the performer can answer.",
        )


def check_told(told_by: str, parties: frozenset[Party]) -> None:
    """Whoever writes down what a holder did says who told them."""
    if Party.HOLDER not in parties and not told_by.strip():
        raise Refused("told-by-nobody", "Say who told you, so that it can be checked later.")


def check_destroyed_on(day: date, *, since: date, today: date) -> None:
    if day > today:
        raise Refused("destroyed-in-future", "The destruction can’t lie in the future.")
    if day < since:
        raise Refused("destroyed-before", "It was not there yet on that day.")


def check_due_on(day: date, *, today: date) -> None:
    """Whoever is asked gets at least a week, and the performer waits at most a year."""
    if day < today + timedelta(days=SOON_DAYS):
        raise Refused("due-too-soon", f"Give them at least {SOON_DAYS} days.")
    if day > years_after(today, 1):
        raise Refused("due-too-late", "Choose a day within a year.")


def union_decides(agreement: str) -> bool:
    """Whether the union has to approve a new holder: only where the replica was made under a union's agreement."""
    return agreement not in ("", Agreement.NONE)


def check_completion(
    *, agreement: str, state: TransferState, document: str, sha256: str, union_approved_on: date | None, today: date
) -> None:
    """R24: a new holder needs the actor's yes (the state says it), a written assumption, and the union's approval.

    Raises Refused for what is missing. Silence of the union is not approval.
    """
    if not document or not sha256:
        raise Refused("no-assumption", "Name the document in which the new holder takes over the duties, and its hash.")
    if not union_decides(agreement):
        return
    if state is not TransferState.UNION_PENDING:
        raise Refused("union-not-asked", "Ask the union first. It has 21 days to answer.")
    if union_approved_on is None:
        raise Refused("union-silent", "The union has not approved it. Its silence is not approval.")
    if union_approved_on > today:
        raise Refused("union-in-future", "The union’s approval can’t lie in the future.")


# --- The clock (R26) --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What the clock of one holding goes by. Days in the actor's zone.

    ``until``: how long they may keep it. ``license_ended``: the day on which the license it was kept for ended, by the
    calendar or by a revocation; None while it runs or when there is none. ``last_interaction``: the last day on which
    the performer dealt with this holder: entry in the register, a transfer they agreed to, a license's last day. A
    look at the files is not one: else nobody would ever have to destroy anything.
    """

    last_interaction: date
    until: date | None = None
    license_ended: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """``due_on``: the last day for the proof. ``opens_on``: when the task for it opens, ``DESTROY_DAYS`` before."""

    due_on: date
    opens_on: date
    reason: TaskReason


def clock(facts: Facts) -> Clock:
    """The earliest of retention, the license's end (and 30 days to act), and three years after the last interaction."""
    days = [(years_after(facts.last_interaction, INTERACTION_YEARS), TaskReason.INTERACTION)]
    if facts.until is not None:
        days.append((facts.until, TaskReason.RETENTION))
    if facts.license_ended is not None:
        days.append((facts.license_ended + timedelta(days=DESTROY_DAYS), TaskReason.LICENSE))
    due_on, reason = min(days, key=lambda row: row[0])
    return Clock(due_on, due_on - timedelta(days=DESTROY_DAYS), reason)


def fair_due(due_on: date, today: date) -> date:
    """The day a task that opens today is due: nobody is late with what they were never asked."""
    return due_on if due_on >= today else today + timedelta(days=DESTROY_DAYS)


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; of Feb 29, Feb 28: “within three years” must not become a day more."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_overdue(*, state: str, due_at: datetime, at: datetime) -> bool:
    """From the moment after the due day's last, in the actor's zone, whether or not a sweep has run."""
    return state == TaskState.OPEN and at >= due_at


def in_illinois(*places: str) -> bool:
    """Whether one of the places is in Illinois, as people write it: “Chicago”, “Springfield, IL”, “Illinois”."""
    for place in places:
        words = place.replace(",", " ").split()
        if "IL" in words or {"illinois", "chicago"} & {word.casefold() for word in words}:
            return True
    return False


def clock_words(last_interaction: date, until: date | None, places: Collection[str]) -> tuple[date, str]:
    """By when it has to be gone at the latest, and why, in words, with the source of the period."""
    now = clock(Facts(last_interaction, until))
    if now.reason is TaskReason.RETENTION:
        return now.due_on, "the day agreed"
    if in_illinois(*places):
        return now.due_on, "three years after the last interaction (Illinois BIPA, 740 ILCS 14/15(a))"
    return now.due_on, "three years after the last interaction (the portal’s own rule)"


class Reminded:
    """How far reminders of a task have gone: each of the two goes out at most once."""

    NONE, SOON, OVERDUE = 0, 1, 2


def task_reminder(*, reminded: int, due_at: datetime, at: datetime) -> tuple[int, datetime | None]:
    """The reminder now due (or ``NONE``) and when to look again (None: never). Only the later of two that are due."""
    soon = due_at - timedelta(days=SOON_DAYS)
    if at >= due_at:
        return (Reminded.OVERDUE if reminded < Reminded.OVERDUE else Reminded.NONE), None
    if at >= soon:
        return (Reminded.SOON if reminded < Reminded.SOON else Reminded.NONE), due_at
    return Reminded.NONE, soon
