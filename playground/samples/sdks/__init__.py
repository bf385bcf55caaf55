"""A call by the official library of its vendor, where there is one: OpenAI's, Anthropic's, Google's."""

from playground.catalogue import Operation
from playground.samples.language import Language
from playground.samples.sdks import javascript, python
from playground.samples.sdks.function import LIBRARIES, library_of

__all__ = ["languages_for"]


def languages_for(operation: Operation) -> tuple[Language, ...]:
    """Python and JavaScript by the library that knows this operation; nothing where none does."""
    id = library_of(operation)
    if id is None:
        return ()
    library = LIBRARIES[id]
    return (
        Language(f"python-{id}", "Python", library.python, "call.py", ("# ", ""), python.write),
        Language(f"javascript-{id}", "JavaScript", library.javascript, "call.mjs", ("// ", ""), javascript.write),
    )
