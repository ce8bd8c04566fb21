from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only

TABLES = ("replicas_terms", "replicas_use")  # SQLite makes a table anew for a column, and drops its triggers with it


def freeze(apps, editor):
    for table in TABLES:
        make_append_only(editor.connection, table)


def thaw(apps, editor):
    for table in TABLES:
        undo_append_only(editor.connection, table)


class Migration(migrations.Migration):

    dependencies = [
        ('replicas', '0011_guardian_signatures'),
    ]

    operations = [
        migrations.RunPython(thaw, freeze),
        migrations.AddField(
            model_name='decision',
            name='judged',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='project',
            name='jurisdictions',
            field=models.JSONField(blank=True, default=list, verbose_name='places whose law it touches'),
        ),
        migrations.AddField(
            model_name='terms',
            name='disclosure',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='terms',
            name='judged',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='use',
            name='as_scripted',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='use',
            name='brand',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='use',
            name='product_line',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='use',
            name='script_dated',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='use',
            name='script_version',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='use',
            name='work_replaced',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(freeze, thaw),
    ]
