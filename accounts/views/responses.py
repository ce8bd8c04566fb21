"""Answers views give after a write."""

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: the browser goes on with a GET, and reloading the new page repeats nothing."""

    status_code = 303


def see_other(to: Any, *args: Any, **kwargs: Any) -> SeeOther:
    """Leads on to a model's page, a url name with arguments, or a path."""
    return SeeOther(resolve_url(to, *args, **kwargs))
