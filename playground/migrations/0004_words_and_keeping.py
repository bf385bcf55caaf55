"""Search words, notes and stars of runs, and what a team keeps of them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("playground", "0003_tasks_and_attachments")]

    operations = [
        migrations.AddField("run", "note", models.TextField(default="", db_default="")),
        migrations.AddField("run", "is_starred", models.BooleanField(default=False, db_default=False)),
        migrations.AddField(
            "run",
            "is_emptied",
            models.BooleanField(default=False, db_default=False, help_text="request and answer were not kept"),
        ),
        migrations.AlterField(
            "run",
            "key",
            models.ForeignKey(
                "accounts.Key", django.db.models.deletion.SET_NULL, null=True, related_name="runs", db_index=False
            ),
        ),
        migrations.AddIndex("run", models.Index(fields=["key", "-id"], name="run_key")),
        migrations.AddIndex(
            "run", models.Index(fields=["team", "-id"], name="run_starred", condition=models.Q(is_starred=True))
        ),
        migrations.AddIndex(
            "run", models.Index(fields=["team", "-id"], name="run_media", condition=models.Q(has_media=True))
        ),
        migrations.AddIndex(
            "run", models.Index(fields=["team", "-id"], name="run_tagged", condition=~models.Q(tags=[]))
        ),
        migrations.CreateModel(
            "RunWords",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        "playground.Run",
                        django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        db_constraint=False,
                        related_name="words",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        "accounts.Team",
                        django.db.models.deletion.CASCADE,
                        db_index=False,
                        db_constraint=False,
                        related_name="run_words",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "playground_run_words",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="run_words", fastupdate=False)
                ],
            },
        ),
        migrations.CreateModel(
            "Keeping",
            fields=[
                (
                    "team",
                    models.OneToOneField(
                        "accounts.Team",
                        django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        related_name="keeping",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("everything", "Everything"), ("figures", "Figures only")],
                        default="everything",
                        max_length=12,
                    ),
                ),
                ("days", models.PositiveIntegerField(blank=True, null=True)),
                ("mebibytes", models.PositiveIntegerField(blank=True, null=True)),
            ],
        ),
    ]
