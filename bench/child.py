"""One measuring process: ``python -m bench.child WHAT OPTIONS RESULT``. Django is set up by its environment alone."""

import importlib
import json
import sys
from pathlib import Path

WHAT = (
    "world",
    "counting",
    "answering",
    "sweeping",
    "letters",
    "announcing",
    "searching",
    "sessions",
    "crowds",
    "sending",
)


def main(what: str, options: str, result: str) -> None:
    """Calls ``bench.WHAT.measure(**OPTIONS)`` and writes what it returns, as JSON, to the file RESULT."""
    import django

    django.setup()
    if what not in WHAT:
        sys.exit(f"There is nothing to measure named {what}.")
    found = importlib.import_module(f"bench.{what}").measure(**json.loads(options))
    Path(result).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:4])
