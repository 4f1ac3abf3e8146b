"""Layouts that packs may hold: whatever they say, no page fails by them."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaners import Library, clean_page, shipped_packs
from cleaners.errors import PackError

TITLE, TEXT = "Council votes to keep the old pier", "The pier is long and made of oak, the council said on Monday."
SAYS = {
    "title": [TITLE, "Ferry returns to the bay at last"],
    "body": [TEXT, "It sails at nine each day."],
    "dated": [f"PORT VESSEL, Ohio (AP) — {TEXT}"],
    "source": ["Yahoo", "The Saltern Post"],
    "time": ["2 hours ago", "May 5, 2025"],
    "category": ["World"],
    "author": ["Jane Doe"],
    "number": ["7"],
    "other": ["Sponsored by no one"],
}
PARTS = [f"{{{name}}}" for name in SAYS]
FIXED = ["Read more", " - ", " | ", ""]


def library_of(role: str, lines: list[str], repeats: int = 0) -> Library:
    """Return the rules of one layout alone; raises PackError or ValueError where a pack may not hold it."""
    layout = f"[[layout]]\nid = 'mine.card'\nrole = '{role}'\nrepeats = {repeats}\nlines = {json.dumps(lines)}"
    generic = [pack for pack in shipped_packs() if pack[0] == "generic.toml"]
    library = Library([*generic, ("mine.toml", f"name = 'mine'\ntitle = 'Mine'\n{layout}\n".encode())])
    assert not list(library.check())
    return library


@pytest.mark.parametrize(
    ("lines", "card"),
    [
        (["{title}", "{number}", "Read more", "{body}"], f"{TITLE}\n7\nRead more\n{TEXT}"),
        (["Read more", "{title}", "{title}{body}"], f"Read more\n{TITLE}\n{TITLE}{TEXT}"),
        (["{title}", "{other}", "Read more", "{dated}"], f"{TITLE}\nAd\nRead more\n{TEXT}"),
    ],
)
def test_the_text_of_a_story_is_its_body_wherever_it_stands_and_numbers_are_none_of_its_fields(lines, card):
    own, story = clean_page(f"Ferry returns\nIt is back.\n{card}", library_of("story", lines)).records
    assert (own.text, story.title, story.text) == ("It is back.", TITLE, TEXT)


def test_packs_without_a_layout_for_pages_are_no_library():
    with pytest.raises(PackError, match="add one with the role article"):
        clean_page(TEXT, Library([("mine.toml", b"name = 'mine'\ntitle = 'Mine'")]))


@st.composite
def layouts(draw: st.DrawFn) -> tuple[str, list[str], int]:
    part = st.sampled_from(PARTS)
    line = st.one_of(part, st.sampled_from(FIXED[:1]), st.tuples(part, st.sampled_from(FIXED), part).map("".join))
    lines = draw(st.lists(st.one_of(line, line.map("[{}]".format)), min_size=1, max_size=5))
    return draw(st.sampled_from(["story", "paid", "header", "article"])), lines, draw(st.sampled_from([0, 0, 1, 2]))


@settings(max_examples=settings().max_examples // 4)  # each reads a pack
@given(layouts(), st.data())
def test_no_page_fails_by_a_layout_that_a_pack_may_hold(layout, data):
    role, lines, repeats = layout
    try:
        library = library_of(role, lines, repeats)
    except (PackError, ValueError):
        assume(False)
    page = ["Ferry returns", "It is back, the pilot said on Monday, and will sail at nine each day."]
    for _ in range(data.draw(st.integers(1, 4))):
        for line in lines:
            for name, values in SAYS.items():
                line = line.strip("[]").replace(f"{{{name}}}", data.draw(st.sampled_from(values)))
            page.append(line)
    text = "\n".join(page)
    clean_page(text[: data.draw(st.integers(1, len(text)))], library)  # checks its own ledger
