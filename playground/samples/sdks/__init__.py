"""A call by the official library of its vendor, where there is one: OpenAI's, Anthropic's, Google's."""

from functools import partial

from playground.calls import Call
from playground.samples.language import Language
from playground.samples.sdks import javascript, python
from playground.samples.sdks.function import LIBRARIES, function_of

__all__ = ["languages_for"]


def languages_for(call: Call, base_url: str) -> tuple[Language, ...]:
    """Python and JavaScript by the library that knows this call; nothing where none does."""
    function = function_of(call, base_url)
    if function is None:
        return ()
    id, library = function.library, LIBRARIES[function.library]
    in_python = partial(python.write, function=function)
    in_javascript = partial(javascript.write, function=function)
    return (
        Language(f"python-{id}", "Python", library.python, "call.py", ("# ", ""), in_python),
        Language(f"javascript-{id}", "JavaScript", library.javascript, "call.mjs", ("// ", ""), in_javascript),
    )
