"""How much of a promise's full number a run tries. CI has minutes; ``PROMISES_SCALE=1`` takes the number of the row."""

import os

SCALE = float(os.environ.get("PROMISES_SCALE") or 0)


def scaled(full: int, *, ci: int) -> int:
    """``ci`` unless ``PROMISES_SCALE`` is set; then that share of ``full``, and never less than ``ci``."""
    return max(ci, round(full * SCALE))
