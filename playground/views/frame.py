"""What every page's frame shows: the rail, the team, the chosen key."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context that the base template needs on every page."""
    return {}
