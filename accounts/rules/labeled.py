"""Words of the domain as enums that carry the label people read."""

from enum import StrEnum
from typing import Self


class Labeled(StrEnum):
    """A string enum whose members are written ``NAME = "value", "Label"``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ").capitalize()
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """``[(value, label), …]`` in the order written, as Django's fields take them."""
        return [(member.value, member.label) for member in cls]
