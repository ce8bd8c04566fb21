"""What a performer fills in to answer a scan: the signed yes, the no with its optional reason, a question."""

from django import forms

TYPE_NAME = "Type your name. It stands under your agreement."


class AgreeForm(forms.Form):
    """The yes. The proof of the person has its own fields beside it."""

    notice_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput(), required=False)
    typed_name = forms.CharField(
        label="Type your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": TYPE_NAME},
    )


class RefuseForm(forms.Form):
    """The no. Nothing in it is required, and the reason stays private unless it is shared."""

    reason = forms.CharField(
        label="Your reason",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Optional. Only you and your agency see it.",
        error_messages={"max_length": "At most 1,000 characters, please. Now it has %(show_value)d."},
    )
    shared = forms.BooleanField(label="Let the people who asked read the reason", required=False)


class QuestionForm(forms.Form):
    body = forms.CharField(
        label="Your message",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Both sides and the performer’s agency read it.",
        error_messages={
            "required": "Write something first.",
            "max_length": "At most 4,000 characters, please. Now it has %(show_value)d.",
        },
    )
