"""The scan register on paper, as a tagged PDF (PDF/UA-1): the same lines as the page."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typst

from replicas.rules.register import Entry, opening
from replicas.rules.wording import day

FOLDER = Path(__file__).parent


def register_pdf(entries: Sequence[Entry], label: str, whom: str, made: datetime) -> bytes:
    """The PDF of these lines of ``label``, told about ``whom``, made at ``made`` (aware, in the reader’s zone)."""
    facts = {
        "label": label,
        "made": f"{day(made.date())}, {made:%H:%M} {made.tzname()}",
        "opening": opening(entries, today=made.date(), whom=whom),
        "rows": [_row(entry) for entry in entries],
    }
    return typst.compile(
        str(FOLDER / "register.typ"),
        root=str(FOLDER),
        sys_inputs={"register": json.dumps(facts, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )


def _row(entry: Entry) -> dict[str, str]:
    kept = ", ".join(
        part for part in (entry.held_at, f"until {day(entry.held_until)}" if entry.held_until else "") if part
    )
    return {
        "ref": entry.ref,
        "what": entry.what.label,
        "performer": entry.performer,
        "when": entry.when,
        "where": ", ".join(part for part in (entry.place, entry.captured_by) if part),
        "sentence": entry.sentence,
        "status": entry.status,
        "holders": "; ".join(entry.holders),
        "kept": kept,
        "needs": entry.needs,
    }
