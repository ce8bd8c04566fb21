"""A house's lists: what they are called, what is put on them, and who is shown them."""

from collections.abc import Iterable
from typing import Any

from django import forms

from replicas.models import Shortlist
from replicas.rules.shortlists import LONGEST_TAG, SHARE_DAYS, TAGS

NEEDED = {"required": "This is needed."}
NEW = "new"
SPANS = {3: "3 days", 7: "A week", 14: "Two weeks", 30: "30 days"}


class ShortlistForm(forms.Form):
    """A list's title, what it is for, and the names of its six tags."""

    title = forms.CharField(
        label="What the list is called", max_length=80, error_messages={"required": "Give the list a name."}
    )
    about = forms.CharField(
        label="What it is for",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the people of your house.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, TAGS + 1):
            self.fields[f"tag_{number}"] = forms.CharField(
                label=f"Tag {number}", max_length=LONGEST_TAG, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for number in range(1, TAGS + 1):
            name = " ".join(cleaned.get(f"tag_{number}", "").split()).casefold()
            if name and name in seen:
                self.add_error(f"tag_{number}", "Another tag has this name already.")
            seen.add(name)
        return cleaned

    @staticmethod
    def initial_of(shortlist: Shortlist) -> dict[str, str]:
        tags = {f"tag_{number}": name for number, name in enumerate(shortlist.tags, 1)}
        return {"title": shortlist.title, "about": shortlist.about, **tags}

    @property
    def tag_fields(self) -> list[forms.BoundField]:
        return [self[f"tag_{number}"] for number in range(1, TAGS + 1)]

    def tags(self) -> list[str]:
        return [self.cleaned_data[f"tag_{number}"] for number in range(1, TAGS + 1)]


class AddForm(forms.Form):
    """Which list, or the name of a new one. ``back`` is the address the person came from."""

    to = forms.ChoiceField(
        label="Which list", widget=forms.RadioSelect, error_messages={"required": "Choose a list, or begin a new one."}
    )
    title = forms.CharField(label="Name of the new list", max_length=80, required=False)
    note = forms.CharField(label="A note", max_length=500, required=False, help_text="For the people of your house.")
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)

    def __init__(self, *args: Any, lists: Iterable[Shortlist], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {shortlist.ref: shortlist for shortlist in lists}
        choices = [(ref, shortlist.title) for ref, shortlist in self.lists.items()]
        self.fields["to"].choices = [*choices, (NEW, "A new list")]  # type: ignore[attr-defined]
        self.initial.setdefault("to", choices[0][0] if choices else NEW)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("to") == NEW and not cleaned.get("title"):
            self.add_error("title", "Give the new list a name.")
        return cleaned

    def chosen(self) -> Shortlist | None:
        """The list that was chosen; None for a new one."""
        return self.lists.get(self.cleaned_data["to"])


class EntryForm(forms.Form):
    """Tags and note of one entry. Each entry of a page has its own ids in the page."""

    tags = forms.TypedMultipleChoiceField(label="Tags", coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "A note holds 500 characters."},
    )

    def __init__(self, *args: Any, tags: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].choices = list(tags)  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    """For whom a link is, how long it works, and whether it shows what the house wrote."""

    whom = forms.CharField(
        label="Who is it for?",
        max_length=60,
        help_text="A person or a company. The name stands across every picture, so that a copy says where it is from.",
        error_messages={"required": "Say who it is for."},
    )
    days = forms.TypedChoiceField(
        label="How long it works",
        coerce=int,
        choices=[(days, SPANS[days]) for days in SHARE_DAYS],
        initial=7,
        error_messages=NEEDED,
    )
    with_notes = forms.BooleanField(
        label="Show our tags and notes, too",
        required=False,
        help_text="As you wrote them. Read them once more before you give the link out.",
    )
