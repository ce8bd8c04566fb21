"""What the rulebook found, as pages show it: worst first, the same thing once, with its source in words. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from replicas.rules.rulebook import RULES, Finding
from replicas.rules.rulebook.stages import Effect
from replicas.rules.terms import LABELS

_RULES = {rule.id: rule for rule in RULES}
_ORDER = {effect: position for position, effect in enumerate(Effect)}
SHOWN_AT_ONCE = 3
NOT_WRITTEN = ("R01", "R06")  # rules that fire for what is not written yet


class Spot(NamedTuple):
    """Where a finding belongs: the use's position (None for the request as a whole), and what to call the place."""

    use: int | None
    field: str
    label: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding in words. ``spots`` are the places it is about; ``source`` names clause, keys and grade."""

    rule: str
    name: str
    effect: Effect
    what: str
    why: str
    mend: str
    source: str
    spots: tuple[Spot, ...]

    @property
    def blocks(self) -> bool:
        return self.effect is Effect.BLOCK


@dataclass(frozen=True, slots=True)
class FindingsShown:
    """``first`` stand open, ``more`` behind a click. ``missing`` are the places nothing was written in yet."""

    first: tuple[FindingShown, ...] = ()
    more: tuple[FindingShown, ...] = ()
    missing: tuple[str, ...] = ()
    blocking: int = 0

    @property
    def all(self) -> tuple[FindingShown, ...]:
        return self.first + self.more


def findings_shown(
    found: Sequence[Finding], titles: Sequence[str], *, unwritten: Collection[tuple[int | None, str]] = ()
) -> FindingsShown:
    """``titles`` are the uses' names in order. ``unwritten`` are the (use, field) a form has nothing in yet: they are
    listed as still to come instead of being held against somebody who is still writing."""
    missing: list[str] = []
    shown: dict[tuple[str, str, str], FindingShown] = {}
    for one in sorted(found, key=lambda finding: _ORDER[finding.effect]):
        spot = _spot(one, titles)
        if one.rule in NOT_WRITTEN and (one.use, one.field) in unwritten:
            missing.append(spot.label)
            continue
        key = (one.rule, one.what, one.mend)
        known = shown.get(key)
        shown[key] = replace(known, spots=(*known.spots, spot)) if known else in_words(one, spot)
    lines = tuple(shown.values())
    blocking = sum(line.blocks for line in lines)
    return FindingsShown(lines[:SHOWN_AT_ONCE], lines[SHOWN_AT_ONCE:], tuple(missing), blocking)


def refusal_of(found: Sequence[Finding], titles: Sequence[str]) -> tuple[str, str] | None:
    """(code, sentence) of the first finding that stops it, ready for ``Refused``; None when none does."""
    first = next((one for one in found if one.blocks), None)
    if first is None:
        return None
    about = f"“{_title(first.use, titles)}”: " if first.use is not None else ""
    return f"rule-{first.rule}", f"{about}{first.what} {first.mend}".strip()


def in_words(one: Finding, spot: Spot) -> FindingShown:
    """One finding with its rule’s name and its source: clause, keys and grade."""
    rule = _RULES[one.rule]
    basis = rule.contract or ", ".join(basis.label for basis in rule.bases)
    source = f"{basis} ({', '.join(rule.sources)}): {one.grade_words}"
    return FindingShown(one.rule, rule.name, one.effect, one.what, one.why, one.mend, source, (spot,))


def _spot(one: Finding, titles: Sequence[str]) -> Spot:
    label = LABELS.get(one.field, "")
    if one.use is None:
        return Spot(None, one.field, label)
    title = _title(one.use, titles)
    return Spot(one.use, one.field, f"{title}: {label[:1].lower()}{label[1:]}" if label else title)


def _title(use: int, titles: Sequence[str]) -> str:
    return (titles[use] if use < len(titles) else "") or f"Use {use + 1}"
