"""Where calls go: an address and the kind of gateway that answers there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.teams import Team
from accounts.texts import refuse_invisible


class GatewayQuerySet(models.QuerySet["Gateway"]):
    def open_to(self, team: Team) -> "GatewayQuerySet":
        """The team's own gateways and the operator's."""
        return self.filter(Q(team=team) | Q(team=None))


class Gateway(models.Model):
    """One gateway. Without a team it is the operator's own and open to every team."""

    class Kind(models.TextChoices):
        SANDBOX = "sandbox", _("Sandbox")
        UNKNOWN = "unknown", _("Not known yet")
        NEW_API = "new-api", "new-api"
        ONE_API = "one-api", "one-api"
        OPENROUTER = "openrouter", "OpenRouter"
        LITELLM = "litellm", "LiteLLM"
        DEEPSEEK = "deepseek", "DeepSeek"
        SILICONFLOW = "siliconflow", "SiliconFlow"
        MOONSHOT = "moonshot", "Moonshot"
        OPENAI = "openai", _("OpenAI-compatible")

    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="gateways")
    name = models.CharField(_("name"), max_length=80, validators=[refuse_invisible])
    # The sandbox has none: it stands on this very server, wherever that is at the time of a call.
    base_url = models.CharField(_("base URL"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.UNKNOWN)
    # Trusted addresses may be private ones. Only the operator's gateways are.
    trusted = models.BooleanField(default=False, editable=False)
    from_settings = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[GatewayQuerySet] = GatewayQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_settings"], condition=Q(from_settings=True), name="one_gateway_from_settings"
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="sandbox"), name="one_sandbox"),
            models.CheckConstraint(
                condition=Q(trusted=False) | Q(team=None), name="only_operators_gateways_are_trusted"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sandbox(self) -> bool:
        return self.kind == self.Kind.SANDBOX
