"""A crowd from the search to the clearance pack: a list, a release, a yes, a no, another fee, a standby, and full."""

import io
import re
import zipfile

import pytest

from tests.browser.test_story import DANA, DESCRIPTION, PASSWORD, PHONE, sign_in_by_form, write_terms
from tests.shots import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LIST, CROWD = "Ferry, last evening", "Ferry railing at dusk"
BRIEF = "You lean on the railing of the ferry at dusk, far behind the leads, in two wide shots of the last scene."
# In the order of the list: who is needed (2), one more from the start, and the standby.
YES, NO, MORE, STANDBY = "Wren Delacroix", "Omar Siddiqui", "Bea Thornton", "Tobias Frank"
PATIENCE = 60_000  # milliseconds until the workers have done their part


def email(who):
    first, last = who.lower().split()
    return f"{first}.{last}@demo.understudy.example"


def shortlist(tab, site, people):
    """Puts the first replica with a body of each on one list, from the search. Returns the list's address."""
    for place, who in enumerate(people):
        tab.goto(f"{site}/replicas/?q={who.replace(' ', '+')}&body=yes")
        tab.locator("main a[href*='/replicas/P-']").first.click()
        tab.get_by_role("link", name="Put on a list").click()
        tab.locator("label", has_text="A new list" if place == 0 else LIST).first.click()
        if place == 0:
            tab.get_by_label("Name of the new list").fill(LIST)
        tab.get_by_role("button", name="Put on the list").click()
        tab.wait_for_load_state()
    tab.goto(f"{site}/shortlists/")
    tab.get_by_role("link", name=LIST).first.click()
    tab.wait_for_url(re.compile(r"/shortlists/T-\w+/$"))
    return tab.url


def release(tab):
    """From the shortlist to a released crowd, through every step. Returns the board's address."""
    tab.get_by_role("link", name="Ask all of them as a crowd").click()
    tab.get_by_label("Name of the crowd").fill(CROWD)
    tab.get_by_label(re.compile("^Harbor Lights")).check()
    tab.get_by_role("button", name="Begin").click()
    tab.wait_for_url(re.compile(r"/crowds/C-\w+/people/"))
    tab.locator("button[value=add-shortlist]").click()
    tab.get_by_role("heading", name="4 people on the list.").wait_for()
    steps = tab.url.split("/people/")[0]
    tab.goto(f"{steps}/brief/")
    tab.fill("[name=brief]", BRIEF)
    tab.get_by_role("button", name="Go on to the terms").click()
    tab.wait_for_url(re.compile("/terms/"))
    write_terms(tab)
    tab.locator("button[value=next]").click()
    tab.wait_for_url(re.compile("/people/"))
    tab.get_by_role("button", name="Check them").click()
    tab.wait_for_url(re.compile("/preflight/"))
    tab.get_by_role("link", name="Go on to numbers and deadline").click()
    tab.fill("[name=needed]", "2")
    tab.fill("[name=margin]", "1")
    tab.get_by_role("button", name="See what they will read").click()
    tab.wait_for_url(re.compile("/review/"))
    words = tab.locator("main").inner_text()
    assert BRIEF in words
    assert DESCRIPTION in words
    tab.get_by_role("button", name="Release it").click()
    tab.wait_for_url(re.compile(r"/crowds/C-\w+/$"))
    return tab.url


def opened(browser, site, who):
    """The request of the crowd on the phone of one of them, and its address."""
    phone = browser.new_context(**PHONE).new_page()
    sign_in_by_form(phone, site, email(who))
    phone.goto(f"{site}/inbox/")
    phone.locator("main a[href*='/requests/R-']").first.click()
    phone.wait_for_url(re.compile(r"/requests/R-\w+/$"))
    words = phone.locator("main").inner_text()
    assert BRIEF in words
    return phone, phone.url


def sign(phone, url, who):
    phone.goto(url)
    phone.locator("fieldset.choice label.yes").first.click()
    phone.get_by_role("button", name="Approve", exact=True).click()
    phone.wait_for_load_state()
    phone.fill("[name=typed_name]", who)
    phone.fill("[name=password]", PASSWORD)
    phone.get_by_role("button", name=re.compile("^Approve")).first.click()
    phone.wait_for_url(re.compile(r"/licenses/L-\w+/$"))
    return re.search(r"L-\w+", phone.url).group()


def board_reads(tab, url, words):
    """Waits until the board's own polling has it in its first sentence."""
    tab.goto(url)
    tab.get_by_role("heading", name=words).wait_for(timeout=PATIENCE)
    return tab.locator("main").inner_text()


def test_a_crowd_from_the_search_to_the_pack(demo_site, real_browser):
    casting = real_browser.new_context(accept_downloads=True)
    desk = casting.new_page()
    sign_in(desk, demo_site, DANA)
    shortlist(desk, demo_site, [YES, NO, MORE, STANDBY])
    crowd = release(desk)
    words = board_reads(desk, crowd, re.compile("^0 of 2 said yes|^Nobody"))
    assert not [who for who in (YES, NO, MORE, STANDBY) if who in words]

    yes, own = opened(real_browser, demo_site, YES)
    no, others = opened(real_browser, demo_site, NO)
    assert yes.goto(others).status == 404
    first = sign(yes, own, YES)

    no.goto(f"{others}deny/")
    no.get_by_role("button", name="Deny", exact=True).click()
    no.wait_for_url(others)

    more, asked = opened(real_browser, demo_site, MORE)
    more.goto(f"{asked}propose/")
    more.locator("[name$=-fee]").first.fill("3,100.00")
    more.get_by_role("button", name="Propose changes").click()
    more.wait_for_url(asked)

    words = board_reads(desk, crowd, re.compile("^1 of 2 said yes"))
    assert YES in words
    assert not [who for who in (NO, MORE, STANDBY) if who in words]

    standby, called = opened(real_browser, demo_site, STANDBY)
    second = sign(standby, called, STANDBY)
    board_reads(desk, crowd, re.compile("^All 2 said yes"))
    more.goto(asked)
    assert "filled" in more.locator("main").inner_text().lower()

    with desk.expect_download() as pack:
        desk.get_by_role("link", name="Clearance pack").click()
    names = zipfile.ZipFile(io.BytesIO(pack.value.path().read_bytes())).namelist()
    assert {number for name in names for number in re.findall(r"L-\w{10}", name)} == {first, second}
    for tab in (yes, no, more, standby):
        tab.context.close()
    casting.close()
