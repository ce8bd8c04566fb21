"""How far apart two words are, and which of some is meant. Pure; words are folded."""

from collections.abc import Iterable, Iterator
from string import ascii_lowercase

FEWEST_LETTERS = 4  # a shorter word is near to too many
TWO_FROM = 6  # letters, from which on two slips are forgiven


def misspelled(word: str) -> bool:
    """Whether a word is long enough, and letters alone, so that another may have been meant."""
    return len(word) >= FEWEST_LETTERS and word.isalpha()


def one_away(word: str) -> Iterator[str]:
    """Every word that is one slip away: a letter left out, doubled or wrong, or two of them swapped."""
    for place in range(len(word) + 1):
        start, rest = word[:place], word[place:]
        if rest:
            yield start + rest[1:]
        if len(rest) > 1:
            yield start + rest[1] + rest[0] + rest[2:]
        for letter in ascii_lowercase:
            yield start + letter + rest
            if rest:
                yield start + letter + rest[1:]


def distance(one: str, other: str, most: int) -> int:
    """How many letters are added, left out, wrong or swapped with their neighbor; ``most`` + 1 when it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for place, against in enumerate(other, 1):
            cost = min(row[-1] + 1, before[place] + 1, before[place - 1] + (letter != against))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == against:
                cost = min(cost, last[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def nearest(word: str, among: Iterable[tuple[str, int]]) -> str:
    """The nearest of ``among`` (words and how often each occurs), the more frequent of two; "" where none is near.

    One slip is forgiven in a word of four or five letters, two in a longer one.
    """
    most = 2 if len(word) >= TWO_FROM else 1
    far = ((distance(word, other, most), -often, other) for other, often in among if other != word)
    best = min((found for found in far if found[0] <= most), default=None)
    return best[2] if best else ""
