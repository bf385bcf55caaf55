"""Faults that answer by themselves: error statuses, pages of proxies, redirects."""

import time
from collections import OrderedDict
from collections.abc import Callable
from email.utils import formatdate

from .. import answers
from ..answers import Answer, Body
from ..refusals import Refused, spelled
from ..request import Request
from ..seed import Seed

_PATIENCE = 7
_FORGOTTEN_AFTER = 600.0
_REMEMBERED = 1000

Instead = Callable[[Request, str], Answer | None]


def _status(status: int, message: str, code: str = "", retry_after: Callable[[], str] | None = None) -> Instead:
    def answer(request: Request, shape: str) -> Answer:
        headers = (("retry-after", retry_after()),) if retry_after else ()
        return spelled(shape, Refused(status, message, code=code, headers=headers), request.seed.id("req_"))

    return answer


def _seconds() -> str:
    return str(_PATIENCE)


def _date() -> str:
    return formatdate(time.time() + _PATIENCE, usegmt=True)


def _bad_gateway(request: Request, shape: str) -> Body:
    return answers.page(
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n<script>document.title='this script must not run'</script>\r\n</body>\r\n</html>\r\n",
        status=502,
    )


def _login_page(request: Request, shape: str) -> Body:
    return answers.page(
        '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1><form method="post" action="/login">'
        '<input name="user"><input name="password" type="password"><button>Sign in</button></form>'
        "<script>document.title='this script must not run'</script></body></html>"
    )


def _redirect(target: Callable[[Request], str]) -> Instead:
    def answer(request: Request, shape: str) -> Body:
        return Body(b"", "text/plain", 307, headers=(("location", target(request)),))

    return answer


def _itself(request: Request) -> str:
    query = f"?{request.query_string}" if request.query_string else ""
    return f"{request.origin}{request.path}{query}"


def _private(request: Request) -> str:
    return "http://169.254.169.254/latest/meta-data/"


def _echo_key(request: Request, shape: str) -> Body:
    shown = request.key.secret if request.key else ""
    return spelled(shape, Refused(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key"))


_failed: OrderedDict[str, tuple[int, float]] = OrderedDict()


def _flaky(request: Request, shape: str) -> Answer | None:
    """Fails twice for the same key and body, then lets the answer through."""
    fingerprint = request.key.fingerprint if request.key else ""
    what = Seed(fingerprint, request.path, request.body).hex()
    now = time.monotonic()
    times, since = _failed.pop(what, (0, now))
    if now - since > _FORGOTTEN_AFTER:
        times = 0
    _failed[what] = (times + 1, now)
    while len(_failed) > _REMEMBERED:
        _failed.popitem(last=False)
    if times >= 2:
        return None
    return spelled(shape, Refused(500, f"The upstream failed, try {times + 1} of 2 that do."))


INSTEAD: dict[str, Instead] = {
    "401": _status(401, "Incorrect API key provided.", "invalid_api_key"),
    "402": _status(402, "The account behind this key has no credit left."),
    "403": _status(403, "This key may not do that."),
    "404": _status(404, "There is no such model.", "model_not_found"),
    "429": _status(429, "Rate limit reached. Please try again in 7 s.", retry_after=_seconds),
    "429-date": _status(429, "Rate limit reached. Please try again later.", retry_after=_date),
    "500": _status(500, "The server had an error while processing the request."),
    "503": _status(503, "The upstream is not available at the moment."),
    "529": _status(529, "Overloaded."),
    "flaky": _flaky,
    "html-502": _bad_gateway,
    "login-page-200": _login_page,
    "redirect-loop": _redirect(_itself),
    "redirect-private": _redirect(_private),
    "echo-key": _echo_key,
}
