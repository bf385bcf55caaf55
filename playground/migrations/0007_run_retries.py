"""Deleting a run asks which others are linked to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playground", "0006_runs_of_uploads")]

    operations = [
        migrations.AddIndex(
            "run",
            models.Index(fields=["retry_of"], name="run_retries", condition=models.Q(retry_of__isnull=False)),
        )
    ]
