"""Spiders of Scrapy, against a server of their own: items come out with records, or an output folder is brought up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conftest import ROOT
from tests.support.extras import skip_without
from tests.support.warcs import HTML, SAID

SPIDER = """
import scrapy

class Story(scrapy.Item):
    response = scrapy.Field()

class Pages(scrapy.Spider):
    name = "pages"
    def parse(self, response):
        yield from response.follow_all(css="a", callback=self.story)
    def story(self, response):
        yield {item}
"""
DATED = "Sat, 05 Jul 2025 12:00:00 GMT"


class Handler(SimpleHTTPRequestHandler):
    """Serves files with a fixed time."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return DATED

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def site(tmp_path):
    """A site of a story and of an empty page."""
    skip_without("scrapy")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text('<a href="crane.html">one</a> <a href="empty.html">another</a>')
    (folder / "crane.html").write_text(HTML.format("Old crane to go", f"{SAID}</p><p>27 minutes ago"))
    (folder / "empty.html").write_text("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def crawl(tmp_path, site, item, **settings):
    """Run a spider, and return what it printed and the items of its feed."""
    (tmp_path / "spider.py").write_text(SPIDER.format(item=item) + f"    start_urls = [{site + '/'!r}]\n")
    settings |= {"ITEM_PIPELINES": '{"flows.integrations.scrapy.DehuskPipeline": 300}', "TELNETCONSOLE_ENABLED": "0"}
    given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "runspider", "spider.py", "-O", "items.jsonl", *given]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    return ended.stderr, [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("item", ["response", "{'response': response, 'url': response.url}"])
def test_items_come_out_with_the_records_of_their_pages(item, tmp_path, site):
    log, items = crawl(tmp_path, site, item)
    found = {item["url"]: item["dehusk"] for item in items}
    (record,) = found[f"{site}/crane.html"]
    assert (record["kind"], record["title"], record["text"].splitlines()[0]) == ("article", "Old crane to go", SAID)
    assert record["page"]["captured_at"] == "2025-07-05T12:00:00Z"
    assert found[f"{site}/empty.html"] == []
    assert "empty.html was not cleaned: the page holds no visible character (empty)" in log
    assert "'dehusk/quarantined/empty': 1" in log
    assert "'dehusk/records': 1" in log


def test_an_item_must_have_the_field(tmp_path, site):
    log, items = crawl(tmp_path, site, "Story(response=response)")
    assert items == []
    assert "items of the type Story have no field 'dehusk' to set; declare it, or name one: DEHUSK_FIELD" in log


def test_an_output_folder_is_brought_up(tmp_path, site):
    out = tmp_path / "out"
    log, items = crawl(tmp_path, site, "{'url': response.url, 'html': response.text}", DEHUSK_OUT=out)
    assert len(items) == 2
    crawl(tmp_path, site, "response", DEHUSK_OUT=out, LOG_LEVEL="WARNING")
    assert sorted(file.suffix for file in (tmp_path / "out-pages").iterdir()) == [".gz", ".jsonl"]
    records = [json.loads(line) for file in (out / "records").iterdir() for line in file.read_text().splitlines()]
    assert [(record["title"], record["page"]["url"]) for record in records] == [("Old crane to go", f"{site}/crane.html")] * 2
    assert sorted(record["page"]["captured_at"] for record in records) == ["", "2025-07-05T12:00:00Z"]
    assert "1 page went to" in log


def test_a_run_that_fails_is_told_with_its_remedy(tmp_path, site):
    (tmp_path / "out").write_text("in the way")
    log, _ = crawl(tmp_path, site, "response", DEHUSK_OUT="out")
    assert "the pages in out-pages were not cleaned; mend it, and: dehusk run out-pages --out out" in log
    assert "'dehusk/failed_runs': 1" in log
