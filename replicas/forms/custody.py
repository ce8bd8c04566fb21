"""Custody: copies, access, endings, transfers, attestations."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from replicas.actions.custody.destroying import Attestation
from replicas.actions.custody.recording import CopyFacts
from replicas.actions.custody.transferring import TransferFacts
from replicas.models import License
from replicas.rules.custody import RECORDABLE, Ending, HoldingKind, Method, TransferMove
from replicas.rules.vocabulary import Agreement

SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 2000


def _text(label: str, help_text: str = "", *, most: int = 120, required: bool = True, **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": "This is needed.", "max_length": f"At most {most} characters fit here."},
    )


def _long(label: str, help_text: str = "", *, most: int, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": "This is needed.", "max_length": f"At most {most:,} characters fit here."},
    )


def _day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Give the day.",
            "invalid": "Write the day as year-month-day, like 2027-03-14.",
        },
    )


def _sha256(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        label=label,
        required=required,
        help_text=help_text or "64 hex digits, as sha256sum prints them.",
        widget=forms.TextInput(attrs={"class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": "This is needed.", "invalid": "A SHA-256 has 64 hex digits."},
    )


class HolderForm(forms.Form):
    """What a holder says, or what the actor's side writes down for one who is not on the portal (``noted``)."""

    def __init__(self, *args: Any, noted: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if noted:
            self.fields["told_by"] = _text(
                "Who told you?", "A name and how: “Ruth at Volume Stage, by e-mail on Nov 3”."
            )

    def told_by(self) -> str:
        return str(self.cleaned_data.get("told_by", ""))


class CopyForm(HolderForm):
    holder = _text(
        "Who holds the copies?", "The company’s name. If it is on Understudy, it is asked to keep the record."
    )
    copies = forms.IntegerField(
        label="How many copies?",
        min_value=1,
        max_value=999,
        initial=1,
        error_messages={
            "required": "Say how many.",
            "invalid": "Write a number.",
            "min_value": "Count at least one copy.",
            "max_value": "Count at most 999 copies in one entry.",
        },
    )
    purpose = _text("What are they for?", "“Crowd shots of Harbor Lights, scenes 12A and 14”.", most=300)
    place = _text("Where are they kept?", "City, data center or provider.")
    since = _day("Since when?")
    until = _day("Until when may they be kept?", "If a day was agreed.", required=False)
    contact = forms.EmailField(
        label="Address for letters",
        required=False,
        help_text="Only for a company that is not on Understudy.",
        error_messages={"invalid": "That is no e-mail address."},
    )

    def __init__(self, *args: Any, licenses: Sequence[License], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licenses = {license_.ref: license_ for license_ in licenses}
        choices = [
            (license_.ref, f"{license_.ref}, {license_.organization}, {license_.request.project}")
            for license_ in licenses
        ]
        if choices:
            self.fields["license"] = forms.ChoiceField(
                label="Kept for which license?",
                required=False,
                choices=[("", "None of these"), *choices],
                help_text="Copies kept for a license have to be destroyed within 30 days of its end.",
            )
            self.order_fields(["holder", "copies", "purpose", "license"])

    def facts(self, organization: Any) -> CopyFacts:
        """``organization`` is the house of that name when it is on the portal, else None."""
        values = self.cleaned_data
        return CopyFacts(
            holder=values["holder"],
            place=values["place"],
            purpose=values["purpose"],
            since=values["since"],
            copies=values["copies"],
            until=values["until"],
            contact="" if organization else values["contact"],
            organization=organization,
            license=self.licenses.get(values.get("license", "")),
            told_by=self.told_by(),
        )


class AccessForm(HolderForm):
    who = _text("Who opened the files?", "A person and their role: “Ben Ito, compositing”.")
    purpose = _text("What for?", "The need, so that it can be checked against what was agreed.", most=300)
    opened_at = forms.DateTimeField(
        label="When?",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"required": "Say when.", "invalid": "Write day and time, like 2026-11-03 14:30."},
    )
    file_names = _long(
        "Which files?", "One name per line. Leave it empty if it was all of them.", most=20_000, required=False
    )

    def names(self) -> list[str]:
        lines = (line.strip()[:255] for line in self.cleaned_data["file_names"].splitlines())
        return [line for line in lines if line][:MOST_FILES]


ENDING_MEANS = {
    Ending.RETURNED: "Handed back to the performer; nothing is left with them",
    Ending.MISTAKE: "This was recorded by mistake",
}


class EndForm(HolderForm):
    ending = forms.ChoiceField(
        label="What became of it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in RECORDABLE if kind == HoldingKind.COPY or one is not Ending.MISTAKE]
        self.fields["ending"].choices = [(one.value, ENDING_MEANS[one]) for one in choices]  # type: ignore[attr-defined]


class TransferForm(HolderForm):
    to_name = _text("Who shall hold it?", "The company’s name.")
    place = _text("Where will it be kept?", "City, data center or provider.")
    reason = _long("Why?", "The performer reads this. Say what it is needed for there.", most=500)
    agreement = forms.ChoiceField(
        label="Made under which agreement?",
        choices=[("", "Choose one"), *Agreement.choices()],
        help_text="Under a union’s agreement, the union has to approve a new holder, too.",
        error_messages={"required": "Choose one."},
    )
    until = _day("Until when would they keep it?", "If a day was agreed.", required=False)
    to_contact = forms.EmailField(
        label="Their address for letters",
        required=False,
        help_text="Only for a company that is not on Understudy.",
        error_messages={"invalid": "That is no e-mail address."},
    )

    def facts(self, organization: Any) -> TransferFacts:
        values = self.cleaned_data
        return TransferFacts(
            to_name=values["to_name"],
            place=values["place"],
            reason=values["reason"],
            agreement=values["agreement"],
            to_organization=organization,
            to_contact="" if organization else values["to_contact"],
            until=values["until"],
            told_by=self.told_by(),
        )


class AnswerForm(forms.Form):
    """The performer’s yes or no: one of two buttons, and nothing happens without one."""

    answer = forms.ChoiceField(
        choices=[(TransferMove.AGREE.value, "Agree"), (TransferMove.REFUSE.value, "Refuse")],
        error_messages={"required": "Press Agree or Refuse.", "invalid_choice": "Press Agree or Refuse."},
    )


class AssumptionForm(HolderForm):
    """The written assumption: the document in which the new holder takes over the duties."""

    document = _text("The new holder’s written promise", "The document’s file name. It stays with you.", most=255)
    sha256 = _sha256("Its SHA-256")

    def clean_sha256(self) -> str:
        return str(self.cleaned_data["sha256"]).strip().lower()


class CompleteForm(AssumptionForm):
    """``union``: whether a union’s approval is needed. The document is known already once the union was asked."""

    def __init__(self, *args: Any, union: bool, document: str = "", sha256: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if document:
            del self.fields["document"], self.fields["sha256"]
        self.known = {"document": document, "sha256": sha256}
        if union:
            self.fields["union_approved_on"] = _day("The day the union approved it")
            self.fields["union_reference"] = _text("Where that is written", "A letter’s date or number.")

    def values(self) -> dict[str, Any]:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "told_by"}
        return {**{name: value for name, value in self.known.items() if value}, **typed, "told_by": self.told_by()}


class DestroyForm(forms.Form):
    due_on = _day("Destroyed by", "They get a letter, a reminder a week before, and one more when the day has passed.")
    comment = _long("Why now?", "They read this.", most=500, required=False)


class AttestForm(HolderForm):
    attester = _text("Who attests it?", "Name and role of whoever saw it done.")
    method = forms.ChoiceField(
        label="How was it destroyed?",
        choices=Method.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    destroyed_on = _day("On which day?")
    sha256s = forms.CharField(
        label="Which files, by SHA-256?",
        required=False,
        max_length=200_000,
        help_text="One per line; what stands behind the 64 digits is ignored.",
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
    )
    statement = _long(
        "Anything to add?", "A ticket number, what could not be destroyed and why.", most=1000, required=False
    )
    gone = forms.BooleanField(
        label="It is gone, with every copy and backup of it that was held here",
        error_messages={"required": "Tick this once it is true."},
    )

    def clean_sha256s(self) -> list[str]:
        found, wrong = [], []
        for number, line in enumerate(self.cleaned_data["sha256s"].splitlines(), 1):
            words = line.split()
            if not words:
                continue
            digest = words[0].lower()
            if SHA256.fullmatch(digest):
                found.append(digest)
            else:
                wrong.append(f"Line {number} does not begin with 64 hex digits.")
        if wrong:
            raise forms.ValidationError(wrong[:5])
        return list(dict.fromkeys(found))

    def attestation(self) -> Attestation:
        values = self.cleaned_data
        return Attestation(
            attester=values["attester"],
            method=values["method"],
            destroyed_on=values["destroyed_on"],
            statement=values["statement"],
            sha256s=values["sha256s"],
            told_by=self.told_by(),
        )
