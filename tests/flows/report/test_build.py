"""The report of a run: its content, its safety as a single file, and its form when something is missing."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from hypothesis import given

from cleaners import clean_page
from flows.cli import main
from flows.execution.run import run
from flows.options import USUAL, RunOptions
from flows.output.lines import AuditLine
from flows.report import build as reports
from flows.report import html as report_html
from flows.report import pages as report_pages
from flows.report.evidence import Explainer
from flows.report.page_texts import PageTexts
from tests.support.hostile import HOSTILE, write_hostile
from tests.support.pages import pages

PAGES = {
    "a.txt": "Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine.",
    "b.txt": "Crane to go 🏗\nThe crane will be 🏗 taken down.\nShare this article",
    "c.html": "<html><body><h1>Old crane to go</h1><p>The board said on Monday that the crane would go.</p></body></html>",
    "bad.txt": b"\xff\xfe\xff",
}


@pytest.fixture
def done(tmp_path) -> Path:
    """A folder with pages and the output of a run over them."""
    (tmp_path / "pages").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "pages" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out")))
    return tmp_path


def read(done: Path) -> BeautifulSoup:
    return BeautifulSoup((done / "out" / "report.html").read_text(encoding="utf-8"), "lxml")


def pages_of(soup: BeautifulSoup) -> dict[str, dict]:
    return {page["page"]["path"]: page for page in json.loads(soup.find(id="pages-data").string)}


def rows_of(soup: BeautifulSoup, table: str) -> list[list[str]]:
    rows = soup.find("section", {"aria-labelledby": f"{table}-title"}).tbody.find_all("tr")
    return [[cell.get_text().strip() for cell in row.find_all("td")] for row in rows]


def test_each_run_writes_a_report_that_tells_what_it_did(done):
    soup = read(done)
    tiles = {tile.dt.get_text(): tile.dd.get_text(" ", strip=True) for tile in soup.find_all(class_="tile")}
    assert tiles["pages"].split()[0] == "3"
    assert tiles["in quarantine"].split() == ["1", "25.0%"]
    assert ["ad-marker", "13"] in [row[:2] for row in rows_of(soup, "kinds")]
    assert ["en.ad-line", "ad-marker", "1", "13"] in rows_of(soup, "rules")
    assert rows_of(soup, "embedded") == [["0", "3"]]
    assert sum(int(records) for _, records, _ in rows_of(soup, "confidence")) == 3
    assert [row[:2] for row in rows_of(soup, "quarantine")] == [["bad.txt", "undecodable"]]
    charts = {chart["id"]: chart for chart in json.loads(soup.find(id="facts").string)["charts"]}
    assert sum(charts["confidence"]["series"][0]["values"]) == 3
    assert charts["rules"]["labels"][0] == rows_of(soup, "rules")[0][0]
    assert [f"chart-{name}" for name in charts] == [f["id"] for f in soup.find_all("figure") if f["id"][6:] in charts]


def test_files_that_were_passed_over_are_named(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("a.txt", "a.txt.json", "b.docx", "c.docx", ".hidden"):
        (folder / name).write_text(PAGES["a.txt"], encoding="utf-8")
    run(RunOptions((str(folder),), str(tmp_path / "out")))
    soup = read(tmp_path)
    assert rows_of(soup, "skipped-by-reason") == [["not a page", "2"], ["hidden", "1"], ["sidecar of a page", "1"]]
    assert [name for name, _ in rows_of(soup, "skipped")] == [".hidden", "b.docx", "c.docx", "a.txt.json"]


def test_the_pieces_of_a_page_are_its_text_and_tell_of_each_character_what_the_ledger_does(done):
    shown = pages_of(read(done))
    assert set(shown) == {"a.txt", "b.txt", "c.html"}
    for line in (done / "out").glob("audit/*.jsonl").__next__().read_text(encoding="utf-8").splitlines():
        audit = json.loads(line)
        page = shown[audit["page"]["path"]]
        text = audit.get("text") or PAGES[audit["page"]["path"]]
        assert "".join(piece[0] for piece in page["pieces"]) == text
        assert all(not piece[0].strip() for piece in page["pieces"] if len(piece) == 1)
        fates = [piece[1:] for piece in page["pieces"] if len(piece) > 1]
        positions = {record["id"]: record["position"] for record in page["records"]}
        told = [[s["rule"]] if s["rule"] else [positions[s["record"]], s["field"]] for s in audit["segments"]]
        assert fates == told
    assert ["Advertisement", "en.ad-line"] in shown["a.txt"]["pieces"]


def test_a_text_that_is_not_at_hand_is_told_and_the_records_are_shown(done):
    (done / "pages" / "a.txt").unlink()
    (done / "pages" / "b.txt").write_text("Something else\nwith other lines")
    reports.report(done / "out")
    shown = pages_of(read(done))
    assert "not at hand" in shown["a.txt"]["note"]
    assert 0 < shown["a.txt"]["records"][0]["confidence"] < 1
    assert shown["a.txt"]["records"][0]["text"] == "The ferry is back.\nIt sails at nine."
    assert "has changed" in shown["b.txt"]["note"]
    assert shown["c.html"]["note"] == ""


def test_a_report_that_is_asked_for_again_is_the_same(done):
    before = (done / "out" / "report.html").read_bytes()
    (done / "out" / "report.html").unlink()
    said = CliRunner().invoke(main, ["report", str(done / "out"), str(done / "pages")])
    assert (said.exit_code, said.stderr) == (0, f"dehusk: {done / 'out' / 'report.html'}\n")
    assert (done / "out" / "report.html").read_bytes() == before


def test_an_earlier_run_can_be_reported_and_pages_that_later_runs_wrote_anew_are_left_out(done):
    (done / "pages" / "a.txt").write_text("Ferry returns again\nThe ferry is back.")
    (done / "pages" / "new.txt").write_text("New\nA new page.")
    run(RunOptions((str(done / "pages"),), str(done / "out"), settle=0))
    soup = read(done)
    assert set(pages_of(soup)) == {"a.txt", "new.txt"}
    assert len(rows_of(soup, "runs")) == 2
    first, _ = sorted(file.name for file in (done / "out" / "runs").iterdir())
    said = CliRunner().invoke(main, ["report", str(done / "out"), "--run", first, "--to", str(done / "first.html")])
    assert said.exit_code == 0, said.output
    earlier = BeautifulSoup((done / "first.html").read_text(), "lxml")
    assert "runs" not in {section.get("aria-labelledby", "").removesuffix("-title") for section in earlier.find_all("section")}
    assert set(pages_of(earlier)) <= {"b.txt", "c.html"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [([], "no run has left a manifest in"), (["--run", "20200101"], "cannot be read"), (["--run", "broken"], "is no manifest")],
)
def test_a_report_of_no_run_is_a_mistake_told_in_a_sentence(arguments, words, tmp_path):
    if arguments:
        (tmp_path / "runs").mkdir()
        (tmp_path / "runs" / "broken.json").write_text("{")
    said = CliRunner().invoke(main, ["report", str(tmp_path), *arguments])
    assert said.exit_code == 2
    assert words in said.stderr
    assert said.stderr.count("\n") == 1


@pytest.mark.parametrize("to", ["nowhere/report.html", "."])
def test_a_report_goes_to_a_file_that_can_be(to, done):
    said = CliRunner().invoke(main, ["report", str(done / "out"), "--to", str(done / to)])
    assert (said.exit_code, said.stderr.count("\n")) == (2, 1)
    assert "--to: there can be no file" in said.stderr


def test_a_run_is_done_when_its_report_cannot_be_written(done):
    (done / "out" / "report.html").unlink()
    (done / "out" / "report.html").mkdir()
    (done / "pages" / "new.txt").write_text("New\nA new page.")
    said = CliRunner().invoke(main, ["run", str(done / "pages"), "--out", str(done / "out"), "--no-prefect", "--settle", "0"])
    assert said.exit_code == 0
    assert "no report was written (IsADirectoryError" in said.stderr
    assert "report.html" not in said.stdout


def test_the_report_of_a_manifest_that_says_little_is_made_all_the_same(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "20260101T000000.0Z.json").write_text('{"began": "2026-01-01T00:00:00Z", "counts": {"pages": 2}}')
    assert "2026-01-01" in reports.report(tmp_path).file.read_text()


def test_what_went_wrong_is_told_first(tmp_path):
    (tmp_path / "runs").mkdir()
    said = {"began": "2026-01-01T00:00:00Z", "left": 2, "moving": ["a.txt"], "drift": ["<b>has the site changed?"]}
    said["failed"] = [{"shard": "00000-0", "reason": "no space left"}]
    (tmp_path / "runs" / "20260101T000000.0Z.json").write_text(json.dumps(said))
    warnings = BeautifulSoup(reports.report(tmp_path).file.read_text(), "lxml").find(class_="warnings")
    assert [item.get_text() for item in warnings.find_all("li")] == [
        "Shard 00000-0 was not cleaned: no space left; the next run tries it again.",
        "<b>has the site changed?",
        "The run was stopped; 2 of its shards are left to the next one.",
        "1 inputs were being written, and are left to the next run.",
    ]


def test_pages_fill_the_file_up_to_its_limit_and_it_says_so(done, monkeypatch):
    size = (done / "out" / "report.html").stat().st_size
    monkeypatch.setattr(report_html, "MAX_BYTES", size - 200)
    reports.report(done / "out")
    soup = read(done)
    assert 0 < len(pages_of(soup)) < 3
    assert f"{len(pages_of(soup))} of 3 pages" in soup.find(id="pages").find(class_="note").get_text()
    assert (done / "out" / "report.html").stat().st_size <= size - 200


def test_the_file_stays_below_its_limit_whatever_pages_and_names_hold(tmp_path):
    folder = tmp_path / "pages" / "/".join(["\x01'" * 60] * 8)
    folder.mkdir(parents=True)
    for number in range(210):
        (folder / f"{number}.txt").write_text("")
        (folder / f"{number}.pdf").write_text("")
    for number in range(60):
        (tmp_path / "pages" / f"{number}.txt").write_text("Title\n" + "< & > ' " * 18_000)
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out")))
    size = (tmp_path / "out" / "report.html").stat().st_size
    assert 3_000_000 < size < 5_000_000
    assert len(pages_of(read(tmp_path))) > 3


def test_a_page_that_is_too_long_is_not_shown_piece_by_piece(done, monkeypatch):
    monkeypatch.setattr(report_pages, "MAX_CHARS", 20)
    reports.report(done / "out")
    page = pages_of(read(done))["a.txt"]
    assert page["pieces"] == []
    assert "too many to be shown" in page["note"]
    assert page["records"][0]["text"] == "The ferry is back.\nIt sails at nine."


@pytest.mark.parametrize(
    "edited",
    [PAGES["a.txt"].replace("nine", "nin!"), PAGES["a.txt"].replace("\n", " "), PAGES["a.txt"][:20]],
)
def test_a_page_that_was_edited_is_not_shown_as_the_one_that_was_cleaned(edited, done):
    (done / "pages" / "a.txt").write_text(edited)
    reports.report(done / "out")
    page = pages_of(read(done))["a.txt"]
    assert page["pieces"] == []
    assert page["note"] == "This page has changed since it was cleaned."


def test_a_page_with_the_ledger_of_a_run_and_the_records_of_another_is_left_out(done):
    """So they are while a run replaces the files of a shard, one after the other."""
    records = [(file, file.read_bytes()) for file in (done / "out" / "records").iterdir()]
    (done / "pages" / "c.html").write_text(PAGES["c.html"].replace("crane would go", "crane would stay"))
    run(RunOptions((str(done / "pages"),), str(done / "out")))
    assert pages_of(read(done)).keys() == {"c.html"}
    for file, content in records:
        file.write_bytes(content)
    reports.report(done / "out")
    assert pages_of(read(done)) == {}


@given(pages)
def test_the_pieces_give_the_texts_of_records_or_these_are_sent_along(text):
    cleaned = clean_page(text)
    audit = AuditLine(cleaned.page, cleaned.segments, text)
    page = report_pages._shown(audit, cleaned.records, PageTexts([], {}, USUAL, 0), Explainer(None))
    joined = report_pages.texts_joined_by_script(page.pieces)
    told = [record.text or joined.get(record.position, "") for record in page.records]
    assert told == [record.text for record in cleaned.records]
    assert page.note == ""


def test_scraped_text_is_data_and_nothing_but_the_scripts_of_the_report_may_run(tmp_path):
    write_hostile(tmp_path / "pages")
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out")))
    raw = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(raw, "lxml")
    shown = "".join(piece[0] for page in pages_of(soup).values() for piece in page["pieces"])
    assert [text for text in HOSTILE if text not in shown] == []
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', raw)[1])
    assert policy.startswith("default-src 'none'; ")
    for tag in soup.find_all(["script", "style"]):
        if tag.get("type") != "application/json":
            digest = base64.b64encode(hashlib.sha256(tag.string.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    attributes = {name for tag in soup.find_all() for name in tag.attrs}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")]
    assert all(link["href"].startswith("#") for link in soup.find_all("a"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", re.sub(r'(?s)<script type="application/json".*?</script>', "", raw))
