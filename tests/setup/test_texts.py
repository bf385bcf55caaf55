"""The site's texts: found wherever they are asked for, translated, and none left behind."""

import pytest

from setup import texts
from setup.texts import Text


def found(read, source):
    return [text for text, _ in read(source)]


def test_python_texts_are_found_by_whatever_name_the_function_has():
    source = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as meant
from somewhere import gettext
_("One"), ngettext("%(n)s run", "%(n)s runs", n), meant("verb", "Share"), gettext("not ours"), _(name)
"""

    assert found(texts.python_texts, source) == [
        Text("One"),
        Text("%(n)s run", plural="%(n)s runs"),
        Text("Share", context="verb"),
    ]


def test_template_texts_are_found_in_tags_blocks_and_filters():
    source = """{% load i18n %}{% translate "One" %}{% translate 'It"s' as said %}{{ _("Two") }}{% include "x" with a=_("Three") %}
{% blocktranslate trimmed with name=thing.name %}
  Hello
  {{ name }}
{% endblocktranslate %}{% blocktranslate count n=n %}{{ n }} run{% plural %}{{ n }} runs{% endblocktranslate %}
{% translate "Share" context "verb" %}"""

    assert found(texts.template_texts, source) == [
        Text("One"),
        Text('It"s'),
        Text("Two"),
        Text("Three"),
        Text("Hello %(name)s"),
        Text("%(n)s run", plural="%(n)s runs"),
        Text("Share", context="verb"),
    ]


def test_script_texts_are_found_and_other_functions_are_not():
    source = """t("One"); format("no"); this.t("no"); x = t('It\\'s {n}', { n }); `${t("Two")}`; t(name); t(`Three`)"""

    assert found(texts.script_texts, source) == [Text("One"), Text("It's {n}"), Text("Two"), Text("Three")]


@pytest.fixture
def part(tmp_path, monkeypatch):
    """Gives the only room's translations, for code that asks for one text."""
    monkeypatch.setattr(texts, "PARTS", tmp_path)
    monkeypatch.setattr(texts, "used_texts", lambda: {Text("%(n)s runs"): ["page.html:1"]})
    monkeypatch.setattr(texts, "plain_sentences", set)

    def write(body, room="room"):
        (tmp_path / f"{room}.po").write_text(body)
        return list(texts.faults())

    return write


def test_a_translated_text_is_no_fault(part):
    assert part('msgid "%(n)s runs"\nmsgstr "%(n)s 次运行"\n') == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "page.html:1: '%(n)s runs' has no translation"),
        ('msgid "%(n)s runs"\nmsgstr ""\n', "room.po: '%(n)s runs' is not finished"),
        ('#, fuzzy\nmsgid "%(n)s runs"\nmsgstr "%(n)s 次"\n', "room.po: '%(n)s runs' is not finished"),
        (
            'msgid "%(n)s runs"\nmsgstr "%(m)s 次"\n',
            "room.po: '%(n)s runs' and its translation differ in %(m)s, %(n)s",
        ),
        ('msgid "Other"\nmsgstr "别的"\n', "room.po: 'Other' is used nowhere"),
    ],
)
def test_an_unfinished_translation_is_told(part, body, fault):
    assert fault in part(body)


def test_two_rooms_that_differ_are_told(part):
    part('msgid "%(n)s runs"\nmsgstr "%(n)s 次运行"\n', room="one")

    assert part('msgid "%(n)s runs"\nmsgstr "%(n)s 次调用"\n', room="two") == [
        "one.po and two.po: '%(n)s runs' is translated in 2 ways"
    ]
