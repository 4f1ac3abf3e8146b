"""Learning from end to end: a pack for each site, the same for any number of workers, and more beside a pack in use."""

from __future__ import annotations

import json

import pytest

from cleaners import Library, Page, clean_page
from flows.learning.learn import general_packs, learn
from flows.learning.proposals import Proposals
from flows.options import RunOptions
from tests.support.learnt_site import BREADCRUMB, FOOTER, LABEL, MENU, page_of, title_of, write_site

PAGES = 16


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return write_site(tmp_path_factory.mktemp("sites") / "Quay Post", PAGES)


def proposed_files(to):
    return {file.name: file.read_bytes() for file in sorted((to / "proposed").glob("*.toml"))}


def test_the_fixed_lines_of_a_site_become_rules_that_clean_its_other_pages(site, tmp_path):
    learnt = learn([str(site)], tmp_path / "packs", RunOptions(workers=1))
    [(name, pack)] = learnt.proposed.items()
    lines = {line for rule in pack.rule for line in rule.line}
    assert {*MENU, *FOOTER} <= lines
    assert not any(title_of(number) in lines for number in range(PAGES))
    Proposals(tmp_path / "packs").accept([name])
    toml = (tmp_path / "packs" / f"{name}.toml").read_bytes()
    page = page_of(PAGES + 1)
    cleaned = clean_page(Page(page), Library([*general_packs(installed=False), (f"{name}.toml", toml)]))
    assert cleaned.page.site == name
    own = cleaned.records[0]
    assert own.title == title_of(PAGES + 1)
    assert not {*MENU, *FOOTER, BREADCRUMB} & {*own.text.splitlines()}


def test_any_number_of_workers_proposes_the_same(site, tmp_path):
    rows = tmp_path / "rows.jsonl"
    with rows.open("w") as file:
        for first, host in ((0, "quaypost.example"), (2200, "www.ferrytimes.example")):
            for number in range(PAGES):
                row = {"text": page_of(first + number), "url": f"https://{host}/{number}"}
                file.write(json.dumps(row) + "\n")
    found = []
    for workers in (1, 2):
        to = tmp_path / f"packs-{workers}"
        learnt = learn([str(rows)], to, RunOptions(workers=workers))
        assert sorted(learnt.sites) == ["ferrytimes-example", "quaypost-example"]
        found.append(proposed_files(to))
    assert found[0] == found[1]
    assert b'hosts = ["quaypost.example"]' in found[0]["quaypost-example.toml"]


def test_too_few_pages_are_counted_and_propose_nothing(tmp_path):
    learnt = learn([str(write_site(tmp_path / "few", 9))], tmp_path / "packs", RunOptions(workers=1), "quay")
    assert (learnt.few, learnt.proposed) == (1, {})
    assert proposed_files(tmp_path / "packs") == {}


def test_a_name_holds_for_all_pages_without_an_address(site, tmp_path):
    learnt = learn([str(site)], tmp_path / "packs", RunOptions(workers=1), "quay")
    assert [*learnt.sites] == ["quay"]


def test_what_a_pack_in_use_says_is_not_proposed_again(site, tmp_path):
    to = tmp_path / "packs"
    learn([str(site)], to, RunOptions(workers=1), "quay")
    Proposals(to).accept(["quay"])
    again = learn([str(site)], to, RunOptions(workers=1), "quay")
    lines = {line for pack in again.proposed.values() for rule in pack.rule for line in rule.line}
    assert not {*MENU, *FOOTER} & lines


def test_pages_that_are_none_are_counted_by_reason(site, tmp_path):
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "binary.txt").write_bytes(b"\0" * 100)
    learnt = learn([str(site), str(bad)], tmp_path / "packs", RunOptions(workers=1), "quay")
    assert sum(learnt.unreadable.values()) == 1
    assert learnt.proposed


def test_general_packs_are_for_any_site():
    names = {name for name, _ in general_packs(installed=False)}
    assert {"en.toml", "generic.toml"} <= names
    assert "daily8.toml" not in names
    Library(general_packs(installed=False))


def other_page_of(number: int) -> str:
    """Return a page of a second site, with fixed lines of its own."""
    fixed = {*MENU, *FOOTER, LABEL}
    return "\n".join("Ferry " + line[::-1] if line in fixed else line for line in page_of(number).splitlines())


def test_sites_without_an_address_keep_their_packs_when_the_other_one_has_more_pages(tmp_path):
    def learn_mixed(quay, ferry):
        folder = tmp_path / f"{quay}-{ferry}" / "mixed"
        folder.mkdir(parents=True)
        for number in range(quay):
            (folder / f"quay-{number}.txt").write_text(page_of(number))
        for number in range(900, 900 + ferry):
            (folder / f"ferry-{number}.txt").write_text(other_page_of(number))
        return learn([str(folder)], tmp_path / "packs", RunOptions(workers=1))

    Proposals(tmp_path / "packs").accept([*learn_mixed(14, 11).proposed])
    packs = {file.name: b"Ferry" in file.read_bytes() for file in (tmp_path / "packs").glob("*.toml")}
    assert packs == {"mixed.toml": False, "mixed-2.toml": True}
    again = learn_mixed(12, 16)
    assert {name: found.pages for name, found in again.sites.items()} == {"mixed": 12, "mixed-2": 16}
