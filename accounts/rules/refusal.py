"""The one exception for a move that is not allowed."""

from accounts.rules.subject import Subject


class Refused(Exception):
    """A move was refused.

    ``sentence`` says what happened and what to do next, for the person who tried. ``code`` names the reason for
    machines and tests. ``subject`` is the thing it was about, for the audit entry that every refusal leaves.
    """

    def __init__(self, code: str, sentence: str, *, subject: Subject | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.subject = subject
