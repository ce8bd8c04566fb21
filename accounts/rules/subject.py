"""What an audit entry or a notification is about, so that nothing imports upward."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """``type`` is the model's lower-case name, ``ref`` the reference people say, ``label`` how they would call it."""

    type: str
    id: int | None
    ref: str = ""
    label: str = ""
