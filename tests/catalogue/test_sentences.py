"""Every sentence about a body or a call is there in Chinese too, with the same blanks."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from playground.calls import bad_call
from playground.catalogue import problems

SAID = [
    *problems.SENTENCES.values(),
    *problems.KINDS.values(),
    problems.WHOLE_BODY,
    problems.OR,
    *bad_call.SENTENCES.values(),
    *bad_call.WANTED.values(),
]
CHINESE = {
    entry.msgid: entry.msgstr
    for part in (Path(settings.BASE_DIR) / "locale" / "parts").glob("*.po")
    for entry in polib.pofile(str(part))
}


@pytest.mark.parametrize("sentence", SAID)
def test_a_sentence_is_translated_with_its_blanks(sentence: str):
    assert CHINESE.get(sentence)
    assert blanks(CHINESE[sentence]) == blanks(sentence)


def blanks(sentence: str) -> list[str]:
    return sorted(re.findall(r"{\w+}", sentence))
