"""Rows of JSON Lines: which fields are read, and that no row is lost, whatever is wrong with it."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import BadPage
from flows.inputs import jsonl as rows
from flows.inputs.jsonl import page_of_row, read_document, read_rows
from flows.inputs.raw_page import RawPage, UnreadablePage
from flows.options import RowFields
from tests.support.command import dehusk

TEXT = "Old crane to go\nThe harbour board said on Monday that the old crane would be taken down."
FINEWEB = {
    "text": TEXT, "id": "<urn:uuid:1>", "dump": "CC-MAIN-2025-30", "url": "https://quaypost.example/crane",
    "date": "2025-07-05T12:00:00Z", "file_path": "s3://commoncrawl/x.warc.gz", "language": "en", "token_count": 20,
}  # fmt: skip
TRAFILATURA = {
    "title": "Old crane to go", "author": "Tobin Marsh", "hostname": "quaypost.example", "date": "2025-07-05",
    "fingerprint": "1", "id": None, "license": None, "comments": "", "raw_text": "Old crane", "text": TEXT, "language": None,
    "image": None, "pagetype": "article", "tags": "harbour;crane",
    "source": "https://quaypost.example/crane", "source-hostname": "Quay Post",
}  # fmt: skip
SCRAPY = {"url": "https://quaypost.example/crane", "html": f"<p>{TEXT}</p>", "body": "x", "scraped_at": 1751716800}


def encoded(row) -> bytes:
    return json.dumps(row).encode()


BLANK_LINES = st.lists(
    st.sampled_from([b"\n", b" \n", b"\r\n", b"\t\n\n", b" ", b"{}\n", b"[1]\n", b' {"text": "A"}\n']), max_size=40
)


@given(BLANK_LINES, st.integers(1, 20), st.one_of(st.none(), st.integers(0, 60)))
def test_blank_lines_are_skipped_in_any_buffer_as_without_one(lines, size, end):
    content = b"".join(lines)
    buffered = io.BufferedReader(io.BytesIO(content), size)
    assert list(map(repr, read_rows(buffered, 0, end, "a"))) == list(map(repr, read_rows(io.BytesIO(content), 0, end, "a")))


def test_rows_of_common_crawl_are_read():
    page = page_of_row(encoded(FINEWEB), "a.jsonl#0")
    assert (page.text, page.url, page.media) == (TEXT, "https://quaypost.example/crane", "")
    assert page.captured_at.isoformat() == "2025-07-05T12:00:00+00:00"
    assert page.metadata.published == ""


def test_rows_of_trafilatura_are_read_with_what_they_say():
    page = page_of_row(encoded(TRAFILATURA), "a.jsonl#0")
    assert (page.text, page.url, page.captured_at) == (TEXT, "https://quaypost.example/crane", None)
    assert (page.metadata.title, page.metadata.authors, page.metadata.source) == (
        "Old crane to go",
        ("Tobin Marsh",),
        "Quay Post",
    )
    assert page.metadata.tags == ("harbour", "crane")
    assert (page.metadata.published, page.metadata.precision) == ("2025-07-05T00:00:00Z", "day")


def test_rows_of_scrapers_are_read_as_the_html_that_they_hold():
    page = page_of_row(encoded(SCRAPY), "a.jsonl#0")
    assert (page.text, page.media) == (f"<p>{TEXT}</p>", "html")
    assert page.captured_at.isoformat() == "2025-07-05T12:00:00+00:00"


def test_fields_within_others_are_found():
    row = {"text": TEXT, "meta": {"url": "https://a.example/1", "date": "2025-07-05T12:00:00Z"}}
    assert page_of_row(encoded(row), "").url == "https://a.example/1"
    row = {"doc": {"inner": {"words": TEXT}}, "meta": {"link": "http://a.example/2"}, "seen": "2025-07-05"}
    page = page_of_row(encoded(row), "", RowFields(text="doc.inner.words", url="meta.link", date="seen"))
    assert (page.text, page.url, page.captured_at.isoformat()) == (TEXT, "http://a.example/2", "2025-07-05T00:00:00+00:00")


def test_an_option_counts_alone_and_an_empty_one_is_no_field():
    row = {**FINEWEB, "story": "Another text"}
    page = page_of_row(encoded(row), "", RowFields(text="story", url="", date=""))
    assert (page.text, page.url, page.captured_at) == ("Another text", "", None)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (b"{", "no JSON"),
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b'{"text": "a\xff"}', "no JSON"),
        (b'{"text": null, "url": "x"}', "the row's field 'text' is null; its fields: text \\(null\\), url; name the field"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a":' * 100_000, "no JSON"),
    ],
)
def test_a_row_without_a_page_is_bad(row, says):
    with pytest.raises(BadPage, match=says) as problem:
        page_of_row(row, "")
    assert problem.value.reason == "row"


def test_what_python_writes_though_json_does_not_know_it_is_read():
    assert page_of_row(b'{"text": "A title", "score": NaN}', "").text == "A title"
    assert page_of_row(b'{"text": "A \\ud800 title"}', "").text == "A \ud800 title"


def test_rows_are_named_by_their_place_and_none_is_lost(monkeypatch):
    monkeypatch.setattr(rows, "MAX_PAGE_BYTES", 60)
    parts = [
        b"\xef\xbb\xbf" + encoded({"text": "A"}),
        b"",
        b"{broken",
        encoded({"text": "b" * 100}),
        b"  ",
        encoded({"text": "C"}),
    ]
    found = list(read_rows(io.BytesIO(b"\r\n".join(parts)), 0, None, "x.jsonl"))
    places = [0, len(parts[0]) + 4, len(parts[0]) + 4 + 9, len(b"\r\n".join(parts[:5])) + 2]
    assert [page.name for page in found] == [f"x.jsonl#{place}" for place in places]
    bad = {page.name: page.problem.reason for page in found if isinstance(page, UnreadablePage)}
    assert bad == {found[1].name: "row", found[2].name: "too-large"}
    assert found[2].size == len(parts[3]) + 2
    assert [page.text for page in found if not isinstance(page, UnreadablePage)] == ["A", "C"]


any_row = st.one_of(
    st.binary(max_size=30),
    st.dictionaries(st.sampled_from("text url date title html x".split()), st.text(max_size=8) | st.integers()).map(encoded),
)


@given(st.lists(any_row, max_size=8), st.integers(1, 200))
def test_a_file_cut_in_two_gives_the_same_pages(parts, place):
    content = b"\n".join(parts)
    whole = list(read_rows(io.BytesIO(content), 0, None, "x"))
    at = content.find(b"\n", place - 1) + 1
    file = io.BytesIO(content)
    first = list(read_rows(file, 0, at, "x"))
    assert file.tell() == at or not at
    assert repr([*first, *read_rows(file, at, None, "x")]) == repr(whole)


@pytest.mark.parametrize(("said", "language"), [("en", "en"), ("NB", "nb"), ("../", ""), ("..", ""), ("eng", ""), ("ß1", "")])
def test_a_language_is_two_letters_or_unknown(said, language):
    assert page_of_row(encoded({"text": TEXT, "language": said}), "").metadata.language == language


def test_documents_one_after_the_other_are_read_each():
    rows = [[{"text": "One."}, {"text": "Two."}], {"text": "Three."}, [{"text": "Four."}, 7]]
    raw = "\n".join(json.dumps(row, indent=1) for row in rows).encode()
    pages = list(read_document(raw, "a.json"))
    assert [page.name for page in pages] == [f"a.json#{number}" for number in range(5)]
    assert [page.text for page in pages[:4]] == ["One.", "Two.", "Three.", "Four."]
    assert isinstance(pages[4], UnreadablePage)
    assert list(read_document(raw + b"[{", "a.json")) == []


STORY, OTHER = ({"title": title, "content": "The ferry is back, they said."} for title in ("Ferry returns", "Old crane to go"))


@pytest.mark.parametrize(
    ("document", "titles"),
    [
        ({"status": "ok", "totalResults": 2, "articles": [STORY, OTHER]}, ["Ferry returns", "Old crane to go"]),
        ({"success": True, "data": [{"markdown": "It is back.", "metadata": {"title": "Ferry returns"}}]}, ["Ferry returns"]),
        ({"took": 3, "hits": {"total": 1, "hits": [{"_id": "1", "_source": STORY}]}}, ["Ferry returns"]),
        (
            {"@context": "x", "@graph": [{"@type": "WebSite", "name": "Quay"}, {"@type": "NewsArticle", **STORY}]},
            ["Ferry returns"],
        ),
        (
            {"title": "Quay Post", "items": [{"title": "Ferry returns", "content_html": "<p>It is back.</p>"}]},
            ["Ferry returns"],
        ),
        ([{"articles": [STORY]}, {"articles": [OTHER]}], ["Ferry returns", "Old crane to go"]),
        ({"17": STORY, "18": OTHER}, ["Ferry returns", "Old crane to go"]),
        ({"count": 2, "stories": {"17": STORY, "18": OTHER}}, ["Ferry returns", "Old crane to go"]),
        ([[STORY], [OTHER]], ["Ferry returns", "Old crane to go"]),
        ({"title": "Ferry returns", "content": "It is back.", "related": [OTHER, OTHER]}, ["Ferry returns"]),
    ],
)
def test_an_answer_of_a_service_holds_rows(document, titles):
    found = list(read_document(json.dumps(document, indent=1).encode(), "a.json"))
    assert [page.metadata.title for page in found if isinstance(page, RawPage)] == titles
    assert len(found) == len(titles)
    assert [page.name for page in found] == [f"a.json#{i}" for i in range(len(found))]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (
            {"title": "Ferry returns", "paragraphs": [{"text": "It is back."}, {"text": "It sails."}]},
            "under a usual name, but: title",
        ),
        ({"status": "ok", "articles": []}, "under a usual name, but: status, articles"),
        ({"status": "ok", "articles": [{"title": "Ferry returns"}]}, "under a usual name, but: status, articles"),
        ([], "JSON without any row"),
        (None, "the row is no JSON object"),
        ("Ferry returns", "the row is no JSON object"),
        ({}, "the row is empty"),
        ([[]], "JSON without any row"),
    ],
)
def test_an_answer_without_rows_is_one_bad_row(document, says):
    (found,) = read_document(json.dumps(document, indent=1).encode(), "a.json")
    assert isinstance(found, UnreadablePage)
    assert says in str(found.problem)


def test_answers_one_a_line_hold_rows_with_a_number_each(tmp_path):
    lines = [json.dumps({"status": "ok", "articles": [STORY, OTHER]}), json.dumps(STORY)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = dehusk("clean", str(tmp_path / "a.jsonl"))
    places = [json.loads(line)["page"]["path"].partition("#")[2] for line in done.stdout.splitlines()]
    assert places == ["0-0", "0-1", str(len(lines[0]) + 1)]
    one = dehusk("clean", f"{tmp_path}/a.jsonl#0-1")
    assert json.loads(one.stdout)["title"] == "Old crane to go"


def test_a_bad_row_of_an_answer_is_reported():
    good, bad, _ = read_document(
        json.dumps({"articles": [STORY, {"title": "Old crane to go", "content": None}, 5]}).encode(), "a.json"
    )
    assert isinstance(good, RawPage)
    assert "the row's field 'content' is null" in str(bad.problem)


def test_the_commas_of_an_array_may_stand_after_its_rows():
    lines = b",\n".join(json.dumps(row).encode() for row in (STORY, OTHER)) + b" ,\r\n"
    assert [page.metadata.title for page in read_rows(io.BytesIO(lines), 0, None, "a.jsonl")] == [
        "Ferry returns",
        "Old crane to go",
    ]


@pytest.mark.parametrize("content", ["null", '"Ferry returns"', "7", "[]", "[[], []]"])
def test_a_file_of_json_without_rows_is_no_page(content, tmp_path):
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    done = dehusk("clean", str(tmp_path / "a.json"))
    assert (done.returncode, done.stdout) == (1, b"")
