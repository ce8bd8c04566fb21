"""The invented people of the demo. Names, towns and skills are made up; any likeness is chance."""

from dataclasses import dataclass
from random import Random
from typing import Any

from accounts.rules.people import Gender, Union

PASSWORD = "understudy-demo"
HOST = "demo.understudy.example"

# The people whose stories are told, first; the rest fills rosters and the search.
NAMES = (
    "Maya Reyes", "Marcus Bell", "Lena Kowalski", "Jonah Adeyemi", "Priya Nair", "Owen Clarke", "Tomas Vega",
    "Ines Duarte", "Noor Haddad", "Kai Lindqvist", "Ruth Baptiste", "Ada Whitcombe", "Sam Okafor", "Hana Sato",
    "Diego Marín", "Freya Holm", "Theo Laurent", "Zoë Abrams", "Mateus Rocha", "Grace Ndlovu", "Eli Rosen",
    "Yuki Tanabe", "Nadia Petrova", "Caleb Wright", "Leila Farahani", "Andre Dubois", "Mina Park", "Rafael Ortiz",
    "Clara Jensen", "Amos Kipchoge", "Sofia Bianchi", "Declan Burke", "Tara Singh", "Wes Hollander", "Iris Chen",
    "Bruno Castellani", "Esme Farrow", "Jamal Rivers", "Katya Orlova", "Nico Papadakis", "Olive Tremblay",
    "Samira Aziz", "Gus Pellegrino", "Anika Bose", "Felix Baumann", "Rosa Quintero", "Milo Strand", "Dalia Mansour",
    "Hugo Ferreira", "Joan Castile", "Emeka Obi", "Pilar Santos", "Levi Stone", "Astrid Nygaard", "Curtis Vance",
    "Lucía Robles", "Bea Thornton", "Omar Siddiqui", "Wren Delacroix", "Tobias Frank",
)  # fmt: skip
WOMEN = frozenset(
    "Maya Lena Priya Ines Noor Ruth Ada Hana Freya Zoë Grace Yuki Nadia Leila Mina Clara Sofia Tara Iris Esme Katya "
    "Olive Samira Anika Rosa Dalia Joan Pilar Astrid Lucía Bea Mia".split()
)
OPEN = frozenset({"Kai", "Wren"})
PLACES = (
    ("Los Angeles", "America/Los_Angeles"), ("Burbank", "America/Los_Angeles"), ("Vancouver", "America/Vancouver"),
    ("New York", "America/New_York"), ("Atlanta", "America/New_York"), ("Albuquerque", "America/Denver"),
    ("Chicago", "America/Chicago"), ("Toronto", "America/Toronto"), ("London", "Europe/London"),
    ("Dublin", "Europe/Dublin"),
)  # fmt: skip
SKILLS = (
    "Riding", "stage combat", "roller skating", "ballroom dance", "sign language", "juggling", "fencing", "free diving",
    "cello", "jazz piano", "boxing", "ice hockey", "stunt driving", "tap dance", "puppetry", "archery", "sailing",
    "rock climbing", "tango", "improv", "dialects", "swimming", "parkour", "card tricks",
)  # fmt: skip
ABOUT = (
    "Fifteen years of crowds, bars and courtrooms. Knows how to be there without being seen.",
    "Theater first, screen since 2019. Happiest with a period costume and a long take.",
    "Moves for a living: dance company until 2021, motion capture since.",
    "Came to acting from teaching. Calm with children and animals on set.",
    "Voice first: audiobooks, trailers, one very tired robot.",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One actor of the demo, as their profile says."""

    name: str
    email: str
    place: str
    zone: str
    profile: dict[str, Any]


def the_cast() -> list[Part]:
    """All sixty, the same on every machine."""
    random = Random(2026)
    return [_part(name, position, random) for position, name in enumerate(NAMES)]


def _part(name: str, position: int, random: Random) -> Part:
    first = name.split()[0]
    place, zone = PLACES[0] if position < 3 else random.choice(PLACES)
    gender = Gender.NON_BINARY if first in OPEN else Gender.WOMAN if first in WOMEN else Gender.MAN
    youngest = random.choice((18, 20, 24, 28, 32, 36, 42, 48, 55, 62))
    union = (
        Union.EQUITY_UK
        if zone.startswith("Europe")
        else random.choice((Union.SAG_AFTRA, Union.SAG_AFTRA, Union.SAG_AFTRA, Union.ACTRA, Union.NONE))
    )
    languages = [
        "en",
        *random.sample(("es", "fr", "de", "ja", "pt", "hi", "ar", "zh", "ase"), k=random.choice((0, 1, 1, 2))),
    ]
    slug = "".join(letter for letter in first.lower() if letter.isascii())
    unique = slug if position < 3 else f"{slug}.{name.split()[-1].lower().encode('ascii', 'ignore').decode()}"
    return Part(
        name,
        f"{unique}@{HOST}",
        place,
        zone,
        {
            "gender": gender,
            "playing_age_from": youngest,
            "playing_age_to": youngest + random.choice((8, 10, 12, 15)),
            "height_cm": random.randint(154, 193),
            "union": union,
            "place": place,
            "languages": f" {' '.join(languages)} ",
            "skills": ", ".join(random.sample(SKILLS, k=random.randint(2, 4))),
            "about": random.choice(ABOUT),
        },
    )
