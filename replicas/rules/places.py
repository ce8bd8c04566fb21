"""What a place lies in, as far as it can be told from how people write it. Pure; names are folded.

States, provinces and countries and their short forms are those of ISO 3166-1 and 3166-2; a city is listed here where
screen work is common and its name alone says which one is meant.
"""

from collections.abc import Iterable, Iterator

US, UK, CANADA = "united states", "united kingdom", "canada"
OTHER_NAMES = {
    **dict.fromkeys(("us", "usa", "u.s.", "u.s.a.", "america", "united states of america"), US),
    **dict.fromkeys(("uk", "u.k.", "great britain", "britain", "gb"), UK),
}
STATES = (
    "al alabama,ak alaska,az arizona,ar arkansas,ca california,co colorado,ct connecticut,de delaware,fl florida,"
    "ga georgia,hi hawaii,id idaho,il illinois,in indiana,ia iowa,ks kansas,ky kentucky,la louisiana,me maine,"
    "md maryland,ma massachusetts,mi michigan,mn minnesota,ms mississippi,mo missouri,mt montana,ne nebraska,nv nevada,"
    "nh new hampshire,nj new jersey,nm new mexico,ny new york,nc north carolina,nd north dakota,oh ohio,ok oklahoma,"
    "or oregon,pa pennsylvania,ri rhode island,sc south carolina,sd south dakota,tn tennessee,tx texas,ut utah,"
    "vt vermont,va virginia,wa washington,wv west virginia,wi wisconsin,wy wyoming,dc district of columbia"
)
PROVINCES = (
    "ab alberta,bc british columbia,mb manitoba,nb new brunswick,nl newfoundland and labrador,ns nova scotia,"
    "on ontario,pe prince edward island,qc quebec,sk saskatchewan,yt yukon"
)
NATIONS = ("england", "scotland", "wales", "northern ireland")
CITIES = {
    "california": ("los angeles", "hollywood", "burbank", "santa monica", "pasadena", "san francisco", "san diego"),
    "new york": ("new york", "new york city", "brooklyn", "queens"),
    "georgia": ("atlanta", "savannah"),
    "illinois": ("chicago",),
    "louisiana": ("new orleans",),
    "new mexico": ("albuquerque", "santa fe"),
    "texas": ("austin", "dallas", "houston"),
    "ontario": ("toronto", "ottawa"),
    "british columbia": ("vancouver",),
    "quebec": ("montreal",),
    "alberta": ("calgary", "edmonton"),
    "england": ("london", "manchester", "leeds", "bristol", "liverpool", "birmingham", "brighton"),
    "scotland": ("glasgow", "edinburgh"),
    "wales": ("cardiff",),
    "northern ireland": ("belfast",),
}


def _regions(text: str, country: str) -> dict[str, tuple[str, ...]]:
    """Short and long form of each, with what they stand for and lie in."""
    pairs = [entry.split(" ", 1) for entry in text.split(",")]
    return {form: (name, country) for short, name in pairs for form in (short, name)}


REGIONS = _regions(STATES, US) | _regions(PROVINCES, CANADA) | {name: (name, UK) for name in NATIONS}
ALONE = {city: REGIONS[region] for region, cities in CITIES.items() for city in cities}
NOT_ALONE = {"georgia"}  # also a country: a state only where it stands as “GA”, or for a city listed above


def within(parts: list[str]) -> list[str]:
    """The parts of a written place, and after them everything they lie in, each once.

    ``["burbank", "ca"]`` → burbank, ca, california, united states. A city alone is looked up; a region or a country is
    known by its long or short form, but the short form only after a comma, where nobody reads it as a word.
    """
    return list(dict.fromkeys([*parts, *_wider(parts)]))


def _wider(parts: list[str]) -> Iterator[str]:
    if len(parts) == 1 and parts[0] in ALONE:
        yield from ALONE[parts[0]]
    for place, part in enumerate(parts):
        if part in OTHER_NAMES:
            yield OTHER_NAMES[part]
        elif part in REGIONS and part not in NOT_ALONE and (place or (len(parts) == 1 and len(part) > 2)):
            yield from REGIONS[part]


def usual(parts: Iterable[str]) -> list[str]:
    """The parts of a place somebody looks for, each by its usual name: “USA” is looked for as “united states”."""
    return [OTHER_NAMES.get(part, part) for part in parts]
