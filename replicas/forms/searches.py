"""A search's name, and whether its owner gets a letter about what is new."""

from django import forms

from replicas.rules.searches import MOST_NAME


class SearchForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=MOST_NAME,
        help_text="How you will know it again.",
        error_messages={"required": "Give it a name, so that you find it again."},
    )
    alert = forms.BooleanField(
        label="E-mail me when somebody new is listed who fits",
        required=False,
        help_text="At most one letter a day, about all of your searches together. Each letter has a link to end them.",
    )


class NewSearchForm(SearchForm):
    """With the address of the search it is about."""

    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
