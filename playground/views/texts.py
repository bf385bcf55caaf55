"""The dictionary of the scripts: English sentences and what they are in the page's language."""

import gzip
import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, to_locale


def texts(request: HttpRequest) -> HttpResponse:
    """A script that sets `texts`; the address names language and version, so that browsers may keep it."""
    language = next((code for code, _ in settings.LANGUAGES if code in request.GET), get_language() or "en")
    _, script, compressed = _dictionary(language, _changed(language))
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(compressed if small else script, content_type="text/javascript; charset=utf-8")
    if small:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=31536000, immutable" if request.GET else "no-cache"
    return response


def version(language: str) -> str:
    """Changes when any sentence of the language does."""
    return _dictionary(language, _changed(language))[0]


@lru_cache(maxsize=8)
def _dictionary(language: str, changed: int) -> tuple[str, bytes, bytes]:
    """Version, script and compressed script; English is the source and needs no words."""
    words = _file(language).read_text() if changed else "{}"
    # A script element would end at the first </script; JSON knows another spelling.
    script = f"globalThis.texts={json.dumps(json.loads(words), ensure_ascii=False).replace('</', '<\\/')};".encode()
    return sha256(script).hexdigest()[:10], script, gzip.compress(script, mtime=0)


def _changed(language: str) -> int:
    file = _file(language)
    return file.stat().st_mtime_ns if file.exists() else 0


def _file(language: str) -> Path:
    return settings.LOCALE_PATHS[0] / to_locale(language) / "LC_MESSAGES" / "texts.json"
