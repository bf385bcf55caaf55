"""`{% may_sign_up as open %}`: whether this visitor may make an account. `{{ agent|device }}`: their browser in words."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import template

from accounts.devices import device_of

register = template.Library()


@register.simple_tag(takes_context=True)
def may_sign_up(context: dict[str, Any]) -> bool:
    """Whether sign-up is open to everybody, or to this visitor by an invitation."""
    request = context["request"]
    return get_adapter(request).is_open_for_signup(request)


@register.filter
def device(user_agent: str) -> str:
    """The browser and its system."""
    return device_of(user_agent)
