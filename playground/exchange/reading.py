"""Which kind of text was pasted or dropped, and the requests in it."""

from playground.calls import BadCall
from playground.calls.json_text import read_json
from playground.exchange.bad_import import BadImport
from playground.exchange.curl import read_curl
from playground.exchange.found import Found
from playground.exchange.har import is_har, read_har
from playground.exchange.postman import is_postman, read_postman


def read(text: str) -> list[Found]:
    """The requests of a curl command, a HAR file or a Postman collection. Raises BadImport."""
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise BadImport("empty")
    if text[0] not in "{[":
        return [read_curl(text)]
    try:
        value = read_json(text)
    except BadCall:
        raise BadImport("not_known") from None
    requests = read_har(value) if is_har(value) else read_postman(value) if is_postman(value) else None
    if requests is None:
        raise BadImport("not_known")
    if not requests:
        raise BadImport("no_request")
    return requests
