"""Pins: every page that can be read is held exactly, checked with its own options, and each difference is told shortly."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import main
from flows.inputs.raw_page import RawPage
from flows.inputs.single_file import pages_of_file
from flows.options import RowFields
from flows.packs import compiled
from flows.pin.model import read_pin
from flows.pin.page import page_in
from tests.cleaners.rules.test_model import RULE, toml
from tests.conftest import ROOT
from tests.support.command import SEED, dehusk, dehusk_process
from tests.support.packs import URL, pack, rule
from tests.support.warcs import http, record

PAGE = "Ferry returns\nThe ferry is back on Monday, the company said.\nAdvertisement\nIt sails at nine.\n"
HTML = b"<html><head><title>Crane</title></head><body><h1>Old crane</h1><p>The old crane will be taken down.</p></body></html>"
ROWS = (
    b'{"url": "https://quaypost.example/crane", "headline": "Old crane", "content": "The old crane will be taken down.",'
    b' "date": "2025-07-05T12:00:00Z"}\n{"content": "Ferry returns\\nThe ferry is back.", "other": "\\ud83d"}\n{"a": 1}\n'
)
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Quay Post</title><link>https://quaypost.example</link>
<item><title>Old crane</title><link>https://quaypost.example/c</link><description>The old crane goes.</description></item>
<item><title>Ferry</title><pubDate>Sat, 05 Jul 2025 12:00:00 GMT</pubDate><description>It is back.</description></item>
</channel></rss>"""
MHTML = (
    b"MIME-Version: 1.0\r\nDate: Sat, 05 Jul 2025 12:00:00 GMT\r\nSnapshot-Content-Location: https://quaypost.example/c\r\n"
    b"Content-Type: text/html; charset=iso-8859-1\r\n\r\n" + HTML.replace(b"old crane will", b"old cr\xe2ne will")
)


WARC = b"".join(
    record(
        f"https://quaypost.example/{n}", http(HTML.replace(b"old crane", b"old cr\xe2ne"), media="text/html; charset=latin-1")
    )
    for n in range(2)
)
INPUTS = {
    "page.txt": PAGE.encode(),
    "crlf.txt": PAGE.replace("\n", "\r\n").encode(),
    "bom.txt": b"\xef\xbb\xbf" + PAGE.encode(),
    "latin.txt": "Die Fähre fährt wieder, sagte die Gesellschaft.\nSie fährt über Köln.".encode("latin-1"),
    "controls.txt": PAGE.replace("ferry", "fer\x1b[2Jry\x85\x7f\u2028").encode(),
    "crane.html": HTML,
    "latin.html": HTML.replace(b"old crane", b"old cr\xe2ne"),
    "rows.jsonl": ROWS,
    "rows.json": b'[{"title": "Old crane", "text": "The old crane will be taken down."}]',
    "row.json": b'{\n  "title": "Old crane",\n  "text": "The old crane will be taken down."\n}\n',
    "half.json": b'\xef\xbb\xbf{"title": "Old crane", "text": "The old \\ud83d crane will be taken down."}',
    "feed.xml": FEED,
    "saved.mhtml": MHTML,
    "crawl.warc": WARC,
    "page.txt.gz": gzip.compress(PAGE.encode()),
}


def pin(tmp_path: Path, *arguments: str):
    return dehusk("pin", *arguments, cwd=tmp_path)


def pins(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


@pytest.fixture
def page(tmp_path) -> Path:
    (tmp_path / "page.txt").write_text(PAGE)
    return tmp_path


def edit(file: Path, **changes: object) -> None:
    """Change the first record of a pin."""
    values = json.loads(file.read_bytes())
    values["records"][0] |= changes
    file.write_text(json.dumps(values))


@pytest.mark.parametrize("name", INPUTS)
def test_every_page_of_an_input_is_held_as_it_was_read(name, tmp_path):
    (tmp_path / name).write_bytes(INPUTS[name])
    pages = {page.name: page for page in pages_of_file(str(tmp_path / name), RowFields(), "") if isinstance(page, RawPage)}
    done = pin(tmp_path, name)
    assert pages
    assert done.returncode == (name == "rows.jsonl"), done.stderr
    held = {pin.name: pin for pin in map(read_pin, pins(tmp_path / "pins"))}
    assert held.keys() == pages.keys()
    for page_name, page in pages.items():
        again = page_in(held[page_name])
        assert again.text == page.text
        assert page.text is not None or again.raw == page.raw
        for field in ("url", "captured_at", "media", "charset", "metadata", "flags", "made_by"):
            assert getattr(again, field) == getattr(page, field), field
    checked = pin(tmp_path, "--check")
    assert (checked.returncode, checked.stdout) == (0, b"")


def test_a_pin_holds_the_records_of_clean_without_the_rules(page):
    pin(page, "page.txt", "--captured-at", "2025-07-05T12:00:00Z")
    (file,) = pins(page / "pins")
    (row,) = map(json.loads, dehusk("clean", "page.txt", "--captured-at", "2025-07-05T12:00:00Z", cwd=page).stdout.splitlines())
    pinned = json.loads(file.read_bytes())
    assert pinned["captured_at"] == "2025-07-05T12:00:00Z"
    del row["rules"]
    assert pinned["records"] == [row | {"text": row["text"].split("\n")}]
    assert list(pinned["records"][0]) == list(row)


def test_the_file_is_readable_and_holds_nothing_that_a_terminal_obeys(tmp_path):
    (tmp_path / "page.txt").write_bytes(INPUTS["controls.txt"] + "Über Köln".encode())
    pin(tmp_path, "page.txt")
    (file,) = pins(tmp_path / "pins")
    text = file.read_text(encoding="utf-8")
    assert '\n      "Über Köln"\n' in text
    assert not {char for char in text if not char.isprintable()} - {"\n"}


def test_pages_of_the_same_name_or_the_same_letters_have_files_of_their_own(tmp_path):
    for name in ("monday/1.txt", "tuesday/1.txt", "a b.txt", "a-b.txt", "a#b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{PAGE}{name}")
    done = pin(tmp_path, "monday/1.txt", "tuesday/1.txt", "a b.txt", "a-b.txt", "a#b.txt", "monday/1.txt")
    assert done.returncode == 0
    assert len(pins(tmp_path / "pins")) == 5
    assert pin(tmp_path, "--check").stderr == b"dehusk: 5 pins agree\n"


def test_standard_input_and_one_page_of_a_container_are_pinned(tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(ROWS)
    assert dehusk("pin", "-", "--url", "https://quaypost.example/a", cwd=tmp_path, stdin=PAGE.encode()).returncode == 0
    second = ROWS.index(b"\n") + 1
    assert pin(tmp_path, f"rows.jsonl#{second}").returncode == 0
    assert {held.name for held in map(read_pin, pins(tmp_path / "pins"))} == {"", f"rows.jsonl#{second}"}
    assert {held.url for held in map(read_pin, pins(tmp_path / "pins"))} == {"", "https://quaypost.example/a"}
    assert pin(tmp_path, "--check").returncode == 0


def test_a_row_is_read_anew_with_the_fields_that_were_named(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"body_2": "Ferry returns\\nThe ferry is back.", "when": "2025-07-05T12:00:00Z"}\n')
    options = ["--text-field", "body_2", "--date-field", "when", "--url", "https://quaypost.example/a"]
    assert pin(tmp_path, "rows.jsonl", *options).returncode == 0
    (held,) = map(read_pin, pins(tmp_path / "pins"))
    assert (held.source.held_as, held.url, held.captured_at) == ("row", "https://quaypost.example/a", "")
    assert held.options.fields == {"text": "body_2", "date": "when"}
    assert page_in(held).captured_at.year == 2025
    assert pin(tmp_path, "--check").returncode == 0


def test_a_page_that_is_none_is_pinned_as_refused(tmp_path):
    (tmp_path / "empty.txt").write_text(" \n")
    done = pin(tmp_path, "empty.txt")
    assert (done.returncode, done.stdout.decode().rpartition(": ")[2]) == (0, "no page (empty)\n")
    assert pin(tmp_path, "--check").returncode == 0
    (file,) = pins(tmp_path / "pins")
    file.write_text(file.read_text().replace('"refused": "empty"', '"refused": ""'))
    done = pin(tmp_path, "--check")
    assert (done.returncode, b'refused: "" -> "empty"' in done.stdout) == (1, True)


def test_differences_are_told_by_record_and_field(page):
    pin(page, "page.txt")
    (file,) = pins(page / "pins")
    edit(file, text=["The ferry is back on Monday, the company said.", "It sails at ten."], language="de", authors=["A", "B"])
    done = pin(page, "--check")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        f"page.txt (pins/{file.name})",
        "  article 0 (Ferry returns), text: …said. / It sails at ten. -> …said. / It sails at nine.",
        '  article 0 (Ferry returns), authors: A / B -> []',
        '  article 0 (Ferry returns), language: "de" -> ""',
    ]  # fmt: skip
    assert done.stderr == b"dehusk: 1 of 1 pins differs; dehusk pin --update pins the present records\n"


def test_update_pins_the_present_records_of_those_that_changed(page):
    (page / "other.txt").write_text(f"{PAGE}And at ten.")
    pin(page, "page.txt", "other.txt")
    other, file = pins(page / "pins")
    before, kept = file.read_bytes(), other.stat()
    edit(file, title="")
    done = pin(page, "--check", "--update", "pins")
    assert (done.returncode, done.stderr) == (0, b"dehusk: 1 of 2 pins was updated\n")
    assert b"title:" in done.stdout
    assert file.read_bytes() == before
    assert other.stat() == kept
    assert pin(page, "--update").stderr == b"dehusk: 0 of 2 pins were updated\n"


def test_another_digest_of_rules_is_no_difference_but_any_other_key_is(page, monkeypatch):
    pin(page, "page.txt")
    monkeypatch.setattr("cleaners.rules.registry._library_digest", lambda *_: "0" * 16)
    monkeypatch.setattr("flows.packs.compiled", compiled.__wrapped__)
    assert pin(page, "--check").returncode == 0
    (file,) = pins(page / "pins")
    for key, value in json.loads(file.read_bytes())["records"][0].items():
        whole = file.read_bytes()
        edit(file, **{key: ["other"] if isinstance(value, list) else value | {"site": "x"} if key == "page" else "other"})
        done = pin(page, "--check")
        assert done.returncode == 1, key
        assert key in done.stdout.decode() or key in ("kind", "title", "position")
        file.write_bytes(whole)


def test_the_options_are_pinned_and_packs_are_given_again(page):
    (page / "mine").mkdir()
    (page / "mine" / "mine.toml").write_bytes(toml(RULE | {"line": '["It sails at nine."]', "remove": '["It sails at nine."]'}))
    pin(page, "page.txt", "--packs", "mine", "--strict")
    (file,) = pins(page / "pins")
    held = read_pin(file)
    assert (held.options.strict, held.options.packs) == (True, ["mine.toml"])
    assert "It sails at nine." not in held.records[0]["text"]
    assert pin(page, "--check", "--packs", "mine").returncode == 0
    done = pin(page, "--check")
    assert done.returncode == 1
    assert done.stderr.startswith(b"dehusk: pinned with mine.toml, checked with no packs but those of dehusk; --packs names")


def test_pages_are_pinned_with_packs_of_format_2(page):
    (page / "mine").mkdir()
    own = page / "mine" / "quay.toml"
    held = rule('between = [["Advertisement", ""]]', remove='"Advertisement\\nIt sails at nine."', keep='"Advertising"')
    own.write_bytes(pack(held + 'template = ["quay.news"]\n[[template]]\nid = "quay.news"\nsigns = ["Ferry returns"]\n'))
    pin(page, "page.txt", "--packs", "mine", "--no-site-packs", "--url", URL)
    (file,) = pins(page / "pins")
    assert read_pin(file).records[0]["text"] == ["The ferry is back on Monday, the company said."]
    assert pin(page, "--check", "--packs", "mine").returncode == 0
    own.write_bytes(own.read_bytes().replace(b'["Ferry returns"]', b'["Ferry gone"]'))
    done = pin(page, "--check", "--packs", "mine")
    assert (done.returncode, b", text: " in done.stdout) == (1, True)


def test_colour_is_for_terminals(page):
    pin(page, "page.txt")
    edit(*pins(page / "pins"), title="\x1b[31mred")
    shown = CliRunner().invoke(main, ["pin", "--check", str(page / "pins")], color=True).stdout
    assert "\x1b[31m" in shown
    assert "\x1b[31mred" not in shown
    assert b"\x1b" not in dehusk_process("pin", "--check", str(page / "pins")).stdout


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text[: len(text) // 2], "is not sound"),
        (lambda text: "", "is not sound"),
        (lambda text: "[]", "is not sound"),
        (lambda text: text.replace('"form": 1', '"form": 2'), "is not sound"),
        (lambda text: text.replace('"strict": false', '"strict": "no"'), "is not sound"),
        (lambda text: text.replace('"strict"', '"strikt"'), "is not sound"),
        (lambda text: text.replace('"captured_at": ""', '"captured_at": "noon"'), "is not sound"),
        (lambda text: text.replace('"encoding": "utf-8"', '"encoding": "base64"'), "is not sound"),
        (lambda text: text.replace('"Advertisement"', '"Advert\\ud800"'), "is not sound"),
        (lambda text: text.replace('"Advertisement"', '"Advert"'), "is not sound (its page is not the one that was pinned)"),
        (lambda text: text.replace('"sha256"', '"metadata": {"titel": ""}, "sha256"'), "unknown key titel"),
        (lambda text: text.replace('"sha256"', '"metadata": {"tags": "a"}, "sha256"'), "values of another type"),
    ],
)
def test_a_broken_pin_is_one_sentence_and_the_others_are_checked(page, change, says):
    (page / "other.txt").write_text(f"{PAGE}And at ten.")
    pin(page, "page.txt", "other.txt")
    (other, file) = pins(page / "pins")
    edit(other, title="Other")
    file.write_text(change(file.read_text()))
    done = pin(page, "--check")
    assert done.returncode == 2
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.startswith(f"dehusk: the pin pins/{file.name} ")
    assert says in sentence
    assert sentence.endswith("; restore it, or take it away and pin its page again")
    assert done.stdout.startswith(b"other.txt (")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "no page given; name some to pin"),
        (["missing.txt"], "missing.txt is no file"),
        (["--check"], "there is no pin in pins; pin a page first"),
        (["--check", "missing"], "there is no pin in missing"),
        (["--update", "missing.json"], "there is no pin in missing.json"),
        (["--check", "--strict"], "--strict does not go with --check"),
        (["--check", "--to", "a"], "--to does not go with --check"),
        (["--check", "--text-field", "a"], "--text-field does not go with --check"),
        (["page.txt", "--to", "page.txt"], "cannot be written"),
        (["page.txt", "--url", "javascript:a"], "is no address of the web"),
        (["page.txt", "--captured-at", "noon"], "is no time"),
        (["page.txt", "--packs", "missing"], "missing is no folder"),
    ],
)
def test_a_mistake_is_one_sentence(page, arguments, says):
    done = pin(page, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_variable_for_other_commands_does_not_disturb_a_check(page):
    pin(page, "page.txt")
    result = CliRunner().invoke(main, ["pin", "--check", str(page / "pins")], env={"DEHUSK_STRICT": "1"})
    assert result.exit_code == 0


def test_a_folder_a_pipe_and_a_link_to_nothing_are_no_pins(page):
    import os

    pin(page, "page.txt")
    (page / "pins" / "a.json").mkdir()
    os.mkfifo(page / "pins" / "b.json")
    (page / "pins" / "c.json").symlink_to("gone")
    done = pin(page, "--check")
    assert (done.returncode, done.stderr.count(b"cannot be read")) == (2, 3)


def test_the_seeds_are_pinned(tmp_path):
    assert dehusk("pin", SEED, "--to", str(tmp_path)).returncode == 0
    assert dehusk("pin", "--check", str(tmp_path), cwd=ROOT).returncode == 0
