"""What the rulebook found about a scan that is announced, by the field of the form each finding is about. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from replicas.rules.findings import FindingShown, Spot, in_words
from replicas.rules.rulebook import Finding

# The form’s name for a field, where the rulebook has another one.
FIELDS = {
    "description": "intended_use",
    "uses": "intended_use",
    "hours": "minutes",
    "own_day": "own_work_day",
    "contributions_offered": "contributions",
    "": "project",  # what is about the whole, like a strike under its agreement
}
WHEN, LIST = "scan_at", "people"


def by_field(found: Iterable[Finding], *, late: str = "") -> tuple[FindingShown, ...]:
    """Every finding in words, each with the one field it is about.

    ``late`` is the sentence that names the rows of whoever is told too late: then it is about the list, not about the
    moment of the scan.
    """
    shown = []
    for one in found:
        field = FIELDS.get(one.field, one.field)
        if field == WHEN and late:
            one, field = replace(one, mend=f"{late} {one.mend}"), LIST
        shown.append(in_words(one, Spot(None, field, "")))
    return tuple(shown)
