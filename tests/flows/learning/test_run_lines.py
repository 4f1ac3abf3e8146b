"""Runs that learn lines: the same bytes however inputs come; what is learnt anew is cleaned again; a stop leaves nothing."""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.errors import Failed
from flows.execution import run as runs
from flows.execution.engines import clean_shards
from flows.execution.results import RunSummary, finish
from flows.inputs import containers
from flows.inspect.status import status_of
from flows.inspect.verify import verify_output
from flows.layout import FOLDERS, LEARNING_PREFIX, LINES_FILE
from flows.learning import gather, run_lines
from flows.learning.run_lines import learner
from flows.options import USUAL, RunOptions
from flows.orchestration.flow import clean
from flows.orchestration.scheduled import run_scheduled
from flows.output.manifest import decode_manifest
from tests.support.site_rows import FOOT, LINES, site_rows, write_rows

QUAY, FERRY, SMALL = "quaypost.example", "www.ferrytimes.example", "small.example"


def fail(*_, **__):
    raise OSError(28, "No space left on device")


def learn(inputs: list[Path], out: Path, **options) -> RunSummary:
    given = RunOptions(tuple(map(str, inputs)), str(out), **({"workers": 1, "learn_lines": True} | options))
    return runs.run(given, learner=learner())


def rules(out: Path) -> set[str]:
    """Return the rules for learnt lines in the ledgers."""
    lines = [json.loads(line) for file in out.glob("audit/*.jsonl") for line in file.read_text().splitlines()]
    found = {segment["rule"] for line in lines for segment in line["segments"]}
    return {rule for rule in found if rule and rule.startswith("learnt-lines.")}


def files(out: Path) -> dict[str, bytes]:
    return {str(file.relative_to(out)): file.read_bytes() for name in FOLDERS for file in (out / name).glob("*.jsonl")}


def rows(out: Path) -> list[bytes]:
    """Return all lines of an output folder in order, whatever their shards."""
    return sorted(line for content in files(out).values() for line in content.splitlines())


@pytest.fixture
def inputs(tmp_path) -> list[Path]:
    folder = tmp_path / "in"
    return [
        write_rows(folder / "quay.jsonl", site_rows(QUAY, range(12))),
        write_rows(folder / "ferry.jsonl", site_rows(FERRY, range(20, 31), foot=FOOT[:2])),
        write_rows(folder / "small.jsonl", site_rows(SMALL, range(40, 49))),
    ]


def test_learnt_lines_are_told_and_removed(inputs, tmp_path):
    summary = learn(inputs, tmp_path / "out")
    assert decode_manifest(tmp_path / "out" / summary.manifest).learnt_lines == {"ferrytimes.example": 5, QUAY: 6}
    assert rules(tmp_path / "out") == {"learnt-lines.ferrytimes.example.line", f"learnt-lines.{QUAY}.line"}
    assert [*verify_output(tmp_path / "out", [*map(str, inputs)], "", USUAL)] == []


def test_two_workers_write_the_same(inputs, tmp_path, cut_at):
    cut_at(1_000)
    learn(inputs, tmp_path / "one")
    learn(inputs, tmp_path / "two", workers=2)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert len(files(tmp_path / "one")) > 6


def test_the_order_of_inputs_does_not_matter(inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    learn(inputs[::-1], tmp_path / "reversed")
    assert rows(tmp_path / "out") == rows(tmp_path / "reversed")


def test_a_second_run_does_nothing(inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    before = files(tmp_path / "out")
    summary = learn(inputs, tmp_path / "out")
    assert (summary.manifest, summary.unchanged) == ("", 3)
    assert files(tmp_path / "out") == before


def test_inputs_without_changes_are_not_read_again(inputs, tmp_path, monkeypatch):
    learn(inputs, tmp_path / "out")
    before = files(tmp_path / "out")
    monkeypatch.delattr(run_lines, "gather_sources")
    assert learn(inputs, tmp_path / "out").unchanged == 3
    next((tmp_path / "out" / "records").glob("*.jsonl")).write_text("damaged")
    assert learn(inputs, tmp_path / "out").counts.pages == 32
    assert files(tmp_path / "out") == before
    assert learn(inputs, tmp_path / "out").manifest == ""


@pytest.mark.parametrize("change", ["touched", "grown", "other option", "bad file"])
def test_inputs_with_any_change_are_read_again(change, inputs, tmp_path, monkeypatch):
    if change == "bad file":
        monkeypatch.setattr(containers, "open_file", fail)
    learn(inputs, tmp_path / "out")
    if change == "touched":
        os.utime(inputs[0], (1, 1))
    if change == "grown":
        inputs.append(write_rows(tmp_path / "in" / "more.jsonl", site_rows(QUAY, range(80, 81))))
    monkeypatch.delattr(run_lines, "gather_sources")
    with pytest.raises(NameError):
        learn(inputs, tmp_path / "out", strict=change == "other option")


def test_inputs_that_come_one_by_one_end_with_the_same(inputs, tmp_path):
    learn(inputs, tmp_path / "whole")
    more = write_rows(tmp_path / "in" / "small-2.jsonl", site_rows(SMALL, range(60, 65)))
    for number in range(1, 4):
        learn(inputs[:number], tmp_path / "grown")
    assert rows(tmp_path / "grown") == rows(tmp_path / "whole")
    summary = learn([*inputs, more], tmp_path / "grown")
    assert (summary.counts.pages, summary.unchanged) == (14, 2)  # those of the site that is learnt now
    learn([*inputs, more], tmp_path / "anew")
    assert rows(tmp_path / "grown") == rows(tmp_path / "anew")
    assert f"learnt-lines.{SMALL}.line" in rules(tmp_path / "grown")


def test_new_pages_that_change_no_line_leave_the_others_alone(inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    more = write_rows(tmp_path / "in" / "quay-2.jsonl", site_rows(QUAY, range(70, 73)))
    summary = learn([*inputs, more], tmp_path / "out")
    assert (summary.counts.pages, summary.unchanged) == (3, 3)


def test_inputs_that_are_gone_keep_their_lines(inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    before = rows(tmp_path / "out")
    assert learn(inputs[1:], tmp_path / "out").manifest == ""
    assert rows(tmp_path / "out") == before


def test_without_enough_pages_all_is_as_without(inputs, tmp_path):
    learn(inputs[2:], tmp_path / "with")
    learn(inputs[2:], tmp_path / "without", learn_lines=False)
    assert files(tmp_path / "with") == files(tmp_path / "without")
    assert not (tmp_path / "without" / LINES_FILE).exists()


def test_what_was_learnt_goes_with_the_option(inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    assert learn(inputs, tmp_path / "out", learn_lines=False).counts.pages == 23  # those of the two sites
    learn(inputs, tmp_path / "without", learn_lines=False)
    assert rows(tmp_path / "out") == rows(tmp_path / "without")


def test_a_site_with_a_pack_of_the_user_is_left_alone(inputs, tmp_path):
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "quay.toml").write_text(f'name = "quay"\ntitle = "Quay"\nhosts = ["{QUAY}"]\n')
    learn(inputs, tmp_path / "out", packs=str(tmp_path / "packs"))
    assert rules(tmp_path / "out") == {"learnt-lines.ferrytimes.example.line"}


def test_pages_without_an_address_are_not_learnt_from(tmp_path):
    file = write_rows(tmp_path / "rows.jsonl", ({"text": row["text"]} for row in site_rows(QUAY, range(12))))
    learn([file], tmp_path / "out")
    assert rules(tmp_path / "out") == set()


def test_prints_of_one_page_count_once(tmp_path):
    prints = [row for _ in range(12) for row in site_rows(QUAY, [1])]
    learn([write_rows(tmp_path / "rows.jsonl", prints)], tmp_path / "out")
    assert rules(tmp_path / "out") == set()


def test_standard_input_is_learnt_from(inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(inputs[0].read_bytes())))
    summary = learn([Path("-")], tmp_path / "out")
    assert (summary.counts.pages, rules(tmp_path / "out")) == (12, {f"learnt-lines.{QUAY}.line"})


def test_a_large_page_is_cleaned_and_not_learnt_from(inputs, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.learning.line_shard.MAX_PAGE_BYTES", 10)
    assert learn(inputs, tmp_path / "out").counts.pages == 32
    assert rules(tmp_path / "out") == set()


def test_what_a_killed_run_has_left_is_removed(inputs, tmp_path):
    (tmp_path / "out" / f"{LEARNING_PREFIX}x").mkdir(parents=True)
    (tmp_path / "out" / f"{LEARNING_PREFIX}x" / "lines.json").write_text("[]")
    learn(inputs, tmp_path / "out", learn_lines=False)
    assert [*(tmp_path / "out").glob(f"{LEARNING_PREFIX}*")] == []


def test_repair_leaves_what_was_learnt(inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    (tmp_path / "out" / "state.db").unlink()
    assert CliRunner().invoke(main, ["repair", str(tmp_path / "out")]).exit_code == 0
    assert (tmp_path / "out" / LINES_FILE).exists()
    assert learn(inputs, tmp_path / "out").manifest == ""


@pytest.mark.parametrize("content", [b"", b"{", b'[{"sample": 1}]', b"[]"])
def test_what_was_remembered_only_saves_time(content, inputs, tmp_path):
    learn(inputs, tmp_path / "out")
    remembered = (tmp_path / "out" / LINES_FILE).read_bytes()
    (tmp_path / "out" / LINES_FILE).write_bytes(content)
    assert learn(inputs, tmp_path / "out").manifest == ""
    assert (tmp_path / "out" / LINES_FILE).read_bytes() == remembered


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
@pytest.mark.parametrize("step", ["gather_shard", "learn_lines"])
def test_a_run_that_is_stopped_while_it_learns_leaves_nothing(step, number, code, inputs, tmp_path, monkeypatch):
    module = gather if step == "gather_shard" else run_lines
    does = getattr(module, step)

    def stopped(*given, **settings):
        signal.raise_signal(number)
        return does(*given, **settings)

    monkeypatch.setattr(module, step, stopped)
    with pytest.raises(code):
        learn(inputs, tmp_path / "out")
    assert files(tmp_path / "out") == {}
    assert [*(tmp_path / "out").glob(".learn*")] == []
    assert status_of(tmp_path / "out", "", ()).runs == []
    monkeypatch.undo()
    assert learn(inputs, tmp_path / "out").counts.pages == 32


@pytest.mark.parametrize("step", ["gather_shard", "learn_lines"])
def test_a_shard_that_cannot_be_learnt_from_fails_the_run(step, inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(gather if step == "gather_shard" else run_lines, step, fail)
    with pytest.raises(Failed, match=r"lines of sites could not be learnt \(No space left on device\)"):
        learn(inputs, tmp_path / "out")
    assert files(tmp_path / "out") == {}


def test_a_run_of_the_flow_learns(inputs, tmp_path):
    def without_prefect(context) -> RunSummary:
        return finish(context, clean_shards("local", "", 1, context.settings, context.plan.shards, context.progress))

    options = RunOptions((str(inputs[0]),), str(tmp_path / "out"), workers=1, learn_lines=True)
    assert run_scheduled(options, without_prefect).is_completed()
    assert rules(tmp_path / "out") == {f"learnt-lines.{QUAY}.line"}
    assert clean.parameters.properties["learn_lines"]["default"] is False


def test_every_line_of_the_menu_is_learnt(inputs, tmp_path):
    learn(inputs[:1], tmp_path / "out")
    (remembered,) = json.loads((tmp_path / "out" / LINES_FILE).read_text())["sites"]
    assert {*remembered["lines"]["lines"].values()} == LINES
