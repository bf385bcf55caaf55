"""Runs: a narrow row with everything a list shows; requests and frames in tables of their own."""

import json
import secrets
import time
import uuid
import zlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from playground.models import traits

LONGEST_TAG = 40
ID_RANDOM_BITS = 20
LARGEST_ID = 2**63 - 1
TASK_DIALECTS = ("sora-video", "midjourney")


def new_id() -> int:
    """A time-ordered id: milliseconds since 1970, then 20 random bits. Lists, cursors and date bounds use only this."""
    return (time.time_ns() // 1_000_000 << ID_RANDOM_BITS) | secrets.randbits(ID_RANDOM_BITS)


def id_at(moment: datetime) -> int:
    """The smallest id a run started at `moment` can have."""
    return min(max(0, int(moment.timestamp() * 1000) << ID_RANDOM_BITS), LARGEST_ID)


class State(models.TextChoices):
    """How a run stands; all but `RUNNING` are final."""

    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CUT_SHORT = "cut_short", _("Cut short")
    STOPPED = "stopped", _("Stopped")
    INTERRUPTED = "interrupted", _("Interrupted")


NOT_WELL = ~models.Q(state=State.SUCCEEDED)


class RunQuerySet(models.QuerySet["Run"]):
    """Many runs, spoken of together."""

    def visible_to(self, person: Any) -> "RunQuerySet":
        """Runs of every team the person is a member of."""
        return self.filter(team__memberships__user=person)

    def newest_first(self) -> "RunQuerySet":
        return self.order_by("-id")

    def older_than(self, run_id: int) -> "RunQuerySet":
        return self.filter(id__lt=run_id)

    def with_tokens(self, least: int) -> "RunQuerySet":
        """Those that took in and gave out at least so many tokens together."""
        return self.annotate(tokens=Coalesce("input_tokens", 0) + Coalesce("output_tokens", 0)).filter(
            tokens__gte=least
        )

    def running(self) -> "RunQuerySet":
        return self.filter(state=State.RUNNING)


class Run(models.Model):
    """One call told once and kept: who, with which key, what came of it."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="runs", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="runs", db_index=False)
    key = models.ForeignKey("accounts.Key", models.SET_NULL, null=True, related_name="runs", db_index=False)
    key_name = models.CharField(max_length=120, default="")
    key_mask = models.CharField(max_length=40, default="")
    gateway_name = models.CharField(max_length=120, default="")
    operation = models.CharField(max_length=80)
    dialect = models.CharField(max_length=40)
    model = models.CharField(max_length=200, default="")
    streaming = models.BooleanField(default=False)
    summary = models.CharField(max_length=240, default="")
    retry_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="retries", db_index=False)

    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    status = models.SmallIntegerField(null=True)
    problem = models.CharField(max_length=40, default="")
    owner = models.ForeignKey("playground.Process", models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    stop_asked = models.BooleanField(default=False)
    last_seq = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    first_byte_ms = models.IntegerField(null=True)
    first_frame_ms = models.IntegerField(null=True)
    first_text_ms = models.IntegerField(null=True)
    total_ms = models.IntegerField(null=True)
    text_per_second = models.FloatField(null=True)
    input_tokens = models.IntegerField(null=True)
    output_tokens = models.IntegerField(null=True)
    reasoning_tokens = models.IntegerField(null=True)
    cached_tokens = models.IntegerField(null=True)
    unreadable = models.IntegerField(null=True, help_text="events that were broken or held bad UTF-8")
    cost = models.DecimalField(max_digits=18, decimal_places=9, null=True)
    currency = models.CharField(max_length=8, default="")
    has_media = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=LONGEST_TAG), default=list)
    note = models.TextField(default="", db_default="")
    is_starred = models.BooleanField(default=False, db_default=False)
    is_emptied = models.BooleanField(default=False, db_default=False, help_text="request and answer were not kept")
    traits = models.GeneratedField(
        expression=RawSQL(traits.SQL, ()),  # noqa: S611  a constant
        output_field=models.BigIntegerField(),
        db_persist=True,
        editable=False,
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        # A list reads one of these in its order and nothing else; the traits in them tell the facts it does not lead by.
        indexes = [
            models.Index(fields=["team", "-id"], include=["traits"], name="run_team"),
            models.Index(fields=["team", "user", "-id"], include=["traits"], name="run_user"),
            models.Index(fields=["team", "model", "-id"], include=["traits"], name="run_team_model"),
            models.Index(fields=["team", "user", "model", "-id"], include=["traits"], name="run_user_model"),
            models.Index(fields=["team", "operation", "-id"], include=["traits"], name="run_team_operation"),
            models.Index(fields=["team", "state", "-id"], include=["traits"], name="run_not_well", condition=NOT_WELL),
            models.Index(
                fields=["team", "model", "-id"], include=["traits"], name="run_model_not_well", condition=NOT_WELL
            ),
            models.Index(fields=["key", "-id"], include=["team", "traits"], name="run_key"),
            # Deleting a run asks which others are linked to it.
            models.Index(fields=["retry_of"], name="run_retries", condition=models.Q(retry_of__isnull=False)),
            models.Index(fields=["team", "-id"], name="run_starred", condition=models.Q(is_starred=True)),
            models.Index(
                fields=["team", "-id"], include=["traits"], name="run_media", condition=models.Q(has_media=True)
            ),
            models.Index(fields=["team", "-id"], name="run_tagged", condition=~models.Q(tags=[])),
            models.Index(fields=["owner"], name="run_owned", condition=models.Q(state=State.RUNNING)),
            models.Index(fields=["id"], name="run_submitting", condition=models.Q(dialect__in=TASK_DIALECTS)),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.uuid}"

    def told(self) -> list[dict[str, Any]]:
        """Its frames, as far as they are stored."""
        rows = self.frames.order_by("last").values_list("frames", "packed")
        texts = [zlib.decompress(frames) if packed else bytes(frames) for frames, packed in rows]
        return [json.loads(line) for text in texts if text for line in text.split(b"\n")]

    def metrics(self) -> dict[str, Any]:
        """The figures of the `end` message: milliseconds, tokens, characters a second."""
        return {name: getattr(self, name) for name in METRICS} | {
            "cost": float(self.cost) if self.cost is not None else None,
            "currency": self.currency,
        }


METRICS = (
    "first_byte_ms",
    "first_frame_ms",
    "first_text_ms",
    "total_ms",
    "text_per_second",
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cached_tokens",
    "unreadable",
)


class RunCall(models.Model):
    """The request of a run: as it was given by the page and as it was sent, the key masked."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="call")
    given = models.BinaryField(help_text="JSON: path, query, headers")
    body = models.BinaryField(null=True, help_text="the exact text of the body, as given")
    sent = models.BinaryField(help_text="JSON: method, url, headers; the key masked")


class RunFrames(models.Model):
    """A batch of a run's frames; keyed on its last number, so that what follows N is one index range."""

    pk = models.CompositePrimaryKey("run_id", "last")
    run = models.ForeignKey(Run, models.CASCADE, related_name="frames", db_index=False, db_constraint=False)
    last = models.IntegerField()
    first = models.IntegerField()
    packed = models.BooleanField(default=False)
    frames = models.BinaryField(help_text="frames as sent, JSON, one a line; zlib when packed")
    events = models.BinaryField(null=True, help_text="raw bytes as read, each read headed by 'ms length\\n'; zlib")

    class Meta:
        db_table = "playground_run_frames"


class Process(models.Model):
    """A server process that owns runs; one that no longer beats has lost them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    started_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField()
