"""Two crowds of Nova Casting: one that fills these days, of forty, and one that was filled last week."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from portal.demo.guardians import YOUNG
from portal.demo.staging import CROWD, REASONS, TOLD, Stage, at_least_the_floor, new_fee, sign
from replicas.actions.answering import deny
from replicas.actions.crowds.drafting import begin_crowd, choose_people
from replicas.actions.crowds.keeping import keep_asked
from replicas.actions.crowds.releasing import release
from replicas.actions.negotiating import propose
from replicas.models import Crowd, Replica, ReuseRequest
from replicas.rules.crowds.plan import CrowdPlan
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import DenialReason

PART = timedelta(minutes=2)  # between two answers of one evening
ASIDE = ("Maya Reyes", YOUNG)  # their desks tell other stories
UNDECIDED = ("Lena Kowalski", "Marcus Bell")  # still read it; so they are not among the first who answer
ANSWERED = 36
FAIR = replace(
    CROWD,
    title="Among the fairgoers",
    description="One of the fairgoers between the stalls, in four wide shots at night. Nobody is recognizable in close-up.",
    scenes="14, 15, 18",
    fee=Decimal("693.00"),
)
MARKET = replace(
    CROWD,
    title="At the morning market",
    description="Passes the fish stalls behind the crew, twice and far away; the face is out of focus both times.",
    scenes="Episode 4, scene 9",
    fee=Decimal("462.00"),
    replica_days=2,
)


@dataclass
class Called:
    """One crowd of the script. ``taken`` are the requests that have had their answer, so that nobody answers twice."""

    title: str
    brief: str
    project: str
    use: UseTerms
    made: list[Crowd] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def waiting(self) -> list[ReuseRequest]:
        """Who has not answered yet, in the order they were called."""
        rows = ReuseRequest.objects.filter(crowd=self.made[0], state="open").exclude(pk__in=self.taken)
        return list(rows.select_related("actor__user", "current_terms").order_by("crowd_place__rank"))


def gather(stage: Stage) -> None:
    """The fair still runs: about half have said yes, some no, four ask for more. The market is full."""
    now, ago = stage.world.now, stage.world.ago
    fair = Called(
        "Harbor fair, the crowd at night",
        "You stand among the visitors of a fair at night, between lit stalls, in four wide shots behind the leads. "
        "Nobody is seen closer than ten meters, and nobody speaks.",
        "Harbor Lights",
        FAIR,
    )
    _release(stage, fair, needed=40, margin=4, sent=ago(days=3, hours=2), due=now + timedelta(hours=28), people=0)
    _answer(stage, fair, ago(days=2, hours=9), says_yes, 9)
    _answer(stage, fair, ago(days=2, hours=3), says_no, 5)
    _answer(stage, fair, ago(days=1, hours=8), says_yes, 8)
    _answer(stage, fair, ago(days=1, hours=4), asks_for_more, 3)
    _answer(stage, fair, ago(hours=19), says_no, 3)
    _answer(stage, fair, ago(hours=6), says_yes, 5)
    _answer(stage, fair, ago(hours=3), asks_for_much_more, 1)
    market = Called(
        "Morning market, passers-by",
        "You pass the stalls of a fish market in the early morning, far behind the crew, in two shots.",
        "Low Tide",
        MARKET,
    )
    _release(stage, market, needed=6, margin=3, sent=ago(days=11), due=ago(days=6), people=12, end_moves=True)
    _answer(stage, market, ago(days=10), says_no, 1)
    _answer(stage, market, ago(days=9, hours=20), says_yes, 6)
    stage.script.at(ago(days=9), lambda at: _wants_to_be_kept(market, at))


def _release(
    stage: Stage,
    called: Called,
    *,
    needed: int,
    margin: int,
    sent: datetime,
    due: datetime,
    people: int,
    end_moves: bool = False,
) -> None:
    """Schedules the release of a crowd of everybody, or of the last ``people`` of the cast."""
    project = stage.projects[called.project]
    by = project.created_by

    def move(at: datetime) -> None:
        names = [name for name in stage.world.actors if name not in (*ASIDE, *UNDECIDED)]
        names = [*names[:ANSWERED], *UNDECIDED, *names[ANSWERED:]][-people:]
        replicas = [scan for name in names for scan in _to_be_seen(stage.shelf[name])]
        day = at.date()
        fees = [use.fee for scan in replicas for use in at_least_the_floor((called.use,), scan, project, day)]
        use = replace(called.use, fee=max(fees), starts_on=day + timedelta(days=10), ends_on=day + timedelta(days=375))
        crowd = begin_crowd(project=project, title=called.title, by=by, at=at - timedelta(hours=1))
        choose_people(crowd, replica_ids=[scan.pk for scan in replicas], by=by, at=at - timedelta(minutes=20))
        plan = CrowdPlan(
            title=called.title,
            brief=called.brief,
            needed=needed,
            margin=margin,
            answer_by=due,
            terms=OfferedTerms((use,), REASONS[called.project], disclosure=TOLD),
            band=use.fee + 200,
            end_moves=end_moves,
        )
        called.made.append(release(crowd, plan=plan, by=by, at=at))

    stage.script.at(sent, move)


def _to_be_seen(scans: Sequence[Replica]) -> list[Replica]:
    """The replicas of one person that can stand in a picture."""
    return [scan for scan in scans if scan.body or scan.face]


Answer = Callable[[ReuseRequest, datetime], object]


def _answer(stage: Stage, called: Called, when: datetime, answer: Answer, number: int) -> None:
    """Schedules the same answer of the next few, some minutes apart."""

    def move(at: datetime) -> None:
        for place, request in enumerate(called.waiting()[:number]):
            called.taken.add(request.pk)
            answer(request, at + place * PART)

    stage.script.at(when, move)


def says_yes(request: ReuseRequest, at: datetime) -> None:
    sign(request, at)


def says_no(request: ReuseRequest, at: datetime) -> None:
    deny(request, reason=DenialReason.PRIVATE, by=request.actor.user, at=at)


def asks_for_more(request: ReuseRequest, at: datetime) -> None:
    assert request.current_terms is not None
    fee = str(request.current_terms.total + 107)
    propose(**new_fee(request, fee, "A night shoot pays more here."), by=request.actor.user, at=at)


def asks_for_much_more(request: ReuseRequest, at: datetime) -> None:
    propose(**new_fee(request, "2400.00", "My face sells the town."), by=request.actor.user, at=at)


def _wants_to_be_kept(called: Called, at: datetime) -> None:
    """One who came too late would still come if a place is free."""
    late = ReuseRequest.objects.filter(crowd=called.made[0], state="filled").order_by("crowd_place__rank").first()
    if late is not None:
        keep_asked(late, wanted=True, by=late.actor.user, at=at)
