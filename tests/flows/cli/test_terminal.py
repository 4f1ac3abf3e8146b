"""Whatever pages, rows and files are called and hold: no command prints what a terminal obeys."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from flows.cli import main
from tests.cleaners.rules.test_model import RULE, toml

# Clear the screen, set the title, ring, delete, C1 forms of the first two, and turn around what follows.
HOSTILE = "\x1b[2J\x1b]0;owned\x07\x08\x7f\x9b2J\x9dx\x85\u202egnp\u2066\u2028"
BIDI = "\u202e\u2066"
TEXT = f"A crane returns {HOSTILE}\nThe crane that left {HOSTILE} in spring is back at the quay, the master said on Monday."
HTML = f"<html><head><title>{HOSTILE}</title></head><body><h1>Crane {HOSTILE}</h1><p>{TEXT}</p><p>{TEXT}</p></body></html>"
COLOUR = re.compile(r"\x1b\[\d*(?:;\d+)*m")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with hostile pages, packs and an output folder of a hostile name."""
    folder = tmp_path_factory.mktemp("terminal")
    pages = folder / f"pages{HOSTILE}"
    pages.mkdir()
    (pages / f"a{HOSTILE}.txt").write_text(TEXT)
    (pages / f"b{HOSTILE}.html").write_text(HTML)
    (pages / f"c{HOSTILE}.jpg").write_bytes(b"\xff\xd8\xff")
    (pages / f"d{HOSTILE}.txt").write_bytes(b"\xff\xd8\xff")
    rows = [{"text": TEXT, "title": HOSTILE, "url": f"https://a.example/{HOSTILE}", HOSTILE: 1}, {HOSTILE: 1, "text": None}]
    (pages / f"e{HOSTILE}.jsonl").write_text("\n".join(map(json.dumps, rows)) + f"\n{{{HOSTILE}\n")
    (folder / f"mine{HOSTILE}.toml").write_bytes(toml(RULE | {"line": json.dumps([HOSTILE], ensure_ascii=True)}))
    out = folder / f"out{HOSTILE}"
    said = CliRunner().invoke(main, ["run", str(pages), "--out", str(out), "--no-prefect", "--workers", "1"], color=True)
    assert said.exit_code == 0, said.output
    _check(said)
    return folder


def _check(said) -> None:
    for line in COLOUR.sub("", said.output).split("\n"):
        # In JSON, data for programs, characters that turn others around are those of the page.
        obeyed = [char for char in line if not char.isprintable() and char != "\t" and not (line[:1] == "{" and char in BIDI)]
        assert not obeyed, ascii(line)


COMMANDS = [
    "run pages --out out --no-prefect --workers 1 --fresh --json",
    "run pages --out out --no-prefect --workers 1 --retry-quarantine",
    "run pages --out out --no-prefect --workers 1 --text-field HOSTILE",
    "run pages --out out --no-prefect --captured-at HOSTILE",
    "run pages --out out --no-prefect --packs gone",
    "run pages --out out --no-prefect --packs .",
    "run gone --out out --no-prefect",
    "run pages --out mine --no-prefect",
    "run HOSTILE://a --out out --no-prefect",
    "status out",
    "status out --json",
    "status out --story HOSTILE",
    "status gone",
    "verify out pages",
    "verify out",
    "verify gone",
    "repair out",
    "repair gone",
    "report out pages",
    "report out --run gone",
    "export out to --format jsonl",
    "export out to --format csv --json --force",
    "export out out",
    "export out to --where HOSTILE=1",
    "export out to --where kind=HOSTILE",
    "export out to --format HOSTILE",
    "export gone to",
    "clean a",
    "clean --audit a",
    "clean b",
    "clean --audit b",
    "clean c",
    "clean d",
    "clean e",
    "clean gone",
    "clean --url HOSTILE a",
    "explain a",
    "explain --why a",
    "explain b",
    "explain --why b",
    "explain --json b",
    "explain d",
    "explain e",
    "rules list mine",
    "rules show HOSTILE",
    "rules test mine",
    "rules list gone",
    "schema HOSTILE",
    "schema record HOSTILE",
    "export out to HOSTILE",
    "HOSTILE",
    "status out HOSTILE",
    "status --HOSTILE out",
    "--HOSTILE",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_what_a_terminal_obeys(command, folder, monkeypatch):
    monkeypatch.chdir(folder)
    pages = folder / f"pages{HOSTILE}"
    names = {
        "pages": str(pages), "mine": f"mine{HOSTILE}.toml", **{name: f"{name}{HOSTILE}" for name in ("out", "to", "gone")},
        **{path.name[0]: str(path) for path in pages.iterdir()},
    }  # fmt: skip
    words = [names.get(word, word).replace("HOSTILE", HOSTILE) for word in command.split()]
    said = CliRunner().invoke(main, words, color=True)
    assert said.output
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    _check(said)
