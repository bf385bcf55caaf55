"""Words that somebody pasted by mistake: what looks like a key or a token is looked for nowhere.

The browser refuses them before they are sent, by the same signs: `static/js/pasted_key.js`.
"""

import re

# An address is kept by browsers, proxies and their logs, so it must not hold one of these.
_SECRET = re.compile(
    r"\b(?:sk|tp|ak|rk|pk)[-_](?=[\w-]*[0-9A-Z]|[\w-]{24})[\w-]{12,}"
    r"|\bAIza[\w-]{20,}"
    r"|\bAKIA[0-9A-Z]{16}"
    r"|\bgh[opsur]_[A-Za-z0-9]{30,}"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}"
    r"|\bBearer\s+[\w.~+/=-]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY",
    re.ASCII,
)


def holds_secret(text: str) -> bool:
    """Whether something in the text looks like a key."""
    return _SECRET.search(text) is not None
