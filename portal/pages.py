"""The addresses that belong to no app: homes, health, the style guide."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
