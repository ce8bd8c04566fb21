"""The shape of docs/architecture.md, held by reading the code: who imports whom, who writes, how long a file may be."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "agencies", "replicas", "portal"]  # each may import those before it
WORDS = {"models", "rules", "access", "actions", "forms", "views", "tasks"}
FILES = sorted(
    path.relative_to(ROOT) for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
LONGEST = 400
PURE = {"accounts.rules", "agencies.rules", "replicas.rules", "accounts.notifications.rules", "accounts.audit.events"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc"}
# What each layer may take from the apps' other layers; ``actions`` may also use models, rules, access.
MAY_IMPORT = {
    "models": {"models", "rules"},
    "rules": {"rules"},
    "access": {"access", "models", "rules"},
    "actions": {"actions", "access", "models", "rules"},
    "forms": {"forms", "models", "rules", "actions"},
    "views": {"views", "access", "forms", "actions", "models", "rules"},
    "tasks": {"actions", "access", "models", "rules"},
}


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Every module a file imports, inside functions too."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def layer(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] in APPS and parts[1] in WORDS else ""


def module_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def in_layer(name: str) -> list[Path]:
    return [path for path in FILES if layer(module_of(path)) == name]


@pytest.mark.parametrize("app", APPS)
def test_apps_import_one_way(app):
    above = set(APPS[APPS.index(app) + 1 :])
    upward = {
        (str(path), module)
        for path in FILES
        if path.parts[0] == app
        for module in imports(path)
        if module.split(".")[0] in above
    }
    assert upward == set()


@pytest.mark.parametrize("name", sorted(MAY_IMPORT))
def test_layers_import_only_what_they_may(name):
    wrong = {
        (str(path), module)
        for path in in_layer(name)
        for module in imports(path)
        if layer(module) and layer(module) not in MAY_IMPORT[name]
    }
    assert wrong == set()


def test_rules_are_pure():
    allowed = {"accounts", "agencies", "replicas"}
    wrong = set()
    for path in FILES:
        module = module_of(path)
        if not any(module == pure or module.startswith(f"{pure}.") for pure in PURE):
            continue
        for imported in imports(path):
            top = imported.split(".")[0]
            pure_import = any(imported == pure or imported.startswith(f"{pure}.") for pure in PURE)
            if top == "django" or (top in allowed and not pure_import):
                wrong.add((str(path), imported))
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}:
                wrong.add((str(path), node.attr))
    assert wrong == set()


def test_views_and_forms_do_not_reach_past_access_and_actions():
    wrong = {
        (str(path), node.lineno, node.attr)
        for name in ("views", "forms")
        for path in in_layer(name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "save", "bulk_create", "delete"}
        and not (
            node.attr in {"delete", "save"} and isinstance(node.value, ast.Attribute) and node.value.attr == "session"
        )
    }
    assert wrong == set()


def test_only_actions_write_states():
    """``.update(state=…)`` and ``.state = …`` stand in actions alone, and in the outbox for deliveries."""
    may = ("accounts/notifications/", "accounts/actions/", "agencies/actions/", "replicas/actions/")
    wrong = set()
    for path in FILES:
        if str(path).startswith(may):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
                wrong |= {(str(path), node.lineno) for keyword in node.keywords if keyword.arg == "state"}
            if isinstance(node, ast.Assign):
                wrong |= {
                    (str(path), node.lineno)
                    for target in node.targets
                    if isinstance(target, ast.Attribute) and target.attr == "state"
                }
    assert wrong == set()


def test_access_never_writes():
    writing = {"save", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"}
    wrong = {
        (str(path), node.lineno, node.func.attr)
        for path in in_layer("access")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing
    }
    assert wrong == set()


def test_signals_are_received_in_one_file():
    listening = {str(path) for path in FILES if "receiver" in (ROOT / path).read_text(encoding="utf-8").split("(")[0]}
    decorated = {
        str(path)
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "receiver")
            or (
                isinstance(node.func, ast.Attribute)
                and node.func.attr == "connect"
                and "signal" in ast.dump(node).lower()
            )
        )
    }
    assert decorated | listening <= {"accounts/receivers.py"}


def test_no_file_is_longer_than_four_hundred_lines():
    written = [ROOT / path for path in FILES]
    written += [path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    written += [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    written += list((ROOT / "templates").rglob("*.html"))
    long = {str(path.relative_to(ROOT)): n for path in written if (n := len(path.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_names_say_what_is_inside():
    assert {str(path) for path in FILES if FORBIDDEN_NAMES & set(Path(path).with_suffix("").parts)} == set()


def test_actions_take_their_actor_and_clock_by_keyword():
    """A move's function has keyword-only ``by`` and ``at``."""
    wrong = set()
    for path in in_layer("actions"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "move"
                for mark in node.decorator_list
            ):
                keywords = {argument.arg for argument in node.args.kwonlyargs}
                if not {"by", "at"} <= keywords:
                    wrong.add((str(path), node.name))
    assert wrong == set()
