"""The calls that every language has to send: nasty text, a stream, sound, a form with files, a plain GET."""

import json

from playground import catalogue
from playground.calls import Attachment, Call, call_from

NASTY = (
    'She said "hi", it\'s $HOME `id` ${x} #{x} $(id) %s %d \\n \\ \\\\ ??/ \\u4e2d\n'
    'second line\r\nthird\twith a tab <b>&amp; \'\'\' """ )---" |json} EOF JSON `${1}`\n'
    "JSON\n中文，你好。😀 e\u0301 \u202e\u2028\ufeff \x7f @file -H 'x' !history ~ * ? [a] {b}"
)
# Typed by hand: spaces, line ends, number spelling and escapes of one's own.
BODY = f"""{{
  "model": "gpt-4o-mini",
  "temperature": 1.0e0, "seed": 12345678901234567890,
  "messages": [
    {{"role": "user", "content": {json.dumps(NASTY, ensure_ascii=False)}}},\t
    {{"role": "user", "content": "\\u4e2d\\/ $A `b` ''' \\"\\"\\" ${{c}} it's"}}
  ]
}}"""
WITH_CARRIAGE_RETURNS = BODY.replace("\n", "\r\n") + "\n"
FILES = {"cat.png": Attachment("cat.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))}
FILES["dog two.png"] = Attachment("dog two.png", "image/png", b"second --file\r\n")


def _call(operation: str, given: dict[str, object], **more: object) -> Call:
    found = catalogue.find(operation)
    assert found is not None
    return call_from(found, given, **more)  # type: ignore[arg-type]


CASES = {
    "chat": _call(
        "chat-basic",
        {"body_text": BODY, "query": {"q": "a b&c=中文'\"$`"}, "headers": {"X-Note": 'it\'s "$HOME" `id` \\ #{x} %s'}},
    ),
    "returns": _call("chat-basic", {"body_text": WITH_CARRIAGE_RETURNS}),
    "messages": _call("claude-chat", {"body_text": BODY, "headers": {"anthropic-beta": "one,two"}}),
    "gemini": _call("gemini-chat", {"body_text": BODY, "path": {"model": "gemini-2.5-flash:fast"}}),
    "stream": _call("chat-stream", {"body": {"model": "m", "stream": True, "messages": []}}),
    "speech": _call("audio-speech", {"body": {"model": "tts-1", "input": NASTY, "voice": "alloy"}}),
    "form": _call(
        "image-edit",
        {"body": {"model": "gpt-image-1", "prompt": NASTY, "image": ["@file:cat.png", "@file:dog two.png"], "n": 2}},
        attachments=FILES,
    ),
    "get": _call("list-models", {}),
}
