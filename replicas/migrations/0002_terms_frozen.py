from django.db import migrations

from accounts.audit.triggers import make_append_only, undo_append_only

TABLES = ("replicas_terms", "replicas_use")


def freeze(apps, editor):
    for table in TABLES:
        make_append_only(editor.connection, table)


def thaw(apps, editor):
    for table in TABLES:
        undo_append_only(editor.connection, table)


class Migration(migrations.Migration):
    dependencies = [("replicas", "0001_initial"), ("accounts", "0002_audit_append_only")]

    operations = [migrations.RunPython(freeze, thaw)]
