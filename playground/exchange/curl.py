"""A curl command read as a request. No file is read and nothing is opened; what is not taken over is told."""

from collections import deque
from collections.abc import Callable
from urllib.parse import quote, quote_plus

from playground.exchange.bad_import import BadImport
from playground.exchange.found import Found
from playground.exchange.shell_words import commands
from playground.samples.request import Part

SHORT = {
    "A": "user-agent", "b": "cookie", "c": "cookie-jar", "C": "continue-at", "d": "data", "D": "dump-header",
    "e": "referer", "E": "cert", "F": "form", "H": "header", "h": "help", "K": "config", "m": "max-time", "o": "output",
    "P": "ftp-port", "Q": "quote", "r": "range", "T": "upload-file", "t": "telnet-option", "u": "user", "U": "proxy-user",
    "w": "write-out", "x": "proxy", "X": "request", "y": "speed-time", "Y": "speed-limit", "z": "time-cond",
    "#": "progress-bar", "0": "http1.0", "1": "tlsv1", "4": "ipv4", "6": "ipv6", "a": "append", "B": "use-ascii",
    "f": "fail", "G": "get", "g": "globoff", "I": "head", "i": "include", "j": "junk-session-cookies", "J": "remote-header-name",
    "k": "insecure", "l": "list-only", "L": "location", "M": "manual", "n": "netrc", "N": "no-buffer", "O": "remote-name",
    "p": "proxytunnel", "q": "disable", "R": "remote-time", "s": "silent", "S": "show-error", "v": "verbose", "V": "version",
    "Z": "parallel",
}  # fmt: skip
SHORT_WITH_VALUE = set("AbcCdDeEFHhKmoPQrTtuUwxXyYz")

# Options with a value that the site never follows, or that only say how curl works.
NEVER = {
    "cacert", "capath", "cert", "cert-type", "ciphers", "config", "connect-to", "dns-servers", "doh-url", "engine", "ftp-port",
    "interface", "key", "key-type", "local-port", "netrc-file", "noproxy", "pass", "pinnedpubkey", "preproxy", "proxy",
    "proxy-header", "proxy-user", "quote", "resolve", "socks4", "socks4a", "socks5", "socks5-hostname", "time-cond",
    "telnet-option", "tlsuser", "tlspassword", "unix-socket", "abstract-unix-socket", "upload-file", "variable", "aws-sigv4",
    "haproxy-clientip", "proxy1.0", "tls-max", "crlfile", "random-file", "krb", "mail-from", "mail-rcpt", "delegation",
}  # fmt: skip
ANSWERS = {
    "output",
    "output-dir",
    "write-out",
    "dump-header",
    "cookie-jar",
    "stderr",
    "trace",
    "trace-ascii",
    "etag-save",
}
TIMES = {
    "connect-timeout", "max-time", "retry", "retry-delay", "retry-max-time", "speed-limit", "speed-time", "limit-rate", "rate",
    "keepalive-time", "max-filesize", "max-redirs", "expect100-timeout", "happy-eyeballs-timeout-ms", "range", "continue-at",
    "parallel-max", "proto", "proto-default", "proto-redir", "create-file-mode", "hsts", "alt-svc", "etag-compare", "help",
    "request-target",
}  # fmt: skip
NEVER_FLAGS = {"netrc", "netrc-optional", "insecure", "proxytunnel", "location", "location-trusted"}
ANSWER_FLAGS = {"remote-name", "remote-name-all", "remote-header-name", "include", "create-dirs"}
BODY = {"data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json"}


def read_curl(text: str) -> Found:
    """The request of the first curl command in a text."""
    lines = commands(text)
    at = next((at for at, words in enumerate(lines) if _is_curl(words[0])), None)
    if at is None:
        raise BadImport("not_known")
    found = _Reader(lines[at][1:], stdin=_said_by(lines[at - 1]) if at else None).read()
    for words in lines[at + 1 :]:
        found.leave_out(words[0], "other_command")
    return found


def _is_curl(word: str) -> bool:
    return word.replace("\\", "/").rpartition("/")[2].lower() in ("curl", "curl.exe")


def _said_by(words: list[str]) -> str | None:
    """What the command before the pipe writes: `printf %s 'text' | curl …`."""
    if words[:2] == ["printf", "%s"] and len(words) == 3:
        return words[2]
    return words[1] + "\n" if words[0] == "echo" and len(words) == 2 else None


class _Reader:
    """Goes through the words of one command."""

    def __init__(self, words: list[str], stdin: str | None) -> None:
        self.words, self.stdin = deque(words), stdin
        self.found = Found()
        self.pieces: list[str] = []
        self.is_json = self.in_query = self.is_head = False

    def read(self) -> Found:
        while self.words:
            word = self.words.popleft()
            if word.startswith("--") and word != "--":
                self.option(word[2:])
            elif word.startswith("-") and len(word) > 1 and word != "--":
                self.short_options(word[1:])
            elif word != "--":
                self.address(word)
        return self.whole()

    def short_options(self, letters: str) -> None:
        while letters:
            letter, letters = letters[0], letters[1:]
            name = SHORT.get(letter)
            if name is None:
                self.found.leave_out(f"-{letter}", "unknown")
            elif letter in SHORT_WITH_VALUE:
                self.apply(name, letters or self.value(f"-{letter}"), f"-{letter}")
                return
            else:
                self.flag(name, f"-{letter}")

    def option(self, spelled: str) -> None:
        name, equals, value = spelled.partition("=")
        if name in VALUES or name in NEVER | ANSWERS | TIMES:
            self.apply(name, value if equals else self.value(f"--{name}"), f"--{name}")
        else:
            self.flag(name, f"--{name}")

    def value(self, option: str) -> str:
        if not self.words:
            raise BadImport("value_missing", option=option)
        return self.words.popleft()

    def apply(self, name: str, value: str, spelled: str) -> None:
        if name in VALUES:
            VALUES[name](self, value)
        else:
            reason = "never" if name in NEVER else "answer" if name in ANSWERS else "curl"
            # Values of these may be secrets: proxies, certificates.
            self.found.leave_out(spelled, reason)

    def flag(self, name: str, spelled: str) -> None:
        if name == "get":
            self.in_query = True
        elif name == "head":
            self.is_head = True
        elif name in NEVER_FLAGS:
            self.found.leave_out(spelled, "never")
        elif name in ANSWER_FLAGS:
            self.found.leave_out(spelled, "answer")
        else:
            known = name in SHORT.values() or name in KNOWN_FLAGS or name.startswith("no-")
            self.found.leave_out(spelled, "curl" if known else "unknown")

    def address(self, url: str) -> None:
        if self.found.url:
            self.found.leave_out(url.partition("?")[0], "other_request")
        else:
            self.found.url = url

    def header(self, line: str) -> None:
        if line.startswith("@"):
            return self.found.leave_out(f"-H {line}", "file")
        name, colon, value = line.partition(":")
        if not colon:
            name, value = line.rstrip(";"), ""
            if not line.endswith(";"):
                return self.found.leave_out(f"-H {line}", "unsendable")
        elif not value.strip():
            return self.found.leave_out(f"-H {name}:", "curl")
        self.found.headers.append((name.strip(), value.strip()))
        return None

    def data(self, value: str, option: str) -> None:
        if value.startswith("@") and option != "data-raw":
            if value == "@-" and self.stdin is not None:
                self.pieces.append(self.stdin)
            else:
                self.found.leave_out(f"--{option} {value}", "file")
        elif option == "data-urlencode":
            self.urlencoded(value)
        else:
            self.pieces.append(value)

    def urlencoded(self, value: str) -> None:
        name, equals, content = value.partition("=")
        if not equals and "@" in value:
            self.found.leave_out(f"--data-urlencode {value}", "file")
        elif not equals:
            self.pieces.append(quote_plus(value))
        else:
            self.pieces.append((f"{name}=" if name else "") + quote_plus(content))

    def json(self, value: str) -> None:
        self.is_json = True
        self.data(value, "json")

    def form(self, field: str, is_string: bool = False) -> None:
        name, _, value = field.partition("=")
        if is_string or not value.startswith(("@", "<")):
            text = value if is_string else _form_text(value)
            return self.found.form.append(Part(name, text))
        file, mime = _form_file(value[1:])
        self.found.leave_out(f"-F {name}=@{file}", "file")
        if value.startswith("@"):
            self.found.form.append(Part(name, file=file, mime=mime))
        return None

    def user(self, value: str) -> None:
        # The user name is no secret, what follows the colon is.
        self.found.leave_out(f"-u {value.partition(':')[0]}:…", "sign_in")

    def cookie(self, value: str) -> None:
        self.found.leave_out("-b", "cookie")

    def request(self, value: str) -> None:
        self.found.method = value.upper()

    def whole(self) -> Found:
        found = self.found
        if not found.url:
            raise BadImport("no_address")
        # --json texts are put one after the other, other data as fields of a form.
        text = ("" if self.is_json else "&").join(self.pieces) if self.pieces else None
        if self.in_query and text is not None:
            found.url += ("&" if "?" in found.url else "?") + quote(text, safe="=&%+*-._~")
        elif text is not None:
            found.body = text
        if self.is_json and not any(name.lower() == "content-type" for name, _ in found.headers):
            found.headers.append(("Content-Type", "application/json"))
        sends = found.body is not None or found.form
        found.method = found.method or ("HEAD" if self.is_head else "POST" if sends else "GET")
        return found


def _form_text(value: str) -> str:
    if value.startswith('"'):
        return value[1:].partition('"')[0] if "\\" not in value else _unquoted(value)
    return value.partition(";type=")[0]


def _unquoted(value: str) -> str:
    text, at = "", 1
    while at < len(value) and value[at] != '"':
        at += value[at] == "\\"
        text += value[at : at + 1]
        at += 1
    return text


def _form_file(value: str) -> tuple[str, str]:
    """The file's bare name and its type, of `"cat.png";type=image/png`."""
    path = _unquoted(value) if value.startswith('"') else value.partition(";")[0]
    name = path.replace("\\", "/").rpartition("/")[2]
    for setting in value.split(";")[1:]:
        key, _, given = setting.strip().partition("=")
        if key == "filename":
            name = given.strip('"')
    mime = next((part.partition("=")[2] for part in value.split(";") if part.strip().startswith("type=")), "")
    return name, mime.strip()


VALUES: dict[str, Callable[[_Reader, str], None]] = {
    "request": _Reader.request,
    "url": _Reader.address,
    "header": _Reader.header,
    "json": _Reader.json,
    "form": _Reader.form,
    "form-string": lambda reader, value: reader.form(value, is_string=True),
    "user": _Reader.user,
    "cookie": _Reader.cookie,
    "user-agent": lambda reader, value: reader.header(f"User-Agent: {value}"),
    "referer": lambda reader, value: reader.header(f"Referer: {value}"),
    "oauth2-bearer": lambda reader, value: reader.header(f"Authorization: Bearer {value}"),
    "url-query": lambda reader, value: reader.found.query.append((value.partition("=")[0], value.partition("=")[2])),
    **{name: lambda reader, value, name=name: reader.data(value, name) for name in BODY - {"json"}},  # type: ignore[misc]
}
KNOWN_FLAGS = {
    "compressed", "http1.1", "http2", "http2-prior-knowledge", "http3", "http0.9", "tr-encoding", "raw", "fail-with-body",
    "fail-early", "ssl-reqd", "tlsv1.2", "tlsv1.3", "tcp-nodelay", "tcp-fastopen", "path-as-is", "no-progress-meter", "styled-output",
    "basic", "anyauth", "digest", "ntlm", "negotiate", "disallow-username-in-url", "next",
}  # fmt: skip
