"""The sentences that scripts say, in the page's language, as one small script."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import to_locale
from django.views.decorators.cache import cache_control

COMPILED = settings.BASE_DIR / "locale"
NOTHING = "{}"


@cache_control(public=True, max_age=31536000, immutable=True)
def texts(request: HttpRequest) -> HttpResponse:
    """Lays the dictionary of one language ready. The address names the language, then the version of its sentences."""
    language = request.META["QUERY_STRING"].partition("&")[0]
    body = dictionary(language) if language in dict(settings.LANGUAGES) else NOTHING
    return HttpResponse(f"globalThis.texts = {body};", content_type="text/javascript; charset=utf-8")


@lru_cache
def dictionary(language: str) -> str:
    """The scripts' sentences and their translation, as JSON; nothing for the language they are written in."""
    path = COMPILED / to_locale(language) / "LC_MESSAGES" / "texts.json"
    return path.read_text(encoding="utf-8") if path.exists() else NOTHING


@lru_cache
def version(language: str) -> str:
    """Changes when any sentence of the language does."""
    return hashlib.sha256(dictionary(language).encode()).hexdigest()[:12]
