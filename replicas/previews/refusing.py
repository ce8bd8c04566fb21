"""The one exception for a file that we do not take. Standard library only."""

BROKEN = "This file is broken and can't be opened."
EMPTY = "This file is empty."
TOO_SLOW = "This picture takes too long to open. Save it as a plain JPEG and send that."
TOO_HEAVY = "This picture needs too much memory to open. Save it smaller, as a plain JPEG, and send that."


class Unusable(Exception):
    """A file was refused. ``sentence`` is for the person who sent it and names the limit."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def in_megabytes(size: int, most: int) -> str:
    """“31 MB”, or “20.1 MB” where the round number would hide that it is over ``most`` (both in bytes)."""
    whole = round(size / 1_000_000)
    if whole > most // 1_000_000:
        return f"{whole:,} MB"
    return f"{max(size / 1_000_000, most / 1_000_000 + 0.1):.1f} MB"


def too_big(size: int, most: int, noun: str = "file") -> Unusable:
    """``size`` and ``most`` in bytes."""
    return Unusable(f"This {noun} is {in_megabytes(size, most)}; the most we take is {most // 1_000_000} MB.")
