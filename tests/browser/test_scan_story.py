"""Told of a scan on a phone, refusing it; and the house reads two words and nothing else."""

import re

import pytest

from tests.browser.test_story import DANA, PHONE, sign_in_by_form
from tests.shots import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WHO, EMAIL = "Mateus Rocha", "mateus.rocha@demo.understudy.example"
REASON = "I was walked into a trailer once."


def test_a_performer_refuses_on_a_phone_and_the_house_reads_not_available(demo_site, real_browser):
    phone = real_browser.new_context(**PHONE).new_page()
    sign_in_by_form(phone, demo_site, EMAIL)
    phone.goto(demo_site)
    phone.locator("main a[href^='/scans/S-']").first.click()
    phone.wait_for_url(re.compile(r"/scans/S-\w+/$"))
    ref = re.search(r"S-\w+", phone.url).group()
    words = phone.locator("main").inner_text()
    assert "wants to scan your face and body for Harbor Lights" in words
    assert "Refusing costs nothing" in words
    boxes = [
        phone.get_by_role("link", name=name, exact=True).bounding_box()
        for name in ("Agree", "Refuse", "Ask a question")
    ]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1  # of equal size
    phone.get_by_role("link", name="Refuse", exact=True).click()
    phone.fill("[name=reason]", REASON)
    phone.get_by_role("button", name="Refuse", exact=True).click()
    phone.wait_for_url(re.compile(rf"/scans/{ref}/$"))
    assert "You refused." in phone.locator("main").inner_text()
    phone.context.close()

    desk = real_browser.new_context().new_page()
    sign_in(desk, demo_site, DANA)
    desk.goto(f"{demo_site}/scans/{ref}/")
    words = desk.locator("main").inner_text()
    assert f"{WHO} is not available for scanning." in words
    assert "refus" not in words.lower()
    assert REASON not in words
    desk.context.close()
