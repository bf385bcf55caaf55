"""OCaml with cohttp."""

from playground.samples.multipart import BOUNDARY, written
from playground.samples.request import Part, Request
from playground.samples.spelling import by_braces, is_raw, quoted

RUN = "(* opam install cohttp-lwt-unix lwt_ssl; dune or ocamlfind -package cohttp-lwt-unix -linkpkg call.ml *)"
READ_FILE = "let content_of path = In_channel.with_open_bin path In_channel.input_all\n"


def write(request: Request) -> str:
    lines = [RUN, "open Lwt.Infix", ""]
    lines += [READ_FILE] if any(part.file for part in request.form) else []
    return "\n".join(
        [*lines, *_headers(request), "", *_body(request), "let () =", "  Lwt_main.run", *_send(request), ""]
    )


def _headers(request: Request) -> list[str]:
    name, before = request.key_header
    headers = [(name, _quoted(value)) for name, value in request.headers]
    if request.form:
        headers.append(("Content-Type", _quoted(f"multipart/form-data; boundary={BOUNDARY}")))
    return [
        "let headers =",
        "  Cohttp.Header.of_list",
        f'    [ ({_quoted(name)}, {_quoted(before)} ^ Sys.getenv "{request.key_variable}");',
        *(f"      ({_quoted(name)}, {value});" for name, value in headers),
        "    ]",
    ]


def _body(request: Request) -> list[str]:
    if request.form:
        pieces = [f"      {piece};" for piece in written(request.form, _file, _quoted)]
        return ["let body =", '  String.concat "" [', *pieces, "    ]", ""]
    return [f"let body = {_literal(request.text)}", ""] if request.body is not None else []


def _file(part: Part) -> str:
    return f"content_of {_quoted(part.file)}"


def _send(request: Request) -> list[str]:
    sent = " ~body:(`String body)" if request.form or request.body is not None else ""
    call = f"Cohttp_lwt_unix.Client.call ~headers{sent} `{request.method} (Uri.of_string {_quoted(request.url)})"
    return [f"    ({call}", "     >>= fun (_, answer) ->", f"     {_answer(request)})"]


def _answer(request: Request) -> str:
    pieces = "Lwt_stream.iter_s {} (Cohttp_lwt.Body.to_stream answer)"
    if request.saves_to:
        writing = pieces.format("(Lwt_io.write file)")
        return f"Lwt_io.with_file ~mode:Output {_quoted(request.saves_to)} (fun file -> {writing})"
    if request.streaming:
        return pieces.format("(fun piece -> Lwt_io.print piece >>= fun () -> Lwt_io.flush Lwt_io.stdout)")
    return "Cohttp_lwt.Body.to_string answer >>= Lwt_io.print"


def _literal(text: str) -> str:
    return f"{{json|{text}|json}}" if is_raw(text, "|json}") else _quoted(text)


def _quoted(text: str) -> str:
    return quoted(text, by_braces)
