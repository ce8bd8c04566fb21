"""A claim's letter on paper: the same words as the page and the mail, as a tagged PDF (PDF/UA-1)."""

import json
from pathlib import Path

import typst

FOLDER = Path(__file__).parent


def letter_pdf(ref: str, text: str, sha256: str) -> bytes:
    """The PDF of a letter; ``sha256`` is empty for a draft, which says so. The same letter gives the same bytes."""
    facts = json.dumps({"ref": ref, "paragraphs": text.split("\n\n"), "sha256": sha256}, ensure_ascii=False)
    return typst.compile(
        str(FOLDER / "letter.typ"), root=str(FOLDER), sys_inputs={"letter": facts}, pdf_standards=["ua-1"]
    )
