"""`{% icon "send" %}`: a drawing of the sprite that the build makes of the icons named in templates and scripts."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, *kinds: str) -> SafeString:
    """The icon `name`, unseen by screen readers; `kinds` are looks, as in `{% icon "key" "small" %}`."""
    return _drawn(static("dist/icons.svg"), name, kinds)


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str, kinds: tuple[str, ...]) -> SafeString:
    """Drawn once: a list shows the same few icons hundreds of times."""
    classes = " ".join(["icon", *(f"icon-{kind}" for kind in kinds)])
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, sprite, name)
