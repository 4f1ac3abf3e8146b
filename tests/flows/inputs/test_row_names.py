"""The names of the fields of rows, by their use: counted, added up in any order, bounded, and put into words."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.execution.run import run
from flows.inputs.jsonl import read_rows
from flows.inputs.row_names import MAX_NAME_CHARS, MAX_NAMES, FieldNames, RowNames, in_words
from flows.options import USUAL, RowFields, RunOptions
from tests.support.command import dehusk, dehusk_process

TEXT = "The harbour board said on Monday that the old crane would be taken down."
ROW = {
    "headline": "Old crane to go", "body": TEXT, "byline": ["Ina Varr"], "datePublished": "2024-02-06T18:10:00Z", "id": 7,
    "url": "https://quaypost.example/crane", "crawled_at": "2024-02-07T09:00:00Z", "updated": "2024-02-08", "teaser": None,
}  # fmt: skip


def names_of(*rows: object, fields: RowFields = USUAL) -> RowNames:
    """Return the names of the fields of rows."""
    total = RowNames()
    for page in read_rows(io.BytesIO(b"\n".join(json.dumps(row).encode() for row in rows)), 0, None, "a.jsonl", fields):
        if page.fields is not None:
            total.add(page.fields)
    return total.in_order()


def test_each_use_has_the_field_that_filled_it_and_the_others_are_not_used():
    names = names_of(ROW)
    assert {use: [*found] for use, found in names.used.items()} == {
        "text": ["body"], "url": ["url"], "title": ["headline"], "authors": ["byline"], "published": ["datePublished"],
        "captured_at": ["crawled_at"],
    }  # fmt: skip
    assert names.unused == {"id": 1, "updated": 1}


@pytest.mark.parametrize(
    ("row", "use", "name"),
    [
        ({"article": {"text": TEXT, "x": 1}}, "text", "article.text"),
        ({"article": TEXT}, "text", "article"),
        ({"content": {"rendered": TEXT, "protected": False}}, "text", "content.rendered"),
        ({"markdown": {"fit_markdown": TEXT}}, "text", "markdown.fit_markdown"),
        ({"text": "", "content": TEXT}, "text", "content"),
        ({"text": TEXT, "html": "<p>x</p>"}, "html", "html"),
        ({"text": TEXT, "source": "https://quaypost.example/crane"}, "url", "source"),
        ({"text": TEXT, "source": {"name": "Quay Post"}}, "source", "source"),
        ({"text": TEXT, "date": "2024-02-06"}, "published", "date"),
        ({"text": TEXT, "date": "2024-02-06T18:10:00Z"}, "captured_at", "date"),
        ({"text": TEXT, "published": "6. Februar 2024"}, "published", "published"),
        ({"text": TEXT, "title": 5, "og:title": "Crane"}, "title", "og:title"),
        ({"text": TEXT, "metadata": {"keywords": ["a"]}}, "tags", "metadata.keywords"),
        ({"text": TEXT, "inLanguage": "en-GB"}, "language", "inLanguage"),
    ],
)
def test_the_name_is_that_of_the_value_that_was_used(row, use, name):
    assert names_of(row).used[use] == {name: 1}


def test_fields_beside_a_used_one_in_an_object_are_named_one_by_one():
    row = {"text": TEXT, "metadata": {"title": "Crane", "robots": "all", "ogImage": None}, "extra": {"a": 1}}
    assert names_of(row).unused == {"extra": 1, "metadata.robots": 1}


def test_a_row_without_a_text_counts_and_an_option_is_heeded():
    assert names_of({"story": TEXT, "id": 1}).unused == {"id": 1, "story": 1}
    assert names_of({"story": TEXT, "text": "x"}, fields=RowFields(text="story")).used["text"] == {"story": 1}


def test_what_is_used_in_some_rows_is_not_among_the_unused():
    names = names_of({"content": TEXT}, {"content": TEXT, "text": TEXT})
    assert (names.rows, names.used["text"], names.unused) == (2, {"content": 1, "text": 1}, {})


_NAMES = st.lists(st.text(alphabet="abc", min_size=1, max_size=4), max_size=8, unique=True).map(tuple)
_ROWS = st.lists(st.tuples(st.sampled_from(["text", "title"]), st.text(alphabet="xy", max_size=3), _NAMES), max_size=20)


@given(_ROWS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_sum_is_the_same_in_any_order(rows, random, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.inputs.row_names.MAX_NAMES", most)
        sums = []
        for _ in range(3):
            random.shuffle(rows)
            at = random.randint(0, len(rows))
            parts = [RowNames(), RowNames()]
            for i, (use, name, unused) in enumerate(rows):
                parts[i >= at].add(FieldNames({use: name}, unused))
            sums.append((parts[0] + parts[1]).in_order())
        assert sums[0] == sums[1] == sums[2]


def test_names_are_bounded_in_number_and_length():
    names = RowNames()
    for i in range(300):
        names.add(FieldNames({"text": "t" * 500}, tuple(f"{i}-{j}" for j in range(5))))
    assert len(names.unused) == MAX_NAMES
    assert [*names.used["text"]] == ["t" * MAX_NAME_CHARS]
    assert max(map(len, in_words(names))) < 400


def test_a_hostile_name_is_escaped():
    row = {"text": TEXT, "\x1b[31m\n\ud800": 1}
    (_, unused) = in_words(names_of(row))
    assert unused.isprintable()


def test_no_rows_need_no_words():
    assert in_words(RowNames()) == []


def test_a_run_says_once_which_fields_it_used(tmp_path, cut_at):
    (tmp_path / "pages").mkdir()
    for name in ("a", "b"):
        (tmp_path / "pages" / f"{name}.jsonl").write_text(f"{json.dumps(ROW)}\n" * 3, encoding="utf-8")
    done = dehusk("run", str(tmp_path / "pages"), "--no-prefect", "--out", str(tmp_path / "out"))
    lines = done.stderr.decode().splitlines()
    cut_at(5)  # a shard for each file
    sums = [run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / str(n)), workers=n)).rows for n in (1, 2)]
    assert (sums[0], sums[0].rows) == (sums[1], 6)
    assert lines[0].startswith("dehusk: fields of 6 rows: text from 'body'; url from 'url'; title from 'headline'")
    assert lines[1] == "dehusk: fields of the rows that are not used: 'id' and 'updated'"
    (manifest,) = (tmp_path / "out" / "runs").glob("*.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))["rows"]["unused"] == {"id": 6, "updated": 6}
    assert "datePublished" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    quiet = dehusk("run", str(tmp_path / "pages"), "--no-prefect", "--fresh", "--quiet", "--out", str(tmp_path / "out"))
    assert quiet.stderr == b""
    counted = dehusk("run", str(tmp_path / "pages"), "--no-prefect", "--fresh", "--json", "--out", str(tmp_path / "out"))
    assert (counted.stderr, json.loads(counted.stdout)["rows"]["rows"]) == (b"", 6)


def test_clean_says_on_stderr_which_fields_it_used():
    done = dehusk_process("clean", "-", stdin=json.dumps(ROW).encode())
    assert done.stderr.decode().startswith("dehusk: fields of the only row: text from 'body'; ")
    assert len(done.stdout.splitlines()) == 1
