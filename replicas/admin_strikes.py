"""Strikes for staff: shown with every version; setting, correcting and lifting one are actions with a page each."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.admin import ReadOnlyAdmin
from accounts.rules.refusal import Refused
from accounts.views.responses import see_other
from accounts.views.signed_in import SignedInRequest
from replicas.actions.striking import correct_strike, lift_strike, set_strike
from replicas.forms.strikes import CorrectStrikeForm, LiftStrikeForm, SetStrikeForm
from replicas.models import StrikeChange, StrikePeriod


class StrikeChangeInline(admin.TabularInline):
    """Every version of a strike, below it."""

    model = StrikeChange
    extra = 0
    can_delete = False
    verbose_name_plural = "versions"

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)


@admin.register(StrikePeriod)
class StrikePeriodAdmin(ReadOnlyAdmin):
    list_display = ("agreement", "starts_at", "ends_at", "note", "set_by", "began_told_at", "ended_told_at")
    list_filter = ("agreement",)
    list_select_related = ("set_by",)
    inlines = (StrikeChangeInline,)
    ordering = ("-starts_at",)
    change_list_template = "admin/replicas/strikeperiod/change_list.html"
    change_form_template = "admin/replicas/strikeperiod/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("set/", wrap(self.set_page), name="replicas_strikeperiod_set"),
            path("<int:object_id>/correct/", wrap(self.correct_page), name="replicas_strikeperiod_correct"),
            path("<int:object_id>/lift/", wrap(self.lift_page), name="replicas_strikeperiod_lift"),
            *super().get_urls(),
        ]

    def set_page(self, request: SignedInRequest) -> HttpResponse:
        """Staff write down a strike."""
        form = SetStrikeForm(request.POST or None, initial={"starts_at": timezone.now().replace(second=0)})
        return self._page(request, form, "Set a strike", lambda values: set_strike(**values, **self._who(request)))

    def correct_page(self, request: SignedInRequest, object_id: int) -> HttpResponse:
        """Staff correct what was set; the reason is kept."""
        strike = get_object_or_404(StrikePeriod, pk=object_id)
        known = {name: getattr(strike, name) for name in ("starts_at", "ends_at", "note")}
        form = CorrectStrikeForm(request.POST or None, initial={**known, "shown": strike.version})
        return self._page(
            request, form, f"Correct: {strike}", lambda values: correct_strike(strike, **values, **self._who(request))
        )

    def lift_page(self, request: SignedInRequest, object_id: int) -> HttpResponse:
        """Staff set the strike's end."""
        strike = get_object_or_404(StrikePeriod, pk=object_id)
        now = timezone.now().replace(second=0)
        form = LiftStrikeForm(request.POST or None, initial={"ends_at": now, "shown": strike.version})
        return self._page(
            request, form, f"Lift: {strike}", lambda values: lift_strike(strike, **values, **self._who(request))
        )

    @staticmethod
    def _who(request: SignedInRequest) -> dict[str, Any]:
        return {"by": request.user, "at": timezone.now()}

    def _page(
        self, request: SignedInRequest, form: Any, title: str, act: Callable[[dict[str, Any]], StrikePeriod]
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        if request.method == "POST" and form.is_valid():
            try:
                strike = act(form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, f"{strike}: saved. The next tick of the clock tells everybody it touches.")
                return see_other("admin:replicas_strikeperiod_change", strike.pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "form": form}
        return TemplateResponse(request, "admin/replicas/strikeperiod/form.html", context)
