"""The files a run is started with: found among those its person may see, only when a call names them."""

import re
import uuid
from collections.abc import Iterator, Mapping

from accounts.models import Membership
from playground.calls import Attachment as File
from playground.models import Attachment

# Types come from upstreams too, and go out in headers and data URLs.
PLAIN_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class TeamFiles(Mapping[str, File]):
    """A team's attachments by their ids, as far as one member sees them. It holds those that were asked for."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership
        self._found: dict[str, tuple[uuid.UUID, File]] = {}

    def __getitem__(self, name: str) -> File:
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name][1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def ids(self) -> list[uuid.UUID]:
        """Those that were asked for and are there."""
        return [found[0] for found in self._found.values()]

    def _look_up(self, name: str) -> tuple[uuid.UUID, File]:
        try:
            asked = uuid.UUID(name)
        except ValueError:
            raise KeyError(name) from None
        visible = Attachment.objects.visible_to(self._membership.user).filter(team=self._membership.team_id)
        found = visible.filter(pk=asked).first()
        if found is None or not found.path.is_file():
            raise KeyError(name)
        mime = found.mime if PLAIN_TYPE.fullmatch(found.mime) else "application/octet-stream"
        return found.pk, File(found.name, mime, found.path)
