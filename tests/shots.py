"""``make shots``: pictures of every page as every role into var/shots/, on a desktop, a phone and in the dark.

python -m tests.shots [ROLE ...]        only these roles; SITE=http://localhost:8000 takes a portal that runs
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from tests import services
from tests.pages import PAGES, PEOPLE, Page
from tests.site import running_demo

SHOTS = services.ROOT / "var" / "shots"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
VIEWS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


def sign_in(tab: Tab, site: str, email: str) -> None:
    """Presses the one-click button of the demo's sign-in page."""
    tab.goto(f"{site}/accounts/login/")
    tab.locator(f'form:has(input[name="email"][value="{email}"]) button').first.click()
    tab.wait_for_load_state()


def visit(tab: Tab, site: str, page: Page) -> bool:
    """Opens a page by its path and the links to follow. False when a link is not there."""
    tab.goto(site + page.path)
    for pattern in page.follow:
        if pattern.startswith("+"):
            tab.goto(tab.url.split("?")[0] + pattern[1:])
            continue
        links = [link.get_attribute("href") or "" for link in tab.locator("main a").all()]
        target = next((link for link in links if re.search(pattern, link.split("#")[0])), None)
        if target is None:
            return False
        tab.goto(target if target.startswith("http") else site + target)
    return True


@contextmanager
def chromium() -> Iterator[Browser]:
    found = services.find_chromium()
    if not found.where:
        sys.exit(f"{found.name}: {found.line}")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found.where, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def take(browser: Browser, site: str, role: str) -> list[str]:
    """All pages of one role in all views. Returns what could not be reached."""
    missed = []
    for view, options in VIEWS.items():
        context = browser.new_context(**options)
        tab = context.new_page()
        if PEOPLE[role]:
            sign_in(tab, site, PEOPLE[role])
        for page in PAGES[role]:
            if not visit(tab, site, page):
                missed.append(f"{role}/{page.name}: no link fits {page.follow}")
                continue
            target = SHOTS / role / f"{page.name}-{view}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            tab.screenshot(path=target, full_page=view != "phone" or page.name not in ("request",))
        context.close()
    return missed


@contextmanager
def site_to_show() -> Iterator[str]:
    """The portal named by SITE, or a fresh demo."""
    if site := os.environ.get("SITE"):
        yield site
        return
    with tempfile.TemporaryDirectory(prefix="understudy-shots-") as folder, running_demo(Path(folder)) as site:
        yield site


def main(roles: list[str]) -> int:
    missed = []
    with site_to_show() as site, chromium() as browser:
        for role in roles or list(PAGES):
            missed += take(browser, site, role)
            print(f"{role}: {len(PAGES[role])} pages")
    print(*missed, sep="\n")
    print(f"Pictures are in {SHOTS}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
