"""C with libcurl."""

from playground.samples.request import Part, Request
from playground.samples.spelling import by_line, by_octal, quoted


def write(request: Request) -> str:
    lines = [
        "/* cc call.c -lcurl -o call */",
        "#include <curl/curl.h>",
        "#include <stdio.h>",
        "#include <stdlib.h>",
        "",
        *_body(request),
        "int main(void) {",
        "  CURL *curl = curl_easy_init();",
        *_headers(request),
        "",
        f"  curl_easy_setopt(curl, CURLOPT_URL, {_quoted(request.url)});",
        f"  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, {_quoted(request.method)});",
        "  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);",
        *_sent(request),
        *_kept(request),
        "",
        "  CURLcode result = curl_easy_perform(curl);",
        '  if (result != CURLE_OK) fprintf(stderr, "%s\\n", curl_easy_strerror(result));',
        *(["  fclose(file);"] if request.saves_to else []),
        *(["  curl_mime_free(form);"] if request.form else []),
        "  curl_slist_free_all(headers);",
        "  curl_easy_cleanup(curl);",
        "  return result;",
        "}",
        "",
    ]
    return "\n".join(lines)


def _body(request: Request) -> list[str]:
    if request.body is None:
        return []
    lines = "\n".join(f"  {_quoted(line)}" for line in by_line(request.text))
    return [f"static const char body[] =\n{lines};", ""]


def _headers(request: Request) -> list[str]:
    name, before = request.key_header
    return [
        "  struct curl_slist *headers = NULL;",
        "  char key_header[4096];",
        f'  snprintf(key_header, sizeof key_header, "%s%s", {_quoted(f"{name}: {before}")}, getenv("{request.key_variable}"));',
        "  headers = curl_slist_append(headers, key_header);",
        *(
            f"  headers = curl_slist_append(headers, {_quoted(f'{name}: {value}' if value else f'{name};')});"
            for name, value in request.headers
        ),
    ]


def _sent(request: Request) -> list[str]:
    if request.form:
        parts = [line for part in request.form for line in _part(part)]
        return [
            "  curl_mime *form = curl_mime_init(curl);",
            "  curl_mimepart *part;",
            *parts,
            _option("MIMEPOST", "form"),
        ]
    if request.body is None:
        return []
    return [_option("POSTFIELDS", "body"), _option("POSTFIELDSIZE_LARGE", "(curl_off_t)(sizeof body - 1)")]


def _part(part: Part) -> list[str]:
    lines = ["  part = curl_mime_addpart(form);", f"  curl_mime_name(part, {_quoted(part.name)});"]
    if not part.file:
        return [*lines, f"  curl_mime_data(part, {_quoted(part.text)}, CURL_ZERO_TERMINATED);"]
    return [
        *lines,
        f"  curl_mime_filedata(part, {_quoted(part.file)});",
        f"  curl_mime_type(part, {_quoted(part.mime)});",
    ]


def _kept(request: Request) -> list[str]:
    if request.saves_to:
        return [f'  FILE *file = fopen({_quoted(request.saves_to)}, "wb");', _option("WRITEDATA", "file")]
    # Without a buffer each piece is seen as it arrives.
    return ["  setvbuf(stdout, NULL, _IONBF, 0);"] if request.streaming else []


def _option(name: str, value: str) -> str:
    return f"  curl_easy_setopt(curl, CURLOPT_{name}, {value});"


def _quoted(text: str) -> str:
    # "??/" and its like are read as other signs by some compilers.
    return quoted(text, by_octal).replace("??", "?\\?")
