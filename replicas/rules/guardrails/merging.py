"""Several sets of guardrails at once: a union's, agencies' and a person's own, which can only tighten them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from replicas.rules.guardrails import SETS, Floor, Guardrails
from replicas.rules.money import amount

# The form field that holds one member of a set.
FIELDS = {"never_media": "medium", "never_content": "content", "never_territories": "territory", "never_ai": "ai"}
NOTHING = Guardrails(never_ai=frozenset())  # no rule at all: what a layer adds to


@dataclass(frozen=True, slots=True)
class Layer:
    """Guardrails that come from somebody else. ``key`` tells whom for machines, ``version`` which of theirs they are,
    ``source`` where they are written down."""

    key: str
    name: str
    rules: Guardrails
    version: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Loosened:
    """One rule that would be taken back: the form's ``field``, and whose rule it is, in a sentence for the person."""

    field: str
    sentence: str


def tighten(inherited: Guardrails, own: Guardrails) -> Guardrails:
    """Both at once: whatever either of the two forbids, the result forbids."""
    both = {name: getattr(inherited, name) | getattr(own, name) for name in [*SETS, "never_pairs", "blocked"]}
    limits = [days for days in (inherited.longest_days, own.longest_days) if days is not None]
    floors: dict[tuple[str, str], Floor] = {}
    for floor in inherited.floors | own.floors:
        key = (floor.role, floor.currency)
        floors[key] = max(floor, floors.get(key, floor))
    listed = [languages for languages in (inherited.languages, own.languages) if languages is not None]
    return replace(
        own,
        **both,
        longest_days=min(limits, default=None),
        notice_hours=max(inherited.notice_hours, own.notice_hours),
        floors=frozenset(floors.values()),
        languages=frozenset.intersection(*listed) if listed else None,
    )


def all_of(layers: Iterable[Layer], own: Guardrails = NOTHING) -> Guardrails:
    """Every layer and ``own`` at once."""
    rules = own
    for layer in layers:
        rules = tighten(layer.rules, rules)
    return rules


def loosened(layers: Iterable[Layer], own: Guardrails) -> list[Loosened]:
    """The rules of ``layers`` that ``own`` would take back, in the order of the form; empty when it only tightens."""
    return [loose for layer in layers for loose in _loosened(layer, own)]


def _loosened(layer: Layer, own: Guardrails) -> Iterator[Loosened]:
    rules, never = layer.rules, f"{layer.name} says never here. You can only tighten it."
    for name, words in SETS.items():
        gone = getattr(rules, name) - getattr(own, name)
        yield from (Loosened(f"{FIELDS[name]}_{word}", never) for word in words if word in gone)
    for medium, content in sorted(rules.never_pairs - own.never_pairs):
        if medium not in own.never_media and content not in own.never_content:
            yield Loosened(f"pair_{medium}_{content}", never)
    yield from _loosened_limits(layer, own)
    if rules.languages is not None and (own.languages is None or own.languages - rules.languages):
        yield Loosened("languages", f"{layer.name} rules out other languages. You can only leave some out.")
    if rules.blocked - own.blocked:
        yield Loosened("blocked", f"{layer.name} rules an organization out. You can only add to that.")


def _loosened_limits(layer: Layer, own: Guardrails) -> Iterator[Loosened]:
    rules = layer.rules
    if rules.longest_days is not None and (own.longest_days is None or own.longest_days > rules.longest_days):
        limit = f"{rules.longest_days:,} day{'' if rules.longest_days == 1 else 's'}"
        yield Loosened("longest_days", f"{layer.name} allows {limit} at most. Yours can only be shorter.")
    if own.notice_hours < rules.notice_hours:
        sentence = f"{layer.name} asks for at least {rules.notice_hours} hours. Yours can only be longer."
        yield Loosened("notice_hours", sentence)
    least = {(floor.role, floor.currency): floor.least for floor in own.floors}
    for floor in sorted(rules.floors):
        if least.get((floor.role, floor.currency), -1) < floor.least:
            sentence = (
                f"{layer.name} asks for at least {amount(floor.least, floor.currency)}. Yours can only be higher."
            )
            yield Loosened(f"floor_{floor.role}_{floor.currency}", sentence)
