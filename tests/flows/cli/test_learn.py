"""The command `dehusk learn`: what it prints, what it decides, and mistakes as one sentence."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from flows.cli import main
from tests.support.learnt_site import MENU, write_site


def dehusk(*words: str):
    return CliRunner().invoke(main, ["learn", *words])


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


def test_yes_accepts_what_is_sure(site, tmp_path):
    told = dehusk(str(site), "--to", str(tmp_path / "packs"), "--site", "quay", "--yes", "--workers", "1", "--json")
    assert told.exit_code == 0, told.output
    summary = json.loads(told.stdout)
    assert summary["sites"]["quay"]["groups"]["lines"] is True
    assert summary["accepted"]
    assert 'sure = "ambiguous"' not in (tmp_path / "packs" / "quay.toml").read_text()


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
