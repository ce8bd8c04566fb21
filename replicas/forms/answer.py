"""What the actor fills in to answer: the yes with its uses and name, and the no with its optional reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from accounts.forms.fields import LineField, one_line
from replicas.rules.vocabulary import AfterDeath, DenialReason, ReasonSeenBy

YES, NO = "yes", "no"
SWITCH = "use-"  # the field of a use's switch is this and the use's id


def chosen(data: Mapping[str, Any], use_ids: Iterable[int]) -> dict[str, str]:
    """What the switches say so far, by the use's id: “yes”, “no”, or left out while nothing is chosen.

    ``use=<id>`` is read as a yes too, so that a link can carry choices.
    """
    listed = set(data.getlist("use")) if hasattr(data, "getlist") else set()
    found = {}
    for pk in use_ids:
        answer = data.get(f"{SWITCH}{pk}", "")
        if answer in (YES, NO):
            found[str(pk)] = answer
        elif str(pk) in listed:
            found[str(pk)] = YES
    return found


class ApproveForm(forms.Form):
    """The yes: which uses, and the name typed out. The proof of the person has its own fields beside it.

    Nobody signs a sentence that was not true any more: when the switches were changed on the page itself, the page
    comes back with the new sentence first.
    """

    terms_hash = forms.CharField(max_length=64, widget=forms.HiddenInput(), required=False)
    typed_name = forms.CharField(
        label="Type your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Type your name. It stands on the license."},
    )
    after_death = forms.ChoiceField(
        label="If I die while it runs",
        choices=AfterDeath.choices(),
        initial=AfterDeath.ENDS.value,
        widget=forms.RadioSelect(),
        help_text="Under some contracts a consent outlives the person. Here you decide.",
        error_messages={
            "required": "Choose what happens if you die while it runs.",
            "invalid_choice": "Choose one of the three.",
        },
    )

    def __init__(self, data: Any = None, *, use_ids: Iterable[int], answers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.use_ids = list(use_ids)
        self.answers = dict(answers)

    @property
    def court(self) -> str:
        """The court's approval as typed; empty where none is asked for."""
        return one_line(str(self.data.get("court_ref", "")))[:120] if "court_ref" in self.fields else ""

    @property
    def wish(self) -> str:
        """What happens after death, as chosen; what nobody asks a guardian about ends."""
        return str(self.data.get("after_death", "")) if "after_death" in self.fields else AfterDeath.ENDS.value

    @property
    def yes_ids(self) -> list[int]:
        """The ids of the uses said yes to."""
        return [pk for pk in self.use_ids if self.answers.get(str(pk)) == YES]

    @property
    def all_chosen(self) -> bool:
        return all(str(pk) in self.answers for pk in self.use_ids)

    @property
    def as_read(self) -> str:
        """The ids said yes to, as the page's hidden field keeps them beside the sentence that was read."""
        return "-".join(str(pk) for pk in self.yes_ids) if self.all_chosen else ""

    def clean(self) -> dict[str, Any]:
        if not self.all_chosen:
            raise forms.ValidationError("Say yes or no to each use. Nothing is chosen for you.", code="unanswered")
        if not self.yes_ids:
            raise forms.ValidationError("Say yes to at least one use, or deny the request.", code="no-use-chosen")
        if self.data.get("read", self.as_read) != self.as_read:
            raise forms.ValidationError(
                "You changed your answers on this page. Read above what you approve now, then sign.", code="changed"
            )
        return self.cleaned_data


class GuardianApproveForm(ApproveForm):
    """A guardian's yes for a minor: it names the court's approval, too."""

    after_death = None  # type: ignore[assignment]  # a minor's consent ends with the 18th birthday at the latest
    court_ref = LineField(
        label="The court’s approval",
        max_length=120,
        help_text="Its number and the court, as it stands on the paper.",
        error_messages={"required": "Name the court’s approval. Without one nothing can be agreed for a minor."},
    )


class DenyForm(forms.Form):
    """The no. Nothing in it is required."""

    reason = forms.ChoiceField(
        label="Your reason",
        choices=[("", "No reason"), *DenialReason.choices()],
        required=False,
        widget=forms.RadioSelect(),
        help_text="Optional.",
        error_messages={"invalid_choice": "Choose one of the list, or none."},
    )
    comment = forms.CharField(
        label="In your own words",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Optional.",
        error_messages={"max_length": "At most 1,000 characters, please. Now it has %(show_value)d."},
    )
    seen_by = forms.ChoiceField(
        label="Who may read the reason",
        choices=ReasonSeenBy.choices(),
        initial=ReasonSeenBy.AGENT.value,
        required=False,
        widget=forms.RadioSelect(),
        error_messages={"invalid_choice": "Choose who may read it."},
    )

    def clean_seen_by(self) -> str:
        return self.cleaned_data["seen_by"] or ReasonSeenBy.AGENT.value
