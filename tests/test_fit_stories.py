"""The fit of the numbers of stories: the made copies, what counts as a mistake, what is chosen, and what is written."""

from __future__ import annotations

import json

import msgspec
import pytest

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from cleaners.stories.relation import Relation
from cleaners.stories.settings import FITTED, StorySettings, shipped_settings
from cleaners.stories.sighting import Sighting
from cleaners.stories.sketch import RecordText
from cleaners.stories.story import Story
from tests.cleaners.stories.records import STORY, TITLE
from tests.fit import __main__ as command
from tests.fit.story_copies import Judge, figures, settings_bytes
from tests.story_variants import (
    CUTS,
    FULL,
    INVENTED,
    NEGATIVES,
    TEASERS,
    Made,
    Source,
    invented_stories,
    made_set,
    sources_of,
    unlike,
    variants,
)

OPENING = "In {} it carried {} people on {} days, at {} and at {} o'clock."
LONG = Source(
    "set/long", "en", TITLE, "The Post", "\n".join(OPENING.format(*range(i, i + 5)) + STORY for i in range(1900, 1930, 5))
)


@pytest.fixture(scope="module")
def invented():
    return Judge(made_set(story for code in INVENTED for story in invented_stories(code, 10)), shipped_settings())


def test_every_kind_is_made():
    kinds = {kind for kind, _, _ in variants(LONG)}
    assert kinds == {*FULL, *CUTS, *TEASERS, "headline"}
    made = made_set([LONG, *(Source(f"set/{i}", "en", f"Title {i}", "The Post", LONG.text[i * 40 :]) for i in range(4))])
    assert {one.kind for one in made} == {*kinds, *NEGATIVES}
    assert len({one.sighting.record for one in made}) == len(made)
    assert made == made_set(
        [LONG, *(Source(f"set/{i}", "en", f"Title {i}", "The Post", LONG.text[i * 40 :]) for i in range(4))]
    )


def test_variants_are_what_they_say():
    made = {kind: (title, text) for kind, title, text in variants(LONG)}
    assert made["other-case"] == (TITLE.upper(), LONG.text)
    assert made["publisher"] == (f"{TITLE} | The Post", LONG.text)
    assert made["caption"][1].endswith(LONG.text) and "Photo" in made["caption"][1]
    assert made["cut-500"][1] == LONG.text[:500]
    assert "\n" not in made["joined"][1]
    assert made["headline"] == (TITLE, "")
    changed = sum(a != b for a, b in zip(LONG.text.split(), made["reworded"][1].split(), strict=True))
    assert 0.01 < changed / len(LONG.text.split()) < 0.1
    assert [word for word in made["reworded"][1].split() if word.isdigit()] == [
        word for word in LONG.text.split() if word.isdigit()
    ]


def test_sources_of_a_set_are_long_have_a_title_and_count_once(tmp_path):
    rows = [
        {"page": "a", "gold": LONG.text, "title": TITLE, "domain": "a.example"},
        {"page": "b", "gold": LONG.text, "title": "Another title"},
        {"page": "c", "gold": LONG.text[100:], "title": ""},
        {"page": "d", "gold": "Short.", "title": "Short"},
        {"page": "e", "gold": LONG.text[::-1], "title": "Third title"},
    ]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert [story.title for story in sources_of(tmp_path)] == [TITLE, "Another title", "Third title"]
    assert [story.title for story in unlike(sources_of(tmp_path))] == [TITLE, "Third title"]


def test_wrong_groups_are_counted():
    seen = {name: Sighting(record=name, path=name, position=0) for name in "abcde"}

    def one(record, story, kind):
        return Made(RecordText(title="", text="", source=""), seen[record], story, kind, "en")

    made = [
        one("a", "A", "copy"),
        one("b", "A", "cut-500"),
        one("c", "B", "copy"),
        one("d", "N", "names"),
        one("e", "A", "caption"),
    ]
    same, excerpt = Relation.SAME, Relation.EXCERPT
    a, b, c, d, e = seen.values()
    found = figures(made, [Story(a, a, [(a, same), (b, excerpt), (d, same)]), Story(c, c, [(c, same), (e, same)])])
    assert found.pairs == {"": (1, 4), "en": (1, 4)}
    assert (found.precision(), found.precision("de")) == (0.25, 1.0)
    assert (found.share(["copy"]), found.share(["cut-500"]), found.share(["caption"]), found.share(["names"])) == (
        1.0,
        1.0,
        0.0,
        0.0,
    )
    assert sorted(found.mistakes) == [("caption", "e"), ("names", "d")]
    assert found.related == 1.0


def test_stories_in_scripts_of_all_kinds_are_found_and_kept_apart(invented):
    found = invented.figures(shipped_settings())
    assert found.precision() > 0.99
    assert found.share(FULL) > 0.98
    assert found.share(CUTS) > 0.98
    assert found.share(TEASERS) > 0.95
    assert found.share(NEGATIVES) > 0.98


def test_a_number_takes_the_middle_of_the_best_values(invented, monkeypatch):
    good = {0.3: 2.0, 0.4: 2.0, 0.5: 2.0, 0.6: 1.0}

    class Found:
        def __init__(self, settings):
            self.goodness = good.get(settings.opens, 0.0)

    monkeypatch.setattr(invented, "figures", Found)
    ((name, settings, goodness),) = invented.steps(shipped_settings(), ["opens"])
    assert (name, settings.opens) == ("opens", 0.4)
    assert good.items() <= goodness.items()


def test_the_shipped_file_is_one_of_these_settings():
    assert settings_bytes(shipped_settings()) == FITTED.read_bytes()


def test_only_what_is_asked_for_is_written(tmp_path, monkeypatch, capsys):
    file = tmp_path / "stories.json"
    call = ["tests.fit", "--only", "stories", "--invented", "4", "--numbers", "opens"]
    monkeypatch.setattr("sys.argv", call)
    command.main()
    assert not file.exists()
    said = capsys.readouterr().out
    assert "opens " in said
    assert "stories not fitted to:" in said
    assert "bytes each" in said
    monkeypatch.setattr("sys.argv", [*call, "--write", str(file)])
    command.main()
    written = msgspec.json.decode(file.read_bytes(), type=StorySettings)
    assert written.leads == shipped_settings().leads


def test_too_few_stories_are_a_clear_mistake(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["tests.fit", "--only", "stories", "--invented", "0"])
    with pytest.raises(SystemExit) as caught:
        command.main()
    assert caught.value.code == 2
    assert "too few stories" in capsys.readouterr().err
