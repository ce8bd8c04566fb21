"""Announcing a scan: what every performer is told before, and the list of people; calling off; recording it as done."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.forms.fields import LineField, ZoneField
from accounts.rules import zones
from replicas.forms.compose import TYPED, ZonedMomentField
from replicas.forms.lists import ListFileField, joined
from replicas.forms.replicas import FilesForm
from replicas.forms.terms import AmountField, LinesField
from replicas.models import Project, Scan
from replicas.rules.announcing import JURISDICTIONS, LONGEST_MINUTES, Announcement
from replicas.rules.findings import FindingShown, Spot
from replicas.rules.lists import MOST_PEOPLE, Listed, ReadList, read_people
from replicas.rules.scanning import NOT_AVAILABLE, ScanState
from replicas.rules.vocabulary import Currency, Modality, UseRole

Draft = dict[str, list[str]]
DAY_FORMAT = "%Y-%m-%d"
MOMENT_ERRORS = {"invalid": "Write day and time like 2027-03-14 09:00."}
DAY_ERRORS = {"invalid": "Write the day as year-month-day, like 2027-03-14."}
YES_NO = [("yes", "Yes"), ("no", "No")]


def _line(label: str, help_text: str = "", most: int = 200, missing: str = "This is needed.") -> LineField:
    errors = {"required": missing, "max_length": f"At most {most} characters fit here."}
    return LineField(label=label, help_text=help_text, max_length=most, error_messages=errors)


def _words(label: str, missing: str, help_text: str = "", most: int = 2000, rows: int = 3) -> LinesField:
    errors = {"required": missing, "max_length": f"At most {most:,} characters, please. Now it has %(show_value)d."}
    widget = forms.Textarea(attrs={"rows": rows})
    return LinesField(label=label, help_text=help_text, max_length=most, widget=widget, error_messages=errors)


def _yes_no(label: str, help_text: str = "") -> forms.ChoiceField:
    errors = {"required": "Say yes or no.", "invalid_choice": "Say yes or no."}
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=YES_NO, widget=forms.RadioSelect, error_messages=errors
    )


def _choice(label: str, choices: Iterable[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    errors = {"required": "Choose one.", "invalid_choice": "Choose one of the list."}
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=[("", "Choose one"), *choices], error_messages=errors
    )


class AnnounceForm(forms.Form):
    """Every question a performer may ask, asked of the house first. ``house`` is its name, as it will be read.

    ``listing`` is whether there is a list of people to fill in; a changed version keeps its people.
    """

    project = _choice("Project", ())
    scan_at = ZonedMomentField(
        label="When",
        input_formats=[TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local"}),
        help_text="At least 48 hours from now, on the clock of the place.",
        error_messages={"required": "Give the day and the time.", **MOMENT_ERRORS},
    )
    zone = ZoneField(label="Time zone of the place")
    place = _line("Where", "Studio, stage or set, and the city.")
    jurisdiction = _choice("Which law is it under", JURISDICTIONS.items(), "The state or country of the place.")
    minutes = forms.IntegerField(
        label="How long it takes, in minutes",
        min_value=1,
        max_value=LONGEST_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Say how long it takes.",
            "invalid": "Write the minutes as a number, like 30.",
            "min_value": "It takes at least a minute.",
            "max_value": "A session takes a day at most.",
        },
    )
    modalities = forms.MultipleChoiceField(
        label="What is captured",
        choices=Modality.choices(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    equipment = _line("With what", "How many cameras, which rig, microphones, markers.", 300)
    business_reason = _words(
        "Why a scan",
        "Say what the scan makes possible that the person in front of a camera does not.",
        "The reason you need it at all.",
        1000,
    )
    intended_use = _words(
        "Intended use",
        "Say in which scenes and shots it will be seen or heard, and how.",
        "Specific enough that somebody could check it: scenes, shots, how it is seen, where it is shown.",
    )
    role = _choice("Kind of role", UseRole.choices())
    alterations = _words(
        "What may be altered", "Say what will be changed, or write “Nothing”.", "Clothing, age, dialogue…", 500, 2
    )
    training = _yes_no("Will any AI be trained on it?")
    storage = _words("Where it is stored", "Name the companies and places.", "Companies and places.", 500, 2)
    access = _words("Who gets access", "Name who can open it, and what for.", "Companies, departments, roles.", 500, 2)
    retention_until = forms.DateField(
        label="Kept until",
        widget=forms.DateInput(attrs={"type": "date"}, format=DAY_FORMAT),
        error_messages={"required": "Give the day it is destroyed at the latest.", **DAY_ERRORS},
    )
    pay = AmountField(
        label="Pay for the session",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Write the amount; 0 if there is none."},
    )
    currency = forms.ChoiceField(label="Currency", choices=Currency.choices(), initial=Currency.USD.value)
    contributions = _yes_no("Pension and health contributions on top?")
    own_work_day = _yes_no("Is it on a day they work for you anyway?")
    contact = _line("Whom to ask", "A person, with a phone number or address that is answered.", 200)
    people = LinesField(
        label="Who is asked",
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="One person per row: e-mail, name, and the day you engage them if it is less than 48 hours before.",
    )
    people_file = ListFileField(
        most_people=MOST_PEOPLE,
        help_text="Columns e-mail, name, engaged at; with or without headings. It is added to the list above.",
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        projects: Iterable[Project],
        house: str,
        at: datetime,
        own: Iterable[str] = (),
        listing: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.projects = {project.ref: project for project in projects}
        self.house, self.at, self.own = house, at, set(own)
        self.read = ReadList(())
        fields: Any = self.fields
        fields["project"].choices = [("", "Choose one"), *((ref, one.title) for ref, one in self.projects.items())]
        fields["scan_at"].zone = self.zone_typed()
        if not listing:
            del self.fields["people"], self.fields["people_file"]

    def zone_typed(self) -> ZoneInfo:
        """The zone chosen on the form, as far as it is one."""
        name = str((self.data or self.initial).get("zone") or zones.DEFAULT)
        return ZoneInfo(name if name in zones.known() else zones.DEFAULT)

    @staticmethod
    def data_of(posted: Any) -> Draft:
        """What was typed, for keeping: field name → list of strings."""
        return {
            name: list(posted.getlist(name))
            for name in AnnounceForm.base_fields
            if name != "people_file" and name in posted
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        scan_at, until = cleaned.get("scan_at"), cleaned.get("retention_until")
        if scan_at and scan_at <= self.at:
            self.add_error("scan_at", "This moment is over. A scan is announced before it, not after.")
        elif scan_at and until and until < scan_at.astimezone(self.zone_typed()).date():
            self.add_error("retention_until", "It can’t be destroyed before it is made.")
        if "people" in self.fields:
            self._clean_people(cleaned)
        return cleaned

    def _clean_people(self, cleaned: dict[str, Any]) -> None:
        text = joined(cleaned.get("people") or "", cleaned.get("people_file") or "")
        self.read = read_people(text, self.zone_typed())
        for sentence in self.read.errors:
            self.add_error("people", sentence)
        scan_at = cleaned.get("scan_at")
        for person in self.read.people:
            if person.email in self.own:
                self.add_error(
                    "people",
                    f"Row {person.line} is your own address. Somebody else of your house has to announce that.",
                )
            if scan_at and person.engaged_at and person.engaged_at >= scan_at:
                self.add_error("people", f"Row {person.line}: engaged after the scan. Check the day.")
        if not self.read.people and not self.read.errors:
            self.add_error("people", "Put at least one person on the list.")

    def chosen(self) -> Project:
        return self.projects[self.cleaned_data["project"]]

    def listed(self) -> tuple[Listed, ...]:
        return self.read.people

    def announcement(self) -> Announcement:
        """What is announced, once the form is valid."""
        values = {
            name: self.cleaned_data[name] for name in Announcement.__dataclass_fields__ if name in self.cleaned_data
        }
        return Announcement(
            **{
                **values,
                "organization": self.house,
                "project": self.chosen().title,
                "modalities": tuple(values["modalities"]),
                **{name: values[name] == "yes" for name in ("training", "contributions", "own_work_day")},
            }
        )

    def put_beside(self, found: Iterable[FindingShown]) -> list[FindingShown]:
        """Puts each finding beside the field it is about, and gives it that field’s name; the rest have no field.

        Returns them in the order of the form, those without a field first.
        """
        order = list(self.fields)
        placed = []
        for one in sorted(found, key=lambda one: order.index(name) if (name := one.spots[0].field) in order else -1):
            name = one.spots[0].field
            if name in self.fields:
                bound: Any = self[name]
                one = replace(one, spots=(Spot(None, name, bound.label),))
                bound.findings = [*getattr(bound, "findings", ()), one]
                helped = [f"{bound.auto_id}_helptext"] if bound.help_text else []
                self.fields[name].widget.attrs["aria-describedby"] = " ".join([*helped, f"{bound.auto_id}_findings"])
            else:
                one = replace(one, spots=())
            placed.append(one)
        return placed

    def fingerprint(self) -> str:
        """SHA-256 over the announcement and the list, so that nothing unread is announced."""
        people = repr([(one.email, one.name, one.engaged_at) for one in self.read.people])
        return hashlib.sha256(f"{self.announcement().sha256}\n{people}".encode()).hexdigest()

    @staticmethod
    def draft_of(announcement: Announcement, project: Project) -> Draft:
        """An announcement as the form would have sent it, to be changed."""
        values = announcement.as_dict()
        yes_no = {name: "yes" if values[name] else "no" for name in ("training", "contributions", "own_work_day")}
        typed = {**values, **yes_no, "project": project.ref, "scan_at": announcement.here.strftime(TYPED)}
        return {
            name: list(typed[name]) if name == "modalities" else [str(typed[name])]
            for name in AnnounceForm.base_fields
            if name in typed
        }


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        help_text="Optional. Everybody who was asked reads it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "At most 500 characters, please. Now it has %(show_value)d."},
    )


class RecordForm(FilesForm):
    """What was done, for one person or several. Files by SHA-256 belong to one person."""

    people = forms.MultipleChoiceField(
        label="Who was scanned",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person.", "invalid_choice": "Choose from the list."},
    )
    performed_at = ZonedMomentField(
        label="When",
        input_formats=[TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local"}),
        error_messages={"required": "Give the day and the time.", **MOMENT_ERRORS},
    )
    place = _line("Where", "As it was. Another place than announced is recorded as a breach.")
    purpose = _words("What for", "Say what it was done for.", "As it was. Another purpose is recorded as a breach.")
    custodian = _line("Who holds the files", "Whoever could hand them out.", 120)
    custody_place = _line("Where they are kept", "", 120)
    kept_until = forms.DateField(
        label="Kept until",
        widget=forms.DateInput(attrs={"type": "date"}, format=DAY_FORMAT),
        error_messages={"required": "Give the day.", **DAY_ERRORS},
    )
    field_order = ("people", "performed_at", "place", "purpose", "custodian", "custody_place", "kept_until")

    def __init__(
        self,
        data: Any = None,
        *,
        scans: Sequence[Scan],
        announcement: Announcement,
        at: datetime,
        chosen: Sequence[str] = (),
        known: Mapping[str, str] | None = None,
    ) -> None:
        zone = ZoneInfo(announcement.zone)
        initial = {
            "people": list(chosen),
            "performed_at": announcement.here.strftime(TYPED),
            "place": announcement.place,
            "purpose": announcement.intended_use,
            "custodian": announcement.organization,
            "custody_place": announcement.storage[:120],
            "kept_until": announcement.retention_until,
        }
        super().__init__(data, known=known or {}, initial=initial)
        self.scans = {scan.ref: scan for scan in scans}
        self.at = at
        fields: Any = self.fields
        fields["people"].choices = [(scan.ref, f"{scan.called}, {self.word(scan)}") for scan in scans]
        fields["performed_at"].zone = zone
        with timezone.override(zone):
            fields["performed_at"].help_text = f"On the clock of {zone.key.replace('_', ' ')}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        done = cleaned.get("performed_at")
        if done and done > self.at:
            self.add_error("performed_at", "This moment lies ahead. Record it once it is done.")
        if self.rows and len(cleaned.get("people", ())) > 1:
            self.add_error("people", "Files belong to one person each. Record people with files one by one.")
        return cleaned

    def word(self, scan: Scan) -> str:
        """Where the person stands, as the house may know it."""
        state = scan.seen_by_house(self.at)
        return "not available" if state == NOT_AVAILABLE else ScanState(state).label.lower()

    def nothing_named(self) -> None:
        """A scan can be recorded before its files are named."""

    def chosen(self) -> list[Scan]:
        return [self.scans[ref] for ref in self.cleaned_data["people"]]
