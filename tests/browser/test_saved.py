"""Saving from the workbench and opening again, in a browser: nothing is written over."""

import json
import re

from playwright.sync_api import Page, expect

from accounts.demo import OWNER
from accounts.models import User
from playground.models import SavedRequest


def choose_save(page: Page) -> None:
    page.get_by_role("button", name="More about this request").click()
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_request_is_saved_opened_again_and_kept_beside_what_somebody_else_saved(sign_in):
    page = sign_in(OWNER)
    page.goto("/?operation=chat-stream")
    expect(page.locator('[data-part="title"]')).to_have_text("Streaming request")
    choose_save(page)
    page.get_by_label("Name").fill("Invoice check")
    page.get_by_label("Folder").fill("Finance")
    page.locator(".save-dialog .btn-primary").click()
    expect(page.locator('[data-part="saved"]')).to_contain_text("Invoice check · v1")
    saved = SavedRequest.objects.get()
    other = json.dumps({**json.loads(saved.current.call), "stream": False})
    saved.add_version(other, by=User.objects.get(email=OWNER), after=1)

    page.goto("/?operation=chat-stream")
    expect(page.locator('[data-part="saved"]')).to_contain_text("v1")
    choose_save(page)
    page.locator(".save-dialog .btn-primary").click()
    expect(page.get_by_role("heading", name="Changed elsewhere")).to_be_visible()
    page.get_by_role("button", name="Keep both").click()

    expect(page.locator('[data-part="saved"]')).to_contain_text("v3")
    assert [each.number for each in saved.versions.order_by("number")] == [1, 2, 3]
    page.goto(f"/?saved={saved.pk}")
    expect(page.locator('[data-part="saved"]')).to_contain_text("v3")
    expect(page).to_have_url(re.compile(r"\?operation=chat-stream$"))
