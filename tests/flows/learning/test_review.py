"""The review page of learnt sites: its content, its commands, its bounds and its safety as a single file."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace

from cleaners.learning.choice import LearntSite
from cleaners.rules.page_template import PageTemplate
from flows.layout import PART_SUFFIX
from flows.learning import review as module
from flows.learning.review import write_review
from tests.support.hostile import HOSTILE
from tests.support.sites import hostile_site


@pytest.fixture(scope="module")
def learnt() -> dict[str, LearntSite]:
    """What sites of hostile pages teach."""
    return hostile_site()


@pytest.fixture
def drawn(learnt, tmp_path) -> BeautifulSoup:
    """The review page of these sites."""
    return read(learnt, tmp_path)


def read(sites: AbstractMapping[str, LearntSite], folder: Path, to: str = "packs") -> BeautifulSoup:
    write_review(folder / "review.html", sites, to)
    return BeautifulSoup((folder / "review.html").read_text(encoding="utf-8"), "lxml")


def test_the_table_leads_to_every_site_and_group(drawn, learnt):
    rows = drawn.find(id="sites").tbody.find_all("tr")
    assert [row.th.get_text() for row in rows][::2] == ["quaypost", "small"]
    targets = {link["href"] for link in drawn.find_all("a")}
    assert targets == {target for target in targets if target.startswith("#") and drawn.find(id=target[1:])}
    assert {"#site-1", "#site-1-lines", "#site-1-stories", "#site-3"} <= targets


def test_a_group_shows_its_rules_its_figures_its_commands_and_pages(drawn):
    group = drawn.find(id="site-1-lines")
    assert group.find(class_="badge").get_text() == "reads better"
    assert "12 of 12 pages not learnt from are read differently with it" in group.get_text()
    assert [cell.get_text() for cell in group.tbody.find_all("td")[-4:]][3].startswith("better by ")
    commands = [code.get_text() for code in group.find_all("code", tabindex="0")]
    assert commands[:2] == [f"dehusk learn --to packs --{decision} quaypost.lines" for decision in ("accept", "drop")]
    rules = [code.get_text() for code in group.select(".rules summary code")]
    assert f"dehusk learn --to packs --drop {rules[0]}" in commands
    assert [dt.get_text() for dt in group.select(".rules dt")][1:3] == ["must remove", "must keep"]
    assert "on 12 of 12 pages" in group.find(class_="rules").get_text()
    assert len(group.find_all("article")) == 3
    assert "removed by quaypost.line-" in group.find(class_="newly-removed").small.get_text()


def test_a_group_that_was_left_out_has_its_rules_folded(drawn):
    left_out = [badge.find_parent("section") for badge in drawn.find(id="site-1").find_all(class_="left-out")]
    assert left_out
    assert all("so it was left out" in group.p.get_text() for group in left_out)
    folded = [group.find("details", class_="rules-left-out") for group in left_out]
    assert any(folded)
    for group, rules in zip(left_out, folded, strict=True):
        commands = group.find_all("code", tabindex="0")
        assert all(rules in command.parents for command in commands)
        assert bool(commands) is bool(rules and group.tbody)  # beside the measures
    assert not any(rules.has_attr("open") for rules in folded if rules)


def test_templates_alone_are_news(learnt, tmp_path):
    template = PageTemplate(id="quaypost.template-1", signs=tuple(HOSTILE[:2]), seen=("2026-01-01", "2026-02-01"))
    pack = replace(learnt["quaypost"].pack, rule=(), layout=(), template=(template,))
    known = (replace(template, seen=("2026-01-01", "2026-01-09")),)
    soup = read({"quaypost": replace(learnt["quaypost"], pack=pack, known=known)}, tmp_path)
    section = soup.find(id="site-1")
    assert "its templates are news" in section.get_text()
    assert "dehusk learn --to packs --accept quaypost" in [code.get_text() for code in section.find_all("code", tabindex="0")]
    (shown,) = section.find(id="site-1-templates").find_all("summary")
    assert shown.get_text(" ", strip=True) == (
        "quaypost.template-1 known before · seen 2026-01-01 to 2026-02-01, before 2026-01-01 to 2026-01-09"
    )
    assert not soup.find("b")


def test_a_site_whose_rules_were_all_decided_on_says_so(learnt, tmp_path):
    soup = read({"quaypost": replace(learnt["quaypost"], pack=None, left_out=None)}, tmp_path)
    assert "were decided on before" in soup.find(id="site-1").get_text()
    assert not soup.find("code", tabindex="0")
    nothing = [replace(trial, is_accepted=False) for trial in learnt["quaypost"].trials]
    soup = read({"quaypost": replace(learnt["quaypost"], pack=None, trials=nothing)}, tmp_path)
    assert "No group of rules reads pages of this site better" in soup.find(id="site-1").get_text()


def test_a_site_of_few_pages_and_no_site_are_told(drawn, tmp_path):
    assert "too few different pages" in drawn.find(id="site-3").get_text()
    assert "No site was learnt." in read({}, tmp_path).get_text()


@pytest.mark.parametrize("to", ["my packs", "a'b", "$(reboot)", "--drop", "x" * 900, "<b>&"])
def test_a_command_is_one_line_for_a_shell(to, learnt, tmp_path):
    import shlex

    soup = read({"quaypost": learnt["quaypost"]}, tmp_path, to)
    first = soup.find("code", tabindex="0").get_text()
    assert shlex.split(first) == ["dehusk", "learn", "--to", to, "--accept", "quaypost"]


def test_scraped_text_is_data_and_nothing_but_the_script_of_the_page_may_run(drawn, tmp_path):
    raw = (tmp_path / "review.html").read_text(encoding="utf-8")
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', raw)[1])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    scripts = drawn.find_all(["script", "style"])
    assert len(scripts) == 2
    for tag in scripts:
        digest = base64.b64encode(hashlib.sha256(tag.string.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    attributes = {name for tag in drawn.find_all() for name in tag.attrs}
    assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")]
    assert not drawn.find_all(["img", "svg", "iframe", "object", "form", "link"])
    assert HOSTILE[2] in drawn.get_text()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]", raw)
    assert "[U+202E]" in raw
    assert max(len(line) for line in drawn.get_text().split("\n")) < 5_000


def test_the_same_sites_give_the_same_bytes_and_nothing_beside(learnt, tmp_path):
    folder = tmp_path / "new" / "packs"
    write_review(folder / "a.html", learnt)
    (folder / f"b.html.1-abandoned{PART_SUFFIX}").touch()
    write_review(folder / "b.html", learnt)
    assert (folder / "a.html").read_bytes() == (folder / "b.html").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["a.html", "b.html"]


def test_with_less_room_sites_lose_pages_then_their_section(learnt, tmp_path, monkeypatch):
    sites = {f"s{number}": learnt["quaypost"] for number in range(4)}
    whole = read(sites, tmp_path)
    assert len(whole.find_all("article")) > 12
    size = max(len(section.encode()) for section in whole.find_all("section", class_="site"))
    for room, least, most in ((3 * size, 1, len(whole.find_all("article")) - 1), (4_000, 0, 0)):
        monkeypatch.setattr(module, "MAX_BYTES", module.HEAD_BYTES + room)
        soup = read(sites, tmp_path)
        assert least <= len(soup.find_all("article")) <= most
        assert (tmp_path / "review.html").stat().st_size <= module.MAX_BYTES
        assert len(soup.find(id="sites").tbody.find_all("tr")) == 4
    assert "For 4 of the sites there was no room below" in soup.get_text()
    assert not soup.find("section", class_="site")


class Lazy(AbstractMapping[str, LearntSite]):
    """Many sites, each made when it is asked for."""

    def __init__(self, one: LearntSite, size: int) -> None:
        self._one, self._size, self.asked = one, size, 0

    def __getitem__(self, name: str) -> LearntSite:
        self.asked += 1
        return self._one

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        return (f"{'<' * 300}{number}" for number in range(self._size))


def test_many_sites_with_long_names_stay_below_the_limit_and_the_rest_is_counted(learnt, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_SITES", 20)
    sites = Lazy(learnt["quaypost"], 5_000)
    soup = read(sites, tmp_path)
    assert "The first 20 sites; 4,980 more are not shown here." in soup.get_text()
    assert sites.asked == 20
    assert (tmp_path / "review.html").stat().st_size <= module.MAX_BYTES
