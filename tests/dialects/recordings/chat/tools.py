"""Tool calls in chat streams."""

from .. import call, events, text
from .pieces import DONE, WEATHER, chunk, stream, tool, tools

RECORDINGS = (
    stream(
        "a tool call in pieces",
        events(
            tools(tool(0, "call_1", "get_weather", "")),
            tools(tool(0, None, None, '{"city":')),
            tools(tool(0, None, None, '"北京"}')),
            chunk({}, "tool_calls"),
            DONE,
        ),
        [call(0, "call_1", "get_weather", WEATHER)],
    ),
    stream(
        "tool calls interleaved",
        events(
            tools(tool(0, "a", "f", "")),
            tools(tool(1, "b", "g", "")),
            tools(tool(0, None, None, "{1"), tool(1, None, None, "[2")),
            tools(tool(1, None, None, "]")),
            tools(tool(0, None, None, "}")),
            chunk({}, "tool_calls"),
        ),
        [
            call(0, "a", "f", ""),
            call(1, "b", "g", ""),
            call(0, None, None, "{1"),
            call(1, None, None, "[2]"),
            call(0, None, None, "}"),
        ],
    ),
    stream(
        "a tool call without an index",
        events(tools(tool(None, "a", "f", '{"x"')), tools(tool(None, None, None, ":1}")), chunk({}, "tool_calls")),
        [call(0, "a", "f", '{"x":1}')],
    ),
    stream(
        "whole tool calls at once without index",
        events(tools(tool(None, "a", "f", "{}"), tool(None, "b", "f", "{}")), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}"), call(1, "b", "f", "{}")],
    ),
    stream(
        "whole tool calls that all have index 0",
        events(tools(tool(0, "a", "f", "{}")), tools(tool(0, "b", "g", "[]")), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}"), call(1, "b", "g", "[]")],
    ),
    stream(
        "a tool call that repeats id and name",
        events(tools(tool(0, "a", "f", "{")), tools(tool(0, "a", "f", "}")), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}")],
    ),
    stream(
        "arguments as an object",
        events(
            chunk({"tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {"x": [1]}}}]}),
            chunk({}, "tool_calls"),
        ),
        [call(0, "a", "f", '{"x":[1]}')],
    ),
    stream(
        "the old function_call",
        events(
            chunk({"function_call": {"name": "f", "arguments": ""}}),
            chunk({"function_call": {"arguments": "{}"}}),
            chunk({}, "function_call"),
        ),
        [call(0, None, "f", "{}")],
    ),
    stream(
        "text and a tool call in one delta",
        events(chunk({"content": "Let me look.", "tool_calls": [tool(0, "a", "f", "{}")]}), chunk({}, "tool_calls")),
        [text("Let me look."), call(0, "a", "f", "{}")],
    ),
    stream(
        "a tool call that is no list",
        events(chunk({"tool_calls": tool(0, "a", "f", "{}")}), chunk({}, "tool_calls")),
        [call(0, "a", "f", "{}")],
    ),
)
