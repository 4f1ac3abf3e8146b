"""A pack that is written as TOML is read back as the same pack."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.learning.pack_text import pack_toml
from cleaners.rules.layout import Layout
from cleaners.rules.load import read_pack, shipped_packs, shipped_site_packs
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import Evidence, PageTemplate

# Quotes, controls, line ends of all kinds, letters beyond the first plane, and what TOML and templates have a use for.
ODD = st.sampled_from(
    [
        '"',
        "'",
        '"""',
        "\\",
        "\\u0041",
        "#",
        "[[rule]]",
        " = ",
        "{{",
        "}}",
        "\x00",
        "\x1b",
        "\x7f",
        "\x85",
        "\r",
        "\n",
        "\u2028",
        "\ufeff",
        "🚢",
    ]
)
TEXT = st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), ODD), max_size=6).map("".join)
TEXTS = st.lists(TEXT, min_size=1, max_size=4).map(tuple)
DAY = st.one_of(st.just(""), st.dates().map(lambda day: day.isoformat()))
EVIDENCE = st.one_of(st.none(), st.builds(Evidence, pages=st.integers(1, 10**6), of=st.integers(1, 10**6), first=DAY, last=DAY))
SURENESS = st.one_of(st.none(), st.floats(0, 1))
IDS = st.sampled_from(["quay.a", "quay.b-2", "quay.c.d"])
LEARNT = {"template": st.one_of(st.just(()), st.just(("quay.news",))), "evidence": EVIDENCE, "sureness": SURENESS}
RULES = st.one_of(
    st.builds(Rule, id=IDS, kind=st.sampled_from(["navigation", "ad-marker"]), line=TEXTS, remove=TEXTS, keep=TEXTS,
              where=st.sampled_from(["any", "outside"]), sure=st.sampled_from(["safe", "ambiguous"]), **LEARNT),
    st.builds(Rule, id=IDS, kind=st.just("most-read"), between=st.lists(st.tuples(TEXT, TEXT), min_size=1).map(tuple),
              most=st.integers(1, 200), with_last=st.booleans(), remove=TEXTS, keep=TEXTS, **LEARNT),
)  # fmt: skip
LAYOUTS = st.builds(Layout, id=IDS, role=st.sampled_from(["header", "story"]), lines=TEXTS, repeats=st.integers(0, 3), **LEARNT)
TEMPLATES = st.builds(
    PageTemplate, id=IDS, signs=TEXTS, signs_needed=st.integers(1, 3), seen=st.lists(DAY, max_size=2).map(tuple)
)
PACKS = st.builds(
    Pack, name=st.just("quay"), title=TEXT, hosts=TEXTS, signs=TEXTS, format=st.just(2),
    rule=st.lists(RULES, max_size=3).map(tuple), layout=st.lists(LAYOUTS, max_size=2).map(tuple),
    template=st.lists(TEMPLATES, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=100)
@given(PACKS)
def test_a_pack_is_read_back_as_it_was(pack):
    assert msgspec.toml.decode(pack_toml(pack), type=Pack) == pack


@pytest.mark.parametrize("name", sorted(name for name, _ in shipped_site_packs()))
def test_the_pack_of_a_site_is_read_back_as_it_was(name):
    pack = read_pack(dict(shipped_packs())[name], name, is_checked=True)
    assert msgspec.toml.decode(pack_toml(pack), type=Pack) == pack


def test_keys_with_their_defaults_are_left_out():
    rule = Rule(id="quay.menu", kind="navigation", line=("Menu",), remove=("Menu",), keep=("So it was.",))
    assert pack_toml(Pack(name="quay", title="Quay", rule=(rule,))) == (
        'name = "quay"\ntitle = "Quay"\n\n[[rule]]\nid = "quay.menu"\nkind = "navigation"\n'
        'line = ["Menu"]\nremove = ["Menu"]\nkeep = ["So it was."]\n'
    )


def test_a_long_list_has_an_item_a_line():
    text = pack_toml(
        Pack(name="quay", title="Quay", signs=("One of the signs of the site", "Another one of the signs", "x" * 60))
    )
    assert text.count("\n") == 7
