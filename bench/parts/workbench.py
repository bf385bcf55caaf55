"""The workbench over the wire for somebody who was never here: bytes, requests, other hosts."""

import shutil
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, sync_playwright

from bench.site import Site

QUIET_MS = 2000
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]


class Traffic:
    """What a page's network session tells."""

    def __init__(self, session: CDPSession, host: str) -> None:
        self.host = host
        self.paths: dict[str, str] = {}
        self.sizes: dict[str, float] = {}
        self.outside: set[str] = set()
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        place = urlsplit(event["request"]["url"])
        if place.scheme not in ("http", "https"):
            return
        self.paths[event["requestId"]] = place.path
        if place.netloc != self.host:
            self.outside.add(place.netloc)

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.paths:
            self.sizes[event["requestId"]] = event["encodedDataLength"]


def workbench(site: Site) -> dict[str, Any]:
    """One load with empty caches, until the network has been quiet for a while."""
    visitor = site.visitor()
    host = f"127.0.0.1:{site.port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
        context.add_cookies(
            [{"name": name, "value": value, "url": f"http://{host}"} for name, value in visitor.cookies.items()]
        )
        page = context.new_page()
        traffic = Traffic(context.new_cdp_session(page), host)
        page.goto(f"http://{host}/", wait_until="networkidle")
        page.wait_for_timeout(QUIET_MS)
        browser.close()
    return {
        "kb": sum(traffic.sizes.values()) / 1000,
        "requests": len(traffic.paths),
        "outside": len(traffic.outside),
        "largest_kb": {
            traffic.paths[request]: size / 1000
            for request, size in sorted(traffic.sizes.items(), key=lambda item: -item[1])[:8]
        },
    }


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise RuntimeError("Chromium is not installed: apt-get install chromium")
    return found
