"""Claims for tests, made by the real actions."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import ActorProfile
from accounts.notifications.sealed import token_of
from agencies.models import Organization
from replicas.access.claims import letter_at
from replicas.actions import claims as acts
from replicas.models import ClaimAnswer, ScanClaim
from replicas.rules.claiming import Address, Answer, ClaimFacts
from replicas.rules.letters import digest
from tests.factories import make_actor

FACTS = ClaimFacts(
    scanned_on=date(2023, 3, 14),
    place="a trailer in Atlanta",
    captured_by="Volume Stage",
    production="Low Tide",
    told="It is for the crowd",
    remembered="A ring of cameras around me",
)
ADDRESS = Address(holder_name="Volume Stage", holder_email="desk@volume.example", jurisdiction="us")
HOLDS = Answer("holds", text="A body mesh", custodian="Volume Stage", held_at="Atlanta", held_why="Pick-up shots")


def make_claim(
    actor: ActorProfile | None = None, *, facts: ClaimFacts = FACTS, at: datetime | None = None, **address: Any
) -> ScanClaim:
    """A draft that is ready to go to somebody off the portal, unless told otherwise."""
    actor, at = actor or make_actor("Marcus Bell"), at or timezone.now()
    claim = acts.begin(actor=actor, facts=facts, by=actor.user, at=at)
    values = {name: getattr(ADDRESS, name) for name in Address.__dataclass_fields__} | address
    return acts.set_address(claim, address=Address(**values), by=actor.user, at=at)


def make_sent_claim(actor: ActorProfile | None = None, *, at: datetime | None = None, **more: Any) -> ScanClaim:
    at = at or timezone.now()
    claim = make_claim(actor, at=at, **more)
    return acts.send(claim, shown=digest(letter_at(claim, at).text), by=claim.actor.user, at=at)


def answer_claim(claim: ScanClaim, answer: Answer = HOLDS, *, at: datetime | None = None) -> ClaimAnswer:
    """By the link, as somebody without an account does."""
    token, at = token_of(claim.link_nonce), at or timezone.now()
    filed = acts.answer(claim, answer=answer, by=None, by_label="Ann Archive, data protection", token=token, at=at)
    claim.refresh_from_db()
    return filed


def claims_for_everybody_to_try(actor: ActorProfile, house: Any) -> dict[str, str]:
    """What addresses name: a claim sent to ``house``, a draft, and the link of one to somebody off the portal."""
    Organization.objects.filter(pk=house.pk).update(verified_at=timezone.now())
    told = replace(FACTS, production="Canaryclaim", remembered="Canaryclaim")
    to_house = {
        "organization": house.pk,
        "holder_name": "",
        "holder_email": "",
        "union_contact": "canaryunion@example.com",
    }
    sent = make_sent_claim(actor, facts=told, **to_house)
    linked = make_sent_claim(actor, facts=replace(FACTS, production="Canarylink"))
    return {
        "claim": sent.ref,
        "claim_draft": make_claim(actor, facts=replace(FACTS, production="Canarydraft")).ref,
        "link": token_of(linked.link_nonce),
    }
