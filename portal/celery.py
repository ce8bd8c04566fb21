"""The Celery application. The broker is a doorbell: tasks take ids, are safe to run twice, and a sweep re-rings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["accounts", "agencies", "replicas", "portal"])
