"""Saved searches for staff: whose they are and how far they were looked at; what is looked for is the person's own."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from replicas.models import SavedSearch


@admin.register(SavedSearch)
class SavedSearchAdmin(ReadOnlyAdmin):
    list_display = ["ref", "user", "organization", "alert", "looked_until"]
    list_filter = ["alert"]
    list_select_related = ["user", "organization"]
    search_fields = ["ref", "user__email"]
    exclude = ["name", "query", "document", "said"]
    ordering = ["-id"]
