"""The command as a user calls it: its output on stdout and stderr, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.support.command import SEED, dehusk, dehusk_process

_CONTROLS = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))}


def test_a_page_becomes_records_on_stdout():
    done = dehusk_process("clean", SEED)
    assert (done.returncode, done.stderr) == (0, b"")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["article", "story", "story", "story"]


def test_a_page_may_come_by_standard_input():
    with open(SEED, "rb") as file:
        done = dehusk_process("clean", "-", "--url", "https://www.daily8.com/en/article/0", stdin=file.read())
    row = json.loads(done.stdout.splitlines()[0])
    assert (row["url"], row["page"]["path"]) == ("https://www.daily8.com/en/article/0", "")


def test_the_ledger_may_be_asked_for():
    (line,) = dehusk("clean", SEED, "--audit").stdout.splitlines()
    assert list(json.loads(line)) == ["page", "segments"]


def test_cleaning_a_page_never_imports_prefect():
    code = f"""
import sys
from flows.cli import main
try:
    main(["clean", {SEED!r}])
except SystemExit as done:
    assert not done.code
heavy = {{"prefect", "rich", "trafilatura", "bs4", "fastapi", "pydantic"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["clean", "missing.txt"], "dehusk: missing.txt is no file; name a page, or - for standard input"),
        (["explain", "seeds"], "dehusk: seeds is no file"),
        (["clean", SEED, "--captured-at", "noon"], "dehusk: --captured-at: 'noon' is no time"),
        (["clean", SEED, "--captured-at", "0001-01-01T00:00:00+14:00"], "is no time"),
        (["clean", "-", "--captured-at", "sidecar"], "needs a file on this machine"),
        (["clean", SEED, "--url", "javascript:alert(1)"], "dehusk: --url: 'javascript:alert(1)' is no address of the web"),
        (["run", ""], "dehusk: '' does not exist"),
        (["clean", SEED, "--packs", "missing"], "dehusk: --packs: missing is no folder"),
        (["run"], "dehusk: no input given"),
        (["run", "missing"], "dehusk: missing does not exist"),
        (["run", "x" * 300], "x does not exist"),
        (["clean", "x" * 300], "x is no file"),
        (["run", "seeds", "--out", "LICENSE"], "LICENSE cannot be written to"),
        (["run", "seeds", "--out", ""], "--out is empty; name a folder for the output"),
        (["run", "seeds", "--engine", "abacus"], "Invalid value for '--engine'"),
        (["scrub"], "No such command 'scrub'"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(arguments, says):
    done = dehusk(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_page_that_cannot_be_cleaned_is_exit_code_1():
    done = dehusk_process("clean", "-", stdin=b"\xff\xff")
    assert (done.returncode, done.stdout) == (1, b"")
    assert (
        done.stderr.decode()
        == "dehusk: the page was not cleaned: not valid UTF-8 at byte 0 (invalid start byte) (undecodable)\n"
    )


def test_a_sidecar_that_cannot_be_read_is_told_in_a_sentence(tmp_path):
    (tmp_path / "a.txt").write_text("A title\nA body.")
    (tmp_path / "a.txt.json").write_text("{")
    done = dehusk("clean", str(tmp_path / "a.txt"), "--captured-at", "sidecar")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "a.txt was not cleaned: its sidecar cannot be read" in done.stderr.decode()


def test_an_address_that_is_none_is_no_obstacle():
    assert dehusk("clean", SEED, "--url", "http://[bad").returncode == 0


def test_a_closed_standard_input_is_a_mistake():
    done = subprocess.run(f"{sys.executable} -m flows.cli clean - <&-", shell=True, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


def test_a_quiet_run_still_tells_of_quarantine(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xff")
    done = dehusk("run", str(tmp_path / "a.txt"), "--no-prefect", "--quiet", "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().startswith("dehusk: 1 page went to ")


def test_a_name_is_not_obeyed_by_the_terminal(tmp_path):
    done = dehusk("clean", str(tmp_path / "a\x1b[31m.txt"))
    assert b"\x1b" not in done.stderr
    done = dehusk("run", str(tmp_path / "a\nb\r\n.txt"), "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stderr.count(b"\n"), b"\r" in done.stderr) == (2, 1, False)
    assert dehusk("rules", "show", "daily8.app-box").stdout.count(b"\n") > 5


@pytest.fixture
def odd_names(tmp_path):
    """The arguments for a run whose folders and pages have names that are no UTF-8; its output folder comes third."""
    for name in (b"in\xff", b"packs\xff"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), name))
    with open(os.path.join(os.fsencode(tmp_path), b"in\xff", b"\xfe.txt"), "wb") as file:
        file.write(b"A title\nA body.")
    with open(os.path.join(os.fsencode(tmp_path), b"packs\xff", b"mine.toml"), "w") as pack:
        pack.write('name = "mine"\ntitle = "My own rules"\n')
    pages, out, packs = (
        os.fsdecode(os.path.join(os.fsencode(tmp_path), name)) for name in (b"in\xff", b"out\xff", b"packs\xff")
    )
    return [pages, "--out", out, "--packs", packs]


def test_names_may_be_made_of_any_bytes(odd_names):
    for option in ("--json", "--quiet", "--fresh"):
        done = dehusk_process("run", *odd_names, "--no-prefect", option)
        assert (done.returncode, done.stderr) == (0, b"")
    assert len(os.listdir(os.path.join(odd_names[2], "runs"))) == 2


@pytest.mark.service
@pytest.mark.xdist_group("Prefect")
def test_names_may_be_made_of_any_bytes_with_prefect_too(odd_names, prefect_api):
    done = dehusk_process("run", *odd_names, "--json", env=prefect_api)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_run_prints_a_table_or_json_or_nothing(tmp_path):
    run = ["run", "seeds", "--no-prefect", "--out", str(tmp_path)]
    assert "│ characters removed │" in dehusk(*run).stdout.decode()
    row = json.loads(dehusk(*run, "--json", "--fresh").stdout)
    assert (row["pages"], row["records"]) == (2, {"article": 2, "story": 6})
    assert dehusk(*run, "--quiet").stdout == b""


def test_the_site_packs_can_be_left_out(tmp_path):
    dehusk("run", "seeds", "--no-prefect", "--no-site-packs", "--out", str(tmp_path), "--quiet")
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("records/*.jsonl"))
    assert '"site":"daily8"' not in text
    assert '"site":""' in text


@pytest.mark.parametrize("command", [[], ["run"], ["clean"]])
def test_every_command_has_help(command):
    done = dehusk(*command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout.decode()


@pytest.mark.parametrize("arguments", [["clean"], ["clean", "--audit"], ["explain"], ["explain", "--json"]])
def test_no_control_character_of_a_page_reaches_the_terminal(arguments, tmp_path):
    page = tmp_path / "\x9b2Jcrane\x1b[2J.html"
    head = "<meta property='og:site_name' content='Quay\x9bPost'>"
    page.write_text(
        f"<html><head>{head}</head><body><h1>Old\x9b31m crane</h1><p>It\x7f goes\x85 on\x80 Monday.</p></body></html>"
    )
    done = dehusk_process(*arguments, str(page))
    assert done.returncode == 0
    colours = re.compile(r"\x1b\[[0-9;]*m")
    assert not [char for char in colours.sub("", done.stdout.decode()) if char != "\n" and char in _CONTROLS]
    assert not [char for char in done.stderr.decode() if char != "\n" and char in _CONTROLS]
