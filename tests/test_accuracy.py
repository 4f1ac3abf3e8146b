"""The figures on the labelled pages of portals and publishers do not fall."""

from __future__ import annotations

import json

from tests import accuracy


def test_no_figure_is_below_its_floor():
    floors = json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))
    assert floors.pop("cases") == accuracy.digest_of_cases(), "the cases have changed: run python -m tests.accuracy --raise"
    figures = accuracy.measure()
    low = [f"{packs}: {name}" for packs, row in floors.items() for name, floor in row.items() if figures[packs][name] < floor]
    assert low == []


def test_floors_are_not_lowered(tmp_path, monkeypatch, capsys):
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"all packs": {"stories": 1.1}}))
    monkeypatch.setattr(accuracy, "FLOORS", floors)
    monkeypatch.setattr("sys.argv", ["accuracy", "--raise"])
    monkeypatch.setattr(accuracy, "measure", lambda: {"all packs": {"stories": 0.9}})
    assert accuracy.main() == 1
    assert "all packs: stories" in capsys.readouterr().out
    assert json.loads(floors.read_text()) == {"all packs": {"stories": 1.1}}
