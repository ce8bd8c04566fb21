"""One round of terms in the words people read: as table rows, bullets and full text. Pure.

The page that is sent for an answer, the decision page and the license all show terms through here, so that everybody
reads the same words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.rules.people import Language
from replicas.rules.money import amount
from replicas.rules.terms import OfferedTerms, UseTerms
from replicas.rules.vocabulary import AIUse, Medium, Sensitive, Territory, UseRole
from replicas.rules.wording import day


@dataclass(frozen=True, slots=True)
class UseShown:
    """One use in words. ``key`` names its switch (``use-<key>``); ``answer`` is what is chosen: yes, no or nothing.

    ``never`` are the performer's standing rules against it, as short phrases.
    """

    key: str
    title: str
    description: str
    role: str
    scenes: str
    medium: str
    territory: str
    languages: str
    starts_on: date
    ends_on: date
    alterations: str
    ai: tuple[str, ...]
    sensitive: tuple[str, ...]
    days: str
    fee: str
    each: str
    more: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    never: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """“Streaming, worldwide”."""
        place = self.territory.lower() if self.territory == Territory.WORLD.label else self.territory
        return f"{self.medium}, {place}"

    @property
    def bullets(self) -> list[str]:
        """The use in short lines."""
        lines = [
            self.role,
            self.where,
            f"From {day(self.starts_on)} until {day(self.ends_on)}",
            f"{self.fee} for {self.days}",
            f"In {self.languages}",
        ]
        lines += [f"Scenes: {self.scenes}"] if self.scenes else []
        lines += [f"Alterations: {self.alterations}"] if self.alterations else []
        lines += [f"{label}: {text}" for label, text in self.more]
        lines += [f"Sensitive: {', '.join(self.sensitive)}"] if self.sensitive else []
        lines.append(f"AI: {', '.join(self.ai)}" if self.ai else "AI: nothing asked for, nothing allowed")
        return lines


@dataclass(frozen=True, slots=True)
class TermsShown:
    """A round in words. ``may_not`` are (what, sentence) pairs: what stays forbidden even after a yes to everything.

    ``whose_rules`` heads the column of standing rules: "Your rules"; "" where they are not shown.
    """

    uses: tuple[UseShown, ...]
    business_reason: str
    total: str
    may_not: tuple[tuple[str, str], ...]
    whose_rules: str = ""
    disclosure: str = ""


def shown(
    terms: OfferedTerms,
    *,
    keys: Sequence[object] = (),
    answers: Mapping[str, str] | None = None,
    their: str = "you",
    whose_rules: str = "",
    never: Sequence[Sequence[str]] = (),
) -> TermsShown:
    """``keys`` are the uses' ids in order (positions when not given), ``answers`` what was chosen by key, ``their``
    whom the page speaks to or about: "you" or "the performer". ``never`` are the phrases of standing rules against
    each use, in order, shown under ``whose_rules``."""
    names = [str(key) for key in keys] or [str(position) for position in range(len(terms.uses))]
    chosen = answers or {}
    return TermsShown(
        uses=tuple(
            replace(_use(use, key, terms.currency, chosen.get(key, "")), never=tuple(phrases))
            for use, key, phrases in zip(terms.uses, names, never or [()] * len(names), strict=True)
        ),
        business_reason=terms.business_reason,
        total=amount(terms.total, terms.currency),
        may_not=tuple(_may_not(terms, their)),
        whose_rules=whose_rules,
        disclosure=terms.disclosure,
    )


def terms_of(document: Mapping[str, Any]) -> OfferedTerms:
    """The terms inside a frozen document (``rules.terms.document``), for showing a license as it was signed."""
    uses = []
    for values in document["uses"]:
        known = {name: values[name] for name in UseTerms.__dataclass_fields__ if name in values}
        known["starts_on"] = date.fromisoformat(known["starts_on"])
        known["ends_on"] = date.fromisoformat(known["ends_on"])
        known["fee"] = Decimal(known["fee"])
        if known.get("script_dated"):
            known["script_dated"] = date.fromisoformat(known["script_dated"])
        uses.append(UseTerms(**{**known, "ai": tuple(known["ai"]), "sensitive": tuple(known["sensitive"])}))
    reason, currency = document["business_reason"], document["currency"]
    return OfferedTerms(tuple(uses), reason, currency, document.get("disclosure", ""))


def language_words(codes: str) -> str:
    """``en es`` as “English and Spanish”."""
    return _and([Language(code).label for code in codes.replace(",", " ").split() if code in set(Language)])


def _use(use: UseTerms, key: str, currency: str, answer: str) -> UseShown:
    days = f"{use.replica_days} replica day{'' if use.replica_days == 1 else 's'}"
    each = ""
    if use.replica_days > 1 and use.fee and use.fee % use.replica_days == 0:
        each = f"{use.replica_days} days × {amount(use.fee / use.replica_days, currency)}"
    return UseShown(
        key=key,
        title=use.title,
        description=use.description,
        role=UseRole(use.role).label,
        scenes=use.scenes,
        medium=Medium(use.medium).label,
        territory=Territory(use.territory).label,
        languages=language_words(use.languages),
        starts_on=use.starts_on,
        ends_on=use.ends_on,
        alterations=use.alterations,
        ai=_labels(AIUse, use.ai),
        sensitive=_labels(Sensitive, use.sensitive),
        days=days,
        fee=amount(use.fee, currency) if use.fee else "No fee",
        each=each,
        more=tuple(_more(use)),
        answer=answer,
    )


def _more(use: UseTerms) -> Iterable[tuple[str, str]]:
    """What only some uses say, as (label, words)."""
    if use.work_replaced:
        yield "Instead of", "work that would otherwise be done in person"
    if use.as_scripted:
        dated = f" of {day(use.script_dated)}" if use.script_dated else ""
        yield "As scripted", f"{use.script_version or 'script not named'}{dated}"
    if use.brand or use.product_line:
        yield "For", ", ".join(part for part in (use.brand, use.product_line) if part)


def _may_not(terms: OfferedTerms, their: str) -> Iterable[tuple[str, str]]:
    asking = {item: [use.title for use in terms.uses if item in use.ai] for item in AIUse}
    asked = [f"{item.label} (in {_and([f'“{title}”' for title in uses])})" for item, uses in asking.items() if uses]
    if asked:
        yield "Other AI", f"No. Only what they ask for: {'; '.join(asked)}."
    else:
        yield "Train AI", "No. Nothing of the kind is asked for."
    changes = list(dict.fromkeys(use.alterations for use in terms.uses if not _nothing(use.alterations)))
    yield f"Change {their}", " ".join(_sentence(change) for change in changes) or "No. No alteration is asked for."
    yield "Other projects", "No. Another title is another request."
    last = max(use.ends_on for use in terms.uses)
    yield f"After {day(last)}", "No new use. What was finished by then stays as it is."
    mind = "If you change your mind" if their == "you" else "If it is revoked"
    yield mind, "New work stops at once. What was delivered stays in."


def _labels(words: type[AIUse] | type[Sensitive], values: Iterable[str]) -> tuple[str, ...]:
    return tuple(words(value).label for value in values)


def _nothing(text: str) -> bool:
    """Whether the field of alterations was answered with “none”."""
    return text.strip(" .").lower() in {"", "no", "none", "nothing", "n/a"}


def _sentence(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
