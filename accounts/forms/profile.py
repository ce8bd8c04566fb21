"""What people say about themselves."""

from typing import Any

from django import forms

from accounts.forms.fields import LineField, ZoneField, birth_date_field
from accounts.models import ActorProfile, DirectorProfile, User
from accounts.rules import zones
from accounts.rules.people import Gender, Language, Union

YOUNGEST, OLDEST = 0, 110
SHORTEST, TALLEST = 50, 250


class PersonForm(forms.Form):
    """Name and time zone."""

    name = LineField(label="Your name", max_length=120, help_text="As you sign. Only people you deal with see it.")
    time_zone = ZoneField(help_text="Deadlines, quiet hours and letters follow it.")

    @classmethod
    def of(cls, user: User, data: Any = None) -> "PersonForm":
        form = cls(data, initial={"name": user.name, "time_zone": user.time_zone}, prefix="person")
        form.fields["time_zone"].choices = zones.choices(user.time_zone)  # type: ignore[attr-defined]
        return form


class DirectorForm(forms.Form):
    """What actors may know about who asks."""

    title = LineField(
        label="What you do", max_length=80, required=False, help_text="Casting director, associate, producer…"
    )
    credits = forms.CharField(
        label="A few titles people may know",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.URLField(label="Website", required=False, assume_scheme="https", max_length=200)

    @classmethod
    def of(cls, user: User, data: Any = None) -> "DirectorForm":
        profile = getattr(user, "director_profile", None) or DirectorProfile()
        initial = {"title": profile.title, "credits": profile.credits, "website": profile.website}
        return cls(data, initial=initial, prefix="director")


class ActorForm(forms.Form):
    """An actor's profile: what casting people search by. Everything but the stage name may stay empty."""

    stage_name = LineField(label="Stage name", max_length=120, help_text="How casting people know you.")
    gender = forms.ChoiceField(label="Gender", choices=[("", "I’d rather not say"), *Gender.choices()], required=False)
    gender_word = LineField(
        label="In your own word", max_length=40, required=False, help_text="If you chose “Another word”."
    )
    playing_age_from = forms.IntegerField(
        label="Playing age from", required=False, min_value=YOUNGEST, max_value=OLDEST
    )
    playing_age_to = forms.IntegerField(label="Playing age to", required=False, min_value=YOUNGEST, max_value=OLDEST)
    height_cm = forms.IntegerField(label="Height in cm", required=False, min_value=SHORTEST, max_value=TALLEST)
    union = forms.ChoiceField(label="Union", choices=[("", "Not said"), *Union.choices()], required=False)
    place = LineField(label="Where you live", max_length=80, required=False, help_text="City, as you would say it.")
    languages = forms.MultipleChoiceField(
        label="Languages you act in",
        choices=Language.choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = LineField(label="Skills", max_length=400, required=False, help_text="Riding, stage combat, accents…")
    about = forms.CharField(
        label="About you", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    @classmethod
    def of(cls, actor: ActorProfile | None, data: Any = None, *, stage_name: str = "") -> "ActorForm":
        """The form of an actor, or of somebody who is about to become one and says when they were born."""
        if actor is None:
            form = cls(data, initial={"stage_name": stage_name})
            form.fields["birth_date"] = birth_date_field(required=True)
            form.order_fields(["stage_name", "birth_date"])
            return form
        initial = {name: getattr(actor, name) for name in cls.base_fields}
        return cls(data, initial={**initial, "languages": actor.languages.split()})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        youngest, oldest = cleaned.get("playing_age_from"), cleaned.get("playing_age_to")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("playing_age_to", f"This is younger than {youngest}. Please give the older age here.")
        if cleaned.get("gender") == Gender.OWN_WORD and not cleaned.get("gender_word"):
            self.add_error("gender_word", "Please give your word, or choose another answer.")
        return cleaned

    def values(self) -> dict[str, Any]:
        """The columns: languages as `` en es ``, the own word only where it is meant."""
        cleaned = dict(self.cleaned_data)
        codes = cleaned["languages"]
        cleaned["languages"] = f" {' '.join(codes)} " if codes else ""
        if cleaned["gender"] != Gender.OWN_WORD:
            cleaned["gender_word"] = ""
        return cleaned
