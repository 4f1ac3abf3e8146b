"""A real browser for the tests of HTML that dehusk writes, and the contrast of the texts that it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE_SECONDS

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
IN_BROWSER = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed"),
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
]
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--force-prefers-reduced-motion", "--disable-sync", "--window-size=1280,900",
)  # fmt: skip
# The contrast of each text that is seen, by the formula of the Web Content Accessibility Guidelines 2.2.
CONTRASTS = """
const parts = (text) => text.match(/[\\d.]+/g).map(Number);
const linear = (value) => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
const paper = (one) => {
  const [r, g, b, a = 1] = parts(getComputedStyle(one).backgroundColor);
  return a || !one.parentElement ? [r, g, b] : paper(one.parentElement);
};
return [...document.querySelectorAll(arguments[0])].filter((one) => one.offsetParent).map((one) => {
  const [most, least] = [light(parts(getComputedStyle(one).color)), light(paper(one))].sort((a, b) => b - a);
  return (most + .05) / (least + .05);
});
"""


@contextmanager
def opened_chromium(folder: Path) -> Iterator:
    """Yield Chromium with its own data in a folder, and a log of all that goes wrong in it."""
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, f"--user-data-dir={folder}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.implicitly_wait(PATIENCE_SECONDS)
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def on_screen(browser, width: int) -> Iterator[None]:
    """Show pages on a screen of so many pixels, that of a phone when it is narrow."""
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def contrasts_by_scheme(browser, selector: str) -> dict[str, list[float]]:
    """Return the contrasts of the texts that are seen in light and in dark."""
    found = {}
    for scheme in ("light", "dark"):
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        found[scheme] = browser.execute_script(CONTRASTS, selector)
    return found
