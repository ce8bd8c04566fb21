"""`.env.example` names every variable the portal reads, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
READERS = ("portal/settings.py", "portal/environment.py", "portal/up.py", "portal/preparing.py")
CALLS = {"env.str", "env.list", "os.environ.get", "os.environ.setdefault"}
CALLS |= {name for call in ("flag", "number", "url", "database") for name in (call, f"environment.{call}")}
OURS = re.compile(r"[A-Z][A-Z0-9_]+")
NOT_FOR_PEOPLE = {"DJANGO_SETTINGS_MODULE"}


def names_read() -> set[str]:
    """First arguments of every call that reads a variable: ``env.str("X")``, ``flag("X", …)``, ``os.environ.get``."""
    found = set()
    for path in READERS:
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.args[0].value
            if ast.unparse(node.func) in CALLS and isinstance(name, str) and OURS.fullmatch(name):
                found.add(name)
    return found - NOT_FOR_PEOPLE


def names_in_example() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def test_the_example_is_complete():
    assert names_read() == names_in_example()


def test_operations_explains_every_variable():
    text = (ROOT / "docs" / "operations.md").read_text()
    assert {name for name in names_read() if f"`{name}`" not in text} == set()
