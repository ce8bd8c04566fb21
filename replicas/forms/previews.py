"""One picture at a time, its caption, and the order of those that are there."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from replicas.models import Preview
from replicas.previews import MAX_BYTES, MAX_PIXELS, Rendered, Unusable, process

CAPTION = {"max_length": "At most 140 characters fit here."}


class PreviewForm(forms.Form):
    """``rendered`` holds the clean picture once the form is valid; the upload itself is never kept."""

    picture = forms.FileField(
        label="Picture",
        help_text=f"JPEG, PNG or WebP, up to {MAX_BYTES // 1_000_000} MB and {MAX_PIXELS // 1_000_000} megapixels. "
        "It is drawn anew: place, camera and everything else in the file is dropped.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": "Choose a picture.",
            "empty": "This file is empty.",
            "invalid": "Choose a picture.",
        },
    )
    caption = forms.CharField(
        label="Caption",
        max_length=140,
        required=False,
        help_text="What it shows, for people who can’t see it too.",
        error_messages=CAPTION,
    )
    rendered: Rendered

    def clean_picture(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["picture"]
        try:
            self.rendered = process(upload)
        except Unusable as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return upload


class ArrangeForm(forms.Form):
    """A place and a caption for each picture that is there."""

    def __init__(self, *args: Any, previews: Sequence[Preview], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.previews = list(previews)
        for number, preview in enumerate(self.previews, start=1):
            self.fields[f"place_{preview.key}"] = forms.IntegerField(
                label="Place",
                initial=number,
                min_value=1,
                max_value=99,
                error_messages={
                    "required": "Give it a place.",
                    "invalid": "A place is a whole number.",
                    "min_value": "Places begin at 1.",
                    "max_value": "Places end at 99.",
                },
            )
            self.fields[f"caption_{preview.key}"] = forms.CharField(
                label="Caption", max_length=140, required=False, initial=preview.caption, error_messages=CAPTION
            )

    @property
    def entries(self) -> list[tuple[Preview, Any, Any]]:
        """Each picture with its two fields, for the template."""
        return [(each, self[f"place_{each.key}"], self[f"caption_{each.key}"]) for each in self.previews]

    def order(self) -> list[str]:
        """The keys by place; equal places keep the order they had."""
        return sorted((preview.key for preview in self.previews), key=lambda key: self.cleaned_data[f"place_{key}"])

    def captions(self) -> dict[str, str]:
        return {preview.key: self.cleaned_data[f"caption_{preview.key}"] for preview in self.previews}
