"""Packs of installed distributions: found by their metadata alone, no code of theirs is run, faults name the distribution."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from flows.errors import UsageError
from flows.execution.single_file import clean_pages, raw_pages
from flows.installed_packs import GROUP, installed_packs
from flows.options import RunOptions
from flows.packs import load_library, read_packs
from tests.cleaners.rules.test_model import RULE, toml
from tests.conftest import ROOT
from tests.support.command import dehusk, dehusk_process

CODE = "raise SystemExit('code of a pack was run')\n"
PAGE = b"Ferry returns\nThe ferry is back on Monday, the company said.\nWeather in Lund today"
WEATHER = b"""
name = "acme"
title = "Packs of Acme"

[[rule]]
id = "acme.weather"
kind = "navigation"
line = ["Weather in {words} today"]
remove = ["Weather in Oslo today"]
keep = ["Weather in the north was fair today, the pilot said."]
"""


def install(site: Path, name: str, package: str, packs: dict[str, bytes], value: str = "", version: str = "1.0") -> Path:
    """Make a distribution as a wheel leaves it, with a package of packs that cannot be imported."""
    folder = site.joinpath(*package.split("."))
    folder.mkdir(parents=True)
    outermost = site / package.partition(".")[0]
    for module in {folder, outermost}:
        (module / "__init__.py").write_text(CODE)
    for file, content in packs.items():
        (folder / file).write_bytes(content)
    metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text(f"[console_scripts]\na = b:c\n\n[{GROUP}]\npacks = {value or package}\n")
    return metadata


@pytest.fixture
def site(tmp_path, monkeypatch) -> Path:
    """A folder on Python's path."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_packs_are_found_loaded_and_left_out(site, tmp_path):
    install(site, "acme-packs", "acme_news.packs", {"acme.toml": WEATHER, "notes.txt": b""})
    page = tmp_path / "page.txt"
    page.write_bytes(PAGE)
    (line,) = dehusk("clean", str(page), "--audit").stdout.splitlines()
    assert [segment["rule"] for segment in json.loads(line)["segments"]][-1] == "acme.weather"
    rows = [json.loads(dehusk("clean", str(page), *more).stdout) for more in ([], ["--no-installed-packs"])]
    assert rows[0]["rules"] != rows[1]["rules"]
    assert [row["text"].endswith("Weather in Lund today") for row in rows] == [False, True]
    assert "acme_news" not in sys.modules


def test_no_code_of_a_distribution_is_run(site):
    """In a process of its own, where nothing of it can have been imported before."""
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    env = {"PYTHONPATH": f"{site}:{ROOT}", "PATH": ""}
    done = dehusk_process("rules", "list", "acme", env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().split() == "acme.weather navigation safe any line of acme-packs 1.0".split()
    left_out = dehusk_process("rules", "list", "acme", "--no-installed-packs", env=env)
    assert (left_out.returncode, b"there is no pack acme" in left_out.stderr) == (2, True)


def test_rules_are_listed_shown_and_tested(site):
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    assert dehusk("rules", "list").stdout.count(b"of acme-packs 1.0") == 1
    assert b'id = "acme.weather"' in dehusk("rules", "show", "acme.weather").stdout
    assert dehusk("rules", "test", "acme").stdout == b"all examples of 1 rules hold\n"
    assert dehusk("rules", "show", "acme.weather", "--no-installed-packs").returncode == 2


def test_a_user_s_own_packs_come_last(site, tmp_path):
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    (tmp_path / "mine.toml").write_bytes(toml(RULE))
    names = [name for name, _ in read_packs(str(tmp_path))]
    assert names[-2:] == ["distribution acme-packs 1.0/acme.toml", str(tmp_path / "mine.toml")]
    assert [name for name, _ in read_packs(str(tmp_path), installed=False)][-2:] == ["zh.toml", str(tmp_path / "mine.toml")]


def test_only_sites_of_dehusk_are_left_out_without_site_packs(site, tmp_path):
    host = b'title = "A site"\nhosts = ["%b.example"]\n'
    install(site, "acme-packs", "acme", {"acme.toml": b'name = "acme"\n' + host % b"acme"})
    (tmp_path / "mine.toml").write_bytes(b'name = "mine"\n' + host % b"mine")
    packs = read_packs(str(tmp_path))
    assert [pack.name for pack in load_library(packs, strict=False, site_packs=False).sites] == ["acme", "mine"]
    assert len(load_library(packs, strict=False, site_packs=True).sites) > 2


def test_packs_of_format_2_are_listed_with_their_layouts_and_shown(site):
    layout = b'\n[[layout]]\nid = "acme.head"\nrole = "header"\nlines = ["{title}", "{time}"]\nsureness = 0.9\n'
    install(site, "acme-packs", "acme", {"acme.toml": b"format = 2" + WEATHER + layout})
    listed = dehusk("rules", "list", "acme").stdout.decode().splitlines()
    assert [line.split()[0] for line in listed] == ["acme.weather", "acme.head"]
    assert listed[1].endswith("  sureness 0.90 of acme-packs 1.0")
    assert dehusk("rules", "show", "acme.head", "acme").stdout.decode().splitlines()[-1] == "sureness = 0.9"
    assert dehusk("rules", "show", "acme.head", "acme", "--no-installed-packs").returncode == 2


def test_an_editable_distribution_is_found_where_python_finds_it(site, tmp_path, monkeypatch):
    source = tmp_path / "source"
    install(source, "acme-packs", "acme.packs", {"acme.toml": WEATHER}).rename(site / "acme_packs-1.0.dist-info")
    monkeypatch.syspath_prepend(str(source))
    (pack,) = installed_packs()
    assert pack.file == source / "acme" / "packs" / "acme.toml"
    assert "acme" not in sys.modules


@pytest.mark.parametrize("loaded", [ModuleType("acme"), None])
def test_a_package_that_python_has_half_imported_is_not_found(site, monkeypatch, loaded):
    install(site / "gone", "acme-packs", "acme", {"acme.toml": WEATHER}).rename(site / "acme_packs-1.0.dist-info")
    monkeypatch.setitem(sys.modules, "acme", loaded)
    with pytest.raises(UsageError, match=r"^distribution acme-packs 1\.0 names 'acme' under dehusk\.packs"):
        list(installed_packs())


def test_the_first_of_two_versions_on_the_path_counts(site, tmp_path, monkeypatch):
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    first = tmp_path / "first"
    install(first, "Acme.Packs", "other", {"acme.toml": WEATHER}, version="2.0").joinpath("entry_points.txt").unlink()
    monkeypatch.syspath_prepend(str(first))
    assert list(installed_packs()) == []


@pytest.mark.parametrize(
    ("packs", "value", "says"),
    [
        ({"a.toml": toml(RULE)}, "acme:packs", "names 'acme:packs' under dehusk.packs, which is no package"),
        ({"a.toml": toml(RULE)}, "../acme", "names '../acme' under"),
        ({"a.toml": toml(RULE)}, "missing", "names 'missing' under"),
        ({}, "", "names 'acme' under"),
        ({"a.toml": b"name = 1"}, "", "/a.toml: Expected `str`, got `int` - at `$.name`; mend or uninstall it"),
        ({"a.toml": b"\xff"}, "", "/a.toml: "),
        ({"a.toml": WEATHER.replace(b'"acme', b'"en')}, "", "/a.toml: there is a pack named en in dehusk; mend or"),
        ({"a.toml": WEATHER, "b.toml": WEATHER}, "", "/b.toml: there is a pack named acme in distribution acme-packs"),
        ({"a.toml": WEATHER.replace(b"Oslo today", b"Oslo")}, "", "/a.toml: acme.weather"),
    ],
)
def test_a_broken_distribution_is_one_sentence_that_names_it(site, tmp_path, packs, value, says):
    install(site, "acme-packs", "acme", packs, value)
    page = tmp_path / "page.txt"
    page.write_bytes(PAGE)
    done = dehusk("clean", str(page))
    assert (done.returncode, done.stdout) == (2, b"")
    said = done.stderr.decode()
    assert said.startswith("dehusk: distribution acme-packs 1.0")
    assert said.count("\n") == 1
    assert says in said
    assert said.endswith("or leave it out with --no-installed-packs\n")
    assert dehusk("clean", str(page), "--no-installed-packs").returncode == 0


def test_damaged_entry_points_are_one_sentence(site):
    (install(site, "acme-packs", "acme", {"acme.toml": WEATHER}) / "entry_points.txt").write_text(f"[{GROUP}]\nacme")
    with pytest.raises(UsageError, match=r"acme-packs 1\.0 has damaged entry points"):
        list(installed_packs())


def test_a_pack_of_the_same_name_as_one_s_own_is_told_of(site, tmp_path):
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    (tmp_path / "own.toml").write_bytes(WEATHER)
    says = r"acme, distribution acme-packs 1\.0/acme\.toml and .*own\.toml; .*--no-installed-packs"
    with pytest.raises(UsageError, match=says):
        load_library(read_packs(str(tmp_path)), strict=False, site_packs=True)


def test_remains_of_distributions_do_no_harm(site):
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    (site / "broken.dist-info").write_text("")
    (site / "empty-1.0.dist-info").mkdir()
    assert [pack.distribution for pack in installed_packs()] == ["acme-packs 1.0"]


def test_packs_are_looked_for_once_for_a_file_of_many_pages(site, tmp_path, monkeypatch):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "Ferry returns"}\n' * 20)
    asked: list[float] = []
    monkeypatch.setattr("flows.packs.installed_packs", lambda: asked.append(time.monotonic()) or iter(()))
    assert len(list(clean_pages(raw_pages(str(rows), RunOptions()), RunOptions()))) == 20
    assert len(asked) == 1


def test_a_run_uses_them_tells_of_them_in_its_report_and_cleans_anew_without_them(site, tmp_path):
    install(site, "acme-packs", "acme", {"acme.toml": WEATHER})
    (tmp_path / "page.txt").write_bytes(PAGE)
    out = tmp_path / "out"
    command = ["run", str(tmp_path / "page.txt"), "--out", str(out), "--no-prefect", "--json"]
    assert json.loads(dehusk(*command).stdout)["pages"] == 1
    assert json.loads(dehusk(*command).stdout)["pages"] == 0
    report = (out / "report.html").read_text()
    assert "acme.weather" in report
    assert "Weather in {words} today" in report
    assert json.loads(dehusk(*command, "--no-installed-packs").stdout)["pages"] == 1
    assert [json.loads(file.read_bytes())["options"]["installed_packs"] for file in sorted(out.glob("runs/*.json"))] == [
        True,
        False,
    ]
