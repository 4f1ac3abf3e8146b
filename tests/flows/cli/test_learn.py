"""The command `dehusk learn`: what it prints, what it decides, and mistakes as one sentence."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaners.rules.model import Pack, Rule
from flows.cli import main
from flows.learning.learn import LearntSites
from tests.support import processes
from tests.support.learnt_site import MENU, write_site
from tests.support.site_rows import site_rows, write_rows
from tests.support.terminal import env, in_terminal

# `dehusk learn` that draws its progress soon and often, and learns a site only when that has been drawn.
SHOWN_LEARN = """
import sys, threading
from flows.cli import main, progress
from flows.cli.live_bar import Bar
from flows.learning import learn
progress.BAR = progress.BAR._replace(after=0.0, every=0.05)
drawn = threading.Event()
def draw(self, snapshot, pace, draw=Bar.draw):
    draw(self, snapshot, pace)
    if snapshot.unit == "site":
        drawn.set()
def learn_shard(shard, settings, learn_shard=learn.learn_shard):
    assert drawn.wait(60)
    return learn_shard(shard, settings)
Bar.draw, learn.learn_shard = draw, learn_shard
main(["learn", *sys.argv[1:]])
"""


def dehusk(*words: str):
    return CliRunner().invoke(main, ["learn", *words])


def shown_learn(site: Path, folder: Path, *asked: str, code: str = SHOWN_LEARN) -> list[str]:
    """Return the command that learns a site with one worker."""
    return [sys.executable, "-c", code, str(site), "--to", str(folder / "packs"), "--site", "quay", "--workers", "1", *asked]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return write_site(tmp_path_factory.mktemp("sites") / "quay", 16)


def test_it_proposes_then_accepts_and_drops(site, tmp_path):
    to = str(tmp_path / "packs")
    told = dehusk(str(site), "--to", to, "--site", "quay", "--workers", "1")
    assert told.exit_code == 0, told.output
    assert "rules from 16 pages (lines" in told.stdout
    assert "--accept quay (or --drop quay.lines)" in told.stdout
    assert dehusk("--to", to, "--accept", "quay").stdout.startswith("accepted quay.")
    assert MENU[0] in (tmp_path / "packs" / "quay.toml").read_text()
    assert dehusk("--to", to, "--drop", "quay").stdout.startswith("dropped quay.")
    assert not (tmp_path / "packs" / "quay.toml").exists()


def test_what_was_dropped_is_told_when_the_site_is_learnt_again(site, tmp_path):
    asked = (str(site), "--to", str(tmp_path / "packs"), "--site", "quay", "--workers", "1")
    dehusk(*asked)
    dehusk("--to", str(tmp_path / "packs"), "--drop", "quay")
    again = dehusk(*asked)
    assert again.stdout == "quay: 16 pages differ, and all rules that help to read them were dropped before\n"


def test_what_was_accepted_is_told_before_a_mistake_in_what_to_drop(site, tmp_path):
    to = str(tmp_path / "packs")
    dehusk(str(site), "--to", to, "--site", "quay", "--workers", "1")
    told = dehusk("--to", to, "--accept", "quay", "--drop", "ferry")
    assert (told.exit_code, told.stdout.startswith("accepted quay.")) == (2, True)
    assert "nothing proposed is named ferry" in told.stderr


def test_the_next_step_names_a_group_that_is_proposed(monkeypatch, tmp_path):
    rule = Rule(id="quay.prefix-1", kind="navigation", line=("Photo: {tail}",), remove=("Photo: Ada",), keep=("So it was.",))
    learnt = LearntSites(proposed={"quay": Pack(name="quay", title="The Quay Post", rule=(rule,))})
    monkeypatch.setattr("flows.learning.learn.learn", lambda *_: learnt)
    told = dehusk("pages", "--to", str(tmp_path))
    assert f"dehusk learn --to {tmp_path} --accept quay (or --drop quay.prefixes)" in told.stdout


def test_a_file_is_no_folder_for_packs(site, tmp_path):
    (tmp_path / "packs").write_text("")
    told = dehusk(str(site), "--to", str(tmp_path / "packs"))
    assert (told.exit_code, told.stderr) == (2, f"dehusk: {tmp_path}/packs is a file; name a folder for packs with --to\n")


def test_yes_accepts_what_is_sure(site, tmp_path):
    told = dehusk(str(site), "--to", str(tmp_path / "packs"), "--site", "quay", "--yes", "--workers", "1", "--json")
    assert told.exit_code == 0, told.output
    summary = json.loads(told.stdout)
    assert summary["sites"]["quay"]["groups"]["lines"] is True
    assert summary["accepted"]
    assert 'sure = "ambiguous"' not in (tmp_path / "packs" / "quay.toml").read_text()


@pytest.mark.parametrize("asked", [[], ["--json"]])
def test_a_terminal_shows_how_many_sites_are_learnt(site, tmp_path, asked):
    out, shown = in_terminal(shown_learn(site, tmp_path, *asked))
    assert re.search(r"\d+% .*━.* 0 of 1 sites learnt", shown)
    assert "\x1b" not in out
    assert out.startswith('{"sites":{"quay":' if asked else "quay: ")


def test_a_log_has_no_progress(site, tmp_path):
    code = SHOWN_LEARN.replace("drawn.wait(60)", "True")
    done = processes.run(shown_learn(site, tmp_path, code=code), env=env(), check=True)
    assert done.stderr == ""


def test_the_hosts_with_the_most_pages_alone_are_learnt(tmp_path):
    numbers = {"quaypost.example": range(12), "ferrytimes.example": range(10), "small.example": range(2)}
    rows = [row for host, pages in numbers.items() for row in site_rows(host, pages)]
    told = dehusk(str(write_rows(tmp_path / "rows.jsonl", rows)), "--to", str(tmp_path / "packs"), "--most-sites", "1")
    assert told.exit_code == 0, told.output
    assert [line.partition(":")[0] for line in told.stdout.splitlines()[:-1]] == ["quaypost-example"]
    assert told.stderr == "left out: 2 sites with fewer pages than others\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "no pages given; name files or folders with pages of a site"),
        (["pages", "--accept", "quay"], "leave out the inputs"),
        (["--accept", "quay"], "holds no proposal; learn some pages first"),
        (["pages", "--site", "Quay Post"], "Quay Post is no name of a pack; write it as quay-post"),
        (["pages", "--site", "daily8"], "there is a pack named daily8 already; give your site another name"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    told = dehusk(*words)
    assert told.exit_code == 2
    assert sentence in told.stderr
    assert len(told.stderr.splitlines()) == 1
