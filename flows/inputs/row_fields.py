"""The fields of a row of JSON: their usual names, and their values in the forms that crawlers, feeds and archives write.

Called by `flows.inputs.jsonl`. The names are those of Scrapy, NewsAPI, firecrawl, crawl4ai, schema.org, news-please, datatrove,
Common Crawl, Media Cloud, trafilatura, WordPress, Event Registry and the services of newspapers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Literal

from cleaners.document.page import MAX_NAMES, Metadata, Precision
from flows.inputs.capture_time import parse_capture_time
from flows.inputs.fragment import fragment_of
from flows.inputs.row_names import FieldNames, Use
from flows.inputs.row_values import content_in, language_in, tags_in, texts_of, time_of
from flows.options import FieldName, RowFields

# The usual names of each field, the best first; signs and capitals in a name do not count, and a dot leads into an object.
# `date` is the time of capture, with the time of day, in rows made from Common Crawl; any other date there is the day of
# publication, as trafilatura writes it.
NAMES: dict[FieldName, tuple[str, ...]] = {
    "html": ("html", "raw_html", "html_content", "page_html", "response_body", "cleaned_html", "content_html"),
    "text": (
        "text", "content", "body", "maintext", "article_text", "article_body", "text_content", "full_text", "plain_text",
        "body_text", "content_text", "markdown", "markdown.fit_markdown", "markdown.raw_markdown", "raw_content", "raw_text",
        "post_content", "full_content", "article_content", "article",
    ),
    "url": (
        "url", "page_url", "link", "original_url", "source_url", "warc_target_uri", "canonical_url", "web_url",
        "article_url", "final_url", "permalink", "canonical_link", "source", "uri",
        "main_entity_of_page", "main_entity_of_page.@id",
    ),
    "date": (
        "captured_at", "crawled_at", "scraped_at", "fetched_at", "retrieved_at", "date_download", "crawl_date", "fetch_time",
        "fetch_date", "crawl_time", "crawl_timestamp", "date_crawled", "date_scraped", "scrape_date", "download_date",
        "collected_at", "accessed_at", "warc_date", "indexed_date", "timestamp", "date",
    ),
    "title": ("title", "headline", "article_title", "web_title", "post_title", "og:title"),
    "author": ("author", "authors", "byline", "creator", "author_name"),
    "published": (
        "published", "published_at", "date_publish", "date_published", "publish_date", "publication_date", "published_time",
        "article:published_time", "published_date", "pubdate", "date_time_pub", "web_publication_date", "first_published_at",
        "first_published", "date_gmt", "post_date_gmt", "post_date",
    ),
    "source": (
        "sitename", "site_name", "og:site_name", "source_hostname", "publisher", "media_name", "source_name",
        "publication_name", "publication", "outlet", "source",
    ),
    "tags": ("tags", "keywords", "news_keywords", "article:tag", "topics"),
    "language": ("language", "lang", "in_language", "language_code", "og:locale", "locale"),
}  # fmt: skip
OBJECTS = ("", "metadata", "meta", "article", "data", "data.metadata", "_source")  # where a field may stand, the best first
ENVELOPES = ("_source",)  # names that would be those of fields without their signs
MAX_UNUSED = 200
_SIGNS = str.maketrans("", "", "-_: @")


@lru_cache(maxsize=4_096)
def folded(name: str) -> str:
    """Return the name of a field without its signs and capitals.

    >>> folded("publishedAt"), folded("published_at"), folded("article:published_time")
    ('publishedat', 'publishedat', 'articlepublishedtime')
    """
    return name.translate(_SIGNS).lower()


def _parted(name: str) -> tuple[str, str]:
    outer, _, inner = name.partition(".")
    return folded(outer), inner


# The usual names of each field, without signs and capitals, parted at the dot that leads into an object.
FOLDED = {field: tuple(dict.fromkeys(map(_parted, names))) for field, names in NAMES.items()}


class Row:
    """A row with its fields by name, whatever the signs and capitals in their names.

    `used` holds the names of the fields that were used, by their use.
    """

    def __init__(self, values: Mapping[str, object], fields: RowFields) -> None:
        self._values, self._fields = values, fields
        self._objects = [(f"{name}." if name else "", inner) for name in OBJECTS if (inner := self._object(name))]
        self.used: dict[Use, str] = {}

    def values(self, field: FieldName) -> Iterator[tuple[str, object]]:
        """Yield the names and values of a field that are not null: under the name that an option gives, else the usual ones."""
        return ((name, value) for name, value in self.all_values(field) if value is not None)

    def all_values(self, field: FieldName) -> Iterator[tuple[str, object]]:
        """Yield the names and values of a field that the row has, be they null."""
        given = getattr(self._fields, field)
        if given is not None:
            if given and has_name(self._values, given):
                yield given, value_at(self._values, given)
            return
        for outer, inner in self._objects:
            for first, rest in FOLDED[field]:
                if first not in inner:
                    continue
                actual, value = inner[first]
                if not rest:
                    yield f"{outer}{actual}", value
                elif isinstance(value, Mapping) and has_name(value, rest):
                    yield f"{outer}{actual}.{rest}", value_at(value, rest)

    def first(self, field: FieldName, use: Use, contained: str = "", lacking: str = "") -> str:
        """Return the first text of a field that has `contained` in it and not `lacking`, as one line, "" without any."""
        for name, value in self.values(field):
            for line in texts_of(value):
                if contained in line and not (lacking and lacking in line):
                    self.used[use] = name
                    return line
        return ""

    def names(self) -> FieldNames:
        """Return the names of the fields that were used, and of the others that are not null."""
        return FieldNames(self.used, tuple(islice(self._unused("", self._values), MAX_UNUSED)))

    def _unused(self, prefix: str, values: Mapping[str, object]) -> Iterator[str]:
        for name, value in values.items():
            path = f"{prefix}{name}"
            if value is None or path in self.used.values():
                continue
            if isinstance(value, Mapping) and any(used.startswith(f"{path}.") for used in self.used.values()):
                yield from self._unused(f"{path}.", value)
            else:
                yield path

    def _object(self, name: str) -> Mapping[str, tuple[str, object]]:
        """Return the names and values in an object of the row by their folded names; those of the row itself for ""."""
        value = value_at(self._values, name) if name else self._values
        return _by_folded_name(value) if isinstance(value, Mapping) else {}


def content_of(row: Row) -> tuple[str, bool] | None:
    """Return the text of a row and whether it is HTML, None for a row without such a field."""
    html_text = _longest_first(row, "html")
    if html_text and not html_text.isspace():
        return html_text, True
    text = _longest_first(row, "text")
    if text is None:
        return None if html_text is None else (html_text, True)
    row.used.pop("html", None)
    fragment = fragment_of(text)
    return (fragment, True) if fragment else (text, False)


def _longest_first(row: Row, field: Literal["text", "html"]) -> str | None:
    """Return the first text of a field that is not blank, else the first blank one, None without any."""
    found = [content for name, value in row.values(field) if (content := content_in(name, value))]
    if not found:
        return None
    row.used[field], text = next(((name, text) for name, text in found if text and not text.isspace()), found[0])
    return text


def metadata_of(row: Row) -> Metadata:
    """Return the metadata of the story in a row; a time that only its language explains is left as worded."""
    published, precision, worded = _published(row)
    return Metadata(
        title=row.first("title", "title"),
        published=published,
        precision=precision,
        worded=worded,
        source=row.first("source", "source", lacking="://"),
        authors=_list(row, "author", "authors"),
        tags=_list(row, "tags", "tags"),
        language=language_in(row.first("language", "language")),
    )


def _published(row: Row) -> tuple[str, Precision, str]:
    """Return the time of publication in a row with its precision, or else its words."""
    values = [*row.values("published"), *((name, value) for name, value in row.values("date") if not _is_moment(value))]
    for name, value in values:
        published, precision = time_of(value)
        if published:
            row.used["published"] = name
            return published, precision, ""
    for name, value in values:
        for words in texts_of(value):
            row.used["published"] = name
            return "", "", words
    return "", "", ""


def _is_moment(value: object) -> bool:
    """Return whether a value is a time to the second, which dates a capture."""
    return parse_capture_time(value, accept_date=False) is not None


def captured_at(row: Row, *, accept_date: bool) -> datetime | None:
    """Return the capture time in a row; a date without a time of day counts only with `accept_date`."""
    for name, value in row.values("date"):
        time = parse_capture_time(value, accept_date=accept_date)
        if time is not None:
            row.used["captured_at"] = name
            return time
    return None


def has_name(values: Mapping[str, object], name: str) -> bool:
    """Return whether a row has a field, be it null; a dot in its name leads into an object."""
    if name in values or "." not in name:
        return name in values
    outer, _, inner = name.partition(".")
    nested = values.get(outer)
    return isinstance(nested, dict) and has_name(nested, inner)


def value_at(values: Mapping[str, object], name: str) -> object:
    """Return the value of a field, None when it is missing; a dot in its name leads into an object."""
    if name in values or "." not in name:
        return values.get(name)
    outer, _, inner = name.partition(".")
    nested = values.get(outer)
    return value_at(nested, inner) if isinstance(nested, dict) else None


def _list(row: Row, field: FieldName, use: Use) -> tuple[str, ...]:
    """Return the texts of the first value of a field that has any: a list, or a text parted by `;`, as from trafilatura."""
    for name, value in row.values(field):
        texts = [part.strip() for text in texts_of(value) for part in text.split(";")]
        texts = [text for text in (tags_in(texts) if use == "tags" else texts) if text]
        if texts:
            row.used[use] = name
            return tuple(dict.fromkeys(texts))[:MAX_NAMES]
    return ()


def _by_folded_name(values: Mapping[str, object]) -> dict[str, tuple[str, object]]:
    found: dict[str, tuple[str, object]] = {}
    for name, value in values.items():
        if name not in ENVELOPES:
            found.setdefault(folded(name), (name, value))
    return found
