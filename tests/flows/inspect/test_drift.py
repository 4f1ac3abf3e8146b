from __future__ import annotations

import json
from collections import Counter

import pytest

from flows.execution.run import run
from flows.inspect.drift import find_drift
from flows.options import RunOptions
from flows.output.metrics import Counts


def manifest(folder, name: str, pages: int, unknown: int) -> None:
    counts = {"sites": {"a": pages}, "unknown_layout": {"a": unknown}}
    (folder / "runs").mkdir()
    (folder / "runs" / name).write_text(json.dumps({"began": "", "counts": counts}))


@pytest.mark.parametrize(
    ("before", "now", "warned"),
    [((100, 5), (100, 50), True), ((100, 5), (100, 20), False), ((10, 0), (100, 90), False), ((100, 5), (10, 9), False)],
)
def test_a_jump_of_the_share_without_a_layout_is_told(tmp_path, before, now, warned):
    manifest(tmp_path, "000001-20250705T120000.0Z.json", *before)
    (tmp_path / "runs" / "000002-20250705T120000.0Z.json").write_text("{not json")
    found = find_drift(Counts(sites=Counter(a=now[0]), unknown_layout=Counter(a=now[1])), tmp_path)
    assert bool(found) is warned
    assert all(sentence.startswith("50% of the pages of a follow no known layout, against 5%") for sentence in found)


def test_a_run_warns_when_a_site_has_changed(tmp_path, seeds):
    pages = tmp_path / "pages"
    pages.mkdir()
    box = "Try Our AI Features\nExplore what Daily8 AI can do for you:\nComments\nNo comments yet...\nRelated Articles"
    for n in range(25):
        (pages / f"{n}.txt").write_text(f"Title {n}\nBody {n}.\n{box}\nYahoo\n2 hours ago\n- Yahoo\nOther {n}\nText {n}.")
    assert run(RunOptions((str(pages),), str(tmp_path / "out"))).drift == []
    for n in range(25):
        (pages / f"{n}.txt").write_text(f"Title {n}\nBody {n}.\n{box}\nYAHOO, two hours since\nOther {n}\nText {n}.")
    (warning,) = run(RunOptions((str(pages),), str(tmp_path / "out"))).drift
    assert warning.startswith("100% of the pages of daily8 follow no known layout, against 0% in earlier runs")
