"""Shortlists for staff: that they are there, and which links were given out; not what a house wrote on them."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnlyAdmin
from replicas.models import Shortlist, ShortlistEntry, ShortlistShare


class ShortlistShareInline(admin.TabularInline):
    """Every link of a list, without what opens it."""

    model = ShortlistShare
    fields = ["whom", "with_notes", "created_by", "created_at", "expires_at", "closed_at"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)


@admin.register(Shortlist)
class ShortlistAdmin(ReadOnlyAdmin):
    list_display = ["ref", "organization", "created_by", "created_at"]
    list_select_related = ["organization", "created_by"]
    search_fields = ["ref", "organization__name"]
    exclude = ["title", "about", "tags"]  # the house's own
    inlines = [ShortlistShareInline]
    ordering = ["-id"]


@admin.register(ShortlistEntry)
class ShortlistEntryAdmin(ReadOnlyAdmin):
    list_display = ["id", "shortlist_id", "added_at"]
    exclude = ["replica", "note", "tags", "position"]  # whom a house looks at is the house's own
    ordering = ["-id"]
