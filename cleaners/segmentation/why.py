"""Name the reasons behind the fate of lines: what each feature adds to a line's score, and the forms of embedded lists.

Called by `cleaners.pipeline` when a caller asks for evidence; plain and slow, as no normal run needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.evidence import LineEvidence, Reason, Scored, strongest
from cleaners.segmentation.line_features import LineFeatures, Shape
from cleaners.segmentation.line_form import COUNT, INDEX, MASS_UNIT, NEAR_FORM, SHAPES, SHARE, LineForm, form_of, sizes
from cleaners.segmentation.line_score import NEAR, line_scorer
from cleaners.segmentation.page_grammar.model import EmbeddedList, Item
from cleaners.segmentation.title_choice import TitleChoice
from cleaners.segmentation.title_reasons import in_plain_words

PAGE = "the page as a whole"  # adds nearly the same to all lines of a page: it is no reason for one of them
ITSELF, ABOVE, BELOW = "the line itself", "the form of the lines just above", "the form of the lines just below"
MOST_FORM_WORDS = 2
NAMES = tuple(sizes())  # of the numbers of a form
MISSING = (-1,) * len(NAMES)  # the form of a line beyond the page: the last weights
# The groups of the numbers of a line's form, and of the columns of a page by the first word of their names.
FORM_GROUPS = {
    "length": "length",
    "words": "length",
    "word_chars": "length",
    "capitals": "capitals",
    "small_words": "capitals",
    "address": "signs",
    "script": "script",
}
PAGE_GROUPS = {
    "lines": "place on the page",
    "place": "place on the page",
    "page": PAGE,
    "length": "length beside that of other paragraphs",
    "repeats": "repeated on the page",
    "again": "repeated on the page",
    "shared": "words shared with long lines",
}
FLAG_WORDS = {"short": "short lines", "headline": "headlines", "meta": "bylines or times", "mark": "bullets", "label": "labels"}
LABEL_WORDS = {
    "list": "a label of lists",
    "comments": "a label of comments",
    "foot": "a label of page ends",
    "menu": "a label of menus",
    "label": "a label",
    "meta": "a byline or time",
}
SHAPE_WORDS: dict[Shape, str] = {
    "label": "is a label",
    "meta": "reads like a byline or time",
    "prose": "reads like prose",
    "sentence": "reads like a short sentence",
    "headline": "reads like a headline",
    "short": "is no sentence",
}
ENDS = ("a letter", "a full stop", "an exclamation or question mark", "an ellipsis", "a colon", "a comma", "a quote or bracket",
        "a separator", "a digit", "a sign")  # fmt: skip
STARTS = ("a capital", "a small letter", "a letter", "a digit", "a quote", "a bracket", "a currency sign or #", "a sign")
WINDOW = 8  # lines whose text and flags are named


def scored_lines(features: Sequence[LineFeatures], ruleset: Ruleset) -> dict[int, Scored]:
    """Return the score of each line by its start, above the least one of a story's text, with its reasons."""
    if not features:
        return {}
    page, least = _Page(features, ruleset), ruleset.reading.line_score.threshold
    scored = {}
    for i, feature in enumerate(features):
        shares = page.shares(i)
        named = strongest({group: value for group, value in shares.items() if group != PAGE})
        reasons = tuple(Reason(page.words(reason.name, i), reason.value) for reason in named)
        scored[feature.line.start] = Scored(sum(shares.values()) - least, reasons)
    return scored


def title_evidence(choice: TitleChoice, features: Sequence[LineFeatures]) -> list[LineEvidence]:
    """Return the evidence for the line of a title."""
    if choice.index is None:
        return []
    line = features[choice.index].line
    reasons = strongest(in_plain_words(choice.reasons))
    return [LineEvidence(line.start, line.end, "score", f"title, {choice.sureness:.0%} sure", reasons)]


def list_evidence(lists: Sequence[EmbeddedList], features: Sequence[LineFeatures]) -> Iterator[LineEvidence]:
    """Yield the evidence for the lines of embedded lists: the place of their item, the form of the list, and its reasons."""
    for embedded in lists:
        reasons = strongest(embedded.reasons)
        what = "reader's comment" if embedded.is_comments else "item"
        count = len(embedded.items)
        for number, item in enumerate(embedded.items, 1):
            for i in _lines_of(item):
                yield _on_line(features[i], f"{what} {number} of {count}, {embedded.form}", reasons)
        for i in embedded.between:
            yield _on_line(features[i], f"between the items of a list, {embedded.form}", reasons)


def extractor_evidence(features: Sequence[LineFeatures]) -> Iterator[LineEvidence]:
    """Yield the evidence for the lines of an HTML page that were chosen as its main text or left out of it."""
    for feature in features:
        if feature.selected is not None:
            place = "in the main text" if feature.selected else "outside the main text"
            reasons = strongest({"linked share": -feature.linked})
            yield LineEvidence(feature.line.start, feature.line.end, "extractor", place, reasons)


def _on_line(feature: LineFeatures, summary: str, reasons: tuple[Reason, ...]) -> LineEvidence:
    return LineEvidence(feature.line.start, feature.line.end, "grammar", summary, reasons)


def _lines_of(item: Item) -> list[int]:
    """Return the indices of the lines of an item."""
    fields = (item.title, item.source, item.time, item.category, item.author, item.number)
    return sorted({*item.body, *item.repeats, *(span.line for span in fields if span is not None)})


class _Page:
    """The forms of a page's lines and its columns, with the weights that they have in the score."""

    def __init__(self, features: Sequence[LineFeatures], ruleset: Ruleset) -> None:
        self._weights = ruleset.reading.line_score
        self._forms = [form_of(feature) for feature in features]
        scorer = line_scorer(self._weights)
        known = scorer.known_lines(features)
        self._classes = [line.line_class for line in known]
        self._columns = dict(scorer.columns(features, known))
        self._groups: dict[str, list[tuple[Sequence[int], list[list[float]]]]] = {}
        for name, numbers in self._columns.items():
            self._groups.setdefault(_column_group(name), []).append((numbers, scorer.tables[name]))

    def shares(self, i: int) -> dict[str, float]:
        """Return what each group of features adds to the score of a line; the sum is the score."""
        line_class, form, weights = self._classes[i], self._forms[i], self._weights
        own = sum(weights.own[name][value] for name, value in zip(NAMES, form.values, strict=True))
        shares = {ITSELF: weights.classes[line_class] + own, ABOVE: 0.0, BELOW: 0.0}
        for offset in NEAR:
            near, other = weights.near[str(offset)], i + offset
            values = self._forms[other].values if 0 <= other < len(self._forms) else MISSING
            shares[ABOVE if offset < 0 else BELOW] += sum(near[name][values[INDEX[name]]] for name in NEAR_FORM)
        for group, columns in self._groups.items():
            shares[group] = sum(rows[line_class][numbers[i]] for numbers, rows in columns)
        return shares

    def words(self, group: str, i: int) -> str:
        """Return the name of a group of features in plain words, with its number on a line."""
        if group == ITSELF:
            return f"{ITSELF} ({', '.join(self._form_words(i))})"
        first, *rest = group.split()
        if "since" in rest:
            side = "above" if "before" in rest else "below"
            label = LABEL_WORDS.get(rest[-1], f"a {rest[-1]}")
            return f"{label} {side}" if self._number(group, i) else f"no{label.removeprefix('a')} {side}"
        if group in self._columns and first == "mass":
            chars = MASS_UNIT * self._number(group, i)
            amount = f"{chars} characters of text" if chars else "no text"
            return f"{amount} in {WINDOW} lines {'above' if 'before' in rest else 'below'}"
        if group in self._columns and first in FLAG_WORDS:
            count = self._number(group, i) + self._number(f"{first} after {WINDOW}", i)
            return f"{count or 'no'} {FLAG_WORDS[first]} in {2 * WINDOW} lines around"
        return group

    def _form_words(self, i: int) -> Iterator[str]:
        """Yield the strongest features of the form of a line, as they are in its first score."""
        form, weights = self._forms[i], self._weights
        first: dict[str, float] = {}
        for name, value in zip(NAMES, form.values, strict=True):
            group = _form_group(name)
            first[group] = first.get(group, 0.0) + weights.first[name][value]
        sign = 1 if sum(first.values()) + weights.bias > 0 else -1
        for group in sorted(first, key=lambda group: (-sign * first[group], group))[:MOST_FORM_WORDS]:
            yield form_words(group, form)

    def _number(self, name: str, i: int) -> int:
        return int(self._columns[name][i])


def _column_group(name: str) -> str:
    """Return the group of a column: the name of the column that stands for it, or its words."""
    first, *rest = name.split()
    if "since" in rest:
        return name
    if first in ("mass", "text", "prose") and rest[0] != "place":
        return f"mass {rest[0]} {WINDOW}"
    if first in FLAG_WORDS:
        return f"{first} before {WINDOW}"
    return PAGE_GROUPS.get("place" if first == "mass" else first, name)


def _form_group(name: str) -> str:
    """Return the group of a number of a form; a pair belongs to its second number, but for shapes and scripts."""
    first, _, second = name.partition("*")
    name = second if second and second not in ("shape", "script") else first
    return FORM_GROUPS.get(name, name)


def form_words(group: str, form: LineForm) -> str:
    """Return the name of a group of numbers of a form in plain words, with what they are for this line."""
    values = {name: form.values[i] for name, i in INDEX.items()}
    named: Mapping[str, str] = {
        "length": f"{form.chars} characters long",
        "end": f"ends with {ENDS[values['end']]}",
        "start": f"begins with {STARTS[values['start']]}",
        "mark": "bullet" if values["mark"] else "no bullet",
        "commas": _counted(values["commas"], "comma"),
        "sentences": _counted(values["sentences"], "sentence end"),
        "capitals": f"{_share(values['capitals'])} capitals",
        "digits": f"{_share(values['digits'])} digits",
        "signs": _counted(values["signs"], "separator"),
        "script": "no blanks between words" if values["script"] else "words with blanks between them",
        "quotes": "quote" if values["quotes"] else "no quote",
        "shape": SHAPE_WORDS[SHAPES[values["shape"] // 2]],
        "kind": "rule of a pack" if values["kind"] else "no rule of a pack",
    }
    return named.get(group, group)


def _counted(step: int, word: str) -> str:
    """Return a count from its step in COUNT."""
    if step == 0:
        return f"no {word}"
    count = COUNT[step - 1]
    exact = step < len(COUNT) and COUNT[step] == count + 1
    return f"{count} {word}{'s' * (count > 1)}" if exact else f"{count} {word}s or more"


def _share(step: int) -> str:
    """Return the least share of a step in SHARE."""
    return f"{SHARE[step - 1]} %" if step else "no"
