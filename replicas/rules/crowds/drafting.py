"""The steps in which a crowd is prepared, and the order its people are asked in. Pure."""

from accounts.rules.labeled import Labeled

LONGEST_TITLE = 80
LONGEST_STEP = 1_000_000  # characters; 10,000 addresses with names have about 600,000


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
