"""What a browser tells about itself, in two words."""

_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "MicroMessenger": "WeChat",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
    "python": "Python",
    "curl": "curl",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device_of(user_agent: str) -> str:
    """Such as "Chrome · Windows"; the beginning of what it says where neither is known."""
    parts = [_first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)]
    return " · ".join(part for part in parts if part) or user_agent[:40]


def _first(text: str, names: dict[str, str]) -> str:
    # Most browsers also name those they resemble: the rarer mark stands first in the table.
    return next((name for mark, name in names.items() if mark in text), "")
