"""Claiming a scan nobody explained: written down in private, read as a letter, sent, and what came of it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.keyset import keyset_page
from accounts.audit import timeline
from accounts.notifications.actions import mark_read
from accounts.rules.refusal import Refused
from accounts.views.once import once_per_form
from accounts.views.responses import see_other
from agencies.views.viewer import ViewerRequest
from replicas.access import claims as access
from replicas.actions import claims as acts
from replicas.forms.claims import AddressForm, AnswerForm, DisputeForm, FactsForm, SendForm
from replicas.forms.replicas import NewReplicaForm
from replicas.models import ScanClaim
from replicas.papers.letters import letter_pdf
from replicas.rules.claim_standing import ClaimShown, ClaimStanding, standing
from replicas.rules.claiming import ClaimMove, ClaimSide, ClaimState, Outcome, missing, missing_facts, moves
from replicas.rules.letters import BASES, Basis, digest

PAGE = 30
FORM = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@once_per_form
@FORM
def new(request: ViewerRequest) -> HttpResponse:
    """The first step: what happened. From the first save on it is a draft only its actor sees."""
    actor = access.own_actor(request.user, request.desk)
    form = FactsForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            claim = acts.begin(actor=actor, facts=form.facts(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return see_other("claim-address", claim.ref)
    return render(request, "replicas/claim_facts.html", {"form": form})


@login_required
@once_per_form
@FORM
def facts(request: ViewerRequest, ref: str) -> HttpResponse:
    """The first step once more, while it is a draft."""
    claim = _draft(request, ref)
    form = FactsForm(_posted(request), initial=asdict(access.facts_of(claim)))
    if request.method == "POST" and form.is_valid():
        try:
            acts.set_facts(claim, facts=form.facts(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return see_other("claim-address", claim.ref)
    return render(request, "replicas/claim_facts.html", {"form": form, "claim": claim})


@login_required
@once_per_form
@FORM
def address(request: ViewerRequest, ref: str) -> HttpResponse:
    """The second step: who should answer, what they are asked, who hears of a silence."""
    claim = _draft(request, ref)
    form = AddressForm(_posted(request), houses=access.houses_to_ask(), initial=asdict(access.suggested_address(claim)))
    if request.method == "POST" and form.is_valid():
        try:
            acts.set_address(claim, address=form.address(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return see_other("claim-review", claim.ref)
    return render(request, "replicas/claim_address.html", {"form": form, "claim": claim})


@login_required
@once_per_form
@FORM
def review(request: ViewerRequest, ref: str) -> HttpResponse:
    """The third step: the letter exactly as it will go, on what it rests, and the one button that sends it."""
    claim, at, refused = _draft(request, ref), timezone.now(), ""
    lacks = missing(access.facts_of(claim), access.address_of(claim))
    form = SendForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            acts.send(claim, shown=form.cleaned_data["shown"], by=request.user, at=at)
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"Sent to {claim.holder}. We run the clock and tell you what comes of it.")
            return see_other(claim)
    letter = None if lacks else access.letter_at(claim, at)
    shown = {"claim": claim, "lacks": lacks, "letter": letter, "refused": refused}
    shown["lacks_facts"] = missing_facts(access.facts_of(claim))
    if letter:
        shown |= {"bases": [BASES[basis] for basis in letter.bases], "shown": digest(letter.text)}
    return render(request, "replicas/claim_review.html", shown)


@login_required
@require_safe
def letter(request: ViewerRequest, ref: str) -> HttpResponse:
    """The letter as it was sent, or as the draft would go now, as a PDF."""
    claim, at = access.get_claim(request.user, ref), timezone.now()
    if claim.sent_at is None and missing(access.facts_of(claim), access.address_of(claim)):
        raise Http404
    text = claim.letter_text or access.letter_at(claim, at).text
    return _download(letter_pdf(claim.ref, text, claim.letter_sha256), f"{claim.ref}-letter.pdf", "application/pdf")


@login_required
@require_safe
def claim(request: ViewerRequest, ref: str) -> HttpResponse:
    """One claim: where it stands, what was answered, what can be done now. A draft goes on where it was left."""
    found, at = access.get_claim(request.user, ref), timezone.now()
    if found.state == ClaimState.DRAFT:
        return see_other("claim-review", found.ref)
    mark_read(request.user, found.subject, at)
    return render(request, "replicas/claim.html", _shown(request, found, at))


@login_required
@require_safe
def claims(request: ViewerRequest) -> HttpResponse:
    """What performers ask this house about scans of them, newest first."""
    if request.desk.organization is None:
        raise Http404
    page = keyset_page(access.claims_to(request.desk), order=("-id",), size=PAGE, query=request.GET)
    waiting = access.waiting_claims_to(request.desk).count()
    shown = {"page": page, "waiting": waiting, "at": timezone.now()}
    return render(request, "replicas/claims.html", shown)


@login_required
@once_per_form
@FORM
def answer(request: ViewerRequest, ref: str) -> HttpResponse:
    """The answer of a house on the portal."""
    found, at = access.get_claim(request.user, ref), timezone.now()
    if access.side_of(request.user, found) is not ClaimSide.HOLDER:
        raise Http404
    form = AnswerForm(_posted(request), today=_today(found, at))
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer(found, answer=form.answer(), by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Filed. {found.actor} has been told.")
            return see_other(found)
    return render(request, "replicas/claim_answer.html", {**_shown(request, found, at), "form": form})


@login_required
@once_per_form
@FORM
def dispute(request: ViewerRequest, ref: str) -> HttpResponse:
    """The answer does not settle it: back to the holder, with words."""
    found, at = access.get_own_claim(request.user, ref), timezone.now()
    form = DisputeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            acts.dispute(found, body=form.cleaned_data["body"], by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Sent back to {found.holder}. The clock runs once more.")
            return see_other(found)
    return render(request, "replicas/claim_dispute.html", {**_shown(request, found, at), "form": form})


@login_required
@once_per_form
@FORM
def register(request: ViewerRequest, ref: str) -> HttpResponse:
    """What they say they hold becomes a replica on the actor's record."""
    found, at = access.get_own_claim(request.user, ref), timezone.now()
    answers = list(found.answers.order_by("-round_number"))
    form = NewReplicaForm(_posted(request), initial=_as_replica(found, answers))
    if request.method == "POST" and form.is_valid():
        try:
            visibility = form.cleaned_data["visibility"]
            made = acts.register_replica(found, facts=form.facts(), visibility=visibility, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Your {made.name} is on record as {made.ref}.")
            return see_other(made)
    return render(request, "replicas/claim_register.html", {**_shown(request, found, at), "form": form})


Act = Callable[..., ScanClaim]
SAID: dict[ClaimMove, tuple[Act, str]] = {
    ClaimMove.DISCARD: (acts.discard, "The draft is gone. Nobody was told of it."),
    ClaimMove.SETTLE: (acts.settle, "Closed. The answer stays on file."),
    ClaimMove.WITHDRAW: (acts.withdraw, "Withdrawn. They have been told that nothing more is asked of them."),
}


@login_required
@once_per_form
@FORM
def close(request: ViewerRequest, ref: str, move: ClaimMove) -> HttpResponse:
    """One confirm page for each way a claim ends, which says first what happens then."""
    found, at, refused = access.get_own_claim(request.user, ref), timezone.now(), ""
    if request.method == "POST":
        act, said = SAID[move]
        try:
            act(found, by=request.user, at=at)
        except Refused as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, said)
            return see_other("scan-register" if move is ClaimMove.DISCARD else found)
    shown = {**_shown(request, found, at), "move": move.value, "refused": refused}
    return render(request, "replicas/claim_close.html", shown)


def _draft(request: ViewerRequest, ref: str) -> ScanClaim:
    """A draft of one's own. What was sent is no draft any more, and has another page."""
    found = access.get_own_claim(request.user, ref)
    if found.state != ClaimState.DRAFT:
        raise Http404
    return found


def _shown(request: ViewerRequest, found: ScanClaim, at: datetime) -> dict[str, Any]:
    side, answers = access.side_of(request.user, found), list(found.answers.order_by("round_number"))
    fate = access.fate_of_letter(found) if side is not ClaimSide.HOLDER and not found.holder_organization_id else None
    state = ClaimState(found.state)
    acting = side if side in access.sides_of(request.user, found) else ClaimSide.AGENCY
    allowed = moves(state, acting, at=at, due_at=found.due_at)
    if found.replica_id or not any(row.outcome == Outcome.HOLDS for row in answers):
        allowed.discard(ClaimMove.REGISTER)
    return {
        "claim": found,
        "side": side.value,
        "standing": _standing(found, side, at, outcome=answers[-1].outcome if answers else "", fate=fate),
        "answers": answers,
        "disputes": {row.round_number: row for row in found.messages.all()},
        "bases": [BASES[Basis(basis)] for basis in found.letter_bases],
        "moves": [move.value for move in allowed],
        "fate": fate,
        "history": timeline(found.subject, side="licensee" if side is ClaimSide.HOLDER else side.value),
        "at": at,
    }


def _standing(found: ScanClaim, side: ClaimSide, at: datetime, *, outcome: str, fate: Any) -> ClaimStanding:
    return standing(
        ClaimShown(
            state=ClaimState(found.state),
            side=side,
            actor=found.actor.stage_name,
            holder=found.holder,
            at=at,
            zone=found.actor.user.zone,
            due_at=found.due_at,
            closing=found.closing,
            outcome=outcome,
            undelivered=bool(fate and fate.failed),
        )
    )


def _as_replica(found: ScanClaim, answers: list[Any]) -> dict[str, Any]:
    """What is known of the scan already, for the form of a new replica."""
    said = next((row for row in answers if row.outcome == Outcome.HOLDS), None)
    return {
        "captured_on": found.scanned_on,
        "captured_at_place": found.place,
        "captured_by": found.captured_by,
        "captured_for": found.production,
        "custodian": (said.custodian if said else "") or found.holder,
        "custody_place": said.held_at[:120] if said else "",
        "custody_until": said.held_until if said else None,
        "visibility": "hidden",
    }


def _today(found: ScanClaim, at: datetime) -> date:
    return at.astimezone(found.actor.user.zone).date()


def _posted(request: ViewerRequest) -> QueryDict | None:
    """What was sent, even if it is nothing at all; None for a GET."""
    return request.POST if request.method == "POST" else None


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
