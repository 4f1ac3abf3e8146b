"""The report shows the stories of the output folder as text, and nothing of them where there are none."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from flows.layout import REPORT, STORIES_FILE
from flows.report import html
from flows.report.build import report
from tests.support.hostile import HOSTILE
from tests.support.story_pages import clean, crane, make_stories, write_rows


@pytest.fixture
def out(tmp_path):
    return make_stories(tmp_path)


def read(out) -> BeautifulSoup:
    return BeautifulSoup((out / REPORT).read_text(encoding="utf-8"), "lxml")


def test_the_report_shows_the_most_repeated_stories_with_their_pages(out):
    stories = read(out).find(id="stories")
    tiles = [tile.get_text(" ", strip=True) for tile in stories.find_all(class_="tile")]
    assert tiles == ["stories 2 in 4 records", "duplicates 50.0% of 4 records with a text"]
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in stories.tbody.find_all("tr")]
    assert rows == [["Old crane to go", "The Quay Post", "3", "2025-07-01T12:00:00Z", "2025-07-03T12:00:00Z"]]
    (details,) = stories.find_all("details")
    pages = [item.get_text() for item in details.find_all("li")]
    assert pages[0].startswith("a.jsonl#0, same, position 0, ")
    assert pages[-1] == "b.jsonl#0, same, position 0, 2025-07-03T12:00:00Z, https://q3.example/crane"
    assert "more" not in details.get_text()
    assert "behind" not in stories.get_text()


def test_it_is_the_same_when_it_is_made_again(out):
    before = str(read(out).find(id="stories"))
    report(out)
    assert str(read(out).find(id="stories")) == before


def test_of_many_pages_the_first_are_shown(out, monkeypatch):
    monkeypatch.setattr(html, "SEEN_SHOWN", 2)
    report(out)
    (details,) = read(out).find_all("details", class_="story")
    assert len(details.find_all("li")) == 2
    assert details.p.get_text().startswith("And 1 more; dehusk status ")


def test_stories_behind_the_records_are_shown_as_that(out):
    write_rows(out.parent / "pages" / "c.jsonl", crane(4))
    clean(out, stories=False)
    assert "They are behind the records" in read(out).find(id="stories").get_text()


def test_without_stories_there_is_nothing_of_them(out):
    (out / STORIES_FILE).unlink()
    report(out)
    assert read(out).find(id="stories") is None
    assert read(out).find("a", href="#stories") is None


def test_hostile_text_is_shown_as_text(tmp_path):
    rows = [
        crane(1 + number % 9, title=f"Crane {text}", source=text, url=f"javascript:{text}")
        for number, text in enumerate(HOSTILE)
    ]
    write_rows(tmp_path / "pages" / "a.jsonl", *rows, *rows)
    clean(tmp_path / "out")
    stories = read(tmp_path / "out").find(id="stories")
    assert "Crane <" in stories.get_text()
    assert {tag.name for tag in stories.find_all()}.isdisjoint({"script", "img", "svg", "a"})
    assert not [name for tag in stories.find_all() for name in tag.attrs if name.startswith("on")]
    assert not {*"\u202e\u2066\u2028\u200b\x1b"} & {*str(stories)}
