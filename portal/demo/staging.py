"""Uses that are asked for in the demo, and the stage on which its stories schedule their moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.actions.signing import Proof, challenge_for
from accounts.models import User
from portal.demo.cast import PASSWORD
from portal.demo.houses import World
from portal.demo.script import Script
from replicas.access.rulebook import rulebook_on
from replicas.actions.answering import approve, deny
from replicas.actions.conversing import advise, ask
from replicas.actions.drafting import begin_draft, send
from replicas.actions.negotiating import accept, counter, propose
from replicas.forms.terms import TermsForm
from replicas.models import Project, Replica, ReuseRequest
from replicas.rules.answering import Side
from replicas.rules.rulebook.facts import Facts, ReplicaFacts, uses_of
from replicas.rules.rulebook.pay import use_floor
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import ReasonSeenBy

CROWD = UseTerms(
    title="Crowd at the harbor fair",
    description="Stands in the crowd behind the ferris wheel in three wide shots, not recognizable in close-up.",
    role="background",
    scenes="12A, 14, 41",
    medium="streaming",
    territory="world",
    starts_on=date.min,
    ends_on=date.max,
    alterations="Clothing color and lighting only.",
    replica_days=3,
    fee=Decimal("693.00"),
)
TRAILER = replace(
    CROWD,
    title="Festival trailer",
    description="The same three shots in the festival trailer, four seconds at most and without a new close-up.",
    scenes="12A",
    medium="trailer",
    replica_days=1,
    fee=Decimal("231.00"),
)
VAN = replace(
    CROWD,
    title="Passer-by at the crossing",
    description="Walks past the van at the crossing at dawn, seen from behind, in two versions of the same film.",
    scenes="Spot A, Spot B",
    medium="commercial",
    territory="us",
    replica_days=2,
    fee=Decimal("1400.00"),
    sensitive=("endorsement",),
    brand="Voltline",
    product_line="Electric vans",
)
DINER = replace(
    CROWD,
    title="Guest in the diner",
    description="Sits at the counter with a cup in the background of the diner scenes; the face is out of focus.",
    scenes="7, 8, 22",
    medium="television",
    territory="us_ca",
    replica_days=2,
    fee=Decimal("462.00"),
)
STADIUM = replace(
    CROWD,
    title="Stadium regular",
    description="One of the regulars in row F who cheers and sits down again; reacts to home runs with stock motion.",
    scenes="All home games",
    medium="game",
    replica_days=4,
    fee=Decimal("924.00"),
)
VOICE = replace(
    CROWD,
    title="Radio voice of the rescue tower",
    description="Speaks eleven scripted lines over the radio as they stand in the blue pages of January 10.",
    role="featured",
    scenes="31–33",
    medium="theatrical",
    alterations="Radio filter and static.",
    replica_days=1,
    fee=Decimal("1283.00"),
)
MUSEUM = replace(
    CROWD,
    title="Figure in the blizzard",
    description="A figure that walks into the white at the far end of the valley, two times, never nearer than 80 m.",
    scenes="4",
    medium="live",
    territory="us_ca",
    replica_days=1,
    fee=Decimal("449.00"),
)
TOLD = "In the end credits."
REASONS = {
    "Harbor Lights": "The harbor fair can't be built again at full size for the night shoot.",
    "Low Tide": "Pick-up shots for scenes whose set was struck in March.",
    "Voltline": "The crossing can't be closed for two mornings in a row.",
    "The Understory": "Filling the lecture hall around the live background we engage.",
    "Night Buses": "Continuity of passengers over episodes that are shot months apart.",
    "Ninth Inning": "Crowds in a game are drawn from replicas only.",
    "Glacier": "The tower scenes were rewritten after the recording week.",
    "Whiteout": "Nobody can be asked to walk that ridge in winter.",
}


@dataclass
class Stage:
    """What a story needs to hand. ``answers`` are written in hours before (or after) its own times."""

    world: World
    projects: dict[str, Project]
    shelf: dict[str, list[Replica]]
    script: Script

    def user(self, name: str) -> User:
        return self.world.users[name]

    def at_five(self, name: str, days: int) -> datetime:
        """17:00 where the actor lives, ``days`` from now: how people set deadlines."""
        zone = self.world.actors[name].user.zone
        return datetime.combine(self.world.now.astimezone(zone).date() + timedelta(days=days), time(17), tzinfo=zone)

    def asks(
        self,
        name: str,
        title: str,
        *uses: UseTerms,
        sent: datetime,
        due: datetime,
        replica: int = 0,
        starts: int = 10,
        days: int = 365,
    ) -> Callable[[], ReuseRequest]:
        """Schedules a request to ``name``; the function returned gives it once it was sent."""
        project = self.projects[title]
        by = project.created_by
        made: list[ReuseRequest] = []
        day = sent.date()
        dated = tuple(
            replace(use, starts_on=day + timedelta(days=starts), ends_on=day + timedelta(days=starts + days))
            for use in at_least_the_floor(uses, self.shelf[name][replica], project, day)
        )
        terms = OfferedTerms(dated, REASONS[title], disclosure=TOLD)

        def move(at: datetime) -> None:
            draft = begin_draft(replica=self.shelf[name][replica], project=project, draft={}, by=by, at=at)
            made.append(send(draft, terms=terms, answer_by=due, by=by, at=at))

        self.script.at(sent, move)

        def current() -> ReuseRequest:
            made[0].refresh_from_db()
            return made[0]

        return current

    def drafts(self, name: str, title: str, use: UseTerms, *, at: datetime) -> None:
        """Schedules a request that is written but not sent."""
        project = self.projects[title]
        day = at.date()
        dated = replace(use, starts_on=day + timedelta(days=30), ends_on=day + timedelta(days=400))
        typed = TermsForm.draft_of(OfferedTerms((dated,), REASONS[title]))

        def move(moment: datetime) -> None:
            begin_draft(replica=self.shelf[name][0], project=project, draft=typed, by=project.created_by, at=moment)

        self.script.at(at, move)

    def says_yes(self, request: Callable[[], ReuseRequest], at: datetime, uses: slice = slice(None)) -> None:
        self.script.at(at, lambda moment: sign(request(), moment, uses))

    def says_no(
        self,
        request: Callable[[], ReuseRequest],
        at: datetime,
        reason: str = "",
        comment: str = "",
        shared: bool = False,
    ) -> None:
        seen_by = ReasonSeenBy.REQUESTER if shared else ReasonSeenBy.AGENT
        self.script.at(
            at,
            lambda moment: deny(
                found := request(), reason=reason, comment=comment, seen_by=seen_by, by=found.actor.user, at=moment
            ),
        )

    def talks(self, request: Callable[[], ReuseRequest], at: datetime, who: str, side: Side, body: str) -> None:
        self.script.at(at, lambda moment: ask(request(), body=body, side=side, by=self.user(who), at=moment))

    def proposes(self, request: Callable[[], ReuseRequest], at: datetime, who: str, fee: str, note: str = "") -> None:
        """The actor's side asks for another fee for the first use."""
        self.script.at(at, lambda moment: propose(**new_fee(request(), fee, note), by=self.user(who), at=moment))

    def counters(self, request: Callable[[], ReuseRequest], at: datetime, who: str, fee: str, note: str = "") -> None:
        self.script.at(at, lambda moment: counter(**new_fee(request(), fee, note), by=self.user(who), at=moment))

    def accepts(self, request: Callable[[], ReuseRequest], at: datetime, who: str) -> None:
        def move(moment: datetime) -> None:
            found = request()
            assert found.current_terms is not None
            accept(found, terms_hash=found.current_terms.sha256, by=self.user(who), at=moment)

        self.script.at(at, move)

    def advises(self, request: Callable[[], ReuseRequest], at: datetime, who: str, body: str) -> None:
        self.script.at(at, lambda moment: advise(request(), body=body, by=self.user(who), at=moment))


def at_least_the_floor(uses: Sequence[UseTerms], replica: Replica, project: Project, day: date) -> list[UseTerms]:
    """The uses with the fees that a union agreement asks for at least; as they are where there is none."""
    book = rulebook_on(day)
    rates = {kind: rate.value for kind, rate in book.rates_of(project.agreement).items()}
    facts = Facts(
        currency="USD", rates=rates, replica=ReplicaFacts(kind=replica.kind, captured_for=replica.captured_for)
    )
    asked = uses_of(OfferedTerms(tuple(uses), ""), project.title)
    floors = [use_floor(facts, use) if book.under_union(project.agreement) else None for use in asked]
    return [replace(use, fee=max(use.fee, floor or use.fee)) for use, floor in zip(uses, floors, strict=True)]


def sign(request: ReuseRequest, at: datetime, uses: slice = slice(None)) -> None:
    """The actor's yes, signed with the demo's password like on the page."""
    user, terms = request.actor.user, request.current_terms
    assert terms is not None
    chosen = list(terms.uses.values_list("pk", flat=True))[uses]
    challenge = challenge_for(user, request.subject, terms.sha256, at=at)
    approve(
        request,
        terms_hash=terms.sha256,
        use_ids=chosen,
        typed_name=user.name,
        proof=Proof(challenge, password=PASSWORD),
        by=user,
        at=at,
    )


def new_fee(request: ReuseRequest, fee: str, note: str) -> dict[str, Any]:
    """The current round with another fee for its first use, as ``propose`` and ``counter`` take it."""
    terms = request.current_terms
    assert terms is not None
    offered = terms.offered()
    first, *rest = offered.uses
    changed = replace(offered, uses=(replace(first, fee=Decimal(fee)), *rest))
    return {"request": request, "terms": changed, "terms_hash": terms.sha256, "note": note}
