"""Wires the apps together: settings, urls, Celery, homes, demo data, checks. No models; nobody imports it."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
