"""A paper for a request: a script page, a storyboard."""

from typing import Any

from django import forms

from replicas.previews import DOCUMENT_MAX_BYTES, Document, Unusable, check_document

HELP = f"PDF, JPEG or PNG, up to {DOCUMENT_MAX_BYTES // 1_000_000} MB each, 5 papers at most."


class PaperForm(forms.Form):
    """One paper. ``cleaned_data["paper"]`` is the checked document, or nothing when no file was chosen."""

    use_required_attribute = False

    paper = forms.FileField(
        label="Script page or storyboard",
        help_text=HELP,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": "Choose a file first.",
            "empty": "This file is empty.",
            "missing": "Choose a file first.",
            "invalid": "The file did not arrive. Choose it again.",
        },
    )

    def clean_paper(self) -> Document:
        upload: Any = self.cleaned_data["paper"]
        try:
            return check_document(upload, upload.name)
        except Unusable as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
