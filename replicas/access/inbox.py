"""The inbox: what lies on one desk, by what it needs. The same few queries for one row and for fifty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.access.counting import completed, counted
from accounts.access.keyset import KeysetPage, keyset_page
from accounts.rules.references import read_reference
from agencies.access import Desk, who_decides
from replicas.access.requests import requests_of
from replicas.models import Preview, ReuseRequest, Terms, Use
from replicas.rules.answering import RequestState, Side
from replicas.rules.inbox import NAMED, SOON, Pile, Urgent, piles_of
from replicas.rules.money import amount
from replicas.rules.showing import terms_of
from replicas.rules.wording import Part, ask_in_parts, possessive

PAGE = 50
DUE_SOON = "due soon"
GROUPS = {"person": ("who", "actor_id"), "production": ("title", "project_id")}
COLUMNS = (
    *("id", "ref", "state", "turn", "answer_by", "sent_at", "decided_at", "changed_at", "actor_id", "project_id"),
    *("delivered_at", "undelivered_at", "crowd_id"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many lie on each pile, and how many of those that need an answer are due within 24 hours."""

    piles: dict[str, int]
    soon: int


@dataclass(slots=True)
class Row:
    """One line of the list, its words ready to print. ``due`` is set while somebody still has to answer."""

    ref: str
    name: str
    picture: str
    project: str
    use: str
    fee: str
    round: int
    turn: str
    due: datetime | None
    when: datetime | None
    badge: str
    undelivered: bool
    in_crowd: bool = False
    group: str = ""
    in_group: int = 0


@dataclass(frozen=True, slots=True)
class Detail:
    """The request in the second pane."""

    request: ReuseRequest
    terms: Terms
    sentence: Sequence[Part]
    fee: str
    who_decides: str


def counts_of(desk: Desk, *, at: datetime) -> Counts:
    """Counts per pile. One query; another one once a minute for a desk where a pile is high (``access.counting``)."""
    piles = piles_of(desk.kind)
    sent, soon = _sent(desk), Q(answer_by__gt=at, answer_by__lte=at + SOON)
    parts = {pile.key: sent.filter(state__in=pile.states) for pile in piles}
    parts[DUE_SOON] = parts[piles[0].key].filter(soon)
    found = completed(counted(parts), f"inbox:{desk.place}", lambda: _every_count(sent, piles, soon))
    return Counts({pile.key: found[pile.key] for pile in piles}, found[DUE_SOON])


def _every_count(sent: QuerySet[ReuseRequest], piles: Sequence[Pile], soon: Q) -> dict[str, int]:
    rows = sent.order_by().values("state").annotate(number=Count("pk"), soon=Count("pk", filter=soon))
    by_state = {row["state"]: row for row in rows}
    numbers = {pile.key: sum(by_state[state]["number"] for state in pile.states if state in by_state) for pile in piles}
    return {**numbers, DUE_SOON: sum(by_state[state]["soon"] for state in piles[0].states if state in by_state)}


def rows_on(desk: Desk, pile: Pile, *, query: QueryDict, by: str = "due", group: str = "") -> KeysetPage[Any]:
    """One page of a pile as :class:`Row`. ``by`` is due or received, ``group`` "", person or production. One query."""
    first = "-sent_at" if by == "received" and pile.key != "drafts" else pile.order
    order: tuple[str, ...] = (first, "-id" if first.startswith("-") else "id")
    if group:
        order = (*GROUPS[group], *order)
    rows = _with_words(_sent(desk).filter(state__in=pile.states), desk)
    if group:
        rows = rows.annotate(in_group=_group_size(desk, pile, group))
    page = keyset_page(rows, order=order, size=PAGE, query=query)
    return KeysetPage([_row(item, desk, group) for item in page.items], page.previous_url, page.next_url)


def urgent_on(desk: Desk, *, at: datetime) -> list[Urgent]:
    """The first few that are due within 24 hours. One query."""
    rows = _sent(desk).filter(state__in=piles_of(desk.kind)[0].states, answer_by__gt=at, answer_by__lte=at + SOON)
    name = "organization__name" if desk.kind == "actor" else "actor__stage_name"
    found = rows.order_by("answer_by", "id").values_list(name, "answer_by", "ref")[:NAMED]
    return [Urgent(who if desk.kind == "actor" else who.split(" ")[0], due, ref) for who, due, ref in found]


def opened_on(desk: Desk, ref: str) -> Detail:
    """The request of an agency's second pane. Raises Http404 for one that is not on this desk. One query.

    For agencies alone: it shows the state as it is, which the people who asked may not read.
    """
    found = (
        _sent(desk)
        .filter(ref=read_reference(ref), current_terms__isnull=False)
        .select_related("actor__user", "project", "organization", "replica", "current_terms")
        .first()
    )
    if found is None or found.current_terms is None:
        raise Http404
    offered = terms_of(found.current_terms.document)
    whose = "your" if desk.kind == "actor" else possessive(found.actor.stage_name)
    countered = found.state == RequestState.COUNTERED
    proposed_by = _proposer(desk, found.actor.stage_name, found.current_terms.side) if countered else ""
    parts = ask_in_parts(
        found.organization.name, found.replica.name, found.project.title, offered, whose=whose, proposed_by=proposed_by
    )
    fee = amount(offered.total, offered.currency)
    return Detail(found, found.current_terms, parts, fee, who_decides(found.actor, timezone.now()))


def _proposer(desk: Desk, actor: str, side: str) -> str:
    """Who put the terms forward, as this desk says it."""
    if side == Side.AGENCY:
        return "Your agency"
    return "You" if desk.kind == "actor" else actor


def _sent(desk: Desk) -> QuerySet[ReuseRequest]:
    """The desk's requests without drafts that were thrown away: nobody was asked."""
    return requests_of(desk).exclude(state=RequestState.WITHDRAWN, sent_at__isnull=True)


def _group_size(desk: Desk, pile: Pile, group: str) -> Subquery:
    column = GROUPS[group][1]
    same = _sent(desk).filter(state__in=pile.states, **{column: OuterRef(column)}).order_by()
    return Subquery(same.values(column).annotate(number=Count("pk")).values("number"), output_field=IntegerField())


def _with_words(rows: QuerySet[ReuseRequest], desk: Desk) -> QuerySet[ReuseRequest, dict[str, Any]]:
    uses = Use.objects.filter(terms=OuterRef("current_terms"))
    named: dict[str, Any] = {
        "who": F("organization__name" if desk.kind == "actor" else "actor__stage_name"),
        "title": F("project__title"),
        "total": F("current_terms__total"),
        "currency": F("current_terms__currency"),
        "number": F("current_terms__number"),
        "use": Subquery(uses.filter(position=0).values("title")[:1]),
        "last_use": Subquery(uses.order_by("-position").values("position")[:1]),
    }
    if desk.kind != "actor":
        packed = Concat("key", Value(" "), Cast("width", CharField(max_length=6)), output_field=CharField())
        first = Preview.objects.filter(replica=OuterRef("replica")).order_by("position", "id")
        named["picture"] = Subquery(first.values(found=packed)[:1])
    return rows.values(*COLUMNS, **named)


def _row(item: dict[str, Any], desk: Desk, group: str) -> Row:
    licensee = desk.kind == "casting"
    state = RequestState(item["state"])
    waiting = state in (RequestState.OPEN, RequestState.COUNTERED)
    refused = licensee and state in (RequestState.DENIED, RequestState.LAPSED, RequestState.FILLED)
    more = item["last_use"] or 0
    use = f"{item['use']} and {more} more" if more else item["use"] or "not written yet"
    return Row(
        ref=item["ref"],
        name=item["who"],
        picture=item.get("picture") or "",
        project=item["title"],
        use=use,
        fee=amount(item["total"], item["currency"]) if item["total"] is not None else "",
        round=item["number"] or 1,
        turn=_turn(item, desk) if waiting else "",
        due=item["answer_by"] if waiting else None,
        when=None if waiting else item["sent_at"] if refused else item["decided_at"] or item["changed_at"],
        badge="not_available" if refused else state.value,
        undelivered=item["undelivered_at"] is not None and item["delivered_at"] is None and waiting,
        in_crowd=item["crowd_id"] is not None,
        group={"person": item["who"], "production": item["title"]}.get(group, ""),
        in_group=item.get("in_group") or 0,
    )


def _turn(item: dict[str, Any], desk: Desk) -> str:
    """Whose move it is, from this desk."""
    if item["turn"] == Side.LICENSEE:
        return "your turn" if desk.kind == "casting" else "their turn"
    if desk.kind == "actor":
        return "your turn"
    return f"{item['who'].split(' ')[0]}’s turn"
