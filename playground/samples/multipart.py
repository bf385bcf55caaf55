"""Forms for languages that have none of their own: the parts of a multipart body, put together by hand."""

from collections.abc import Callable, Iterator

from playground.samples.request import Part

BOUNDARY = "playground-form-boundary"


def written(form: tuple[Part, ...], file: Callable[[Part], str], literal: Callable[[str], str]) -> Iterator[str]:
    """Expressions that give the body when joined: texts by `literal`, the content of files by `file`."""
    for part in form:
        yield literal(head(part))
        yield file(part) if part.file else literal(part.text)
        yield literal("\r\n")
    yield literal(f"--{BOUNDARY}--\r\n")


def head(part: Part) -> str:
    """What stands before the content of a part."""
    disposition = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_escaped(part.name)}"'
    if not part.file:
        return f"{disposition}\r\n\r\n"
    return f'{disposition}; filename="{_escaped(part.file)}"\r\nContent-Type: {part.mime}\r\n\r\n'


def _escaped(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
