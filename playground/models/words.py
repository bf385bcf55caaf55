"""The search words of ended runs, in a table of their own: lists never read it, and it is written after the run's end."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from playground.models.runs import Run


class RunWords(models.Model):
    """Words of a run's request and answer, its facts and its place as words; see `playground.search.words`."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, db_constraint=False, related_name="words")
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, db_index=False, db_constraint=False, related_name="run_words"
    )
    words = SearchVectorField()

    class Meta:
        db_table = "playground_run_words"
        # Without the list of pending entries a search never has to read through what was written last.
        indexes = [GinIndex(fields=["words"], name="run_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"words of run {self.run_id}"
