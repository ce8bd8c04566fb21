"""Reading a list of people for a crowd, as whatever program wrote it."""

import pytest

from replicas.rules.crowds.people import At, BadRow, read_rows, without


def keys(text: str, file: str = "") -> list[str]:
    return [row.key for row in read_rows(text, file).rows]


def bad(text: str, file: str = "") -> list[str]:
    return [row.sentence for row in read_rows(text, file).bad]


@pytest.mark.parametrize(
    "text",
    [
        "ines@example.com\nP-7K3M9Q",
        "\ufeffines@example.com\r\nP-7K3M9Q\r\n",
        "Name;E-mail;Reference\nDuarte;ines@example.com;\nVale;;P-7K3M9Q\n",
        '"Duarte; Ines";"ines@example.com"\n"Vale";"P-7K3M9Q"',
        "Ines Duarte <INES@example.com>\np 7k3m9q",
        "ines@example.com\t12\nP-7K3M9Q\tOmar",
        "\n\nines@example.com\n\n P-7K3M9Q \n",
        "ines@example.com, \nP–7K3M9Q,,",
    ],
)
def test_addresses_and_references_are_read_from_any_list(text):
    assert keys(text) == ["ines@example.com", "P-7K3M9Q"]
    assert bad(text) == []


def test_several_in_one_row_are_several_people():
    assert keys("ines@example.com, omar@example.com") == ["ines@example.com", "omar@example.com"]
    assert keys("P-7K3M9Q;P-7K3M9R") == ["P-7K3M9Q", "P-7K3M9R"]


def test_look_alikes_in_a_reference_are_forgiven():
    assert keys("P-oIl000") == ["P-011000"]


def test_every_row_that_can_t_be_read_is_named_as_the_eye_counts_it():
    rows = ["E-mail", "ines@example.com", "", "Omar Vale", "=cmd|'/c'!A1", "ines@", "Ines <ines@example.com>"]
    text = "\n".join([*rows, "a@example.com, Ann, b@example.com"])
    assert bad(text) == [
        "Row 4, Omar Vale: There is no e-mail address and no reference in it.",
        "Row 5, =cmd|'/c'!A1: There is no e-mail address and no reference in it.",
        "Row 6, ines@: This is not an e-mail address.",
        "Row 7, Ines <ines@example.com>: The same person as row 2.",
        "Row 8, a@example.com,Ann,b@example.com: It has more than one e-mail address. Give each person a row.",
    ]


def test_a_file_keeps_its_own_rows_beside_what_was_typed():
    assert bad("", "somebody") == ["Row 1, somebody: There is no e-mail address and no reference in it."]
    assert bad("ines@example.com\nnobody", "Mail\nines@example.com\nsomebody") == [
        "Row 2, nobody: There is no e-mail address and no reference in it.",
        "Row 2 of the file, ines@example.com: The same person as row 1.",
        "Row 3 of the file, somebody: There is no e-mail address and no reference in it.",
    ]


def test_an_empty_list_is_nobody():
    assert keys("\n \n") == []
    assert bad("") == []


def test_what_is_missing_is_said_in_words():
    assert without(["voice"]) == "The replica has no voice."
    assert without(["face", "voice"]) == "The replica has no face and no voice."
    assert BadRow(None, "Ines, P-7K3M9Q", without(["body"])).sentence == "Ines, P-7K3M9Q: The replica has no body."
    assert str(At(3, "the file")) == "row 3 of the file"
