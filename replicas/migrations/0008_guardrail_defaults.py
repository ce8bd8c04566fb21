import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only

TABLES = ("replicas_agencyguardrails", "replicas_guardrailrefusal")


def freeze(apps, editor):
    for table in TABLES:
        make_append_only(editor.connection, table)


def thaw(apps, editor):
    for table in TABLES:
        undo_append_only(editor.connection, table)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_audit_append_only'),
        ('agencies', '0001_initial'),
        ('replicas', '0007_custody'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reuserequest',
            name='guardrails_judged',
            field=models.JSONField(blank=True, default=dict, help_text="Every version it was judged by when it was sent: own, agencies', union's."),
        ),
        migrations.CreateModel(
            name='AgencyGuardrails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rules', models.JSONField()),
                ('reason', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardrails', to='agencies.organization')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'agency guardrails',
                'constraints': [models.UniqueConstraint(fields=('agency', 'number'), name='agency_guardrails_version_once')],
            },
        ),
        migrations.CreateModel(
            name='GuardrailRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('judged', models.CharField(max_length=64)),
                ('phrase', models.CharField(max_length=200)),
                ('sentence', models.CharField(max_length=400)),
                ('private', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardrail_refusals', to='accounts.actorprofile')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardrail_refusals', to='replicas.reuserequest')),
            ],
            options={
                'indexes': [models.Index(fields=['actor', '-id'], name='refusals_of_actor')],
                'constraints': [models.UniqueConstraint(fields=('request', 'judged', 'phrase'), name='guardrail_refusal_once')],
            },
        ),
        migrations.RunPython(freeze, thaw),
    ]
