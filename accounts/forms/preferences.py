"""Which notices a person wants, by kind and channel."""

from typing import Any

from django import forms

from accounts.notifications.rules import KINDS, Channel
from accounts.notifications.words import GROUPS

ESSENTIAL = "Always on: it carries a decision, a deadline, a copy of what was agreed, or your safety."


class PreferencesForm(forms.Form):
    """One switch per kind and channel that may be switched off. Off is what a browser does not send."""

    def __init__(self, data: Any = None, *, off: set[tuple[str, str]]) -> None:
        super().__init__(data)
        for kind in KINDS.values():
            for channel in () if kind.essential else kind.channels:
                field = forms.BooleanField(
                    label=f"{kind.label}: {channel.label}",
                    required=False,
                    initial=(kind.name, channel.value) not in off,
                )
                field.widget.attrs.update({"class": "form-check-input", "aria-label": field.label})
                self.fields[_name(kind.name, channel)] = field

    def table(self) -> list[dict[str, Any]]:
        """Groups of rows for the page: each kind with its two switches, or the reason why there are none."""
        return [
            {
                "title": title,
                "rows": [
                    {"label": KINDS[name].label, "locked": ESSENTIAL}
                    if KINDS[name].essential
                    else {
                        "label": KINDS[name].label,
                        "switches": [self[_name(name, channel)] for channel in KINDS[name].channels],
                    }
                    for name in names
                ],
            }
            for title, names in GROUPS.items()
        ]

    def wishes(self) -> dict[tuple[str, str], bool]:
        return {
            (kind.name, channel.value): self.cleaned_data[_name(kind.name, channel)]
            for kind in KINDS.values()
            if not kind.essential
            for channel in kind.channels
        }


def _name(kind: str, channel: str) -> str:
    return f"{kind}-{Channel(channel).value}"
