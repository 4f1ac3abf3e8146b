"""The fit of the numbers of signs: what is counted as a mistake, what is chosen, and what is written."""

from __future__ import annotations

import json

import msgspec
import pytest

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from cleaners.learning.settings import LearningSettings, shipped_settings
from tests.fit import __main__ as command
from tests.fit.signs import SHARES, WORDS, Mistakes, fitted, mistakes, pages_by_site

PROSE = "The ferry came back to the pier on day {n} of the year, and the mayor of {n} said that nobody had expected it."
SITES = 12
MENU = "Home|Search|About us|Contact us|Advertise with us|Share|Print this page|Subscribe to us|Log in".split("|")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write a flat set: the sites have most of a menu in common, and each a line of its own."""
    folder = tmp_path_factory.mktemp("flat")
    (folder / "pages").mkdir()
    rows = []
    for site in range(SITES):
        for number in range(4):
            name = f"{site}-{number}"
            lines = [
                *MENU[site % 3 :],
                f"The voice of the harbour and of pier {'abcdefghijkl'[site] * 3}",
                PROSE.format(n=f"{site}{number}"),
            ]
            (folder / "pages" / f"{name}.txt").write_text("\n".join(lines))
            rows.append({"page": name, "domain": f"site{site}.example"})
    (folder / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def test_pages_of_other_sites_with_the_signs_are_mistakes(folder, library):
    pages = pages_by_site([folder])
    assert (len(pages), {len(of) for of in pages.values()}) == (SITES, {4})
    found = mistakes("site5.example", pages, library)
    assert [found.by_words[words] for words in (2, 3, 4)] == [1.0, 1.0, 0.0]  # "Advertise with us" alone, if it is enough
    shares = [found.by_share[share] for share in SHARES]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1.0 > shares[-1]


@pytest.mark.parametrize(("chance", "chosen"), [(0.5, (2, 0.1)), (0.05, (5, 0.45)), (0.0, (15, 0.5))])
def test_the_least_numbers_with_few_mistakes_are_chosen(chance, chosen):
    found = Mistakes({words: 0.0 if words == 3 else 0.25 / words for words in WORDS}, {of: 0.5 - of for of in SHARES})
    assert fitted(found, chance) == chosen


def test_only_what_is_asked_for_is_written(folder, tmp_path, monkeypatch, capsys):
    file = tmp_path / "learning.json"
    call = ["tests.fit", "--only", "signs", "--flat", str(folder), "--chance", "0.5"]
    monkeypatch.setattr("sys.argv", call)
    command.main()
    assert f"all {SITES} sites: pages of other sites taken for one of a site" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", [*call, "--write", str(file)])
    command.main()
    written = msgspec.json.decode(file.read_bytes(), type=LearningSettings)
    assert (written.sign_words, written.signs) == (4, 0.9)
    assert written.short == shipped_settings().short


def test_too_few_sites_are_a_clear_mistake(tmp_path, monkeypatch, capsys):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("Home")
    (tmp_path / "gold.jsonl").write_text('{"page": "a"}')
    monkeypatch.setattr("sys.argv", ["tests.fit", "--only", "signs", "--flat", str(tmp_path)])
    with pytest.raises(SystemExit) as caught:
        command.main()
    assert caught.value.code == 2
    assert "too few sites have 3 pages or more" in capsys.readouterr().err
