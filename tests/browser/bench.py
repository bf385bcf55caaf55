"""The workbench as a person works with it in a browser."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

WAIT_MS = 15_000
QUIET_MS = 700


class Bench:
    """One open workbench. Complains of the page's own policy and script errors are kept in `told`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.told: list[str] = []
        page.set_viewport_size({"width": 1440, "height": 900})
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("console", lambda message: self.told.append(message.text) if "Policy" in message.text else None)

    def open(self, operation: str) -> "Bench":
        """Lay an operation out and wait until it can be written."""
        self.page.goto(f"/?operation={operation}")
        return self.settled()

    def settled(self) -> "Bench":
        """Wait for the form, and for the draft to be asked for."""
        expect(self.page.locator("param-form .param, param-form .form-empty").first).to_be_visible(timeout=WAIT_MS)
        self.page.wait_for_load_state("networkidle")
        return self

    def row(self, pointer: str) -> Locator:
        """The row of one value."""
        return self.page.locator(f'param-form [data-pointer="{pointer}"]')

    def field(self, name: str) -> Locator:
        """The field called by a parameter's name."""
        return self.page.locator(f'param-form :is(input, textarea)[aria-label="{name}"]')

    def message(self, number: int) -> Locator:
        """The card of one message, counted from one."""
        return self.page.locator("param-form .message").nth(number - 1)

    def body(self) -> str:
        """The exact text of the body."""
        return self.page.evaluate("document.querySelector('param-form').desk.draft.text")

    def change(self, act: Callable[[], Any]) -> str:
        """Do something; the text of the body after it."""
        act()
        self.page.evaluate("document.querySelector('param-form').updateComplete")
        return self.body()

    def tab(self, name: str) -> None:
        """Choose a tab of the request."""
        self.page.locator(f'#request [data-tab="{name}"]').click()

    def write_json(self, text: str) -> None:
        """Put another text into the JSON editor, as pasting does."""
        self.tab("json")
        editor = self.page.locator("#request-json .cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def state(self) -> str:
        """How the run stands that the answer pane shows."""
        return self.page.locator("run-answer").get_attribute("data-state") or ""

    def wait_for(self, state: str) -> None:
        """Wait until the run stands so."""
        self.page.locator(f'run-answer[data-state="{state}"]').wait_for(timeout=WAIT_MS)

    def answer(self) -> str:
        """What the answer pane shows."""
        return self.page.locator("run-answer [data-part=rendered]").inner_text()

    def kept(self) -> None:
        """Wait until the draft is kept."""
        expect(self.page.locator('.foot-kept[data-state="kept"]')).to_be_visible(timeout=WAIT_MS)
