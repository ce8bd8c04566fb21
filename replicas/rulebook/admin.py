"""The rulebook's figures in the staff pages: read, with their history, and another version on a page of its own."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin import ReadOnlyAdmin
from accounts.rules.refusal import Refused
from accounts.views.responses import see_other
from accounts.views.signed_in import SignedInRequest
from replicas.actions.rulebook import add_version
from replicas.forms.rulebook import VersionForm
from replicas.models import RulebookEntry
from replicas.rules.rates import figure_of


@admin.register(RulebookEntry)
class RulebookEntryAdmin(ReadOnlyAdmin):
    """Read like everything else; a change is another version, entered on a page of its own and never in place."""

    list_display = ["name", "headline", "effective_from", "number", "source", "grade", "created_by", "created_at"]
    list_filter = ["kind", "grade"]
    list_select_related = ["created_by"]
    search_fields = ["key", "source"]
    readonly_fields = ["headline", "history"]
    ordering = ["kind", "key", "-effective_from", "-number"]

    @admin.display(description="every version")
    def history(self, row: RulebookEntry) -> SafeString:
        """What was entered for the same thing, newest day and version first: figure, day, who, when, why."""
        rows = RulebookEntry.objects.filter(kind=row.kind, key=row.key).select_related("created_by")
        lines = [
            (
                f"{one.effective_from:%b} {one.effective_from.day}, {one.effective_from.year}, version {one.number}",
                one.headline,
                one.source,
                one.get_grade_display(),
                one.created_by or "Understudy",
                f"{one.created_at:%b} {one.created_at.day}, {one.created_at.year}",
                one.reason,
            )
            for one in rows.order_by("-effective_from", "-number")
        ]
        return format_html_join("", "<p>{}: <strong>{}</strong>. {} ({}). {}, {}: {}</p>", lines)

    def get_urls(self) -> list[Any]:
        where = "<int:object_id>/version/"
        view = self.admin_site.admin_view(self.new_version)
        return [path(where, view, name="replicas_rulebookentry_version"), *super().get_urls()]

    def new_version(self, request: SignedInRequest, object_id: int) -> HttpResponse:
        """The form of another version; the action writes it. Nothing typed is lost when it is refused."""
        base = get_object_or_404(RulebookEntry, pk=object_id)
        preset = {"figure": figure_of(base.kind, base.values), "source": base.source, "grade": base.grade}
        form = VersionForm(request.POST or None, kind=base.kind, initial=preset)
        if request.method == "POST" and form.is_valid():
            try:
                row = add_version(base, **form.cleaned_data, by=request.user, at=timezone.now())
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
            else:
                messages.success(request, f"Entered: {row}.")
                return see_other("admin:replicas_rulebookentry_change", row.pk)
        shown = {**self.admin_site.each_context(request), "form": form, "entry": base, "title": "A new version"}
        return render(request, "admin/replicas/rulebookentry/version.html", shown)
