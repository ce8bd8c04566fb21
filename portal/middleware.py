"""What every request needs to know about its viewer: their desk, their time zone, and where they come from."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.audit import Origin, origin
from agencies.access import Desk, current_desk

NOT_ALLOWED = 405
GetResponse = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """Sets ``request.desk`` (lazily), activates the viewer's time zone, and marks writes with their origin."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.desk = SimpleLazyObject(lambda: _desk(request))  # type: ignore[attr-defined]
        where = Origin("web", _address(request), request.headers.get("User-Agent", ""))
        if request.user.is_authenticated:
            timezone.activate(request.user.zone)
        try:
            with origin(where):
                return self.get_response(request)
        finally:
            timezone.deactivate()


class NotAllowedMiddleware:
    """A page instead of an empty answer for who arrives where only a button leads, as after signing in again."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != NOT_ALLOWED or request.method != "GET" or response.get("Content-Length", "0") != "0":
            return response
        page = render(request, "405.html", status=NOT_ALLOWED)
        page["Allow"] = response.get("Allow", "")
        return page


def _desk(request: HttpRequest) -> Desk:
    return current_desk(request.user, request.session.get("desk", ""))


def _address(request: HttpRequest) -> str | None:
    """The client's address as allauth reads it: only as many proxies are believed as the settings name."""
    return get_adapter(request).get_client_ip(request) or None
