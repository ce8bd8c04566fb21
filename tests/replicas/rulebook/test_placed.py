"""What the rulebook says stands in the rulebook alone: no page or view repeats a rule."""

import ast
import re
from pathlib import Path

from replicas.rules.rulebook import RULES

ROOT = Path(__file__).resolve().parents[3]
BOOK = sorted((ROOT / "replicas" / "rules" / "rulebook").glob("*.py"))
FOLDERS = ("templates", "accounts/views", "agencies/views", "replicas/views", "portal/views")
ELSEWHERE = [
    path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in {".html", ".txt", ".py"}
]
SHORTEST = 25  # letters; shorter ones are ordinary words


def plain(text: str) -> str:
    """The words alone, so that other quotes or line breaks hide nothing."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def said() -> set[str]:
    """Every sentence a rule can say: what its function yields, and why."""
    found = {rule.why for rule in RULES} | {rule.by_hand for rule in RULES}
    for path in BOOK:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Hit":
                found |= {
                    part.value
                    for part in ast.walk(node)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return {sentence for sentence in map(plain, found) if len(sentence) >= SHORTEST}


def test_there_are_sentences_to_look_for():
    assert len(said()) > 150


def test_no_rule_is_written_out_elsewhere():
    sentences = said()
    texts = {str(path.relative_to(ROOT)): plain(path.read_text("utf-8")) for path in ELSEWHERE}
    assert [(place, one) for place, text in texts.items() for one in sentences if one in text] == []


def test_no_page_names_a_rule_by_its_number():
    """A number a person reads comes with the finding, so that it is never that of another rule."""
    numbered = re.compile(r"\bR(?:0[1-9]|[123]\d|4[012])\b")
    tags = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.S)
    pages = [path for path in ELSEWHERE if path.suffix != ".py"]
    named = [path for path in pages if numbered.search(tags.sub("", path.read_text("utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in named] == []
