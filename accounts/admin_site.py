"""Where staff look after the portal: Django's admin behind the sign-in and second step of everybody else."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access.factors import has_second_factor
from accounts.views.responses import see_other

NEEDS_SECOND_STEP = "Staff need a second step. Set up a passkey or codes from an app."


class StaffSite(AdminSite):
    """The admin without a sign-in page of its own."""

    site_header = site_title = "Understudy staff"
    index_title = "What needs looking after"
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes what is only read. Forms that other parts bring could add a factor and so sign in a person's name."""
        if getattr(admin_class, "read_only", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff who have a second step, where the settings ask for one."""
        return super().has_permission(request) and not self._lacks_second_step(request)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Leads to the portal's sign-in, or to setting up what is missing; refuses people who are not staff."""
        index = reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or index, reverse("account_login"))
        if self._lacks_second_step(request):
            messages.warning(request, NEEDS_SECOND_STEP)
            back = urlencode({"next": request.GET.get("next") or index})
            return see_other(f"{reverse('second-step')}?{back}")
        if not self.has_permission(request):
            raise PermissionDenied
        return see_other(index)

    def logout(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:  # type: ignore[override]
        return see_other("account_logout")

    @staticmethod
    def _lacks_second_step(request: HttpRequest) -> bool:
        user = request.user
        return bool(settings.REQUIRE_MFA and user.is_active and user.is_staff and not has_second_factor(user))
