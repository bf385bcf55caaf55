"""Thinking in chat streams, in every spelling of it."""

from .. import events, text, thought
from .pieces import DONE, STOP, chunk, said, stream

RECORDINGS = (
    stream(
        "reasoning_content before the answer",
        events(
            chunk({"content": None, "reasoning_content": "先比"}),
            chunk({"reasoning_content": "较"}),
            said("9.8"),
            STOP,
            DONE,
        ),
        [thought("先比较"), text("9.8")],
    ),
    stream(
        "reasoning as OpenRouter spells it",
        events(
            chunk({"content": "", "reasoning": "Hm", "reasoning_details": [{"type": "reasoning.text", "text": "Hm"}]}),
            said("9.8"),
            STOP,
        ),
        [thought("Hm"), text("9.8")],
    ),
    stream(
        "both reasoning fields hold the same",
        events(chunk({"reasoning_content": "Hm", "reasoning": "Hm"}), said("9.8"), STOP),
        [thought("Hm"), text("9.8")],
    ),
    stream(
        "reasoning only in details",
        events(
            chunk(
                {
                    "reasoning_details": [
                        {"type": "reasoning.summary", "summary": "Hm"},
                        {"type": "reasoning.encrypted", "data": "x"},
                    ]
                }
            ),
            said("9.8"),
            STOP,
        ),
        [thought("Hm"), text("9.8")],
    ),
    stream(
        "a think tag in the content",
        events(said("\n<thi"), said("nk>a < b</t"), said("hink>\n\nan"), said("swer</think>"), STOP),
        [thought("a < b"), text("\n\nanswer</think>")],
    ),
    stream(
        "a think tag cut by letters",
        events(*(said(letter) for letter in "<think>x</thin></think>y<think>"), STOP),
        [thought("x</thin>"), text("y<think>")],
    ),
    stream(
        "many blanks are text",
        events(said(" " * 150), said(" " * 151), said("<think>x"), STOP),
        [text(" " * 301 + "<think>x")],
    ),
    stream(
        "what only looks like a think tag",
        events(said("  <thi"), said("rd> & <think>no</think>"), STOP),
        [text("  <third> & <think>no</think>")],
    ),
    stream("a think tag never closed", events(said("<think>so </th"), STOP), [thought("so </th")]),
    stream("half a think tag is text", events(said("<thi"), STOP), [text("<thi")]),
    stream(
        "content as parts",
        events(
            chunk(
                {
                    "content": [
                        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
                        {"type": "text", "text": "Yes"},
                    ]
                }
            ),
            STOP,
        ),
        [thought("Hm"), text("Yes")],
    ),
    stream(
        "thinking and reasoning_text",
        events(chunk({"thinking": "H", "content": ""}), chunk({"reasoning_text": "m"}), said("Yes"), STOP, DONE),
        [thought("Hm"), text("Yes")],
    ),
)
