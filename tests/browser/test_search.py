"""The search while one chooses: what htmx shows is what the whole page would have said."""

import pytest

from tests.browser.test_story import DANA
from tests.shots import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def said(tab):
    """The first sentence, and the number beside each choice."""
    numbers = {each.get_attribute("id"): each.inner_text() for each in tab.locator("#search .n[id]").all()}
    return tab.locator("#found").inner_text(), numbers


def test_the_numbers_beside_the_choices_follow_what_is_chosen(demo_site, real_browser):
    desk = real_browser.new_page()
    sign_in(desk, demo_site, DANA)
    desk.goto(f"{demo_site}/replicas/?body=yes")
    whole = said(desk)
    desk.goto(f"{demo_site}/replicas/")
    assert said(desk) != whole
    with desk.expect_response(lambda answer: "body=yes" in answer.url):
        desk.locator("fieldset.way", has_text="Body").get_by_text("Yes").click()
    desk.wait_for_url("**/replicas/?body=yes")
    assert said(desk) == whole
    desk.close()
