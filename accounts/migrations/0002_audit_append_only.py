from django.db import migrations

from accounts.audit.triggers import make_append_only, undo_append_only

TABLE = "accounts_auditentry"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, editor: make_append_only(editor.connection, TABLE),
            lambda apps, editor: undo_append_only(editor.connection, TABLE),
        ),
    ]
