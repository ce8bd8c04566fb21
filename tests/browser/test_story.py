"""The main job end to end, as people do it: a casting director asks, an actor answers on a phone, a stranger checks."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.shots import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PASSWORD = "understudy-demo"
DANA = "dana@demo.understudy.example"
DESCRIPTION = "Leans on the railing of the ferry in two wide shots at dusk; never recognizable in close-up."


def sign_in_by_form(tab, site, email):
    tab.goto(f"{site}/accounts/login/")
    tab.fill("input[name=login]", email)
    tab.fill("input[name=password]", PASSWORD)
    tab.locator("form:has(input[name=password]) button[type=submit]").first.click()
    tab.wait_for_load_state()


def ask(tab, site, who):
    """From the search to a sent request for the first replica of ``who``. Returns the request's reference."""
    tab.goto(f"{site}/replicas/?q={who.split()[0]}+{who.split()[1]}")
    tab.locator("main a[href*='/replicas/P-']").first.click()
    tab.locator("main a[href*='/requests/new/']").first.click()
    tab.get_by_label(re.compile("^Harbor Lights")).check()
    tab.locator("main form button[type=submit]").first.click()
    tab.wait_for_url(re.compile(r"/requests/R-\w+/draft/"))
    write_terms(tab)
    tab.locator("button[value=review]").first.click()
    tab.wait_for_url(re.compile(r"/requests/R-\w+/review/"))
    assert DESCRIPTION in tab.locator("main").inner_text()
    tab.get_by_role("button", name=re.compile("^Send")).first.click()
    tab.wait_for_url(re.compile(r"/requests/R-\w+/$"))
    return re.search(r"R-\w+", tab.url).group()


def write_terms(tab):
    today = datetime.now(UTC).date()
    tab.fill("[name=business_reason]", "The ferry is out of service on the only dry evening we have.")
    use = sorted({name.rsplit("-", 1)[0] for name in names(tab) if name.startswith("use-")})[0]
    values = {
        "title": "Railing of the ferry",
        "description": DESCRIPTION,
        "scenes": "52, 53",
        "starts_on": (today + timedelta(days=20)).isoformat(),
        "ends_on": (today + timedelta(days=200)).isoformat(),
        "alterations": "None",
        "replica_days": "2",
        "fee": "2,600.00",
    }
    for name, value in values.items():
        tab.fill(f"[name={use}-{name}]", value)
    for name, value in {"role": "background", "medium": "streaming", "territory": "world"}.items():
        tab.select_option(f"[name={use}-{name}]", value)


def names(tab):
    return [field.get_attribute("name") or "" for field in tab.locator("form [name]").all()]


def approve(tab, site, ref, name):
    tab.goto(f"{site}/requests/{ref}/")
    tab.locator("fieldset.choice label.yes").first.click()
    tab.get_by_role("button", name="Approve", exact=True).click()
    tab.wait_for_load_state()
    tab.fill("[name=typed_name]", name)
    tab.fill("[name=password]", "not the password")
    tab.get_by_role("button", name=re.compile("^Approve")).first.click()
    tab.wait_for_load_state()
    assert "That password is not right." in tab.locator("main").inner_text()
    assert tab.input_value("[name=typed_name]") == name
    tab.fill("[name=password]", PASSWORD)
    tab.get_by_role("button", name=re.compile("^Approve")).first.click()
    tab.wait_for_url(re.compile(r"/licenses/L-\w+/$"))
    return re.search(r"L-\w+", tab.url).group()


@pytest.mark.parametrize(
    ("script", "who", "email"),
    [
        (True, "Gus Pellegrino", "gus.pellegrino@demo.understudy.example"),
        (False, "Milo Strand", "milo.strand@demo.understudy.example"),
    ],
    ids=["with JavaScript", "without JavaScript"],
)
def test_from_the_search_to_a_license_that_a_stranger_can_check(demo_site, real_browser, script, who, email):
    casting = real_browser.new_context(java_script_enabled=script)
    desk = casting.new_page()
    sign_in(desk, demo_site, DANA)
    ref = ask(desk, demo_site, who)

    phone = real_browser.new_context(**PHONE, java_script_enabled=script)
    actor = phone.new_page()
    sign_in_by_form(actor, demo_site, email)
    actor.goto(f"{demo_site}/inbox/")
    assert ref in actor.content()
    number = approve(actor, demo_site, ref, who)

    stranger = real_browser.new_context(**PHONE, java_script_enabled=script).new_page()
    stranger.goto(f"{demo_site}/verify/")
    stranger.fill("[name=ref]", number.lower())
    stranger.locator("main button[type=submit]").click()
    stranger.wait_for_url(re.compile(r"/verify/L-\w+/$"))
    shown = stranger.locator("main").inner_text()
    assert "This license is real" in shown
    assert who not in shown

    actor.goto(f"{demo_site}/licenses/{number}/revoke/")
    actor.check("[name=understood]")
    actor.get_by_role("button", name="Revoke now").click()
    actor.wait_for_url(re.compile(rf"/licenses/{number}/$"))
    stranger.reload()
    assert "not in force" in stranger.locator("h1").inner_text()
    desk.goto(f"{demo_site}/licenses/?state=revoked")
    assert number in desk.content()
    for context in (casting, phone, stranger.context):
        context.close()
