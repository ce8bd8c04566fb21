import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.audit.triggers import make_append_only, undo_append_only


TABLE = "replicas_guardrailsversion"


def freeze(apps, editor):
    make_append_only(editor.connection, TABLE)


def thaw(apps, editor):
    undo_append_only(editor.connection, TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_audit_append_only'),
        ('replicas', '0003_requests_by_deadline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuardrailsVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('rules', models.JSONField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('name_the_rule', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardrails', to='accounts.actorprofile')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='reuserequest',
            name='guardrails',
            field=models.ForeignKey(help_text="The version of the actor's standing rules it was judged by when it was sent; empty: the portal's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='replicas.guardrailsversion'),
        ),
        migrations.AddConstraint(
            model_name='guardrailsversion',
            constraint=models.UniqueConstraint(fields=('actor', 'number'), name='guardrails_version_once'),
        ),
        migrations.RunPython(freeze, thaw),
    ]
