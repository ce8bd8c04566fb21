"""What the rules cite: titles and addresses from a file people can read. Public, the same for everybody."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "rulebook" / "sources.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """``address`` has no scheme and may be empty, or cut off where it says "…"."""

    key: str
    title: str
    address: str = ""

    @property
    def url(self) -> str:
        """Where it can be opened; "" where the address is not whole."""
        return f"https://{self.address}" if self.address and "…" not in self.address else ""


@cache
def sources() -> dict[str, Source]:
    """Every source by its key ("T7"), in the order of the file. Read once."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {key: Source(key, **about) for key, about in listed.items()}
