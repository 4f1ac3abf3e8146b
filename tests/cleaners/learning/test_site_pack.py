"""Packs made of what was proposed: they load, their examples hold, and they are for pages of their site only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners.errors import PackError
from cleaners.examples import check_pack
from cleaners.learning.blocks import Block
from cleaners.learning.fixed_lines import FixedLine
from cleaners.learning.headers import Anchor, Header
from cleaners.learning.pack_text import pack_toml
from cleaners.learning.prefixes import Prefix
from cleaners.learning.proposal import GROUPS, Proposal, TemplateProposal
from cleaners.learning.site_pack import PackMaker
from cleaners.learning.source_names import SiteSources
from cleaners.learning.stories import StoryForm
from cleaners.learning.time_forms import SiteTime
from cleaners.rules.load import read_pack
from tests.cleaners.learning.sites import marked, paragraphs, settings, title, words_of_site

MENU = ("Latest bulletins", "Tides and weather")
DAYS = {n: datetime(2026, 5, n + 1, tzinfo=UTC) for n in range(6)}


def fixed(text, key="", pages=6, of=6):
    return FixedLine(key or text.casefold(), text, pages, of, "navigation", "outside", is_sure=True)


def proposal(lines=(), prefixes=(), blocks=(), headers=(), stories=(), sections=(), times=(), sources=None, pages=6):
    found = TemplateProposal([*range(pages)], *map(list, (prefixes, blocks, headers, sections)))
    return Proposal(list(lines), list(stories), [found], list(times), sources)


TIME = SiteTime("{day}~{month}~{year}", 5, 6, {"Publ: 5~7~2025": "2025-07-05"}, frozenset(["publ: 0~0~0"]))

SOURCES = SiteSources(["Quay Post", "Pier"], 5, 6, {"Quay Post": "Quay Post", "Quay Post / Town": "Quay Post", "Pier": "Pier"})


def maker(menu=MENU, hosts=("quaypost.example",), known=(), more=()):
    pages = marked(["\n".join([*menu, *more, f"[[own.title:{title(n)}]]", *paragraphs(n)]) for n in range(6)], DAYS)
    return PackMaker("quay", hosts, pages, words_of_site(pages), frozenset(known), settings())


def made(found, groups=GROUPS, **options):
    """Return a pack that was written, read again and checked."""
    pack = maker(**options).pack(found, frozenset(groups))
    if pack is None:
        return None
    assert read_pack(pack_toml(pack).encode(), "quay.toml") == pack
    assert list(check_pack(pack)) == []
    return pack


def test_lines_with_the_same_evidence_are_one_rule():
    pack = made(proposal([fixed("Latest bulletins"), fixed("Tides and weather"), fixed("Print", pages=3)]))
    assert [(rule.line, rule.sureness) for rule in pack.rule] == [(MENU, 0.875), (("Print",), 0.5)]
    evidence = pack.rule[0].evidence
    assert (evidence.pages, evidence.of, evidence.first, evidence.last) == (6, 6, "2026-05-01", "2026-05-06")
    assert (pack.hosts, pack.signs, pack.format) == (("quaypost.example",), pack.signs, 2)
    assert sorted(pack.signs) == sorted(MENU)


def test_each_group_has_its_rules_or_layouts():
    found = proposal(
        [fixed("Latest bulletins")],
        [Prefix("Picture by", 6, 6, "Picture by Ada Marsh")],
        [Block("Most read", ("End", "About us"), 6, 6, 2, ("Most read", "Ferry returns", "Pier closes", "End"))],
        [Header(Anchor("below", "latest bulletins", 2), 5, 6), Header(Anchor("above", "tides and weather", 1), 6, 6)],
        [StoryForm(("{title}", "{source} · {time}"), 12, 6, 6)],
        [StoryForm(("{title}", "{body}"), 12, 6, 6, 3, is_sure=True, below_text=True)],
        [TIME],
        SOURCES,
    )
    parts = {group: made(found, [group]) for group in GROUPS}
    assert parts["lines"].rule[0].line == ("Latest bulletins",)
    assert parts["prefixes"].rule[0].line == ("Picture by {tail}",)
    assert parts["blocks"].rule[0].between == (("Most read", "End"), ("Most read", "About us"))
    assert [layout.lines for layout in parts["headers"].layout] == [
        ("Latest bulletins", "{other}", "{title}"),
        ("{title}", "Tides and weather"),
    ]
    (names,) = parts["sources"].source
    assert (names.names, names.read[0]) == (("Quay Post", "Pier"), ("Quay Post / Town", "Quay Post"))
    assert parts["stories"].layout[0].lines == ("{title}", "{source} · {time}")
    assert parts["stories"].layout[0].repeats == 2
    assert [(it.id, it.lines, it.repeats, it.below_text, it.paragraphs) for it in parts["sections"].layout] == [
        ("quay.section-1", ("{title}", "{body}"), 1, True, 6)
    ]
    assert [(form.form, form.read) for form in parts["times"].time] == [((TIME.form,), (("Publ: 5~7~2025", "2025-07-05"),))]
    assert len(made(found).rule) + len(made(found).layout) == 7
    assert made(found, []) is None


HOSTILE = (
    "{more} {{photos}}",
    "<<Share>> it",
    "Read >> on <<",
    "[Share]",
    "{? of {title} }",
    "a | b {n}",
    "Ring \u202ethe bell\u202c",
    'Quotes " and \\ back',
    "Nul \x00 and \x1b[31mred",
    "x" * 280,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_page_says_makes_a_sound_pack_or_none(text):
    found = proposal(
        [fixed(text)],
        [Prefix(text, 6, 6, f"{text} Ada Marsh")],
        [
            Block(text, ("End",), 6, 6, 2, (text, "Ferry returns", "End")),
            Block("Top", (text,), 6, 6, 1, ("Top", "Ferry", text)),
        ],
        [],
        [StoryForm(("{title}", "{source}"), 12, 6, 6)],
    )
    assert made(found, more=[text]).layout


def test_a_line_with_the_marks_of_examples_is_removed_with_the_others():
    pack = made(proposal([fixed("<<Share>> it"), fixed("Latest bulletins")]))
    assert pack.rule[0].line == ("<<Share>> it", "Latest bulletins")


def test_a_sign_is_the_line_as_it_stands():
    assert "Menu {of} tides" in made(proposal([fixed("Print")]), menu=("Menu {of} tides", "Latest bulletins")).signs


def test_a_pack_that_nothing_ties_to_its_site_is_none():
    lines = proposal([fixed("Print")])
    assert made(lines, menu=("Latest bulletins",), hosts=()) is None
    assert made(lines, known=("latest bulletins", "tides and weather"), hosts=()) is None
    assert made(lines, menu=("Latest bulletins",)).signs == ()
    assert made(lines, hosts=()).hosts == ()


def test_a_layout_that_is_not_sound_is_left_out():
    found = proposal([fixed("Print")], stories=[StoryForm(("{source}", "{time}"), 12, 6, 6)])
    assert made(found).layout == ()
    assert made(proposal(stories=found.stories)) is None


def test_a_rule_that_its_prose_contradicts_is_left_out():
    """A prefix that opens the shortest paragraph of the site would remove prose."""
    opening = min((line for n in range(6) for line in paragraphs(n)), key=lambda text: (len(text), text)).split(" ")[0]
    assert made(proposal(prefixes=[Prefix(opening, 6, 6, f"{opening} and more")])) is None


def test_rules_of_a_template_are_for_its_pages():
    lines = [f"{name} {part}" for name in ("News", "Blog") for part in ("desk", "archive", "search")]
    pages = marked(["\n".join([*lines[3 * (n > 3) :][:3], f"[[own.title:{title(n)}]]", *paragraphs(n)]) for n in range(8)])
    parts = [
        TemplateProposal([*range(4)], [Prefix("Picture by", 4, 4, "Picture by Ada")], [], [], []),
        TemplateProposal([*range(4, 8)], [], [], [], [StoryForm(("{title}", "{body}"), 9, 4, 4)]),
    ]
    pack = PackMaker("quay", [], pages, words_of_site(pages), frozenset(), settings()).pack(
        Proposal([], [], parts), frozenset(GROUPS)
    )
    assert read_pack(pack_toml(pack).encode(), "quay.toml") == pack
    assert [(part.id, sorted(part.signs)) for part in pack.template] == [
        ("quay.template-1", sorted(lines[:3])),
        ("quay.template-2", sorted(lines[3:])),
    ]
    assert (pack.rule[0].template, pack.layout[0].template) == (("quay.template-1",), ("quay.template-2",))


def test_a_name_that_is_no_pack_name_is_refused_when_the_pack_is_read():
    pages = marked(["\n".join([*MENU, *paragraphs(n)]) for n in range(6)])
    pack = PackMaker("../Quay", [], pages, words_of_site(pages), frozenset(), settings()).pack(
        proposal([fixed("Print")]), frozenset(GROUPS)
    )
    with pytest.raises(PackError):
        read_pack(pack_toml(pack).encode(), "quay.toml")


def test_the_signs_of_the_pack_that_a_site_has_stand_in_for_lines_that_it_removes():
    old = read_pack(b'name = "quay"\ntitle = "Quay"\nhosts = ["b.example"]\nsigns = ["Sign one", "Sign two"]', "quay.toml")
    pages = marked(["\n".join([*MENU, *paragraphs(n)]) for n in range(6)])
    lines, known = proposal([fixed("Print")]), frozenset(map(str.lower, MENU))
    assert PackMaker("quay", [], pages, words_of_site(pages), known, settings()).pack(lines, {"lines"}) is None
    pack = PackMaker("quay", ["a.example"], pages, words_of_site(pages), known, settings(), old).pack(lines, {"lines"})
    assert (pack.signs, pack.hosts) == (("Sign one", "Sign two"), ("a.example", "b.example"))
    assert sorted(
        PackMaker("quay", [], pages, words_of_site(pages), frozenset(), settings(), old).pack(lines, {"lines"}).signs
    ) == sorted(MENU)


def test_a_line_with_a_time_is_no_clutter_where_its_form_is_known():
    found = proposal(
        [fixed("Publ: 5~7~2025", "publ: 0~0~0"), fixed("Print")],
        [Prefix("Publ:", 6, 6, "Publ: 5~7~2025"), Prefix("Picture by", 6, 6, "Picture by Ada Marsh")],
        headers=[Header(Anchor("below", "publ: 0~0~0", 1), 6, 6)],
        times=[TIME],
    )
    menu = (*MENU, "Publ: 5~7~2025")
    without, with_it = made(found, {*GROUPS} - {"times"}, menu=menu), made(found, menu=menu)
    assert [len(without.rule), len(without.layout), without.time] == [3, 1, ()]
    assert [line for rule in with_it.rule for line in rule.line] == ["Print", "Picture by {tail}"]
    assert (with_it.layout, len(with_it.time)) == ((), 1)


def test_a_form_of_time_whose_examples_do_not_hold_is_left_out():
    assert made(proposal(times=[SiteTime(TIME.form, 6, 6, {"5~13~2025": "2025-07-05"}, TIME.keys)])) is None
