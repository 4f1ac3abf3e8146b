"""The review page of learnt sites in a real browser: it prefixes, folds, copies, and runs nothing that a page has brought."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.learning.review import write_review
from tests.support.browser import IN_BROWSER, contrasts_by_scheme, on_screen, opened_chromium
from tests.support.sites import hostile_site

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def review(tmp_path_factory) -> str:
    """The address of the review page of hostile sites."""
    file = tmp_path_factory.mktemp("review") / "review.html"
    write_review(file, hostile_site())
    return file.as_uri()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory) -> Iterator:
    with opened_chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def browser(chromium, review):
    """The browser with the page opened anew; at the end nothing must have gone wrong in it, nor a page's script have run."""
    chromium.get("about:blank")
    chromium.get_log("browser")
    chromium.get(review)
    yield chromium
    assert chromium.get_log("browser") == []
    assert chromium.title == "dehusk learn: 3 sites"


def one(browser, selector: str):
    return browser.find_element("css selector", selector)


def unfold(browser) -> None:
    browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def test_the_table_leads_to_a_group_whose_first_pages_are_open(browser):
    one(browser, "a[href='#site-1-lines']").click()
    assert one(browser, "#site-1-lines .newly-removed .mark").text == "newly removed"
    assert one(browser, "#site-1-lines .newly-removed .mark").is_displayed()
    assert not one(browser, "#site-1-lines .rules .sample").is_displayed()


def test_the_keyboard_alone_unfolds_rules_and_lines_and_copies_a_command(browser):
    from selenium.webdriver.common.keys import Keys

    one(browser, "#site-1-lines .rules summary").send_keys(Keys.ENTER)
    assert one(browser, "#site-1-lines .rules .sample").is_displayed()
    folded = one(browser, "#site-1-lines article details")
    folded.find_element("css selector", "summary").send_keys(Keys.ENTER)
    assert folded.find_element("css selector", ".line").is_displayed()
    button = one(browser, "#site-1-lines .copy")
    button.send_keys(Keys.ENTER)
    browser.execute_async_script("setTimeout(arguments[0], 200)")
    assert button.text in ("Copied", "Selected")
    assert one(browser, "#said").get_attribute("textContent").startswith("The command is ")


def test_where_the_clipboard_is_closed_the_command_is_selected(browser):
    browser.execute_script("navigator.clipboard.writeText = () => Promise.reject(new Error('closed'))")
    one(browser, "#site-1-lines .copy").click()
    browser.execute_async_script("setTimeout(arguments[0], 200)")
    assert browser.execute_script("return String(getSelection())") == "dehusk learn --to packs --accept quaypost.lines"


def test_a_link_to_a_page_that_is_folded_unfolds_it(browser):
    place = browser.execute_script("return [...document.querySelectorAll('details.pages:not([open]) article h4')][0].id")
    browser.execute_script("location.hash = arguments[0]", place)
    browser.execute_async_script("setTimeout(arguments[0], 100)")
    assert one(browser, f"[id='{place}']").is_displayed()


def test_hostile_text_is_shown_as_it_is(browser):
    unfold(browser)
    shown = one(browser, "main").text
    assert "</script><script>document.title='owned'</script>" in shown
    assert not browser.execute_script("return /[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)")
    assert browser.execute_script("return document.querySelectorAll('main :is(script, img, svg, b)').length") == 0
    assert set(browser.execute_script("return [...document.links].map((link) => link.protocol)")) == {"file:"}


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(browser, width):
    unfold(browser)
    with on_screen(browser, width):
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_all_text_can_be_read_in_light_and_in_dark(browser):
    unfold(browser)
    selector = "p, td, th, dt, dd, a, button, summary, code, h3 span, .line span, .line small, .sample span"
    for scheme, contrasts in contrasts_by_scheme(browser, selector).items():
        assert min(contrasts) >= 4.5, scheme
