"""Texts that are clean already are cleaned again, as rows with their titles or on their own: nothing is removed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners import Page, Record, clean_page
from cleaners.document.page import Metadata
from cleaners.text.line_shape import is_paragraph
from tests.support.labelled import load_cases

SENTENCES = (
    "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth.",
    "Harbour officials said that the ferry would sail at nine each evening and return before the morning tide came in.",
    "Passengers had waited since spring for the crossing, which the council closed when the old pier began to sink.",
    "Comments from residents ran to 94 pages, and the related costs of £5 will be paid from the reserve.",
    "“We counted by hand,” the purser said at 10:15 on 5 July 2025, and nobody asked him to count again.",
    "Advertisement spending fell by a fifth in the year after the bridge was opened, a newspaper of the harbour found.",
    "Der Hafenmeister sagte am Montag, die alte Fähre werde noch in diesem Sommer durch eine neue ersetzt werden.",
    "Le conseil du port a décidé lundi de remplacer la vieille grue, que personne n'utilisait depuis le printemps.",
    "El puente viejo quedará cerrado hasta el otoño, según dijo el lunes el concejo del puerto en una reunión abierta.",
)
TITLES = (
    "Night ferry returns to service after dispute",
    "Ferry back",
    "Night ferry returns to service after dispute | The Quay Post",
    "The ferry is back.",
    "The night ferry",
)
HEADINGS = ("A long dispute", "Costs and berths", "What comes next for the harbour?", "The night ferry")

paragraphs = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True).map(" ".join)
texts = st.lists(paragraphs, min_size=1, max_size=8, unique=True)


def only_record(page: Page) -> Record:
    """Return the record of a page that is one article, none of whose characters a rule removes."""
    cleaned = clean_page(page)
    assert [page.text[each.start : each.end] for each in cleaned.segments if each.rule] == []
    (record,) = cleaned.records
    assert record.kind == "article"
    return record


def check_row(title: str, text: str) -> None:
    record = only_record(Page(text, metadata=Metadata(title=title)))
    assert (record.title, record.text) == (title, text)


def check_alone(text: str) -> None:
    record = only_record(Page(text))
    assert (record.title, record.text) == ("", text)


@example(TITLES[0], [SENTENCES[0]])
@given(st.sampled_from(TITLES), texts)
def test_a_row_of_a_title_and_paragraphs_keeps_them(title, lines):
    check_row(title, "\n".join(lines))


@given(texts)
def test_paragraphs_on_their_own_keep_the_first_one(lines):
    assert all(map(is_paragraph, lines))
    check_alone("\n".join(lines))


@given(texts, st.sampled_from(HEADINGS), st.sampled_from(TITLES))
def test_a_heading_between_paragraphs_is_not_the_title(lines, heading, title):
    text = "\n".join([lines[0], heading, *lines[1:], SENTENCES[0]])
    check_row(title, text)
    check_alone(text)


@pytest.mark.parametrize("folder", ["aggregators", "anysite", "daily8", "unusual"])
def test_texts_of_labelled_pages_stay_as_rows(folder):
    changed = []
    for name, case in load_cases(folder).items():
        for record in clean_page(Page(case["text"], url=case.get("url") or "")).records:
            if not record.text or not record.title:
                continue
            again = clean_page(Page(record.text, metadata=Metadata(title=record.title))).records
            if [(each.kind, each.text) for each in again] != [("article", record.text)]:
                changed.append(f"{name}: {record.title}")
    assert changed == []


def test_a_line_that_repeats_the_title_of_its_story_is_dropped():
    page = Page("\n".join(["Politics Night ferry returns to service", SENTENCES[0], SENTENCES[1]]))
    row = Page(page.text, metadata=Metadata(title="Night ferry returns to service"))
    assert clean_page(row).records[0].text == "\n".join(SENTENCES[:2])


@pytest.mark.parametrize("first", ["Night ferry returns to service, the harbour says after a long night", SENTENCES[0]])
def test_a_first_line_that_says_more_than_the_title_stays(first):
    check_row("Night ferry returns to service", f"{first}\n{SENTENCES[1]}\n{SENTENCES[2]}")


HEADERS = (
    "The Quay Gazette\n2025-07-05 10:00\n",
    "Harbour news\nJuly 5, 2025\n",
    "Landmark of the quay to be sold for scrap\n5 July 2025\nBy Ina Varr\n",
    "Published: July 5, 2025 | Updated: July 6, 2025\n",
    f"{SENTENCES[2]}\nBy Ina Varr\nJuly 5, 2025\n",
)


@pytest.mark.parametrize("header", HEADERS)
def test_a_time_above_the_text_of_a_row_without_its_title_is_no_text(header):
    page = Page(f"{header}{SENTENCES[0]}\n{SENTENCES[1]}", metadata=Metadata(title="Old crane to go"))
    (record,) = clean_page(page).records
    assert "2025" not in record.text
    assert "Ina Varr" not in record.text
    assert record.published[:10] == "2025-07-05"
    assert record.text.endswith("\n".join(SENTENCES[:2]))


def test_a_time_below_a_paragraph_of_a_row_stays():
    check_row("Dates of the harbour", f"{SENTENCES[0]}\nMarch 16, 2026\nQuay days\nMarch 18, 2026\n{SENTENCES[1]}")
