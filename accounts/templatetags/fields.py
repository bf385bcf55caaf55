"""`{{ field|styled }}`: a form field drawn with the site's own classes."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

_CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "checkbox",
    forms.Textarea: "textarea",
    forms.Select: "select",
    forms.RadioSelect: "radio",
    forms.CheckboxSelectMultiple: "checkbox",
}


@register.filter
def styled(field: BoundField, autofocus: Any = None) -> SafeString:
    """The widget of `field` in our look; `{{ field|styled:"autofocus" }}` puts the cursor there."""
    widget = field.field.widget
    attributes: dict[str, Any] = {"class": _class_of(widget)}
    if autofocus:
        attributes["autofocus"] = True
    if getattr(widget, "input_type", "") == "email":
        # Phones start sentences and correct words elsewhere.
        attributes |= {"autocapitalize": "none", "spellcheck": "false"}
    return field.as_widget(attrs=attributes)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the label stands after the field."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field is several choices, each with a label of its own."""
    return bool(field.use_fieldset)


def _class_of(widget: forms.Widget) -> str:
    for kind in type(widget).__mro__:
        if kind in _CLASSES:
            return _CLASSES[kind]
    return "input"
