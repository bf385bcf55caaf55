"""The request as it stands on the wire."""

from playground.samples.request import Part, Request

BOUNDARY = "form-boundary"


def write(request: Request) -> str:
    name, before = request.key_header
    body = _form(request) if request.form else request.text
    headers = [("Host", request.host), (name, f"{before}${request.key_variable}"), *request.headers]
    if request.form:
        headers.append(("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"))
    elif request.body is not None:
        headers.append(("Content-Length", str(len(body.encode()))))
    lines = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}".rstrip() for name, value in headers)]
    return "\n".join([*lines, "", body, ""] if body else [*lines, "", ""])


def _form(request: Request) -> str:
    return "\n".join([*(_part(part) for part in request.form), f"--{BOUNDARY}--"])


def _part(part: Part) -> str:
    disposition = f'--{BOUNDARY}\nContent-Disposition: form-data; name="{part.name}"'
    if not part.file:
        return f"{disposition}\n\n{part.text}"
    return f'{disposition}; filename="{part.file}"\nContent-Type: {part.mime}\n\n< ./{part.file}'
