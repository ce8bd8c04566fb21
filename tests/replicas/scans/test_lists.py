"""Lists of people as programs write them: separators, quotes, headings, encodings, and rows that can't be read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replicas.rules.lists import MOST_PEOPLE, Listed, decode, read_people

ZONE = ZoneInfo("America/Los_Angeles")
ANA, BEN = ("ana@example.com", "Ana Alves"), ("ben@example.com", "Ben Osei")


def people(text: str) -> list[tuple[str, str]]:
    read = read_people(text, ZONE)
    assert read.errors == ()
    return [(one.email, one.name) for one in read.people]


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.com,Ana Alves\nben@example.com,Ben Osei",
        "ana@example.com;Ana Alves\r\nben@example.com;Ben Osei\r\n",
        "ana@example.com\tAna Alves\rben@example.com\tBen Osei",
        "E-mail,Name\nana@example.com,Ana Alves\nben@example.com,Ben Osei",
        "Name;Email Address\nAna Alves;ana@example.com\nBen Osei;ben@example.com",
        '"Name","E-Mail"\n"Ana Alves","ana@example.com"\n"Ben Osei","ben@example.com"',
        "\ufeffname,email\nAna Alves,ANA@example.com\nBen Osei,Ben@Example.com",
        "Ana Alves <ana@example.com>\nBen Osei <ben@example.com>",
        '"Ana Alves" <ana@example.com>, "Ben Osei" <ben@example.com>',
        "First name,Last name,Email\nAna,Alves,ana@example.com\nBen,Osei,ben@example.com",
        "Last name,First name,Email\nAlves,Ana,ana@example.com\nOsei,Ben,ben@example.com",
        "\n\n  ana@example.com , Ana   Alves  \n,,\nben@example.com,Ben Osei,\n",
        "No,Name,E-mail,Phone\n1,Ana Alves,ana@example.com,555 0101\n2,Ben Osei,ben@example.com,555 0102",
    ],
)
def test_every_shape_is_the_same_list(text):
    assert people(text) == [ANA, BEN]


def test_addresses_alone_in_rows_or_in_one_row():
    alone = [("ana@example.com", ""), ("ben@example.com", "")]
    assert people("ana@example.com\nben@example.com") == alone
    assert people("ana@example.com, ben@example.com") == alone
    assert people("ana@example.com; ben@example.com;") == alone


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_of_an_office_is_read(encoding):
    text = "Name;E-mail\r\nZoë Müller;zoe@example.com\r\n"
    assert people(decode(text.encode(encoding)) or "") == [("zoe@example.com", "Zoë Müller")]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x06\x00\x08\x00"])
def test_what_is_no_text_is_no_list(data):
    assert decode(data) is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-01 10:30", datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
        ("2026-12-01T10:30", datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
        ("2026-12-01T10:30+01:00", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        ("12/1/2026 10:30 AM", datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
        ("1.12.2026 10:30", datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 2, 7, 59, tzinfo=UTC)),
        ("12/01/2026", datetime(2026, 12, 2, 7, 59, tzinfo=UTC)),
    ],
)
def test_when_somebody_was_engaged(written, moment):
    """A day alone is its last minute, on the clock of the place."""
    for text in (f"ana@example.com;Ana Alves;{written}", f"Engaged at;E-mail\n{written};ana@example.com"):
        (found,) = read_people(text, ZONE).people
        assert found.engaged_at == moment


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ana@example.com\nBen Osei", "Row 2 has no e-mail address (it says “Ben Osei”)."),
        ("\n\nana@", "Row 3: “ana@” is not an e-mail address."),
        ("ana@example..com", "Row 1: “ana@example..com” is not an e-mail address."),
        ("ana@example.com;ben@example.com;Ben", "Row 1 has more than one e-mail address. Give each person a row."),
        ("ana@example.com;Ana;13/40/2026", "Row 1: “13/40/2026” is no day we can read."),
        (f"ana@example.com;{'A' * 121}", "Row 1 has a name of 121 characters; 120 fit here."),
    ],
)
def test_a_row_that_cant_be_read_is_named(text, error):
    read = read_people(text, ZONE)
    assert [sentence.startswith(error) for sentence in read.errors] == [True]


def test_a_repeat_is_left_out_and_said():
    read = read_people("ana@example.com\nben@example.com\nANA@example.com;Ana", ZONE)
    assert [one.email for one in read.people] == ["ana@example.com", "ben@example.com"]
    assert read.notes == ("Row 3: ana@example.com stands in row 1 already.",)


def test_five_hundred_fit_and_one_more_does_not():
    rows = [f"p{number}@example.com" for number in range(MOST_PEOPLE + 1)]
    assert read_people("\n".join(rows[:-1]), ZONE).errors == ()
    (error,) = read_people("\n".join(rows), ZONE).errors
    assert error == (
        "There are 501 people on the list. One announcement can go to 500: split the list and announce twice."
    )


def test_rows_are_counted_as_the_eye_counts_them():
    text = 'Name,E-mail\n"Ana\nAlves",ana@example.com\nBen,ben@example.com\n'
    assert read_people(text, ZONE).people == (
        Listed("ana@example.com", "Ana Alves", None, 2),
        Listed("ben@example.com", "Ben", None, 4),
    )


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text):
    read = read_people(text, ZONE)
    assert all(sentence.startswith(("Row ", "There are ")) for sentence in read.errors)


@given(st.binary(max_size=300))
def test_no_file_makes_it_stumble(data):
    text = decode(data)
    assert text is None or read_people(text, ZONE) is not None
