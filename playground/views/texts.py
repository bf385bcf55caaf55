"""The sentences that scripts say, in the page's language: found in the scripts, translated by the same gettext."""

import hashlib
import json
import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import check_for_language, gettext, override
from django.views.decorators.cache import cache_control

SCRIPTS = settings.BASE_DIR / "static" / "js"
# t("…") with a plain string; scripts write their sentences so, and nothing else is translated.
SENTENCE = re.compile(r"""\bt\(\s*("(?:[^"\\\n]|\\.)*")""")


@cache_control(public=True, max_age=31536000, immutable=True)
def texts(request: HttpRequest) -> HttpResponse:
    """A script that lays the dictionary of one language ready. The address names the language and its version."""
    language = request.META["QUERY_STRING"].partition("&")[0]
    body = dictionary(language) if check_for_language(language) else "{}"
    return HttpResponse(f"globalThis.texts = {body};", content_type="text/javascript; charset=utf-8")


def sentences() -> list[str]:
    """Every English sentence the scripts say."""
    found = {
        json.loads(sentence)
        for script in SCRIPTS.rglob("*.js")
        for sentence in SENTENCE.findall(script.read_text(encoding="utf-8"))
    }
    return sorted(found)


@lru_cache
def dictionary(language: str) -> str:
    """The sentences and their translation, as JSON."""
    with override(language):
        return json.dumps({sentence: gettext(sentence) for sentence in sentences()}, ensure_ascii=False)


@lru_cache
def version(language: str) -> str:
    """Changes when any sentence of the language does."""
    return hashlib.sha256(dictionary(language).encode()).hexdigest()[:12]
