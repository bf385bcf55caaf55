"""Pages under attack, in a real browser: the policy holds on every one of them, and nothing a model writes ever runs."""

import asyncio
import itertools
import json
import uuid

import pytest
from playwright.sync_api import Page, expect

from accounts.demo import OWNER
from accounts.models import Gateway, Key, Team, User
from tests.browser.bench import WAIT_MS
from tests.browser.test_answer import open_run
from tests.security.addresses import VALUES, addresses
from tests.upstream import SSE_HEAD, upstream
from tests.views.runs_made import make_run, spoken

# Whatever enters the page, even for a moment while the text grows, is looked at.
WATCH = """
globalThis.seen = [];
const look = (element) => {
  const name = element.localName, bad = ["script", "iframe", "object", "embed", "form", "base", "meta", "link", "style", "applet", "frame"];
  if (element.closest("run-answer") && bad.includes(name)) globalThis.seen.push(name);
  for (const attribute of element.attributes ?? []) {
    const value = attribute.value.replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
    if (attribute.name.startsWith("on") || (element.closest(".prose") && attribute.name === "style")) globalThis.seen.push(attribute.name);
    if (/^(javascript|vbscript|data:text|data:image\\/svg)/.test(value)) globalThis.seen.push(`${attribute.name}=${value}`);
  }
};
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") look(change.target);
    for (const node of change.addedNodes) if (node.nodeType === 1) { look(node); node.querySelectorAll("*").forEach(look); }
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
globalThis.alert = globalThis.confirm = globalThis.prompt = () => globalThis.seen.push("dialog");
"""
HOSTILE = (
    '<script>seen.push("ran")</script><img src=x onerror=seen.push("ran")><svg onload=seen.push("ran")>'
    '[a](javascript:seen.push("ran")) [b](&#106;avascript:alert(1)) <a href="java\nscript:alert(1)">c</a> ![d](//evil.example/x.png "\\" onload=alert(1)")'
    "<iframe srcdoc='<script>parent.seen.push(1)</script>'></iframe><style>*{display:none}</style><base href=//evil.example/>"
    "<math><mtext></p><script>alert(1)</script> $\\href{javascript:alert(1)}{x}$ `</code><script>alert(1)</script>` "
    "<form action=//evil.example><input autofocus onfocus=alert(1)></form> 猫\u202e\u0000\ud83d\ude00"
)


@pytest.fixture
def team(demo) -> Team:
    return User.objects.get(email=OWNER).memberships.get().team


@pytest.fixture
def watched(owner_page: Page) -> Page:
    owner_page.context.add_init_script(WATCH)
    return owner_page


def test_the_watch_sees_what_it_looks_for(watched: Page, team):
    watched.goto("/history/")

    watched.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=\" java\tscript:1\" id=a>x</a>')"
    )

    assert watched.evaluate("new Promise(done => setTimeout(() => done(globalThis.seen), 50))") == ["href=javascript:1"]


@pytest.mark.parametrize(
    "forbidden",
    [
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')",
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
        "new Image().src = 'https://evil.example/x.png'",
        "fetch('https://evil.example/').catch(() => 0)",
        "setTimeout('1')",
    ],
)
def test_every_test_of_a_page_fails_by_what_the_policy_forbids(owner_page: Page, violations, forbidden):
    owner_page.goto("/history/")
    with owner_page.context.expect_page() as opened:
        owner_page.evaluate("open('/keys/')")
    other = opened.value
    other.wait_for_load_state()

    for page in (owner_page, other):
        page.evaluate(
            "new Promise((done) => {"
            f"document.addEventListener('securitypolicyviolation', () => done(), {{once: true}}); {forbidden} }})"
        )

    assert {violation.partition(": ")[0] for violation in violations} == {owner_page.url, other.url}
    violations.clear()


def test_no_page_breaks_its_own_policy(watched: Page, team, site):
    """Every address that gives a page, with something on it."""
    owner = User.objects.get(email=OWNER)
    run, key, told = make_run(team, owner, frames=spoken("text", "# Hello")), team.keys.get(), []
    watched.on("pageerror", lambda error: told.append(f"{watched.url}: {error}"))
    watched.on("console", lambda message: told.append(message.text) if "Security Policy" in message.text else None)
    watched.on(
        "request",
        lambda request: told.append(request.url) if not request.url.startswith((site.url, "data:", "blob:")) else None,
    )
    visited = 0
    for address in addresses():
        path = address.path.replace(VALUES["uuid"], str(run.uuid if "/runs/" in address.path else key.pk))
        answer = watched.context.request.get(path, max_redirects=0)
        if answer.status == 200 and "text/html" in answer.headers.get("content-type", "") and "logout" not in path:
            watched.goto(path)
            watched.wait_for_load_state("networkidle")
            told += watched.evaluate("globalThis.seen")
            visited += 1

    assert told == []
    assert visited >= 25


def deltas(text: str) -> list[dict]:
    """One piece of hostile text in every place a model of this dialect can write to."""
    call = {"index": 0, "id": text, "type": "function", "function": {"name": text[:60], "arguments": text}}
    link = {"type": "url_citation", "url_citation": {"url": "javascript:seen.push('ran')", "title": text}}
    return [
        {"reasoning_content": text},
        {"content": text},
        {"refusal": text},
        {"tool_calls": [call]},
        {"annotations": [link]},
    ]


def sse(*values: dict, named: bool = False) -> bytes:
    lines = (f"event: {value.get('type')}\n" * named + f"data: {json.dumps(value)}\n\n" for value in values)
    return SSE_HEAD + "".join(lines).encode()


def whole(kind: str, status: int, body: str) -> bytes:
    head = f"HTTP/1.1 {status} Such\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
    return head.encode() + body.encode()


def answers(text: str) -> dict[str, tuple[str, dict, bytes]]:
    """By dialect: an operation, what is sent, and hostile text in every place where a model or a gateway writes."""
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": text}}
    tool = {"type": "tool_use", "id": text, "name": text[:60], "input": {}}
    cited = {"type": "web_search_result_location", "url": "javascript:alert(1)", "title": text, "cited_text": text}
    messages = [
        {"type": "message_start", "message": {"id": "m", "role": "assistant", "content": [], "usage": {"input_tokens": 1}}},
        block,
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": cited}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": tool},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": json.dumps({text: text})}},
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    ]  # fmt: skip
    item = {"type": "function_call", "id": "f", "call_id": "c", "name": text[:60], "arguments": text}
    responses = [
        {"type": "response.created", "response": {"id": "r", "status": "in_progress", "output": []}},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "item_id": "t", "delta": text},
        {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "item_id": "m", "delta": text},
        {"type": "response.output_text.annotation.added", "output_index": 1, "content_index": 0, "item_id": "m",
         "annotation": {"type": "url_citation", "url": "javascript:alert(1)", "title": text}},
        {"type": "response.refusal.delta", "output_index": 1, "content_index": 1, "item_id": "m", "delta": text},
        {"type": "response.output_item.added", "output_index": 2, "item": {**item, "arguments": ""}},
        {"type": "response.function_call_arguments.delta", "output_index": 2, "item_id": "f", "delta": text},
        {"type": "response.completed", "response": {"id": "r", "status": "completed", "usage": {"input_tokens": 1, "output_tokens": 2}}},
    ]  # fmt: skip
    parts = [{"text": text, "thought": True}, {"text": text}, {"functionCall": {"name": text[:60], "args": {text: text}}},
             {"inlineData": {"mimeType": "image/svg+xml", "data": "PHN2ZyBvbmxvYWQ9YWxlcnQoMSkvPg=="}}]  # fmt: skip
    gemini = [{"candidates": [{"index": 0, "content": {"parts": [part]}}]} for part in parts]
    gemini.append({"candidates": [{"index": 0, "finishReason": "STOP", "content": {"parts": []}}]})
    chat = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas(text)]
    chat.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    pictures = {
        "data": [
            {"url": "javascript:alert(1)", "revised_prompt": text},
            {"b64_json": "PHN2Zz4=", "revised_prompt": text},
        ]
    }
    refusal = {"error": {"message": text, "type": text, "code": text}}
    asked = {"model": "m", "stream": True}
    question = {**asked, "messages": [{"role": "user", "content": "x"}]}
    return {
        "chat": ("chat-stream", {"body": question}, sse(*chat) + b"data: [DONE]\n\n"),
        "responses": ("gpt51-thinking", {"body": {**asked, "input": "x"}}, sse(*responses, named=True)),
        "messages": ("claude-stream", {"body": {**question, "max_tokens": 9}}, sse(*messages, named=True)),
        "gemini": ("gemini-stream", {"path": {"model": "m"}, "body": {"contents": [{"parts": [{"text": "x"}]}]}}, sse(*gemini)),
        "pictures": ("image-generate", {"body": {"model": "m", "prompt": "x"}}, whole("application/json", 200, json.dumps(pictures))),
        "an error": ("chat-stream", {"body": question}, whole("application/json", 400, json.dumps(refusal))),
        "a page": ("chat-stream", {"body": question}, whole("text/html", 502, f"<html><h1>{HOSTILE[:1500]!r}</h1></html>")),
    }  # fmt: skip


def cut(sent: bytes, where: str) -> list[bytes]:
    """The bytes after the head: as one piece, each by itself, or within tags, escapes and the ends of events."""
    head, body = sent.split(b"\r\n\r\n", 1)
    if where == "nowhere":
        places = []
    elif where == "everywhere":
        places = list(range(1, len(body)))
    else:
        marks = (b"<scr", b"\\ud83d\\u", b"\\u732b", b"\n\nda", b"javas", b'\\"', b"&#106")
        places = sorted({body.find(mark) + len(mark) // 2 for mark in marks if mark in body})
    ends = [0, *places, len(body)]
    return [head + b"\r\n\r\n", *(body[start:end] for start, end in itertools.pairwise(ends))]


SHOWN = """([run, operation, call]) => new Promise((told) => {
  const pane = document.querySelector("run-answer");
  pane.addEventListener("answer:end", function ended({ detail }) {
    if (detail.run !== run) return;
    pane.removeEventListener("answer:end", ended);
    told(detail.state);
  });
  pane.answer.start({ run, operation, key: null, call });
})"""
# What is shown, without the figures, which differ from one run to the next.
WORDS = """() => document.querySelector("run-answer [data-part=rendered]").innerText.replace(/[\\d.,]+ ?(ms|s)?/g, "").replace(/\\s+/g, " ")"""


def test_nothing_a_model_writes_runs_wherever_its_bytes_are_cut(watched: Page, team, site):
    """Live, in every dialect, whole errors too; and what is shown at the end is the same wherever the network cut."""
    pieces: list[bytes] = []

    async def script(request, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0 if len(pieces) > 50 else 0.02)

    foreign, shown = [], {}
    watched.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((site.url, "data:", "blob:")) else None
        ),
    )
    with upstream(script) as there:
        Key.objects.update(gateway=Gateway.objects.create(name="Scripted", base_url=there.url, trusted=True))
        watched.goto("/?operation=chat-stream")
        for name, (operation, call, sent) in answers(HOSTILE).items():
            for where in ("nowhere", "inside", "everywhere"):
                pieces[:] = cut(sent, where)
                state = watched.evaluate(SHOWN, [str(uuid.uuid4()), operation, call])
                assert state == ("failed" if name.startswith("a") else "succeeded"), (name, where, state)
                if where == "nowhere":
                    seen = {"pictures": "Picture", "a page": "a web page"}.get(name, "<script>")
                    expect(watched.locator("run-answer [data-part=rendered]")).to_contain_text(seen)
                    shown[name] = settled(watched)
                else:
                    watched.wait_for_function(f"(words) => ({WORDS})() === words", arg=shown[name], timeout=WAIT_MS)
            assert watched.evaluate("globalThis.seen") == [], name

    assert len(set(shown.values())) == len(shown)
    assert foreign == []


def settled(page: Page) -> str:
    """What is shown once nothing more is drawn: parts come later by themselves, such as colours and formulas."""
    page.wait_for_function(
        f"() => {{ const now = ({WORDS})(), calm = globalThis.before === now; globalThis.before = now; return calm; }}",
        polling=200, timeout=WAIT_MS,
    )  # fmt: skip
    return page.evaluate(WORDS)


def test_nothing_a_model_writes_runs_while_its_text_grows_letter_by_letter(watched: Page, team):
    """The kept run of such a text, one frame a letter, with every other kind of frame beside it."""
    others = [
        {"kind": "json", "value": {HOSTILE: [HOSTILE]}},
        {"kind": "citation", "url": "javascript:alert(1)", "title": HOSTILE, "quote": HOSTILE, "index": 0},
        {"kind": "media", "url": "javascript:alert(1)", "mime": "image/png"},
        {"kind": "media", "url": "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSkvPg==", "mime": "image/svg+xml"},
        {"kind": "ranking", "results": [{"index": 0, "score": 0.5, "document": HOSTILE}]},
        {"kind": "task", "id": HOSTILE, "state": "running", "progress": HOSTILE, "buttons": [{"label": HOSTILE, "id": HOSTILE}]},
        {"kind": "problem", "code": "other", "fault": "gateway", "message": HOSTILE, "retry": False, "retry_after_ms": None,
         "remedies": [{"action": "link", "url": "javascript:alert(1)"}], "detail": HOSTILE},
    ]  # fmt: skip
    text = HOSTILE.replace("\x00", "")
    frames = [*spoken("text", *text), *((9000, frame) for frame in others)]
    owner = User.objects.get(email=OWNER)
    run = make_run(team, owner, frames=frames, total_ms=9000, summary=text[:200], model=text[:100], key_name=text[:60])

    open_run(watched, run)
    for tab in ("Events", "Raw", "Headers", "Request", "Timeline", "Rendered"):
        watched.get_by_role("tab", name=tab).click()
    assert watched.evaluate("globalThis.seen") == []
    watched.goto("/history/")

    expect(watched.locator("main")).to_contain_text("<script>")
    assert watched.evaluate("globalThis.seen") == []
