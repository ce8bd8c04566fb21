"""Everything one request's page shows, read for one viewer: at most a dozen queries, fewer where there is less."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from django.db.models import Exists, OuterRef
from django.http import Http404

from accounts.audit import timeline
from accounts.audit.timeline import Told
from accounts.models import Notification, User
from accounts.rules.references import read_reference
from agencies.access import Desk, who_decides
from replicas.access.facts import judging_facts
from replicas.access.guardrails import in_force_on, standing_rules
from replicas.access.requests import requests_seen_by
from replicas.access.seats import seat_of
from replicas.access.signatures import Signing, signing_of
from replicas.models import (
    Advice,
    Attachment,
    CrowdPlace,
    Decision,
    GuardianSignature,
    License,
    Message,
    Preview,
    ReuseRequest,
    StrikePeriod,
    Terms,
)
from replicas.models.request import RequestQuerySet
from replicas.rules.answering import OVER, Move, RequestState, Side
from replicas.rules.guardrails.judging import judge_uses
from replicas.rules.showing import TermsShown, shown, terms_of
from replicas.rules.states import Facts, Standing, moves, proposer, standing, true_state
from replicas.rules.terms import Change, OfferedTerms, differences
from replicas.rules.vocabulary import DenialReason, ReasonSeenBy
from replicas.rules.wording import Part, ask_in_parts, moment_words, possessive


@dataclass(frozen=True)
class Round:
    """One frozen round and what it changed in the one before. ``by_us`` when the viewer's side put it forward."""

    number: int
    side: Side
    by: str
    at: datetime
    note: str
    changes: Sequence[Change]


@dataclass
class RequestPage:
    """One request before one viewer's eyes. ``side`` is whose page it is; ``may_act`` false for an assistant and for
    a minor, who may still ask."""

    request: ReuseRequest
    viewer: User
    side: Side
    may_act: bool
    at: datetime
    decision: Decision | None = None
    agencies: list[int] = field(default_factory=list)

    @property
    def is_actor(self) -> bool:
        return self.side is Side.ACTOR

    @property
    def is_licensee(self) -> bool:
        return self.side is Side.LICENSEE

    @property
    def is_agency(self) -> bool:
        return self.side is Side.AGENCY

    @property
    def is_performer(self) -> bool:
        """Whether the viewer is the performer in person, and not somebody who answers for them."""
        return self.request.actor.user_id == self.viewer.pk

    @cached_property
    def signing(self) -> Signing:
        """How far the guardians' yes has come; nothing for an adult."""
        return signing_of(self.request, at=self.at)

    @property
    def my_signature(self) -> GuardianSignature | None:
        """The viewer's own, where another guardian's is missing."""
        return self.signing.by(self.viewer)

    @property
    def who_decides(self) -> str:
        """“Maya”, or “a guardian of Maya”: who alone says yes."""
        return who_decides(self.request.actor, self.at)

    @property
    def has_unread(self) -> bool:
        """Whether the viewer has notices about it that they have not read."""
        return getattr(self.request, "has_unread", False)

    @property
    def is_draft(self) -> bool:
        return self.request.state == RequestState.DRAFT

    @property
    def asked(self) -> str:
        """Who asked, and when."""
        if self.request.sent_at is None:
            return "not sent"
        if self.tells_only_the_yes:
            return f"asked as one of crowd {self.request.crowd}"
        when = moment_words(self.request.sent_at, self.viewer.zone)
        return f"asked by {self.request.sent_by}, sent {when}"

    @property
    def is_unnamed(self) -> bool:
        """Whether the people who asked do not know yet whose page this is."""
        return self.request.is_hidden_from_house

    @property
    def tells_only_the_yes(self) -> bool:
        """Whether the viewer reads nothing of the time before the answer: when somebody was called into an anonymous
        crowd would tell its house when somebody else said no (docs/decisions/0012)."""
        return self.is_licensee and self.request.crowd is not None and self.request.crowd.anonymous

    @property
    def terms(self) -> Terms | None:
        return self.request.current_terms

    @cached_property
    def offered(self) -> OfferedTerms | None:
        return self.terms.offered() if self.terms else None

    @property
    def license(self) -> License | None:
        return getattr(self.decision, "license", None)

    @cached_property
    def standing(self) -> Standing:
        return standing(self.facts)

    @cached_property
    def state(self) -> RequestState:
        return true_state(self.facts)

    @cached_property
    def moves(self) -> set[Move]:
        """What the page offers: the moves of this side, from the true state, right now. A minor may ask."""
        may_only_ask = self.is_actor and self.is_performer and not self.may_act
        offered = moves(
            self.state,
            self.side,
            may_act=self.may_act or may_only_ask,
            at=self.at,
            answer_by=self.request.answer_by,
            strike=self.facts.strike,
            over_as=self.facts.over_as,
        )
        if may_only_ask:
            return offered & {Move.ASK}
        of_another = self.decision is not None and self.decision.by_id != self.viewer.pk
        return offered - {Move.REOPEN} if of_another and self.request.actor.is_minor(self.at) else offered

    def may(self, move: Move) -> bool:
        return move in self.moves

    @cached_property
    def sentence(self) -> list[Part]:
        """The one plain sentence, from this side's point of view."""
        return self.sentence_of(self.offered) if self.offered else []

    def sentence_of(self, offered: OfferedTerms) -> list[Part]:
        """The sentence over these terms, which may be the uses somebody chose alone."""
        whose = "your" if self.is_actor and self.is_performer else possessive(self.request.actor.stage_name)
        return ask_in_parts(
            self.request.organization.name,
            self.request.replica.name,
            self.request.project.title,
            offered,
            whose=whose,
            proposed_by=proposer(self.facts) if self.state == RequestState.COUNTERED else "",
        )

    def shown(self, answers: dict[str, str] | None = None) -> TermsShown | None:
        """The terms in words; ``answers`` is what is chosen so far, by the use's id."""
        if self.terms is None or self.offered is None:
            return None
        keys = [use.pk for use in self.terms.uses.all()]
        their = "you" if self.is_actor and self.is_performer else "the performer"
        whose = "Your rules" if their == "you" else "Their rules"
        return shown(
            self.offered,
            keys=keys,
            answers=answers,
            their=their,
            whose_rules=whose if self.never else "",
            never=self.never,
        )

    @cached_property
    def never(self) -> list[list[str]]:
        """The performer's standing rules of now against each use, as phrases. Empty for the people who asked, and once
        nothing can be approved any more."""
        if self.is_licensee or self.offered is None or not self.request.is_waiting:
            return []
        rules, voiced = in_force_on(self.request, self.request.actor).rules, self.request.replica.voice
        return [[ruling.phrase for ruling in ruled] for ruled in judge_uses(rules, self.offered, voiced=voiced)]

    @property
    def ruled_out(self) -> list[str]:
        """The uses that standing rules forbid, by name."""
        assert self.offered is not None
        return (
            [use.title for use, never in zip(self.offered.uses, self.never, strict=True) if never] if self.never else []
        )

    @property
    def house_ruled_out(self) -> bool:
        """Whether the actor will not work for who asks. For their own eyes."""
        if not self.is_actor or not self.request.is_waiting:
            return False
        return self.request.organization_id in in_force_on(self.request, self.request.actor).rules.blocked

    @cached_property
    def facts(self) -> Facts:
        request, decision = self.request, self.decision
        license_ = self.license
        return Facts(
            state=RequestState(request.state),
            side=self.side,
            viewer_decided=bool(decision and decision.by_id == self.viewer.pk),
            actor=request.actor.stage_name,
            organization=request.organization.name,
            answer_by=request.answer_by,
            at=self.at,
            zone=self.viewer.zone,
            sent_at=request.sent_at,
            decided_at=request.decided_at or (request.crowd.over_at if request.crowd and request.over_as else None),
            decided_by=(decision.signed_as or str(decision.by)) if decision and decision.by else "",
            delivered=request.delivered_at is not None,
            undelivered=request.undelivered_at is not None,
            proposed_by=self.terms.side if self.terms else "",
            answers=self.may_act or not self.is_actor,
            round_number=self.terms.number if self.terms else 1,
            uses=len(self.terms.document["uses"]) if self.terms else 0,
            approved=len(license_.document["uses"]) if license_ else 0,
            license=license_.ref if license_ else "",
            shared_reason=self._shared_reason(),
            withdrawn_because=self._withdrawn_because(),
            turn=Side(request.turn),
            strike=self.strike.value if self.strike else None,
            held_at=self._held_at(),
            over_as=request.over_as,
            keeps_asked=self.keeps_asked,
        )

    def _withdrawn_because(self) -> str:
        """The house's own words: of this request, or of the whole crowd while its end is being written."""
        decision, crowd = self.decision, self.request.crowd
        if decision is not None:
            return decision.comment if decision.outcome == RequestState.WITHDRAWN else ""
        return crowd.closing_message if crowd and self.request.over_as == RequestState.WITHDRAWN else ""

    @property
    def keeps_asked(self) -> bool:
        """Whether they came too late for a crowd and agreed to be asked if a place comes free."""
        return getattr(self.request, "keeps_asked", False)

    @cached_property
    def may_keep_asked(self) -> bool:
        """Whether the page offers that choice: to who decides, once the crowd is filled without their answer."""
        return self.is_actor and self.may_act and self.state == RequestState.FILLED

    @cached_property
    def strike(self) -> StrikePeriod | None:
        """The strike that has stopped the clock by now, held or not yet. No query where there is none."""
        held = self.request.strike_id if self.request.is_held else getattr(self.request, "struck_by", None)
        strike = StrikePeriod.objects.get(pk=held) if held else None
        return strike if strike and (self.request.is_undecided or strike.value.stands(self.at)) else None

    def _held_at(self) -> datetime | None:
        opened_at = self.request.opened_at
        if self.request.held_at or self.strike is None or opened_at is None:
            return self.request.held_at
        return max(self.strike.starts_at, opened_at)

    def _shared_reason(self) -> str:
        """What the actor said and let the people who asked know."""
        decision = self.decision
        if decision is None or decision.outcome != RequestState.DENIED or decision.seen_by != ReasonSeenBy.REQUESTER:
            return ""
        return reason_in_words(decision)

    @cached_property
    def own_reason(self) -> str:
        """The reason of a denial, for the actor and their agency."""
        decision = self.decision
        if self.is_licensee or decision is None or decision.outcome != RequestState.DENIED:
            return ""
        return reason_in_words(decision)

    @cached_property
    def rounds(self) -> list[Round]:
        """Every round after the first, newest first, each with what it changed. One query, none for a first round."""
        if self.terms is None or self.terms.number == 1:
            return []
        found = list(self.request.rounds.select_related("put_by").order_by("number"))
        offered = [terms_of(terms.document) for terms in found]
        rounds = [
            Round(terms.number, Side(terms.side), str(terms.put_by), terms.created_at, terms.note, differences(*pair))
            for terms, pair in zip(found[1:], pairwise(offered), strict=True)
        ]
        return rounds[::-1]

    def changes_since(self, terms_hash: str) -> list[Change]:
        """What changed between the round that was shown and the present one. Empty for a hash of no earlier round."""
        before = self.request.rounds.filter(sha256=terms_hash).first() if terms_hash else None
        if before is None or self.offered is None:
            return []
        return differences(terms_of(before.document), self.offered)

    @cached_property
    def advice(self) -> list[Advice]:
        """The agent's notes, newest first: for the actor, and for the agency that wrote them. Nobody else."""
        if self.is_licensee or not getattr(self.request, "has_advice", True):
            return []
        notes = Advice.objects.filter(request=self.request).select_related("by", "agency").order_by("-id")
        return list(notes.filter(agency__in=self.agencies) if self.is_agency else notes)

    @cached_property
    def messages(self) -> list[Message]:
        if not getattr(self.request, "has_messages", True):
            return []
        return list(Message.objects.filter(request=self.request).select_related("by").order_by("id"))

    @cached_property
    def attachments(self) -> list[Attachment]:
        if not getattr(self.request, "has_attachments", True):
            return []
        return list(Attachment.objects.filter(request=self.request).order_by("id"))

    @cached_property
    def preview(self) -> Preview | None:
        """The replica's first picture."""
        if not getattr(self.request, "has_preview", True):
            return None
        return Preview.objects.filter(replica=self.request.replica_id).order_by("position", "id").first()

    @cached_property
    def history(self) -> list[Told]:
        told = timeline(self.request.subject, side=self.side)
        since = self.request.decided_at
        return [one for one in told if since and one.at >= since] if self.tells_only_the_yes else told


def reason_in_words(decision: Decision) -> str:
    """“The fee. “Too little for two days.””, or nothing where nothing was said."""
    known = dict(DenialReason.choices())
    reason = f"Reason: {known[decision.reason]}." if decision.reason in known else ""
    return f"{reason} “{decision.comment}”".strip() if decision.comment else reason


def get_page(user: User, desk: Desk, ref: str, *, at: datetime) -> RequestPage:
    """One request's page for whoever may see it. Raises Http404 for a stranger and for what does not exist alike."""
    has = {
        "has_advice": Advice.objects.filter(request=OuterRef("pk")),
        "has_messages": Message.objects.filter(request=OuterRef("pk")),
        "has_attachments": Attachment.objects.filter(request=OuterRef("pk")),
        "keeps_asked": CrowdPlace.objects.filter(request=OuterRef("pk"), keep_asked=True),
        "has_preview": Preview.objects.filter(replica=OuterRef("replica")),
        "has_unread": Notification.objects.filter(
            recipient=user, subject_type="request", subject_id=OuterRef("pk"), read_at__isnull=True, in_inbox=True
        ),
    }
    request = (
        requests_seen_by(user)
        .filter(ref=read_reference(ref))
        .select_related("actor__user", "project", "organization", "replica", "sent_by", "current_terms", "crowd")
        .prefetch_related("current_terms__uses")
        .annotate(**{name: Exists(rows) for name, rows in has.items()}, **standing_rules(), **judging_facts(at))
        .annotate(struck_by=RequestQuerySet.struck_by(at))
        .first()
    )
    if request is None:
        raise Http404
    side, may_act, agencies = seat_of(user, desk, request)
    decision = _decision(request) if request.state in OVER else None
    return RequestPage(request, user, side, may_act, at, decision, agencies)


def _decision(request: ReuseRequest) -> Decision | None:
    standing_one = Decision.objects.filter(request=request, taken_back_at__isnull=True)
    return standing_one.select_related("by", "license").first()
