"""The steps in which a crowd is prepared, and the order its people are asked in. Pure."""

from accounts.rules.labeled import Labeled

LONGEST_TITLE = 80
LONGEST_STEP = (
    2_000_000  # characters; 10,000 addresses with names have about 600,000, and as much says what is wrong with them
)


class Step(Labeled):
    """In the order they are gone through; each may be opened again at any time."""

    BRIEF = "brief", "Brief"
    TERMS = "terms", "Terms"
    PEOPLE = "people", "People"
    PREFLIGHT = "preflight", "Check"
    DEADLINE = "deadline", "Numbers and deadline"
    REVIEW = "review", "Read and release"


TYPED = (Step.BRIEF, Step.TERMS, Step.PEOPLE, Step.DEADLINE)  # what has a form that is kept


class Order(Labeled):
    NAME = "name", "By name"
    SHUFFLED = "shuffled", "Shuffled"


def asked_words(*, needed: int, margin: int, people: int) -> str:
    """“85 are asked at once; 15 wait as standbys, in the order of the list.”"""
    first = min(needed + margin, people)
    rest = people - first
    asked = "One person is asked" if first == 1 else f"{first:,} are asked at once"
    if not rest:
        return f"{asked}; nobody waits as a standby." if first == 1 else f"{asked}; nobody is left as a standby."
    waits = "one person waits as a standby" if rest == 1 else f"{rest:,} wait as standbys, in the order of the list"
    return f"{asked}; {waits}."
