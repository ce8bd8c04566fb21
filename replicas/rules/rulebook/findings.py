"""What a rule says when it fires."""

from dataclasses import dataclass

from replicas.rules.rulebook.stages import Effect


@dataclass(frozen=True, slots=True)
class Hit:
    """What one rule's function yields: the sentence, how to mend it, and where it belongs.

    ``field`` is the name of the field it is about, as in the facts; ``use`` the position of the use, from 0.
    ``effect`` and ``why`` are given where they differ from the rule's own.
    """

    what: str
    mend: str
    field: str = ""
    use: int | None = None
    effect: Effect | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired, ready to be read. ``grade_words`` says how sure the source is.

    ``rule`` is the id ("R05"), also the anchor on the page of rules; ``version`` the version that was judged.
    """

    rule: str
    version: int
    effect: Effect
    what: str
    why: str
    mend: str
    field: str
    use: int | None
    grade_words: str

    @property
    def blocks(self) -> bool:
        return self.effect is Effect.BLOCK

    @property
    def key(self) -> str:
        """The rule with its version, as it is kept with a decision: ``R05.1``."""
        return f"{self.rule}.{self.version}"
