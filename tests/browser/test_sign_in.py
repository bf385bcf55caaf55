"""The way in, as a browser walks it."""

import re

from playwright.sync_api import Page, expect

from accounts.demo import OWNER, make_demo


def test_the_door_opens_with_the_right_password(page: Page, site):
    make_demo("correct horse battery")

    page.goto("/history/")
    page.locator("[name=login]").fill(OWNER)
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("form[action*=login] [type=submit]").first.click()

    expect(page).to_have_url(re.compile(r"/history/$"))


def test_no_page_breaks_its_own_policy_on_the_way_in(page: Page, site):
    told = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("response", lambda answer: told.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)

    page.goto("/accounts/login/")
    expect(page.locator("[name=login]")).to_be_visible()

    assert told == []
