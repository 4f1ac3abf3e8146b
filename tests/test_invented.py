"""The generator of invented sites: its parts share nothing, its labels stand in its pages, a seed gives the same bytes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from cleaners import Cleaned
from tests.conftest import ROOT
from tests.invented import cases
from tests.invented.label import expected, squash
from tests.invented.language import PARTS, languages, shapes
from tests.invented.line import Line, Story
from tests.invented.site import FLATTENERS, FORMS, Site
from tests.support.labelled import misses

pytestmark = pytest.mark.xdist_group("invented")  # the pages are made once
SITES, PAGES, SEED = 40, 2, 11
SLOT = re.compile(r"\{\w+\}")
ITEM_KEYS = {"title", "source", "published_raw", "category", "kind", "truncated", "fragment", "empty_body"}
ITEM_KEYS |= {f"{edge}_words{level}" for edge in ("first", "last") for level in ("", "_clean")}


@pytest.fixture(scope="module")
def pages():
    return {name: case for part in PARTS for name, case in cases(part, SITES, PAGES, SEED)}


def items_of(case):
    want = case["expected"]
    return ([want["main"]] if want["main"] else []) + want["related"]


def written(part):
    """Return every word or phrase of a part's word lists and labels; templates of slots alone are punctuation."""
    texts = {text.strip() for language in languages(part) for words in language.lists().values() for text in words}
    return {text for text in texts if any(letter.isalpha() for letter in SLOT.sub("", text))}


def test_the_parts_share_no_language_word_label_or_order():
    train, held_out = PARTS
    assert not {language.code for language in languages(train)} & {language.code for language in languages(held_out)}
    assert not written(train) & written(held_out)
    for name in ("stories", "headlines", "posts", "heads", "bares"):
        assert not (set(getattr(shapes(train), name)) & set(getattr(shapes(held_out), name))) - {"title"}
    assert not set(shapes(train).clocks) & set(shapes(held_out).clocks)


def test_the_parts_share_no_site(pages):
    sites = {part: {case["site"] for name, case in pages.items() if name.startswith(part)} for part in PARTS}
    assert not sites["train"] & sites["held-out"]


def test_there_are_many_languages_and_scripts_each_with_full_lists():
    every = [language for part in PARTS for language in languages(part)]
    assert len(every) >= 12
    assert all(len(words) == len(set(words)) and words for language in every for words in language.lists().values())
    assert all(len(language.months) == 12 and len(language.subjects) > 12 for language in every)


@pytest.mark.parametrize("part", PARTS)
def test_every_form_and_flattener_occurs_in_both_parts(part):
    sites = [Site(part, number, SEED) for number in range(300)]
    assert {site.form for site in sites} == set(FORMS)
    assert {site.flattener for site in sites} == set(FLATTENERS)
    assert {site.language for site in sites} == set(languages(part))


def test_some_pages_hold_no_embedded_story_and_some_no_story_of_their_own(pages):
    assert sum(not case["expected"]["related"] for case in pages.values()) > len(pages) / 10
    assert any(case["expected"]["main"] is None for case in pages.values())


def test_what_a_label_names_stands_in_the_page(pages):
    missing = []
    for name, case in pages.items():
        text, want = squash(case["text"]), case["expected"]
        named = [*want["clutter"], *want["keep"]]
        for item in items_of(case):
            named += [value for key, value in item.items() if key != "kind" and isinstance(value, str)]
        missing += [(name, words) for words in named if squash(words) not in text]
    assert missing == []


def test_the_words_at_an_edge_stand_next_to_each_other():
    story = Story("main", "The quay is full", time="2 May 2025")
    lines = [
        Line("The quay is full", "title", "field", story, ("title",)),
        Line("It was full.", "prose", "text", story),
        Line("2 May 2025", "meta", "field", story, ("time",)),
        Line("No ship left the old quay before the tide had turned.", "prose", "text", story),
        Line("Advertisement", "label", "clutter"),
        Line("Then rain fell.", "prose", "text", story),
        Line("A view of the quay.", "picture", "either", story),
    ]
    main = expected(lines, languages("train")[0], is_cut=False)["main"]
    assert (main["first_words"], main["last_words"]) == ("It was full.", "Then rain fell.")
    assert main["last_words_clean"] == "A view of the quay."
    assert "first_words_clean" not in main


def test_labels_do_not_contradict_each_other(pages):
    for name, case in pages.items():
        want = case["expected"]
        fields = {item[key] for item in items_of(case) for key in ("title", "source", "published_raw") if item.get(key)}
        assert not fields & set(want["clutter"]), name
        assert not set(want["keep"]) & set(want["clutter"]), name
        titles = [item["title"].casefold() for item in items_of(case) if item["title"]]
        assert len(titles) == len(set(titles)), name


def test_the_pages_are_cases(pages):
    for name, case in pages.items():
        assert case["text"].strip() and case["lang"] and case["notes"], name
        assert list(case["expected"]) == ["main", "related", "clutter", "keep"]
        for item in items_of(case):
            assert set(item) <= ITEM_KEYS
            assert item.get("kind", "story") in {"story", "teaser", "headline"}
            has_text = item.get("kind") != "headline" and "empty_body" not in item
            assert bool(item["first_words"]) == bool(item["last_words"]) == has_text, name
        wanted = [item for item in items_of(case) if not item.get("fragment") and (item["title"] or item["first_words"])]
        found = list(misses(case, Cleaned([], [], "", "")))
        assert sum(miss.startswith("missing") for miss in found) == len(wanted), name


def test_slots_are_filled(pages):
    assert [name for name, case in pages.items() if SLOT.search(case["text"])] == []


def test_a_seed_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    digests = set()
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "tests.invented", "--sites", "8", "--pages", "1", "--seed", "5", "--out", str(out)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
        digests.add(b"".join(path.read_bytes() for path in sorted(out.iterdir())))
    assert len(digests) == 1
    assert [json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.iterdir())] == [
        case for _, case in cases("train", 8, 1, 5)
    ]
    assert [case for _, case in cases("train", 8, 1, 6)] != [case for _, case in cases("train", 8, 1, 5)]
