"""Uploads are linked to every run that was started with them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playground", "0005_saved_and_shared")]

    operations = [
        migrations.AddField("attachment", "runs", models.ManyToManyField(related_name="uploads", to="playground.run")),
    ]
