"""The search's data: as many listed people as wanted, written by the database itself from a few lists of words.

Everything about a row follows from its number by fixed multipliers, so that each run has the same people. Words come
as they do in language: few very often, most of them rarely.
"""

import itertools
import re
from typing import Any

from django.db import connection, models, transaction

from replicas.actions.listing import recount_terms
from replicas.models import Replica
from replicas.models.word_index import make_word_index, undo_word_index
from replicas.rules.listing import MARK, place_key, tags
from tests import factories

FIRST_ID = 10_000_000
PRIME = 2_147_483_647
SYLLABLES = "ba ka lo mi ren sol tar vin wes zor hal den fro gil mar net oak pel quin rus".split()
FIRST = ["".join(pair) for pair in itertools.product(SYLLABLES, SYLLABLES)]
LAST = ["".join(three) for three in itertools.product(SYLLABLES, repeat=3)] + [
    "".join(four) for four in itertools.product(SYLLABLES, SYLLABLES, SYLLABLES[:10], SYLLABLES[:8])
]
WORDS = ["".join(three) + "s" for three in itertools.product(SYLLABLES, repeat=3)][:6000]
SKILLS = (
    "riding,stage combat,fencing,ballet,tap,salsa,swimming,diving,climbing,archery,juggling,fire,guitar,piano,violin,"
    "drums,opera,jazz singing,beatbox,mime,puppetry,clowning,parkour,boxing,judo,karate,rugby,tennis,skating,skiing,"
    "surfing,sailing,driving,motorbike,forklift,first aid,lip reading,juggling knives,sword,whip,falconry,baking"
).split(",")
PLACES = (
    *("Los Angeles, California",) * 8,
    *("Burbank, California",) * 3,
    *("New York, New York", "Atlanta, Georgia", "London, England", "Toronto, Ontario", "Vancouver, British Columbia")
    * 2,
    *("Leeds, England", "Bristol, England", "Cardiff, Wales", "Glasgow, Scotland", "Manchester, England"),
    *("Montreal, Quebec", "Chicago, Illinois", "Austin, Texas", "Santa Fe, New Mexico", "Boise, Idaho", "Reykjavik"),
)
LANGUAGES = (" en ",) * 11 + (" en es ",) * 4 + (" en fr ", " en zh ", " es ", " en de it ", " en yo ")
KINDS = ("ebdr",) * 6 + ("badr",) * 3 + ("icdr",)
GENDERS = ("woman",) * 9 + ("man",) * 9 + ("non_binary", "own_word")
UNIONS = ("sag_aftra",) * 8 + ("equity_uk",) * 4 + ("actra",) * 2 + ("other",) * 2 + ("none",) * 4
MASKS = (2,) * 8 + (3,) * 5 + (1,) * 3 + (4,) * 2 + (10, 15)
SEARCHES = {
    "search": "",
    "search by filters": "kind=badr&gender=woman&union=sag_aftra&age_from=25&age_to=35",
    "search by rare filters": "kind=icdr&gender=own_word&union=actra&language=yo",
    "search by three ways": "face=yes&voice=no&language=es&height_from=185",
    "search within a place": "place=California&kind=badr",
    "search, shuffled": "order=day",
    "search by a rare word": f"q={WORDS[5500]}",
    "search by a common word": f"q={WORDS[0]}",
    "search by a word in the middle, filtered": f"q={WORDS[120]}&kind=badr&union=none",
    "search by a name": "q=vinsol martarba",
    "search by the beginning of a name": "q=mar",
    "search by a name with a typo": "q=vinsoll",
}
SUGGESTED = {"suggest a name": "?q=vinsol", "suggest a skill": "?q=jug"}


def spread(number: int, size: int) -> str:
    """SQL of a fixed chance for row ``n``: 0 to ``size`` − 1, another one for each ``number``."""
    return f"((n.n * {pow(48_271, number + 7, PRIME)} + {number * 7919}) %% {PRIME} / 7 %% {size})"


def among(name: str, number: int) -> str:
    """SQL of one word of a list for row ``n``; ``_copies`` joins the list."""
    return f"{name}_{number}.word"


def _more(text: str) -> str:
    """The tags behind the four of what was captured."""
    return "".join(f"{MARK}{tag}" for tag in text.split(MARK)[4:])


LISTS: dict[str, tuple[Any, ...] | list[Any]] = {
    "first": FIRST,
    "last": LAST,
    "skill": SKILLS,
    "place": PLACES,
    "place_key": [place_key(place) for place in PLACES],
    "language": LANGUAGES,
    "kind": KINDS,
    "gender": GENDERS,
    "union": UNIONS,
    "mask": MASKS,
    "mask_tags": [tags(mask, "", "") for mask in MASKS],
    "language_tags": [_more(tags(0, codes, "")) for codes in LANGUAGES],
    "place_tags": [_more(tags(0, "", place_key(place))) for place in PLACES],
}


def build(people: int) -> dict[str, Any]:
    """Makes ``people`` listed replicas. Returns ``pages`` (name, path, who) and the emails by ``who``."""
    caster = factories.make_user("Dana Director")
    factories.make_casting(caster)
    pattern = factories.make_replica(factories.make_actor("Maya Moreno"))
    with transaction.atomic(), connection.cursor() as cursor:
        _lists(cursor)
        cursor.execute(
            "CREATE TABLE bench_numbers AS WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < %s)"
            " SELECT CAST(n AS bigint) AS n FROM n",
            [people],
        )
        cursor.execute("ANALYZE")
        undo_word_index(connection)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # what is made here refers to what is there
        _people(cursor, pattern)
        for name in (*LISTS, "numbers"):
            cursor.execute(f"DROP TABLE bench_{name}")
    make_word_index(connection)
    recount_terms()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    pages = {name: ["casting", f"/replicas/?{query}"] for name, query in SEARCHES.items()}
    pages |= {name: ["casting", f"/replicas/suggest/{query}"] for name, query in SUGGESTED.items()}
    return {"pages": pages, "people": {"casting": caster.email}}


def _lists(cursor: Any) -> None:
    LISTS["words"] = _by_frequency()
    for name, values in LISTS.items():
        kind = "integer" if name == "mask" else "text"
        cursor.execute(f"CREATE TABLE bench_{name} (place bigint PRIMARY KEY, word {kind})")
        cursor.executemany(f"INSERT INTO bench_{name} VALUES (%s, %s)", list(enumerate(values)))


def _by_frequency() -> list[str]:
    """The words, each as often as it is met: word k is met 3/(k + 3) as often as the first."""
    shares = list(itertools.accumulate(1 / (number + 3) for number in range(len(WORDS))))
    slots: list[str] = []
    word = 0
    for slot in range(65_536):
        while shares[word] / shares[-1] < (slot + 0.5) / 65_536:
            word += 1
        slots.append(WORDS[word])
    return slots


def _people(cursor: Any, pattern: Replica) -> None:
    key = f"{FIRST_ID} + n.n"
    first, last = among("first", 1), among("last", 2)
    _copies(cursor, pattern.actor.user, {"id": key, "email": "'bench' || n.n || '@example.com'", "name": first})
    profile = {"id": key, "user_id": key, "stage_name": f"{first} || ' ' || {last}", "place": among("place", 3)}
    _copies(cursor, pattern.actor, profile)
    _copies(
        cursor,
        pattern,
        {
            "id": key,
            "actor_id": key,
            "registered_by_id": key,
            "ref": "'P-' || n.n",
            "link_nonce": "'bench' || n.n",
            "kind": among("kind", 4),
        },
    )
    notes = " || ' ' || ".join(among("words", 20 + number) for number in range(8))
    age = f"18 + {spread(5, 50)}"
    _copies(
        cursor,
        pattern.listing,
        {
            "replica_id": key,
            "actor_id": key,
            "names": f"{first} || ' ' || {last}",
            "sort_name": f"{first} || ' ' || {last}",
            "captured": among("mask", 6),
            "kind": among("kind", 4),
            "gender": among("gender", 7),
            "union": among("union", 8),
            "languages": among("language", 9),
            "year": f"2026 - {spread(10, 9)}",
            "age_from": age,
            "age_to": f"{age} + 5",
            "height_cm": f"150 + {spread(11, 25)} + {spread(12, 25)}",
            "place": among("place_key", 3),
            "words": f"{among('skill', 13)} || ' ' || {notes}",
            "skills": among("skill", 13),
            "tags": f"{among('mask_tags', 6)} || {among('language_tags', 9)} || {among('place_tags', 3)}",
            **{f"lot_{lot}": spread(30 + lot, PRIME) for lot in range(4)},
        },
    )


def _copies(cursor: Any, row: models.Model, own: dict[str, str]) -> None:
    """A row like ``row`` for each number, with the columns of ``own`` worked out by SQL of ``n``."""
    fields: Any = row._meta.concrete_fields
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields if field.column not in own
    ]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    shown = [own.get(field.column, "%s") for field in fields]
    typed = [
        f"CAST({sql} AS {field.db_type(connection).split(' CHECK')[0]})"
        if sql == "%s" and connection.vendor == "postgresql"
        else sql
        for sql, field in zip(shown, fields, strict=True)
    ]
    lists = sorted(set(re.findall(r"\b([a-z_]+)_(\d+)\.word", " ".join(shown))))
    # Left to itself SQLite tries the orders of twenty tables for longer than it would take to read them all.
    join = "JOIN" if connection.vendor == "postgresql" else "CROSS JOIN"
    joins = " ".join(
        f"{join} bench_{name} {name}_{number} ON {name}_{number}.place = {spread(int(number), len(LISTS[name]))}"
        for name, number in lists
    )
    table, source = row._meta.db_table, f"bench_numbers n {joins}"
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(typed)} FROM {source}", values)
