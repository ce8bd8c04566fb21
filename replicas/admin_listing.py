"""The search's copy for staff: looked at, never touched."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from replicas.models import Listing, ListingTerm


@admin.register(Listing)
class ListingAdmin(ReadOnlyAdmin):
    list_display = ("sort_name", "replica", "kind", "union", "place", "year")
    list_filter = ("kind", "union")
    list_select_related = ("replica__actor",)
    search_fields = ("sort_name", "replica__ref")
    ordering = ("sort_name", "replica")
    exclude = ("lot_0", "lot_1", "lot_2", "lot_3")
    show_full_result_count = False


@admin.register(ListingTerm)
class ListingTermAdmin(ReadOnlyAdmin):
    list_display = ("term", "kind", "listings")
    list_filter = ("kind",)
    search_fields = ("term",)
    ordering = ("kind", "term")
