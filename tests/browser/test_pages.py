"""Every page as every role: no serious barrier, no sideways scrolling on a small phone, a silent console."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.pages import PAGES, PEOPLE
from tests.shots import sign_in, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SMALL_PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
SERIOUS = {"serious", "critical"}
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def barriers(tab: Any) -> list[str]:
    """Serious and critical findings of axe, each as rule and first place."""
    found = Axe().run(tab).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found if rule["impact"] in SERIOUS]


@pytest.mark.parametrize("role", list(PAGES))
def test_every_page_is_open_to_everybody_and_fits_a_small_phone(role, demo_site, real_browser):
    context = real_browser.new_context(**SMALL_PHONE)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    if PEOPLE[role]:
        sign_in(tab, demo_site, PEOPLE[role])
    found = {}
    for page in PAGES[role]:
        said.clear()
        if not visit(tab, demo_site, page):
            found[page.name] = [f"no link fits {page.follow}"]
            continue
        problems = barriers(tab) if "/staff/" not in page.path else []
        if "/staff/" not in page.path and (wide := tab.evaluate(WIDTH)) > 0:
            problems.append(f"{wide} px too wide")
        problems += [text for text in said if "404" not in text]
        if problems:
            found[page.name] = problems
    context.close()
    assert found == {}


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll(".top > a, .top > nav a, .top > .me > summary")]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().width > 1)
    .map((one) => [one.innerText.trim(), one.getBoundingClientRect()]);
  return boxes.flatMap(([name, box], place) => boxes.slice(place + 1)
    .filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1
      && box.top < other.bottom - 1 && other.top < box.bottom - 1)
    .map(([beside]) => `${name} over ${beside}`));
}"""


def test_nothing_in_the_head_lies_over_something_else_at_any_width(demo_site, real_browser):
    context = real_browser.new_context()
    tab = context.new_page()
    sign_in(tab, demo_site, PEOPLE["dana"])  # the desk with the most places to go to
    found = {}
    for width in (360, 768, 960, 970, 1024, 1100, 1180, 1216, 1230, 1280, 1440):
        tab.set_viewport_size({"width": width, "height": 700})
        tab.goto(f"{demo_site}/crowds/")
        if over := tab.evaluate(OVERLAPS):
            found[width] = over
    context.close()
    assert found == {}


def test_every_page_works_without_javascript(demo_site, real_browser):
    """The same pages with scripts off: each answers, shows its heading, and has no dead button."""
    context = real_browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    sign_in(tab, demo_site, PEOPLE["maya"])
    found = {}
    for page in PAGES["maya"]:
        reached = visit(tab, demo_site, page)
        if not reached or tab.locator("h1").count() != 1:
            found[page.name] = f"{tab.url}: {tab.locator('h1').count()} headings"
    context.close()
    assert found == {}
