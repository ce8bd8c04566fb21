"""Which letter a claim is written in, and its words. Pure.

The law of the place comes first, then the union's agreement, then a plain request. Each basis carries where its content
comes from and how good that source is (keys in brackets); the actor reads both before anything goes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.rules.labeled import Labeled
from replicas.rules.claiming import Ask, ClaimFacts, Place
from replicas.rules.wording import day


class Grade(Labeled):
    """How good the source of a basis is, in the words a page shows."""

    PRIMARY = "P", "from the law’s own text, not checked by a lawyer"
    SECONDARY = "S", "secondary source, not checked by a lawyer"
    PORTAL = "portal", "our own wish; no law or contract behind it"


class Basis(StrEnum):
    GDPR_ACCESS = "gdpr-15"
    GDPR_ERASURE = "gdpr-17"
    BIPA = "bipa-15"
    UNION = "sag-aftra-39h"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class BasisFacts:
    """``name`` as the letter calls it, ``says`` what it gives the actor, ``by_month`` whether it sets one month.

    ``rule`` is its row on the public page of rules."""

    name: str
    says: str
    source: str
    grade: Grade
    rule: str = ""
    by_month: bool = False


BASES: dict[Basis, BasisFacts] = {
    Basis.GDPR_ACCESS: BasisFacts(
        "GDPR Article 15",
        "You can ask whoever holds data about you what they hold, what for, where, until when and who received it. "
        "They have one month.",
        "GDPR Art. 15, as read in guides to it, and as performers in the UK use it (sources G1–G3, U4)",
        Grade.SECONDARY,
        "R29",
        by_month=True,
    ),
    Basis.GDPR_ERASURE: BasisFacts(
        "GDPR Article 17",
        "You can ask for data about you to be erased, and take back a consent you gave. They have one month, and may "
        "keep only what they can give an exact ground for.",
        "GDPR Art. 17 and 7(3), as read in guides to it (sources G1–G3)",
        Grade.SECONDARY,
        "R29",
        by_month=True,
    ),
    Basis.BIPA: BasisFacts(
        "Illinois Biometric Information Privacy Act, 740 ILCS 14/15",
        "Whoever scans a face, a hand or a voice in Illinois needs a public policy, your written release first, and "
        "must destroy the data when its purpose is met, at the latest three years after you last dealt with them. "
        "The Act sets no day for the answer; the letter names one.",
        "740 ILCS 14/15 (a), (b), (d) (source L6)",
        Grade.PRIMARY,
        "R25",
    ),
    Basis.UNION: BasisFacts(
        "SAG-AFTRA TV/Theatrical 2026, §39.H",
        "Only people with a legitimate business need may open a replica, and the producer has to protect it from "
        "unauthorized access, use and copying. Your union can help you if they do not answer.",
        "SAG-AFTRA 2026 §39.H (source T7)",
        Grade.SECONDARY,
        "R23",
    ),
    Basis.PLAIN: BasisFacts(
        "A plain request",
        "We know of no rule that gives you an answer there. The letter asks for one within 30 days all the same.",
        "Understudy",
        Grade.PORTAL,
    ),
}

_BY_PLACE: dict[tuple[Place, Ask], Basis] = {
    **{(place, Ask.ACCESS): Basis.GDPR_ACCESS for place in (Place.EU, Place.UK)},
    **{(place, Ask.DISCLOSURE): Basis.GDPR_ACCESS for place in (Place.EU, Place.UK)},
    **{(place, Ask.DELETION): Basis.GDPR_ERASURE for place in (Place.EU, Place.UK)},
    **{(Place.US_IL, ask): Basis.BIPA for ask in Ask},
}


def bases_of(place: Place, ask: Ask, *, under_union: bool) -> tuple[Basis, ...]:
    """What the letter rests on, the law of the place first. §39.H is about security: it says nothing of deletion."""
    found = []
    if law := _BY_PLACE.get((place, ask)):
        found.append(law)
    if under_union and ask is not Ask.DELETION:
        found.append(Basis.UNION)
    return tuple(found) or (Basis.PLAIN,)


def by_month(bases: Sequence[Basis]) -> bool:
    """Whether a law behind the letter sets one calendar month for the answer."""
    return any(BASES[basis].by_month for basis in bases)


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter is made of. ``performer`` is the name they work under; ``legal_name`` the one they sign with.

    ``on_portal``: the holder has a desk here, and needs no link."""

    ref: str
    performer: str
    legal_name: str
    holder: str
    facts: ClaimFacts
    place: Place
    ask: Ask
    under_union: bool
    sent_on: date
    due_on: date
    on_portal: bool = False


def letter(about: LetterFacts) -> str:
    """The whole letter as plain text: paragraphs with an empty line between them, no line longer than it needs."""
    bases = bases_of(about.place, about.ask, under_union=about.under_union)
    parts = [
        f"{about.holder}",
        f"{day(about.sent_on)} · Reference {about.ref}",
        f"{_SUBJECT[about.ask]}: {about.performer}",
        "To whom it concerns,",
        _what_happened(about.facts),
        *(_ASKS[basis, about.ask].format(gdpr=_GDPR[about.place]) for basis in bases),
        _by_when(bases, about.due_on),
        f"You can answer {_HOW[about.on_portal]}. Say what you hold, where, until when and why; or that you hold "
        "nothing; or on which day you destroyed it, with the name of who attests that. If this should go to somebody "
        "else, tell me who.",
        _signed(about),
    ]
    return "\n\n".join(parts)


def digest(text: str) -> str:
    """The SHA-256 of a letter as 64 hex digits, so that nobody can say it was another one."""
    return hashlib.sha256(text.encode()).hexdigest()


def when_words(facts: ClaimFacts) -> str:
    """“On Mar 14, 2023”, or “About spring 2023” in the actor's own words."""
    if facts.scanned_on:
        return f"On {day(facts.scanned_on)}"
    return f"About {facts.about_when}" if facts.about_when else "At a time I do not remember"


def _what_happened(facts: ClaimFacts) -> str:
    made_for = f" for {facts.production}" if facts.production else ""
    scan = f"{facts.captured_by} made a digital scan of me{made_for}"
    sentences = [f"{when_words(facts)}, {scan} (where: {facts.place})."]
    if facts.remembered:
        sentences.append(f"What I remember being captured: {_closed(facts.remembered)}")
    if facts.told:
        sentences.append(f"What I was told: {_closed(facts.told)}")
    else:
        sentences.append("I was not told what it was for or who would keep it.")
    return " ".join(sentences)


def _closed(words: str) -> str:
    """What was typed as one paragraph that ends like a sentence."""
    text = " ".join(words.split())
    return text if text[-1:] in ".!?…”" else f"{text}."


def _by_when(bases: Sequence[Basis], due_on: date) -> str:
    if by_month(bases):
        return f"The law gives you one month. Please answer by {day(due_on)}."
    return f"Please answer by {day(due_on)}."


def _signed(about: LetterFacts) -> str:
    also = f"\n(legal name: {about.legal_name})" if about.legal_name and about.legal_name != about.performer else ""
    return f"{about.performer}{also}\nSent through Understudy, reference {about.ref}"


_HOW = {
    True: "on Understudy, where your house has a desk",
    False: "through the secure link that came with this letter; it needs no account",
}
_GDPR = {place: "the UK GDPR" if place is Place.UK else "the GDPR" for place in Place}
_SUBJECT = {
    Ask.ACCESS: "What you hold of me",
    Ask.DELETION: "Please delete my scan",
    Ask.DISCLOSURE: "Who has my scan, and who can see it",
}
_WHAT = "scans, photographs, voice or motion recordings, and every model or replica made from them"
_BIPA = (
    "As far as a scan of face or hand geometry or a voiceprint was taken of me in Illinois, the Biometric Information "
    "Privacy Act (740 ILCS 14/15) applies. "
)
_ASKS: dict[tuple[Basis, Ask], str] = {
    (Basis.GDPR_ACCESS, Ask.ACCESS): (
        f"Under Article 15 of {{gdpr}} I ask you to confirm whether you hold data of me from this scan: {_WHAT}. If "
        "you do, tell me what you use it for, who has received it, where it is kept and until when, and send me a copy."
    ),
    (Basis.GDPR_ACCESS, Ask.DISCLOSURE): (
        f"Under Article 15 of {{gdpr}} I ask you to tell me who has received data of me from this scan ({_WHAT}), in "
        "which countries it is kept and until when, and how it is protected."
    ),
    (Basis.GDPR_ERASURE, Ask.DELETION): (
        f"Under Article 17 of {{gdpr}} I ask you to erase all data of me from this scan: {_WHAT}. As far as you rely "
        "on my consent, I withdraw it (Article 7(3)). Please have everybody to whom you gave it erase it, too. If you "
        "must keep any of it, name the data and the exact ground."
    ),
    (Basis.BIPA, Ask.ACCESS): (
        _BIPA + "I ask you for your public written policy with its retention schedule (section 15(a)), for the written "
        "notice and the written release you had from me before the scan (section 15(b)), and for what you hold today: "
        f"{_WHAT}."
    ),
    (Basis.BIPA, Ask.DELETION): (
        _BIPA + "Section 15(a) has it destroyed when its purpose is met, and at the latest three years after my last "
        "dealing with you. I ask you to destroy it and everything made from it, to confirm the day, and to send me "
        "your public written policy with its retention schedule."
    ),
    (Basis.BIPA, Ask.DISCLOSURE): (
        _BIPA + "I ask you for your public written policy with its retention schedule (section 15(a)), and for "
        "everybody to whom any of it was disclosed, and on what ground (section 15(d))."
    ),
    (Basis.UNION, Ask.ACCESS): (
        "The work was done under a SAG-AFTRA agreement. Its digital replica terms (TV/Theatrical 2026, §39.H) keep "
        f"access to those with a legitimate business need. I ask you to tell me what you hold ({_WHAT}), where it is "
        "kept and until when, and who can open it."
    ),
    (Basis.UNION, Ask.DISCLOSURE): (
        "The work was done under a SAG-AFTRA agreement. Its digital replica terms (TV/Theatrical 2026, §39.H) keep "
        "access to those with a legitimate business need and ask for protection against unauthorized access, use and "
        f"copying. I ask you to tell me where these are kept ({_WHAT}), who has had access and for which need, and how "
        "they are protected."
    ),
    (Basis.PLAIN, Ask.ACCESS): (
        f"It is my face, my body and my voice. I ask you to tell me what you hold of me from this scan ({_WHAT}), what "
        "you use it for, where it is kept and until when, and who has received it."
    ),
    (Basis.PLAIN, Ask.DELETION): (
        f"It is my face, my body and my voice. I ask you to delete what you hold of me from this scan ({_WHAT}), to "
        "have everybody to whom you gave it delete it, too, and to tell me the day. If you keep any of it, tell me "
        "what and why."
    ),
    (Basis.PLAIN, Ask.DISCLOSURE): (
        f"It is my face, my body and my voice. I ask you to tell me where you keep what came of this scan ({_WHAT}), "
        "who was given it, who can open it, and how it is protected."
    ),
}
