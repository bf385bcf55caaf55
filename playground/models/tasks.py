"""Tasks: films and pictures that go on at the gateway after the run that submitted them has ended."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from playground.models.runs import Run

LONGEST_ERROR = 1000


class TaskQuerySet(models.QuerySet["Task"]):
    """Many tasks, spoken of together."""

    def visible_to(self, person: Any) -> "TaskQuerySet":
        """Tasks of every team the person is a member of."""
        return self.filter(team__memberships__user=person)

    def due(self) -> "TaskQuerySet":
        """Those to be asked for now, longest waiting first."""
        return self.filter(next_at__lte=timezone.now()).order_by("next_at")

    def take_due(self, count: int, lease: float) -> list["Task"]:
        """Some that are due, for this process alone: unless it comes back within `lease` seconds others take them again."""
        with transaction.atomic():
            taken = list(self.due().select_for_update(skip_locked=True, of=("self",))[:count])
            until = timezone.now() + timedelta(seconds=lease)
            ids = [task.pk for task in taken]
            Task.objects.filter(pk__in=ids).update(next_at=until, takings=models.F("takings") + 1)
        return list(Task.objects.filter(pk__in=ids).select_related("run", "key__gateway").order_by("pk"))


class Task(models.Model):
    """One thing a gateway works on. `state` is ours, `raw_state` the gateway's word for it.

    `next_at` is when it is asked for next; without one nothing more will come by itself. `ended_at` tells that its story
    is over: failed, given up, or finished with its results kept.
    """

    class Kind(models.TextChoices):
        SORA = "sora"
        MIDJOURNEY = "midjourney"

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        WAITING = "waiting"  # for a person: a window of Midjourney is open
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    run = models.OneToOneField(Run, models.CASCADE, related_name="task")
    team = models.ForeignKey("accounts.Team", models.CASCADE, related_name="tasks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="tasks")
    key = models.ForeignKey("accounts.Key", models.SET_NULL, null=True, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind)
    upstream_id = models.TextField()
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    raw_state = models.CharField(max_length=40, default="")
    progress = models.CharField(max_length=20, default="")
    buttons = models.JSONField(default=list)
    text = models.TextField(default="")
    error = models.CharField(max_length=LONGEST_ERROR, default="")
    # Asked in vain since it was last answered; counts how long to wait and when to give up.
    failures = models.PositiveIntegerField(default=0)
    # Times a process took it up: who comes back late finds another number and changes nothing.
    takings = models.PositiveIntegerField(default=0)
    # Counts what watchers may see change.
    version = models.PositiveIntegerField(default=1)
    next_at = models.DateTimeField(null=True)
    created = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[TaskQuerySet] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="task_due", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.upstream_id[:40]} {self.state}"

    @property
    def age(self) -> timedelta:
        """How long ago it was submitted."""
        return timezone.now() - self.created

    def keep(self, **changes: Any) -> bool:
        """Keep what was learned of it, unless another process has taken it up meanwhile."""
        if "error" in changes:
            changes["error"] = changes["error"][:LONGEST_ERROR]
        mine = Task.objects.filter(pk=self.pk, takings=self.takings)
        if not mine.update(version=models.F("version") + 1, **changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def hold_until(self, moment: datetime) -> None:
        """Let nobody else take it up before `moment`, if it is still ours and its story goes on."""
        Task.objects.filter(pk=self.pk, takings=self.takings, ended_at=None).update(next_at=moment)
