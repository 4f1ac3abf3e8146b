"""Verification: a sound output folder passes, and each kind of damage is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaners import BadPage, Record, clean_page
from flows.errors import Failed, UsageError
from flows.execution.run import run
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source
from flows.inputs.raw_page import RawPage, UnreadablePage, page_of
from flows.inspect.verify import check_page, verify_output
from flows.layout import IDENTITY, STATE_FILE
from flows.options import USUAL, RowFields, RunOptions
from flows.output.lines import AuditLine, audit_line
from flows.output.lock import locked
from flows.output.written import written_file
from flows.planning.database import open_state
from flows.planning.shard_inputs import number_of, write_inputs
from flows.stories.update import update_stories
from tests.support.html_pages import PIECES, page
from tests.support.pages import ODD, SENTENCES, any_text, odd_pages

HTML = """<html><head><title>Old crane to go</title></head><body><h1>Old crane to go</h1>
<p>The harbour board said on Monday that the old crane would be taken down within the month.</p>
<p>Nobody had used it since the spring, the master of the quay told reporters on Tuesday.</p></body></html>"""

# Lines with a tab, a no-break space and two blanks in the fields of headers.
HEADER = "Ferry{0}returns{0}at last\nYahoo{0}News\n3 minutes{0}ago\n- Yahoo{0}News\nThe{0}ferry is back."
CARD = "Try Our AI Features\nExplore what Daily8 AI can do for you:\nYahoo\n3minute ago\n- Yahoo\nn\nt\ns\ta"
HTML_PIECES = st.lists(st.one_of(PIECES, st.sampled_from((*ODD, *SENTENCES))), max_size=20)
RAW_PAGES = st.one_of(
    st.one_of(odd_pages, any_text).map(lambda text: RawPage("a.txt", text.encode())),
    HTML_PIECES.map(lambda pieces: RawPage("a.html", page("".join(pieces)))),
    st.binary(max_size=200).map(lambda raw: RawPage("a.txt", raw)),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """An output folder beside its pages: a text, an HTML page, rows and a bad page."""
    folder = tmp_path_factory.mktemp("verify")
    (folder / "pages").mkdir()
    (folder / "pages" / "a.txt").write_text("Ferry returns\nThe ferry is back.\nIt ran on Monday.\nAdvertisement")
    (folder / "pages" / "b.html").write_text(HTML)
    rows = [{"text": f"Row {number}\nBody of {number}."} for number in range(2)]
    (folder / "pages" / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "pages" / "d.txt").write_bytes(b"\xff\xff")
    run(RunOptions((str(folder / "pages"),), str(folder / "out")))
    return folder


@pytest.fixture
def out(made, tmp_path) -> Path:
    """A copy of it."""
    for file in made.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(made)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    return tmp_path / "out"


def problems(out: Path, *, inputs: bool = False, fields: RowFields = USUAL) -> list[str]:
    return list(verify_output(out, [str(out.parent / "pages")] if inputs else [], "", fields))


def file_of(out: Path, folder: str) -> Path:
    (file,) = (out / folder).glob("*.jsonl")
    return file


def lines_of(out: Path, folder: str) -> list[dict]:
    return [json.loads(line) for line in file_of(out, folder).read_text().splitlines()]


def seal(out: Path) -> None:
    """Make the checksums those of the files, as one would who meant to deceive."""
    with open_state(out) as state:
        for shard, files in state.shards().items():
            held = {name: written_file(out / name, hashlib.sha256((out / name).read_bytes()).hexdigest()) for name in files}
            rows = [row for row in state.known() if row.shard == shard]
            state.commit(shard, rows, held)
            write_inputs(out, shard, number_of(shard), held, rows)
        with suppress(Failed):  # for what is no record
            update_stories(out, "", state.shards())


def change(folder: str, how: Callable[[list[dict]], object]) -> Callable[[Path], None]:
    """Return a function that changes the lines of a file and renews its checksum."""

    def damage(out: Path) -> None:
        lines = lines_of(out, folder)
        how(lines)
        file_of(out, folder).write_text("".join(json.dumps(line) + "\n" for line in lines))
        seal(out)

    return damage


def forge(record: dict, field: str, value: str) -> None:
    record[field] = value
    record["text_sha256"] = hashlib.sha256(record["text"].encode()).hexdigest()


def flip(folder: str, share: float) -> Callable[[Path], None]:
    def damage(out: Path) -> None:
        content = bytearray(file_of(out, folder).read_bytes())
        content[int(len(content) * share)] ^= 1
        file_of(out, folder).write_bytes(content)

    return damage


def cut_last_line(folder: str) -> Callable[[Path], None]:
    return lambda out: file_of(out, folder).write_bytes(
        b"".join(file_of(out, folder).read_bytes().splitlines(keepends=True)[:-1])
    )


def write(name: str, content: str = "") -> Callable[[Path], object]:
    return lambda out: (out / name).write_text(content)


def test_what_is_whole_passes(out):
    assert len(lines_of(out, "audit")) == 4
    assert "text" in lines_of(out, "audit")[1]
    assert problems(out) == []
    assert problems(out, inputs=True) == []


def test_what_is_whole_passes_by_its_manifests_too(out):
    (out / STATE_FILE).unlink()
    assert problems(out, inputs=True) == ["state.db is missing"]
    (out / IDENTITY).write_text("0")  # as in a folder with its state in a database
    assert problems(out, inputs=True) == []
    flip("records", 0.5)(out)
    assert f"records/{file_of(out, 'records').name} is not as it was written" in problems(out)


def test_manifests_from_before_a_fresh_run_do_not_count(out):
    pages = out.parent / "pages"
    (pages / "a.txt").unlink()
    run(RunOptions((str(pages),), str(out), fresh=True))
    (out / STATE_FILE).unlink()
    assert problems(out) == ["state.db is missing"]


@pytest.mark.parametrize("folder", ["records", "audit", "quarantine"])
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda folder: flip(folder, 0), "is not as it was written"),
        (lambda folder: flip(folder, 0.5), "is not as it was written"),
        (lambda folder: flip(folder, 0.9999), "is not as it was written"),
        (cut_last_line, "is not as it was written"),
        (lambda folder: lambda out: file_of(out, folder).unlink(), "is missing"),
        (lambda folder: lambda out: file_of(out, folder).write_bytes(b""), "is not as it was written"),
    ],
    ids=["first", "middle", "last", "line", "file", "empty"],
)
def test_a_file_that_has_changed_is_found(out, folder, damage, says):
    name = file_of(out, folder).name
    damage(folder)(out)
    assert f"{folder}/{name} {says}" in problems(out)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (write("records/00009-0123456789ab.jsonl"), "records/00009-0123456789ab.jsonl belongs to no shard"),
        (write("audit/00009-0123456789ab.jsonl"), "audit/00009-0123456789ab.jsonl belongs to no shard"),
        (write("records/00009-0123456789ab.jsonl.1.part"), "records/00009-0123456789ab.jsonl.1.part is half-written"),
        (write("runs/1.json.1.part"), "runs/1.json.1.part is half-written"),
        (write("runs/1.json", "{}"), "runs/1.json is no manifest"),
        (write("runs/1.json", "{"), "runs/1.json is no manifest"),
    ],
)
def test_what_should_not_be_there_is_found(out, damage, says):
    damage(out)
    (problem,) = problems(out)
    assert problem.startswith(says)


def test_what_is_not_dehusks_is_no_damage(out):
    for name in ("records/mine.jsonl", "records/notes.txt", "mine.jsonl", "runs/notes.txt"):
        write(name, "{")(out)
    assert problems(out) == []


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (change("records", lambda rows: rows.pop()), "c.jsonl#30: the ledger names the record "),
        (change("records", lambda rows: rows.pop(0)), "a.txt: the ledger names the record "),
        (change("records", lambda rows: rows.append(rows[0])), "a.txt: its records have no ledger"),
        (change("records", lambda rows: rows.reverse()), "its records have no ledger"),
        (change("audit", lambda rows: rows.pop()), "c.jsonl#30: its records have no ledger"),
        (change("records", lambda rows: rows[0].update(text="Forged.")), "is not that of its checksum"),
        (change("records", lambda rows: rows[0].update(id="forged")), "the text of the record forged is not in the ledger"),
        (change("records", lambda rows: rows[0].pop("title")), "cannot be read: Object missing required field `title`"),
        (change("records", lambda rows: rows[0].update(title=None)), "cannot be read: Expected `str`, got `null`"),
        (change("audit", lambda rows: rows[0]["segments"][1].update(start=0)), "a.txt: the segment 0-50 overlaps another"),
        (change("audit", lambda rows: rows[0]["segments"][0].update(end=0)), "a.txt: the segment 0-0 overlaps another"),
        (change("audit", lambda rows: rows[0]["segments"].reverse()), "overlaps another"),
        (change("audit", lambda rows: rows[0]["segments"][0].update(rule="r")), "is not either kept or removed"),
        (change("audit", lambda rows: rows[0]["segments"][-1].update(rule=None)), "is not either kept or removed"),
        (change("audit", lambda rows: rows[1]["segments"].pop()), "b.html: "),
        (change("audit", lambda rows: forge_ledger(rows[1])), "b.html: the text of the record "),
        (change("records", lambda rows: forge(rows[1], "text", "Forged.")), "b.html: the text of the record "),
        (change("records", lambda rows: forge(rows[1], "title", "Forged")), "b.html: the title of the record "),
    ],
)
def test_a_ledger_that_does_not_fit_is_found_whatever_the_checksums(out, damage, says):
    damage(out)
    found = problems(out)
    assert any(says in problem for problem in found), found
    assert not any("not as it was written" in problem for problem in found)


def forge_ledger(line: dict) -> None:
    line["text"] = line["text"].replace("crane", "drone")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (change("records", lambda rows: forge(rows[0], "text", "Forged.")), "a.txt: the text of the record "),
        (change("records", lambda rows: forge(rows[0], "title", "Forged")), "a.txt: the title of the record "),
        (change("records", lambda rows: forge(rows[3], "text", "Forged.")), "c.jsonl#30: the text of the record "),
        (change("audit", lambda rows: rows[0]["segments"].pop()), "a.txt: "),
    ],
)
def test_a_forgery_is_found_beside_the_pages(out, damage, says):
    damage(out)
    assert problems(out) == []
    assert [problem for problem in problems(out, inputs=True) if problem.startswith(says)] != []


def test_a_page_that_has_changed_since_is_passed_over(out):
    (out.parent / "pages" / "a.txt").write_text("Ferry stays\nThe ferry is gone.")
    assert problems(out, inputs=True) == []


def test_nothing_is_said_while_a_run_is_at_work(out):
    with locked(out), pytest.raises(Failed, match="a run is at work in .*; try again when it is over"):
        problems(out)


@pytest.mark.parametrize("is_over", [False, True])
def test_a_run_that_begins_meanwhile_is_told_and_no_damage(is_over, out, monkeypatch):
    with ExitStack() as stack:

        def after_a_run_has_begun(file: Path) -> str:
            file.unlink()
            stack.enter_context(locked(out))
            stack.close() if is_over else None
            return ""

        monkeypatch.setattr("flows.inspect.verify.file_digest", after_a_run_has_begun)
        with pytest.raises(Failed, match="a run has begun in .* and changes what is verified; try again when it is over"):
            problems(out)


def test_a_run_that_changes_nothing_disturbs_nobody(out, monkeypatch):
    def after_a_run(file: Path) -> str:
        with locked(out):
            return hashlib.sha256(file.read_bytes()).hexdigest()

    monkeypatch.setattr("flows.inspect.verify.file_digest", after_a_run)
    assert problems(out) == []


@pytest.mark.parametrize("change", [lambda page: page.write_text("Ferry stays\nThe ferry is gone."), Path.unlink])
def test_a_page_that_is_changed_meanwhile_is_no_damage(change, out, monkeypatch):
    page, read = out.parent / "pages" / "a.txt", read_pages

    def while_it_changes(source: Source, *options: Any) -> Iterator[object]:
        if source.name == "a.txt":
            change(page)
        yield from read(source, *options)

    monkeypatch.setattr("flows.inspect.verify.read_pages", while_it_changes)
    assert problems(out, inputs=True) == []


def test_the_fields_of_rows_may_be_named(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "c.jsonl").write_text('{"note": "Row\\nIt is this.", "text": "Other\\nNot that."}\n')
    fields = RowFields(text="note")
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out"), fields=fields))
    assert problems(tmp_path / "out", inputs=True, fields=fields) == []
    assert problems(tmp_path / "out", inputs=True) != []


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_without_a_run_is_a_mistake(tmp_path, there):
    out = tmp_path / "out"
    if there:
        out.mkdir()
    with pytest.raises(UsageError, match=f"no run has been made in {out}; name the folder"):
        problems(out)
    assert not there or list(out.iterdir()) == []


@pytest.mark.parametrize("dated_by", ["file-time", "sidecar"])
def test_pages_are_held_to_their_ledgers_whatever_dated_them(tmp_path, dated_by):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("Ferry returns\nThe ferry is back.")
    (tmp_path / "pages" / "a.txt.json").write_text('{"captured_at": "2025-07-05T12:00:00Z"}')
    out = tmp_path / "out"
    run(RunOptions((str(tmp_path / "pages"),), str(out), captured_at=dated_by))
    change("records", lambda rows: forge(rows[0], "text", "Forged."))(out)
    inputs = (str(tmp_path / "pages"),)
    assert any(problem.startswith("a.txt: the text of") for problem in verify_output(out, inputs, "", USUAL))


def test_an_input_that_cannot_be_read_is_told(out, monkeypatch):
    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("flows.inspect.verify.input_digest", fail)
    told = "cannot be read (Input/output error), so its ledger was not held to it"
    assert problems(out, inputs=True) == [f"{name} {told}" for name in ("a.txt", "b.html", "c.jsonl", "d.txt")]


def test_an_input_that_can_be_read_only_once_is_told(out, monkeypatch):
    def fail(source, *_):
        yield UnreadablePage(source.name, OSError(5, "Input/output error"), 0)

    monkeypatch.setattr("flows.inspect.verify.read_pages", fail)
    (told,) = problems(out, inputs=True)
    assert told.endswith("cannot be read: [Errno 5] Input/output error: 'a.txt'")


def test_an_input_that_could_never_be_read_is_no_problem(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("Ferry returns\nThe ferry is back.")
    (tmp_path / "pages" / "b.txt").symlink_to("/proc/self/mem")  # whose first byte nobody can read
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out"), follow_links=True))
    assert problems(tmp_path / "out", inputs=True) == []


def read_back(row: Record | AuditLine) -> Record | AuditLine:
    return msgspec.json.decode(msgspec.json.encode(row), type=type(row))


@example(RawPage("a.txt", CARD.encode()))
@example(RawPage("a.txt", HEADER.format("\t").encode()))
@example(RawPage("a.txt", HEADER.format("\xa0").encode()))
@example(RawPage("a.txt", HEADER.format("  ").encode()))
@given(RAW_PAGES)
def test_any_page_passes_after_it_was_cleaned(raw):
    try:
        text = page_of(raw).text
        cleaned = clean_page(page_of(raw))
    except BadPage as error:
        assert error.reason != "ledger"
        return
    line = read_back(audit_line(page_of(raw), cleaned))
    assert line.text in (text, msgspec.UNSET)
    assert list(check_page(line, [read_back(record) for record in cleaned.records], text)) == []


@settings(max_examples=5)
@given(st.lists(RAW_PAGES, min_size=4, max_size=8))
def test_any_folder_of_pages_passes_after_it_was_cleaned(tmp_path_factory, raw_pages):
    folder = tmp_path_factory.mktemp("any")
    (folder / "pages").mkdir()
    for number, raw in enumerate(raw_pages):
        (folder / "pages" / f"{number}{raw.name}").write_bytes(raw.raw)
    rows = [{"text": raw.raw.decode("utf-8", "replace"), "title": "Ferry\treturns"} for raw in raw_pages]
    (folder / "pages" / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run(RunOptions((str(folder / "pages"),), str(folder / "out")))
    assert problems(folder / "out", inputs=True) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "CafÃ© returns\nThe cafÃ© is back. It doesnâ€™t close on Monday."),
        ("a.html", page("<h1>CafÃ© returns</h1><p>The cafÃ© is back. It doesnâ€™t close on Monday.</p>").decode()),
        ("a.jsonl", json.dumps({"text": "CafÃ© returns\nThe cafÃ© is back. It doesnâ€™t close on Monday."}) + "\n"),
    ],
)
def test_the_ledger_of_a_repaired_page_carries_the_text_that_it_counts(tmp_path, name, content):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / name).write_text(content)
    out = tmp_path / "out"
    run(RunOptions((str(tmp_path / "pages"),), str(out)))
    (line,), (record,) = lines_of(out, "audit"), lines_of(out, "records")
    (title,) = [segment for segment in line["segments"] if segment["field"] == "title"]
    assert line["text"][title["start"] : title["end"]] == record["title"] == "Café returns"
    assert "mojibake-repaired" in record["flags"]
    assert problems(out, inputs=True) == []
    change("records", lambda rows: forge(rows[0], "title", "CafÃ© returns"))(out)
    assert problems(out) == [f"{record['page']['path']}: the title of the record {record['id']} is not what the ledger gives"]
