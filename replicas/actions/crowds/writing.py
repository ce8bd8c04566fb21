"""Writing the requests of a crowd, many with a few statements. They are drafts until somebody opens them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Subquery

from accounts.audit.recording import Happening
from replicas.actions.crowds.judging import Judged
from replicas.actions.guardrails import remember_all
from replicas.actions.rounds import a_round, parties_of, uses_in
from replicas.models import Crowd, CrowdPlace, ReuseRequest, Terms, Use
from replicas.rules.answering import RequestState, Side
from replicas.rules.crowds import PlaceState
from replicas.rules.events import Event
from replicas.rules.terms import OfferedTerms, document


def write(crowd: Crowd, judged: Sequence[Judged], terms: OfferedTerms, *, at: datetime) -> list[Happening]:
    """A draft for everybody judged, with its first round for who can be asked; the places say which of the two.

    What guardrails refused is kept for its performers. Returns the refusals for the trail; record them last. Needs
    ``crowd.sent_by``. About twelve statements for each 500.
    """
    asked = [one for one in judged if one.refusal is None]
    _note_rules(asked)
    ReuseRequest.objects.bulk_create([one.request for one in judged])
    _write_rounds(crowd, asked, terms, at=at)
    return rule_out(crowd, [one for one in judged if one.refusal is not None])


def judged_anew(judged: Sequence[Judged]) -> None:
    """By which rules these were judged, where they were set after their requests were written."""
    _note_rules(judged)
    ReuseRequest.objects.bulk_update([one.request for one in judged], ["guardrails", "guardrails_judged"])


def _note_rules(judged: Sequence[Judged]) -> None:
    for one in judged:
        one.request.guardrails_id = one.in_force.version_id
        one.request.guardrails_judged = one.in_force.judged


def _write_rounds(crowd: Crowd, asked: Sequence[Judged], terms: OfferedTerms, *, at: datetime) -> None:
    """The same offer in each one's own document, and the place of each that leads to it."""
    if not asked:
        return
    assert crowd.sent_by is not None
    offer = document(terms, parties={})
    rounds = [
        a_round(
            one.request,
            terms,
            {**offer, **parties_of(one.request), "round": 1},
            judged=one.rules,
            side=Side.LICENSEE,
            by=crowd.sent_by,
            at=at,
        )
        for one in asked
    ]
    Terms.objects.bulk_create(rounds)
    Use.objects.bulk_create([use for frozen in rounds for use in uses_in(frozen, terms)])
    own = ReuseRequest.objects.filter(crowd=OuterRef("crowd"), actor=OuterRef("actor")).values("pk")
    CrowdPlace.objects.filter(pk__in=[one.place.pk for one in asked]).update(
        state=PlaceState.ASKED, request=Subquery(own)
    )
    for one, frozen in zip(asked, rounds, strict=True):
        one.request.current_terms = frozen


def rule_out(crowd: Crowd, refused: Sequence[Judged]) -> list[Happening]:
    """Nobody of these is asked, now or later; their drafts stay what was tried. Returns the refusals for the trail."""
    CrowdPlace.objects.filter(pk__in=[one.place.pk for one in refused]).update(state=PlaceState.RULED_OUT, request=None)
    if outside := [one.outside for one in refused if one.outside]:
        remember_all(outside, at=refused[0].request.created_at)
    # In nobody's name: whoever released the crowd would read in their own history who was not asked.
    return [
        Happening(
            Event.REQUEST_SENT_IN_CROWD,
            one.request.subject,
            refused=one.refusal.code,
            data={"crowd": crowd.ref, "sentence": one.refusal.sentence},
        )
        for one in refused
        if one.refusal is not None
    ]


def open_all(crowd: Crowd, request_ids: Sequence[int] | None, *, answer_by: datetime, at: datetime) -> int:
    """Puts written drafts before their performers, each with its first round: those named, or (None) everybody's whose
    place is asked. One statement; how many."""
    drafts = ReuseRequest.objects.filter(crowd=crowd, state=RequestState.DRAFT)
    if request_ids is None:
        # By the place's own index: thousands of rows that no statistics know yet would else be compared each with each.
        drafts = drafts.filter(Exists(CrowdPlace.objects.filter(request=OuterRef("pk"), state=PlaceState.ASKED)))
    else:
        drafts = drafts.filter(pk__in=request_ids)
    first = Terms.objects.filter(request=OuterRef("pk"), number=1).values("pk")
    return drafts.update(
        current_terms=Subquery(first),
        state=RequestState.OPEN,
        turn=Side.ACTOR,
        version=F("version") + 1,
        sent_by=crowd.sent_by_id,
        sent_at=at,
        opened_at=at,
        answer_by=answer_by,
        changed_at=at,
    )
