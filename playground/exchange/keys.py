"""Keys found in foreign texts: recognised, masked, never kept."""

import re

# What stands where a key would, and is none: variables of shells and of Postman, the document's example, dots.
NOT_A_KEY = re.compile(
    r"\$.*|%\w+%|\{\{.*\}\}|<.*>|sk-x+|x+|\*+|.*[…•].*|.*\.\.\..*|(?i:your.*|.*api_?key.*)|", re.DOTALL
)
LOOKS_LIKE_A_KEY = re.compile(r"\b(?:sk|ak|rk|pk|key)-[A-Za-z0-9_\-]{8,}|\bAIza[A-Za-z0-9_\-]{20,}")


def key_in(header_value: str) -> str:
    """The key that a header or query value carries; nothing where only a placeholder stands there."""
    value = re.sub(r"^\s*(?:Bearer|Basic|Token)\s+", "", header_value, flags=re.IGNORECASE).strip()
    return "" if NOT_A_KEY.fullmatch(value) else value


def masked(key: str) -> str:
    """A key as pages may show it."""
    return f"{key[:3]}…{key[-4:]}" if len(key) >= 16 else f"{key[:2]}…"


def without_keys(text: str) -> str:
    """A text with everything that looks like a key masked."""
    return LOOKS_LIKE_A_KEY.sub(lambda found: masked(found[0]), text)
