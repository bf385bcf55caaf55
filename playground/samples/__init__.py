"""A call written in the languages people program in, ready to run: the exact body, every header, never the key.

sample(call, "python", base_url="https://gateway.example")
"""

from playground import catalogue
from playground.calls import Call
from playground.catalogue import Operation
from playground.samples import sdks
from playground.samples.language import Language
from playground.samples.languages import (
    c,
    csharp,
    dart,
    go,
    http,
    java,
    javascript,
    objective_c,
    ocaml,
    php,
    python,
    r,
    ruby,
    shell,
    swift,
)
from playground.samples.request import Request, address_of, request_of

__all__ = ["KEY_VARIABLE", "LANGUAGES", "Language", "Request", "address_of", "languages", "request_of", "sample"]

KEY_VARIABLE = "GATEWAY_KEY"


# In the document's order.
LANGUAGES = (
    Language("shell", "Shell", "curl", "call.sh", ("# ", ""), shell.write),
    Language("javascript", "JavaScript", "fetch", "call.mjs", ("// ", ""), javascript.write),
    Language("java", "Java", "java.net.http", "Call.java", ("// ", ""), java.write),
    Language("swift", "Swift", "URLSession", "call.swift", ("// ", ""), swift.write),
    Language("go", "Go", "net/http", "call.go", ("// ", ""), go.write),
    Language("php", "PHP", "curl", "call.php", ("// ", ""), php.write),
    Language("python", "Python", "httpx", "call.py", ("# ", ""), python.write),
    Language("http", "HTTP", "", "call.http", ("# ", ""), http.write),
    Language("c", "C", "libcurl", "call.c", ("// ", ""), c.write),
    Language("csharp", "C#", "HttpClient", "Program.cs", ("// ", ""), csharp.write),
    Language("objective-c", "Objective-C", "NSURLSession", "call.m", ("// ", ""), objective_c.write),
    Language("ruby", "Ruby", "net/http", "call.rb", ("# ", ""), ruby.write),
    Language("ocaml", "OCaml", "cohttp", "call.ml", ("(* ", " *)"), ocaml.write),
    Language("dart", "Dart", "http", "call.dart", ("// ", ""), dart.write),
    Language("r", "R", "httr", "call.R", ("# ", ""), r.write),
)


def languages(operation: Operation | None = None) -> tuple[Language, ...]:
    """The document's fifteen; for an operation also the official libraries that know it."""
    return LANGUAGES + (sdks.languages_for(operation) if operation else ())


def sample(call: Call, language: str, *, base_url: str, key_variable: str = KEY_VARIABLE) -> str:
    """The call in one language, its key as an environment variable; KeyError for a language that cannot write it."""
    chosen = {each.id: each for each in languages(catalogue.find(call.operation))}[language]
    request = request_of(call, base_url, key_variable)
    return "".join([*_remarks(request, chosen), chosen.write(request)])


def _remarks(request: Request, language: Language) -> list[str]:
    """A line on each file whose content only the site holds. PHP's first line must stay its first."""
    before, after = language.remark
    if language.id == "php":
        return []
    return [
        f"{before}Put the content of {name}, as base64 or a data URL, in the place of @file:{name}{after}\n"
        for name in request.missing_files
    ]
