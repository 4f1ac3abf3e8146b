"""The time of a story, chosen among those of its page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners import clean_page, read_html
from cleaners.document.page import Metadata, Page, split_lines
from cleaners.output.published import published_of
from cleaners.segmentation.by_layout import Story
from tests.support.html_pages import ONE, TWO

TEXT = "Ferry returns\n{}\nIt is back."


@pytest.fixture
def published(library):
    """Return the time of a story with a line of time, on a page with a head."""

    def call(line: str, raw: str = "", role: str = "article", url: str = "", **head: str) -> tuple[str, str]:
        page = Page(TEXT.format(line), metadata=Metadata(**head), url=url, captured_at=datetime(2026, 6, 1, tzinfo=UTC))
        title, time, body = split_lines(page.text)
        raw = raw or line
        start = time.start + line.index(raw)
        fields = {"title": title, "time": type(time)(start, start + len(raw), raw)}
        return published_of(page, Story(role, "x", fields, [body]), raw, library.ruleset(None, "en"))

    return call


HEAD = {"published": "2026-05-12T09:30:00Z", "precision": "second"}
OF_HEAD = ("2026-05-12T09:30:00Z", "second")


@pytest.mark.parametrize(
    ("line", "head", "time"),
    [
        ("12 May 2026", HEAD, OF_HEAD),  # the same day, finer
        ("11 May 2026", HEAD, OF_HEAD),  # another day
        (
            "12 May 2026 10:15 GMT",
            {"published": "2026-05-12T00:00:00Z", "precision": "day"},
            ("2026-05-12T10:15:00Z", "minute"),
        ),
        ("11 May 2026", {"worded": "May 12, 2026"}, ("2026-05-12T00:00:00Z", "day")),
        ("11 May 2026", {"worded": "soon"}, ("2026-05-11T00:00:00Z", "day")),
        ("11 May 2026", {"updated": "2026-05-14"}, ("2026-05-11T00:00:00Z", "day")),
        ("11 May 2026", {"nearest": "2026-05-14"}, ("2026-05-11T00:00:00Z", "day")),
    ],
)
def test_the_head_goes_before_a_line(published, line, head, time):
    assert published(line, **head) == time


@pytest.mark.parametrize(
    ("url", "head", "time"),
    [
        ("https://quay.example/2026/05/10/ferry", {}, "2026-05-10"),
        ("https://quay.example/2026/05/10/ferry", HEAD, "2026-05-12"),
        ("https://quay.example/ferry", {}, "2026-05-14"),
        ("", {"updated": "2026-05-15"}, "2026-05-14"),
    ],
)
@pytest.mark.parametrize("label", ["Updated ", "Last modified on: ", "Aktualisiert am ", "Mis à jour le "])
def test_the_time_of_a_change_counts_only_without_another(library, url, head, time, label):
    page = Page(TEXT.format(f"{label}14 May 2026"), metadata=Metadata(**head), url=url)
    title, line, body = split_lines(page.text)
    fields = {"title": title, "time": type(line)(line.end - 11, line.end, "14 May 2026")}
    ruleset = library.ruleset(None, "de" if label.startswith("Akt") else "fr" if label.startswith("Mis") else "en")
    assert published_of(page, Story("article", "x", fields, [body]), "14 May 2026", ruleset)[0].startswith(time)


def test_a_page_with_nothing_but_a_change_has_its_time(library):
    page = Page("Ferry returns\nIt is back.", metadata=Metadata(updated="2026-05-15T10:00:00Z"))
    title, body = split_lines(page.text)
    story = Story("article", "x", {"title": title}, [body])
    assert published_of(page, story, "", library.ruleset(None, "en")) == ("2026-05-15T10:00:00Z", "second")


def test_the_head_says_nothing_about_embedded_stories(published):
    assert published("11 May 2026", role="story", **HEAD) == ("2026-05-11T00:00:00Z", "day")


def test_numeric_dates_follow_the_page_or_its_region(published):
    assert published("05/04/2026", region="gb") == ("2026-04-05T00:00:00Z", "day")
    assert published("05/04/2026", region="us") == ("2026-05-04T00:00:00Z", "day")
    assert published("05/04/2026") == ("", "")
    assert published("05/04/2026 · 21/05/2026", "05/04/2026", region="us") == ("2026-04-05T00:00:00Z", "day")


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("<p>Updated: 14 May 2026</p><p>Published: 12 May 2026</p>", "2026-05-12"),
        ("<p>Updated 14 May 2026 · Published 12 May 2026</p>", "2026-05-12"),
        ("<p>Published 12 May 2026</p><p>Updated 14 May 2026</p>", "2026-05-12"),
        ("<p>Last updated on 14 May 2026</p>", "2026-05-14"),
    ],
)
def test_a_labelled_publication_goes_before_a_labelled_change(header, day):
    story = f"<h1>The ferry is back in service</h1>{header}<p>{ONE}</p><p>{TWO}</p>"
    (record, *_) = clean_page(read_html(f"<html lang=en><body><article>{story}</article></body></html>")).records
    assert (record.published[:10], record.published_precision) == (day, "day")
    assert record.published_raw.endswith(f"{int(day[8:])} May 2026")


@pytest.mark.parametrize(
    ("lang", "title", "header", "text"),
    [
        (
            "fr",
            "Le pont tournant ferme aux camions",
            "Mis à jour le 14/05/2026 à 9h00 - Publié le 12/05/2026 à 18h10",
            "Le conseil municipal a décidé mardi soir de fermer le vieux pont tournant aux camions à partir du premier mars.",
        ),
        (
            "de",
            "Drehbrücke in Marrowick gesperrt",
            "Stand: 14.05.2026, 18:10 Uhr</p><p>Veröffentlicht: 12.05.2026",
            "Die Stadträtin Edda Brankley sagte, die Brücke trage dreimal so viel Verkehr wie geplant, seit dem Winter 1998.",
        ),
    ],
)
def test_labels_of_times_are_read_in_other_languages(lang, title, header, text):
    story = f"<h1>{title}</h1><p>{header}</p><p>{text}</p><p>{text}</p>"
    (record, *_) = clean_page(read_html(f"<html lang={lang}><body><article>{story}</article></body></html>")).records
    assert (record.published[:10], record.published_precision) == ("2026-05-12", "day")
    assert "14" not in record.text
