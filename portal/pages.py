"""The addresses that belong to no app: homes, health, the style guide."""

from django.urls import URLPattern, URLResolver, path

from portal.views import health, home, styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
