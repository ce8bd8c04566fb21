"""The table of events: ``area.subject.action`` and the sentence each one is told in.

Every app registers its own events when it is ready, so that this package imports nothing from above.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """How an event is told. ``{by}`` and the keys of the entry's data may stand in the text.

    ``outside`` is the wording for the licensee's side. ``None`` means the same text; ``""`` means they are not told
    (promise 3: a refusal costs nothing).
    """

    text: str
    outside: str | None = None
    icon: str = "dot"

    def for_side(self, side: str) -> str:
        return self.text if side != "licensee" or self.outside is None else self.outside


SENTENCES: dict[str, Sentence] = {}


def register(sentences: dict[str, Sentence]) -> None:
    """Adds an app's events. A name taken twice is a mistake in the code, found at start."""
    for name, sentence in sentences.items():
        if SENTENCES.setdefault(name, sentence) is not sentence:
            raise ValueError(f"The event {name!r} is registered twice.")
