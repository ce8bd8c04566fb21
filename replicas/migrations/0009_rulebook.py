import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only

TABLE = "replicas_rulebookentry"


def freeze(apps, editor):
    make_append_only(editor.connection, TABLE)


def thaw(apps, editor):
    undo_append_only(editor.connection, TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ('replicas', '0008_guardrail_defaults'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RulebookEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('agreement', 'Union agreement'), ('rate', 'Rate'), ('contribution', 'Contribution'), ('jurisdiction', 'Jurisdiction')], max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('effective_from', models.DateField(verbose_name='counts from')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('values', models.JSONField()),
                ('void', models.BooleanField(default=False, verbose_name='taken back')),
                ('source', models.CharField(max_length=200)),
                ('grade', models.CharField(choices=[('P', 'primary text seen, not checked by a lawyer'), ('S', 'secondary source, not checked by a lawyer'), ('D', 'worked out from sourced figures, not checked by a lawyer'), ('M', 'unverified, check before you rely on it')], max_length=1, verbose_name='how sure')),
                ('reason', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'figure of the rulebook',
                'verbose_name_plural': 'rulebook: agreements, rates, contributions',
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'effective_from', 'number'), name='rulebook_version_once')],
            },
        ),
        migrations.RunPython(freeze, thaw),
    ]
