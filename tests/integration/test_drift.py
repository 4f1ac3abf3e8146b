"""A site that changes its layout, from end to end: told by every means, learnt again, and told no more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from cleaners.rules.load import read_pack
from flows.cli import main
from tests.support.drifting_site import FIXED_LINES, write_pages

SITE = "quaypost-example"
TOLD = (
    f"100% of the pages of {SITE} since 2026-03 lack its signs and are known by their address alone, against 0% before; "
    "has the site changed? learn it again beside its pack: dehusk learn INPUT --to PACKS"
)


def dehusk(*words: object) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def run(folder: Path, *more: object) -> None:
    dehusk("run", folder / "pages", "--out", folder / "out", "--packs", folder / "packs", "--no-prefect", "--workers", 1, *more)


def templates(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    pack = read_pack((folder / "packs" / f"{SITE}.toml").read_bytes(), SITE)
    return [(template.id.removeprefix(f"{SITE}."), template.seen) for template in pack.template]


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> Path:
    """A folder with a pack that was learnt of old pages, and with runs over these and over the new ones."""
    folder = tmp_path_factory.mktemp("drift")
    write_pages(folder / "pages" / "old.jsonl", 0, ["2026-01", "2026-02"], is_new=False)
    dehusk("learn", folder / "pages", "--to", folder / "packs", "--yes", "--workers", 1)
    assert templates(folder) == []
    run(folder)
    write_pages(folder / "pages" / "new.jsonl", 500, ["2026-03", "2026-04"], is_new=True)
    (folder / "tell.sh").write_text(f"#!/bin/sh\ncat > '{folder}/alarm.json'\n")
    (folder / "tell.sh").chmod(0o755)
    run(folder, "--settle", 0, "--on-problem", folder / "tell.sh")
    return folder


def test_the_change_is_told_by_status_report_and_alarm(changed):
    assert dehusk("status", changed / "out").splitlines()[-1] == TOLD
    status = json.loads(dehusk("status", changed / "out", "--json"))
    assert status["drift"] == [TOLD]
    assert {month: (one["pages"], one["lacks_signs"]) for month, one in status["drifting"][SITE].items()} == {
        "2026-01": (8, 0),
        "2026-02": (8, 0),
        "2026-03": (8, 8),
        "2026-04": (8, 8),
    }
    alarm = json.loads((changed / "alarm.json").read_text())
    assert (alarm["what"], alarm["sentences"]) == (["drift"], [TOLD])
    report = BeautifulSoup((changed / "out" / "report.html").read_text(encoding="utf-8"), "lxml")
    assert report.find(class_="warnings").get_text(strip=True) == TOLD
    rows = report.find(id="drift-title").find_parent("section").tbody.find_all("tr")
    assert [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in rows][1:3] == [
        [SITE, "2026-02", "8", "0.0%", "0.0%", ""],
        [SITE, "2026-03", "8", "0.0%", "100.0%", ""],
    ]
    (chart,) = (one for one in json.loads(report.find(id="facts").get_text())["charts"] if one["id"] == "drift")
    assert chart["labels"] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert [one["values"] for one in chart["series"]] == [[0.0] * 4, [0.0, 0.0, 100.0, 100.0], [0.0] * 4]


@pytest.mark.slow
@pytest.mark.parametrize("given", ["pages/new.jsonl", "pages"])
def test_the_new_template_is_learnt_beside_the_old_one_and_all_is_well(changed, tmp_path, given):
    shutil.copytree(changed, tmp_path / "copy")
    folder = tmp_path / "copy"
    said = dehusk("learn", folder / given, "--to", folder / "packs", "--workers", 1)
    assert f"template {SITE}.template-1 seen 2026-01-01 to 2026-02-08" in said
    assert f"new template {SITE}.template-2 seen 2026-03-01 to 2026-04-08" in said
    assert templates(folder) == []  # nothing is in use before a person has accepted it
    review = BeautifulSoup((folder / "packs" / "review.html").read_text(encoding="utf-8"), "lxml")
    assert [row.get_text(" ", strip=True) for row in review.find(id="site-1-templates").find_all("summary")] == [
        f"{SITE}.template-1 known before · seen 2026-01-01 to 2026-02-08",
        f"{SITE}.template-2 new · seen 2026-03-01 to 2026-04-08",
    ]
    dehusk("learn", "--to", folder / "packs", "--accept", SITE)
    beside = [("template-1", ("2026-01-01", "2026-02-08")), ("template-2", ("2026-03-01", "2026-04-08"))]
    assert templates(folder) == beside
    run(folder, "--settle", 0)
    status = json.loads(dehusk("status", folder / "out", "--json"))
    assert (status["drift"], status["drifting"]) == ([], {})
    lines = [line for file in (folder / "out" / "records").glob("*.jsonl") for line in file.read_bytes().splitlines()]
    own = [record for record in map(json.loads, lines) if record["kind"] == "article"]
    assert len(own) == 32
    assert not [line for record in own for line in record["text"].splitlines() if line in FIXED_LINES]
    assert all(record["text"].count("\n") >= 3 for record in own)

    write_pages(folder / "pages" / "later.jsonl", 900, ["2026-05"], is_new=True, each=10)
    dehusk("learn", folder / "pages" / "later.jsonl", "--to", folder / "packs", "--yes", "--workers", 1)
    assert templates(folder) == [beside[0], ("template-2", ("2026-03-01", "2026-05-10"))]
    run(folder, "--settle", 0)
    assert json.loads(dehusk("status", folder / "out", "--json"))["drift"] == []
