"""The judgement of lines near the chosen main text of an HTML page."""

from __future__ import annotations

import pytest

from cleaners import clean_page
from cleaners.document.page import Around, Line
from cleaners.fitted.main_lines import FILE, MainLineWeights, main_line_bytes, shipped_main_lines
from cleaners.html.reader import html_page
from cleaners.segmentation.line_features import LineFeatures, WordingFeatures
from cleaners.segmentation.main_lines import LINES_AFTER, LINES_BEFORE, described, judge_lines
from tests.support.html_pages import FOOTER, MENU, ONE, THREE, TWO, page

MORE = "The board has yet to say who will pay for the work, and when the quay will be open again to lorries."


def lines(*around: Around, **changes: object) -> list[LineFeatures]:
    found = []
    for i, place in enumerate(around):
        feature = LineFeatures(
            Line(i * 100, i * 100 + 40, f"{i:040}"), None, "prose", i, WordingFeatures(None, "prose"), tag="p"
        )
        feature.around = place
        for name, value in changes.items():
            setattr(feature, name, value)
        found.append(feature)
    return found


def judged(
    features: list[LineFeatures], chosen: set[int], weights: MainLineWeights, barred: frozenset[int] = frozenset()
) -> list[int]:
    marks = [[i in some for i in range(len(features))] for some in (chosen, chosen, barred)]
    kept = judge_lines(features, *marks, [0.0] * len(features), weights)
    return [i for i, is_kept in enumerate(kept) if is_kept]


def test_a_line_is_kept_by_the_sum_of_its_weights():
    weights = MainLineWeights(0.5, 0.5, 0.0, {"main:+1": 1.0, "first:+0p": -1.0}, {})
    assert judged(lines(*[Around()] * 4), {0, 1, 2}, weights) == [1, 2]


def test_a_line_is_added_by_a_threshold_of_its_own():
    features = lines(*[Around()] * 3)
    assert judged(features, {1}, MainLineWeights(0.5, 2.0, 1.0, {}, {})) == [1]
    assert judged(features, {1}, MainLineWeights(0.5, 0.9, 1.0, {}, {})) == [0, 1, 2]


def test_a_name_counts_unless_it_is_that_of_the_text():
    weights = MainLineWeights(0.5, 0.5, 1.0, {}, {"photo": -1.0})
    photo, plain = Around(("photo", "photo")), Around()
    assert judged(lines(photo, plain, plain), {0, 1, 2}, weights) == [1, 2]
    assert judged(lines(photo, photo, plain), {0, 1, 2}, weights) == [0, 1, 2]


def test_the_chosen_lines_stay_when_none_would_be_left():
    assert judged(lines(*[Around()] * 3), {1}, MainLineWeights(0.5, 0.5, 0.0, {}, {})) == [1]


@pytest.mark.parametrize("changes", [{"page_part": "list"}, {"shape": "meta"}, {"shape": "label"}, {"linked": 1.0}])
def test_lines_beside_the_text_are_not_added(changes):
    anything = MainLineWeights(0.0, 0.0, 1.0, {}, {})
    assert judged(lines(*[Around()] * 3), {1}, anything) == [0, 1, 2]
    assert judged(lines(*[Around()] * 3, **changes), {1}, anything) == [1]


def test_barred_lines_are_not_added_but_stay_when_chosen():
    anything = MainLineWeights(0.0, 0.0, 1.0, {}, {})
    assert judged(lines(*[Around()] * 3), {1}, anything, frozenset({1, 2})) == [0, 1]


def test_lines_far_from_the_text_are_not_judged():
    features = lines(*[Around()] * 200)
    marks = [[i == 100 for i in range(200)], [False] * 200, [False] * 200]
    assert described(features, *marks, [0.0] * 200).lines == [*range(100 - LINES_BEFORE, 101 + LINES_AFTER)]


def test_the_share_of_the_text_beside_a_line_is_described():
    inside, outside = Around((), 2, 1, 0, 1), Around((), 9, 8, 0, 2)
    found = described(lines(inside, inside, outside), [True] * 3, [True] * 3, [False] * 3, [0.0] * 3)
    shares = [[name for name in row if name.startswith(("parent:", "kind:"))] for row in found.features]
    assert shares == [["parent:+4", "kind:+4"], ["parent:+4", "kind:+4"], ["parent:+0", "kind:+0"]]


def test_captions_between_paragraphs_go_and_lists_stay():
    caption = (
        "<figure><img src=x><figcaption class=caption>The crane on the east quay, seen from the ferry.</figcaption></figure>"
    )
    items = "".join(
        f"<li>{item}</li>" for item in ("The hook goes to the museum in Pellworth.", "The rails are sold for scrap.")
    )
    body = (
        f"<h1>Old crane to go</h1><p>{ONE}</p>{caption}<p>{TWO}</p><p>What will come of it:</p><ul>{items}</ul><p>{THREE}</p>"
    )
    text = clean_page(html_page(page(f"{MENU}<article>{body}<p>{MORE}</p></article>{FOOTER}"))).records[0].text
    assert "seen from the ferry" not in text
    assert all(part in text for part in (ONE, TWO, "Pellworth", "scrap", THREE, MORE))


def test_the_shipped_file_is_as_the_fit_writes_it():
    assert main_line_bytes(shipped_main_lines()) == FILE.read_bytes()


def test_a_statement_of_a_program_is_not_added():
    code = "(function() { document.addEventListener('DOMContentLoaded', function(e) { var w = new Widget(); w.init(); }); })();"
    body = f"<h1>Old crane to go</h1><p>{ONE}</p><p>{TWO}</p><div>{code}</div><p>{THREE}</p>"
    record = clean_page(html_page(page(f"{MENU}<article>{body}<p>{MORE}</p></article>{FOOTER}"))).records[0]
    assert record.text == "\n".join([ONE, TWO, THREE, MORE])


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("if (width) { document.write(width); }", []),
        ("var wide = {width: 12, height: 15};", []),
        ("The sign above the door reads {closed}", []),
        ("The pilot (a woman of the island) sails it (again)", [1]),
        ("{ and } are the braces that programs are full of", [1]),
    ],
)
def test_a_line_is_code_by_a_brace_before_its_end(text: str, added: list[int]):
    features = lines(Around(), Around())
    features[1].line = Line(100, 100 + len(text), text)
    assert judged(features, {0}, MainLineWeights(0.5, 0.5, 1.0, {}, {})) == [0, *added]
