"""Rule R02: phrases that ask for everything, forever, are refused, with the reason.

Source: portal policy after the photo releases and perpetual buyouts reported in 2023 (DOMAIN.md H4, H8).
"""

import re
from dataclasses import dataclass

_SPACE = r"[\s\-]+"


@dataclass(frozen=True, slots=True)
class CatchAll:
    """``pattern`` finds the phrase; ``why`` tells the requester what to write instead."""

    pattern: re.Pattern[str]
    why: str


def _catch_all(pattern: str, why: str) -> CatchAll:
    return CatchAll(re.compile(pattern.replace(" ", _SPACE), re.IGNORECASE), why)


_TERM = "A use here has a last day. Give the dates it runs from and to."
_PLACE = "Name the territory; “worldwide” is on the list if you need it."
_MEDIA = "Name each medium as its own use, so that each can have its own yes or no."
_REVOKE = "An actor can always revoke. Take the word out."
_PURPOSE = "Say what it will be used for. Another purpose is another request."

CATCH_ALLS = (
    _catch_all(r"\b(?:in )?perpetu(?:ity|al|ally|um)\b", _TERM),
    _catch_all(r"\b(?:for|until) (?:ever|the end of time)\b|\bforever(?:more)?\b|\beternal(?:ly)?\b", _TERM),
    _catch_all(r"\b(?:unlimited|indefinite(?:ly)?|endless) (?:in )?(?:term|time|period|duration)\b", _TERM),
    _catch_all(r"\bwithout (?:any )?limit(?:ation)?s? (?:in|of|as to) time\b|\bunlimited in time\b", _TERM),
    _catch_all(r"\bfull (?:term|period|duration) of copyright\b", _TERM),
    _catch_all(r"\b(?:throughout|across|in) (?:the )?(?:known |entire |whole )?universe\b", _PLACE),
    _catch_all(r"\buniverse wide\b", _PLACE),
    _catch_all(r"\b(?:any|all) (?:and all )?(?:other )?(?:media|mediums|formats|platforms|means)\b", _MEDIA),
    _catch_all(r"\b(?:now|presently|currently) (?:known|existing) or (?:here|there)?(?:after|in the future)?", _MEDIA),
    _catch_all(r"\bhereafter (?:devised|known|invented|developed|created|discovered)\b", _MEDIA),
    _catch_all(r"\byet to be (?:devised|invented|developed|discovered)\b", _MEDIA),
    _catch_all(r"\birrevocabl[ey]\b|\bnon revocable\b|\bunconditional(?:ly)?\b", _REVOKE),
    _catch_all(
        r"\b(?:any|all|whatever|every) (?:and all )?(?:other )?(?:lawful )?purposes?(?: whatsoever)?\b", _PURPOSE
    ),
    _catch_all(r"\bany (?:use|manner|way|form) (?:whatsoever|of any kind)\b|\bin any manner\b", _PURPOSE),
)
LEAST_DESCRIPTION = 40  # characters; "reasonably specific" needs at least a sentence (rule R01)


@dataclass(frozen=True, slots=True)
class Found:
    """``phrase`` as it was written, and the sentence that says why it can't stay."""

    phrase: str
    sentence: str


def catch_alls(text: str) -> list[Found]:
    """Every catch-all phrase in ``text``, in reading order, each with its reason. Empty when the text may stand."""
    straight = text.replace("’", "'")
    found = {}
    for rule in CATCH_ALLS:
        for match in rule.pattern.finditer(straight):
            phrase = re.sub(r"\s+", " ", match.group(0)).strip()
            found[match.start()] = Found(phrase, f"“{phrase}” can't be agreed here (rule R02). {rule.why}")
    return [found[start] for start in sorted(found)]
