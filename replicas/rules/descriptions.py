"""Rule R02: phrases that ask for everything, forever, are refused, with the reason.

Source: portal policy, after scans of background actors “in perpetuity” and photo releases read as unrestricted that
the press reported in 2023. What counts is what the words claim, not the words: “a perpetual license” is refused, “a
perpetual motion machine” in a museum scene is not. Words that have no honest use in a description (“irrevocable”, “in
perpetuity”) are always refused.
"""

import re
import unicodedata
from dataclasses import dataclass

_SPACE = r"[\s\-,]+"
_RIGHTS = r"(?:licen[cs]es?|rights?|us(?:e|es|age)|terms?|grants?|consent|permission|release|buy-?outs?|basis|re-?use)"
_INNOCENT = r"(?! (?:motion|mobile|calendar|flame|city|student))"
_NEGATED = re.compile(r"\b(?:not|never|nor)\b(?! (?:be )?(?:limited|restricted|only|just))[^.;!?]{0,40}$", re.I)


@dataclass(frozen=True, slots=True)
class CatchAll:
    """``pattern`` finds the phrase; ``why`` tells the requester what to write instead.

    A ``negatable`` phrase may stand after a “not” or “never”: there it limits the use (“not for any other purpose”).
    """

    pattern: re.Pattern[str]
    why: str
    negatable: bool = False


def _catch_all(pattern: str, why: str, negatable: bool = False) -> CatchAll:
    return CatchAll(re.compile(pattern.replace(" ", _SPACE), re.IGNORECASE), why, negatable)


_TERM = "A use here has a last day. Give the dates it runs from and to."
_PLACE = "Name the territory; “worldwide” is on the list if you need it."
_MEDIA = "Name each medium as its own use, so that each can have its own yes or no."
_REVOKE = "An actor can always revoke. Take the word out."
_PURPOSE = "Say what it will be used for. Another purpose is another request."
# What to write instead where the text is about a scan, which has no dates of use and no list of territories.
FOR_A_SCAN = {
    _TERM: "A scan is kept until a day, and then destroyed. Give that day.",
    _PLACE: "Name the places.",
    _MEDIA: "Say where it is shown: in which title, and how.",
}

CATCH_ALLS = (
    _catch_all(r"\b(?:in )?perpetuity\b|\bin perpetuum\b", _TERM),
    _catch_all(rf"\b(?:perpetual|eternal|everlasting|indefinite)(?:ly)?{_INNOCENT} (?:\w+ ){{0,3}}{_RIGHTS}\b", _TERM),
    _catch_all(
        rf"\b(?:{_RIGHTS}|licen[cs]ed|granted|used|valid) (?:\w+ ){{0,3}}"
        rf"(?:perpetual|eternal|everlasting|indefinite)(?:ly)?\b{_INNOCENT}",
        _TERM,
    ),
    _catch_all(
        r"\bfor ever(?:more)?\b|\bforever(?:more)?\b(?! (?:young|home|21))|\b(?:until|till) the end of time\b",
        _TERM,
    ),
    _catch_all(r"\b(?:unlimited|indefinite(?:ly)?|endless) (?:in )?(?:term|time|period|duration)\b", _TERM),
    _catch_all(r"\bwithout (?:any )?limit(?:ation)?s? (?:in|of|as to) time\b|\bunlimited in time\b", _TERM),
    _catch_all(r"\b(?:term|period|duration|life) of (?:the )?copyrights?\b", _TERM),
    _catch_all(r"\bthroughout (?:the )?(?:known |entire |whole )?universe\b", _PLACE),
    _catch_all(r"\b(?:across|in) (?:the )?(?:known|entire|whole) universe\b", _PLACE),
    _catch_all(r"\b(?:any|every)where in (?:the )?universe\b|\buniverse wide\b", _PLACE),
    _catch_all(
        r"\b(?!(?<=by\s)all means\b)(?:any|all|every) (?:and all )?(?:other )?(?:forms? of )?"
        r"(?:media|mediums?|formats?|platforms|means)\b(?! (?:shot|close|wide))"
        r"(?!.{0,30}\b(?:station|train|subway|metro)\b)",
        _MEDIA,
        negatable=True,
    ),
    _catch_all(
        r"\b(?:now|presently|currently) (?:known|existing) (?:or|and) "
        r"(?:hereafter|thereafter|later|future|in the future|yet|to be)\b",
        _MEDIA,
    ),
    _catch_all(r"\bhereafter (?:devised|known|invented|developed|created|discovered)\b", _MEDIA),
    _catch_all(r"\b(?:yet|later) to be (?:devised|invented|developed|discovered)\b", _MEDIA),
    _catch_all(rf"\birrevocabl[ey]\b|\bnon-?revocable\b|\bunconditional(?:ly)? (?:\w+ ){{0,4}}{_RIGHTS}\b", _REVOKE),
    _catch_all(
        r"\b(?:(?:any|whatever|every) (?:and all )?(?:other )?(?:lawful )?purposes?|"
        r"all (?:other )?(?:lawful )?purposes)\b(?: whatsoever)?",
        _PURPOSE,
        negatable=True,
    ),
    _catch_all(r"\bany (?:use|manner|way|form) (?:whatsoever|of any kind)\b|\bin any manner\b", _PURPOSE, True),
    _catch_all(
        rf"\b(?:unlimited|unrestricted) (?:{_RIGHTS}|exploitation)\b|"
        r"\b(?:total|full|complete) (?:rights|buy-?outs?|exploitation)\b",
        _PURPOSE,
        negatable=True,
    ),
)
LEAST_DESCRIPTION = 40  # characters; "reasonably specific" needs at least a sentence (rule R01)
TOO_SHORT = f"Use at least {LEAST_DESCRIPTION} characters: what is seen or heard, and where in the story."


@dataclass(frozen=True, slots=True)
class Found:
    """``phrase`` as it was written, and what to write instead."""

    phrase: str
    why: str

    @property
    def sentence(self) -> str:
        """Says why the phrase can't stay."""
        return together([self])[0]


def catch_alls(text: str) -> list[Found]:
    """Every catch-all phrase in ``text``, in reading order, each with its reason. Empty when the text may stand.

    Look-alike letters and invisible characters are read as what they look like, so that they hide nothing.
    """
    straight = _as_read(text)
    found: dict[int, Found] = {}
    for rule in CATCH_ALLS:
        for match in rule.pattern.finditer(straight):
            if rule.negatable and _NEGATED.search(straight[: match.start()]):
                continue
            phrase = re.sub(r"\s+", " ", match.group(0)).strip()
            known = found.get(match.start())
            if known is None or len(known.phrase) < len(phrase):
                found[match.start()] = Found(phrase, rule.why)
    return [found[start] for start in sorted(found)]


def together(found: list[Found]) -> list[str]:
    """One sentence for each reason, naming every phrase it is about."""
    return [f"{phrases} can't be agreed here. {why}" for phrases, why in by_reason(found)]


def by_reason(found: list[Found]) -> list[tuple[str, str]]:
    """(the phrases, quoted; the reason) for each reason."""
    phrases: dict[str, list[str]] = {}
    for one in found:
        phrases.setdefault(one.why, []).append(f"“{one.phrase}”")
    return [(_and(quoted), why) for why, quoted in phrases.items()]


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _as_read(text: str) -> str:
    """Compatibility forms folded (full-width letters, ligatures), format characters (soft hyphens) gone."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text).replace("’", "'")
    dashes = re.sub(r"[\u2010-\u2015]", "-", folded)
    if dashes.isprintable():  # then none of its characters is a format character
        return dashes
    return "".join(letter for letter in dashes if unicodedata.category(letter) != "Cf")
