from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("replicas", "0002_terms_frozen")]

    operations = [
        migrations.AddIndex(
            model_name="reuserequest",
            index=models.Index(fields=["state", "answer_by", "id"], name="request_by_deadline"),
        ),
    ]
