"""Python with httpx."""

from playground.samples.request import Part, Request
from playground.samples.spelling import is_raw, quoted


def write(request: Request) -> str:
    lines = ["# pip install httpx", "import os", "", "import httpx", "", *_headers(request), *_body(request), ""]
    return "\n".join([*lines, *_send(request), ""])


def literal(text: str) -> str:
    """A text as Python writes it, raw where nothing speaks against it."""
    if ('"' in text or "\n" in text) and is_raw(text, '"""') and text[-1] not in '"\\':
        return f'r"""{text}"""'
    return quoted(text)


def _headers(request: Request) -> list[str]:
    name, before = request.key_header
    key = f'os.environ["{request.key_variable}"]'
    return [
        "headers = {",
        f"    {quoted(name)}: {f'{quoted(before)} + ' if before else ''}{key},",
        *(f"    {quoted(name)}: {quoted(value)}," for name, value in request.headers),
        "}",
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        return ["form = [", *(f"    {_part(part)}," for part in request.form), "]"]
    return [f"body = {literal(request.text)}"] if request.body is not None else []


def _part(part: Part) -> str:
    if not part.file:
        return f"({quoted(part.name)}, (None, {quoted(part.text)}))"
    return f'({quoted(part.name)}, ({quoted(part.file)}, open({quoted(part.file)}, "rb"), {quoted(part.mime)}))'


def _send(request: Request) -> list[str]:
    sent = ", files=form" if request.form else ", content=body.encode()" if request.body is not None else ""
    call = f"{quoted(request.method)}, {quoted(request.url)}, headers=headers{sent}, timeout=600"
    if request.saves_to:
        return [
            f"with httpx.stream({call}) as response:",
            f'    with open({quoted(request.saves_to)}, "wb") as file:',
            "        for chunk in response.iter_bytes():",
            "            file.write(chunk)",
        ]
    if request.streaming:
        return [
            f"with httpx.stream({call}) as response:",
            "    for text in response.iter_text():",
            '        print(text, end="", flush=True)',
        ]
    return [f"response = httpx.request({call})", "print(response.text)"]
