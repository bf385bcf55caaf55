"""What a person reads in the page when a limit of the site is reached: which one it is, and how to go on, in both languages."""

import pytest
from django.conf import settings as site_settings
from playwright.sync_api import Page, expect

from accounts.models import Gateway, Key
from tests.browser.bench import WAIT_MS
from tests.upstream import chat, upstream

LONG = ["abcdefghij "] * 400  # a run that goes on goes on for minutes
SAID = {
    "RUNS_PER_PERSON": (
        "You have 1 run under way, the most one person may have. Stop it first.",
        "你有 1 个运行正在进行，已达个人上限。请先停止一个。",
    ),
    "RUNS_PER_TEAM": (
        "Your team has 1 run under way, the most a team may have. Wait until it ends.",
        "你的团队有 1 个运行正在进行，已达团队上限。请等其中一个结束。",
    ),
    "RUN_FRAMES": (
        "The answer has more than 1 pieces, the most one run may have. What came before is kept.",
        "回答超过 1 段，这是每次运行的上限。此前的内容已保留。",
    ),
    "CALL_RUN_BYTES": (
        "The answer is larger than 2.0 kB, the most one run may have. What came before is kept.",
        "回答超过 2.0 kB，这是每次运行的上限。此前的内容已保留。",
    ),
    "SOCKETS_PER_PERSON": (
        "You have 0 connections open, the most one person may have. Close a tab.",
        "你已打开 0 个连接，已到每人上限。请关闭一个标签页。",
    ),
}
LOWERED = {"RUN_FRAMES": 1, "CALL_RUN_BYTES": 2000, "SOCKETS_PER_PERSON": 0}
START = """(run) => document.querySelector('run-answer').answer.start({run, operation: 'chat-stream', key: null,
  call: {body: {model: 'm', stream: true, messages: [{role: 'user', content: 'x'}]}}})"""


@pytest.mark.parametrize("language", [0, 1], ids=["en", "zh"])
@pytest.mark.parametrize("limit", SAID)
def test_a_limit_is_named_in_the_page_with_the_way_on(owner_page: Page, site, settings, limit, language):
    setattr(settings, limit, LOWERED.get(limit, 1))
    said, other = SAID[limit][language], owner_page.context.new_page()
    cookie = {"name": site_settings.LANGUAGE_COOKIE_NAME, "value": ("en", "zh-hans")[language], "url": site.url}
    owner_page.context.add_cookies([cookie])
    with upstream(chat(*LONG, pause=0.5 if limit.startswith("RUNS_") else 0.01)) as there:
        Key.objects.update(gateway=Gateway.objects.create(name="Scripted", base_url=there.url, trusted=True))
        if limit.startswith("RUNS_"):
            other.goto("/?operation=chat-stream")
            other.evaluate(START, "00000000-0000-4000-8000-000000000001")
            expect(other.locator('run-answer[data-state="running"]')).to_contain_text("abcdefghij", timeout=WAIT_MS)
        owner_page.goto("/?operation=chat-stream")
        owner_page.evaluate(START, "00000000-0000-4000-8000-000000000002")

        expect(owner_page.get_by_text(said).first).to_be_visible(timeout=WAIT_MS)
        if limit.startswith("RUNS_"):
            again = owner_page.locator("run-answer").get_by_role("button", name=("Retry", "重试")[language])
            expect(again).to_be_visible(timeout=WAIT_MS)
