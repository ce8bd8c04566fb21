"""Every address of the portal. Each app lists its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("staff/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("agencies.urls")),
    path("", include("replicas.urls")),
    path("", include("portal.pages")),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
