"""The report in a real browser: it opens, filters, explains, and runs nothing that a page has brought."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.execution.run import run
from flows.options import RunOptions
from tests.conftest import ROOT
from tests.support.browser import IN_BROWSER, contrasts_by_scheme, on_screen, opened_chromium
from tests.support.hostile import HOSTILE, write_hostile

pytestmark = IN_BROWSER

UNSEEN = re.compile("[\x00-\x1f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    """The address of the report of a run over the seeds, hostile pages and a bad one."""
    folder = tmp_path_factory.mktemp("report")
    write_hostile(folder / "pages")
    for seed in (ROOT / "seeds").glob("*.txt"):
        shutil.copy(seed, folder / "pages")
    run(RunOptions((str(folder / "pages"),), str(folder / "out")))
    return (folder / "out" / "report.html").as_uri()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory) -> Iterator:
    with opened_chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def browser(chromium, report):
    """The browser with the report opened anew; at the end nothing must have gone wrong in it, nor a page's script have run."""
    chromium.get("about:blank")
    chromium.get_log("browser")
    chromium.get(report)
    title = chromium.title
    yield chromium
    assert chromium.get_log("browser") == []
    assert chromium.title == title
    assert title.startswith("dehusk: ")


def one(browser, selector: str):
    return browser.find_element("css selector", selector)


def texts(browser, selector: str) -> list[str]:
    return [found.text for found in browser.find_elements("css selector", selector)]


def search(browser, words: str) -> None:
    field = one(browser, "#filter [name=text]")
    field.clear()
    field.send_keys(words)
    browser.execute_async_script("setTimeout(arguments[0], 300)")  # it waits until nothing more is typed


def test_it_opens_with_charts_tables_and_pages(browser):
    assert all(canvas.size["height"] > 0 for canvas in browser.find_elements("css selector", "figure:not([hidden]) canvas"))
    drawn = browser.execute_script("""
        return [...document.querySelectorAll("figure:not([hidden]) canvas")].map((canvas) =>
          canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0));
    """)
    assert drawn == [True] * 6
    assert len(texts(browser, "#list li")) > 10


def test_a_line_that_is_looked_for_is_shown_with_the_rule_that_removed_it(browser):
    search(browser, "Explore what Daily8 AI can do")
    assert one(browser, "#filter output").text == "2 pages"
    assert "chosen" in one(browser, ".raw .removed.chosen").get_attribute("class")
    said = one(browser, "#why").text
    assert said.startswith("Removed by the rule daily8.ai-box (ai-promo). It takes lines that follow each other: “Hashtags”, ")
    one(browser, "#page .others").click()
    assert one(browser, "#filter [name=rule]").get_attribute("value") == "daily8.ai-box"


def test_a_line_that_was_kept_and_removed_is_shown_where_it_was_removed_and_then_where_it_was_kept(browser):
    title = "Russia becomes the first country to formally recognize Taliban's latest rule in Afghanistan"
    search(browser, title)
    assert one(browser, "#why").text.startswith("Removed by the rule daily8.article-logo.repeat")
    assert one(browser, ".raw mark").text == title
    one(browser, "#page .match").click()
    assert one(browser, "#why").text.startswith("Kept: the title of article 0")
    assert len(texts(browser, ".raw mark")) == 1


def test_what_is_looked_for_is_in_sight_however_long_its_paragraph_is(browser):
    search(browser, "Svitlana Vlasova")
    inside = browser.execute_script("""
        const [mark, raw] = [".raw mark", ".raw"].map((name) => document.querySelector(name).getBoundingClientRect());
        return raw.top <= mark.top && mark.bottom <= raw.bottom;
    """)
    assert inside


def test_what_is_found_nowhere_leaves_no_other_page_on_the_screen(browser):
    one(browser, "#list li button").click()
    search(browser, "no page says this")
    assert one(browser, "#filter output").text.startswith("0 pages")
    assert not one(browser, "#page").is_displayed()


def test_words_are_found_across_line_ends_and_in_any_case(browser):
    search(browser, "COMMENTS no comments yet...")
    assert one(browser, "#filter output").text in ("1 page", "2 pages")


def test_the_table_of_rules_leads_to_pages_that_show_the_rule(browser):
    one(browser, "a[href='#rule=en.ad-line']").click()
    assert one(browser, ".raw .chosen").text == "Advertisement"
    assert "en.ad-line" in one(browser, "#why").text


def test_the_table_of_sites_leads_to_pages_of_no_known_site(browser):
    one(browser, "a[href='#site=unknown']").click()
    browser.execute_async_script("setTimeout(arguments[0], 100)")
    assert len(texts(browser, "#list li")) > 0
    assert one(browser, "#filter [name=site]").get_attribute("value") == "unknown"


@pytest.mark.parametrize("place", ["#page=%E0%A4%A", "#rule=none.such", "#page=none.such"])
def test_a_link_that_leads_nowhere_does_no_harm(browser, place):
    browser.execute_script("location.hash = arguments[0]", place)
    browser.execute_async_script("setTimeout(arguments[0], 100)")


def test_pages_are_filtered_by_site_and_flag(browser):
    every = len(texts(browser, "#list li"))
    one(browser, "#filter [name=site] option[value=daily8]").click()
    assert one(browser, "#filter output").text == "2 pages"
    one(browser, "#filter button[type=reset]").click()
    browser.execute_async_script("setTimeout(arguments[0], 50)")
    assert len(texts(browser, "#list li")) == every
    one(browser, "#filter [name=flag] option[value=syndicated]").click()
    assert 0 < len(texts(browser, "#list li")) < every


def test_the_keyboard_alone_goes_from_piece_to_piece(browser):
    from selenium.webdriver.common.keys import Keys

    one(browser, "#list li button").send_keys(Keys.ENTER)
    assert browser.switch_to.active_element == one(browser, "#page")
    pieces = browser.find_elements("css selector", ".raw .piece")
    assert [piece.get_attribute("tabindex") for piece in pieces].count("0") == 1
    pieces[0].send_keys(Keys.ARROW_DOWN)
    assert one(browser, "#why").text
    assert browser.switch_to.active_element == one(browser, ".raw .chosen")
    one(browser, "#page .next").send_keys(Keys.ENTER)
    assert "removed" in one(browser, ".raw .chosen").get_attribute("class")


def test_records_stand_beside_their_page_with_the_text_that_the_run_wrote(browser, report):
    search(browser, "000_071f744759fef2d4.txt")
    assert texts(browser, ".record .note")[0].startswith("article 0")
    out = Path(report.removeprefix("file://")).parent
    lines = [
        line for file in (out / "records").glob("*.jsonl") for line in file.read_text(encoding="utf-8").split("\n") if line
    ]
    own = [row for row in map(json.loads, lines) if row["page"]["path"] == "000_071f744759fef2d4.txt"]
    shown = browser.execute_script("return [...document.querySelectorAll('.record .text')].map((p) => p.textContent)")
    assert shown == [row["text"] for row in own]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_runs_nothing(browser, hostile):
    number = HOSTILE.index(hostile)
    search(browser, f"hostile-{number}.txt")
    shown = browser.execute_script("return document.querySelector('.raw').textContent")
    assert UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", hostile) in shown
    assert not browser.execute_script("return /[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)")
    links = browser.execute_script("return [...document.links].map((link) => link.protocol)")
    assert set(links) <= {"file:", "http:", "https:"}
    assert browser.execute_script("return document.querySelectorAll('#page :is(script, img, svg, b)').length") == 0


def test_the_policy_lets_no_other_script_run(browser):
    refused = browser.execute_script("""
        const script = document.createElement("script");
        try { script.text = "document.title = 'owned'"; document.body.append(script); } catch (error) { return String(error); }
        return "";
    """)
    assert "TrustedScript" in refused
    refused = browser.execute_script(
        "try { document.body.insertAdjacentHTML('beforeend', '<b>x</b>'); } catch (error) { return String(error); } return '';"
    )
    assert "TrustedHTML" in refused
    assert len(browser.get_log("browser")) >= 1  # the browser tells of both


def test_on_a_phone_what_is_chosen_is_in_sight_and_not_behind_its_reason(browser):
    with on_screen(browser, 390):
        search(browser, "Explore what Daily8 AI can do")
        one(browser, "#list li button").click()
        for button in (None, ".next", ".next", ".previous"):
            if button:
                one(browser, f"#page {button}").click()
            places = browser.execute_script("""
                const first = (name) => document.querySelector(name)?.getClientRects()[0];
                return [first(".raw mark") ?? first(".raw .chosen"), first(".bar")].map(({ top, bottom }) => [top, bottom]);
            """)
            (top, bottom), (_, covered) = places
            assert covered <= top + 1
            assert bottom <= 844


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(browser, width):
    with on_screen(browser, width):
        one(browser, "#list li button").click()
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_dark_and_light_have_colours_of_their_own_that_can_be_read(browser):
    one(browser, "#list li button").click()
    for scheme, contrasts in contrasts_by_scheme(browser, "p, td, th, dt, a, button, .piece").items():
        assert min(contrasts) >= 4.5, scheme
