"""An item pipeline for Scrapy: the records of each page on its item, or in an output folder.

Named in the settings of a project:

    ITEM_PIPELINES = {"flows.integrations.scrapy.DehuskPipeline": 300}

A spider yields responses, items with a `response`, or items with the usual fields of rows (`html`, `text`, `url`,
`captured_at`). Nothing of Scrapy is imported.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import msgspec

from cleaners import BadPage
from flows.display import printable
from flows.errors import UsageError
from flows.execution.single_file import clean_raw_page
from flows.inputs.raw_page import RawPage
from flows.integrations.crawl_files import CrawlFiles
from flows.integrations.items import raw_page_of, response_of
from flows.output.lines import quarantine_line
from flows.packs import load_library, read_packs

logger = logging.getLogger(__name__)


class Stats(Protocol):
    """The counters of a crawl."""

    def inc_value(self, key: str, /, count: int = 1) -> None:
        """Add to a counter."""


class Settings(Protocol):
    """The settings of a project."""

    def get(self, name: str, default: str, /) -> str:
        """Return a setting."""

    def getbool(self, name: str, /) -> bool:
        """Return a setting that is true or false."""


class Crawler(Protocol):
    """A crawler, as far as it is needed."""

    settings: Settings
    stats: Stats | None


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """The settings of a project that begin with DEHUSK.

    `out` is an output folder, "" to put records on items instead, under the key `field`. `pages` is the folder that keeps the
    pages of crawls for it, "" for one beside it. `packs` and `strict` are as for `dehusk run`.
    """

    out: str = ""
    pages: str = ""
    field: str = "dehusk"
    packs: str = ""
    strict: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the options in the settings of a project."""
        return cls(
            out=settings.get("DEHUSK_OUT", ""),
            pages=settings.get("DEHUSK_PAGES", ""),
            field=settings.get("DEHUSK_FIELD", "dehusk"),
            packs=settings.get("DEHUSK_PACKS", ""),
            strict=settings.getbool("DEHUSK_STRICT"),
        )


class DehuskPipeline:
    """Clean the page of each item.

    Without an output folder an item gets its records, as dictionaries, under the key `dehusk`; a response becomes an item of
    its own with its `url` and them. A page that cannot be cleaned has none, is logged, and counted in the statistics by its
    reason. With an output folder, pages are written to a folder beside it, which `dehusk run` cleans when the spider is done.
    """

    def __init__(self, options: PipelineOptions, stats: Stats | None = None) -> None:
        self._options, self._stats = options, stats
        self._library = load_library(read_packs(options.packs), strict=options.strict, site_packs=True)
        self._pages = Path(options.pages or f"{options.out}-pages")
        self._files = CrawlFiles(self._pages) if options.out else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline of a crawler."""
        return cls(PipelineOptions.of(crawler.settings), crawler.stats)

    def process_item(self, item: object, spider: object = None) -> object:
        """Return an item with the records of its page; Scrapy before 2.14 passes the spider."""
        self._count("pages")
        if self._files is not None:
            self._files.add(item)
            return item
        records = self._records(item)
        if response_of(item) is item:
            return {"url": getattr(item, "url", ""), self._options.field: records}
        _put(item, self._options.field, records)
        return item

    def close_spider(self, spider: object = None) -> None:
        """Clean the pages of the crawl, if there is an output folder."""
        if self._files is None:
            return
        self._files.close()
        if not self._pages.is_dir():
            logger.warning("no page was crawled, and %s is left as it is", self._options.out)
            return
        command = [sys.executable, "-m", "flows.cli", *self._command()]
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False)
        for line in ended.stderr.splitlines():
            logger.warning("%s", printable(line))
        if ended.returncode:
            self._count("failed_runs")
            logger.error("the pages in %s were not cleaned; mend it, and: dehusk %s", self._pages, " ".join(self._command()))

    def _command(self) -> list[str]:
        options = self._options
        more = [*(["--packs", options.packs] if options.packs else []), *(["--strict"] if options.strict else [])]
        return ["run", str(self._pages), "--out", options.out, "--no-prefect", "--quiet", *more]

    def _records(self, item: object) -> list[dict[str, object]]:
        page = RawPage("", b"")
        try:
            page = raw_page_of(item)
            _, cleaned = clean_raw_page(page, self._library)
        except Exception as error:  # one bad page must not end the crawl, whatever the error
            line = quarantine_line(page, error, "")
            self._count(f"quarantined/{line.reason}")
            logger.warning("%s was not cleaned: %s (%s)", printable(page.url or "the page"), line.detail, line.reason)
            if not isinstance(error, BadPage):
                logger.debug("the defect", exc_info=error)
            return []
        self._count("records", len(cleaned.records))
        return [msgspec.to_builtins(record) for record in cleaned.records]

    def _count(self, key: str, count: int = 1) -> None:
        if self._stats is not None:
            self._stats.inc_value(f"dehusk/{key}", count)


def _put(item: object, field: str, value: object) -> None:
    """Set a field of an item; raises UsageError for an item that is not declared to have it."""
    try:
        if isinstance(item, MutableMapping):
            item[field] = value
            return
        if hasattr(item, field) and not isinstance(item, type):
            setattr(item, field, value)
            return
    except (KeyError, AttributeError):
        pass
    kind = type(item).__name__
    raise UsageError(f"items of the type {kind} have no field {field!r} to set; declare it, or name one: DEHUSK_FIELD")
