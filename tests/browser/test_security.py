"""Pages under attack, in a real browser: the policy holds on every one of them, and nothing a model writes ever runs."""

import asyncio
import json

import pytest
from playwright.sync_api import Page, expect

from accounts.demo import OWNER
from accounts.models import Gateway, Key, Team, User
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


def test_nothing_a_model_writes_runs_wherever_its_bytes_are_cut(watched: Page, team, site):
    """Live, each byte in a packet of its own: inside letters, escapes, tags and events."""

    async def script(request, writer):
        writer.write(SSE_HEAD)
        for delta in deltas(HOSTILE):
            event = {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
            for byte in b"data: " + json.dumps(event).encode() + b"\n\n":
                writer.write(bytes([byte]))
                await asyncio.sleep(0)
        writer.write(b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
        await writer.drain()

    foreign = []
    watched.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((site.url, "data:", "blob:")) else None
        ),
    )
    with upstream(script) as there:
        Key.objects.update(gateway=Gateway.objects.create(name="Scripted", base_url=there.url, trusted=True))
        watched.goto("/?operation=chat-stream")
        watched.evaluate(
            "document.querySelector('run-answer').answer.start({run: crypto.randomUUID(), operation: 'chat-stream', key: null,"
            " call: {body: {model: 'm', stream: true, messages: [{role: 'user', content: 'x'}]}}})"
        )
        expect(watched.locator('run-answer[data-state="succeeded"]')).to_be_visible(timeout=60_000)

    expect(watched.locator(".prose").first).to_contain_text("<script>")
    assert watched.evaluate("globalThis.seen") == []
    assert foreign == []


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
