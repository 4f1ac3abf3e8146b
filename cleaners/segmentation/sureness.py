"""Measure how sure the reading of a story is: numbers of its lines, of the lines around them, and of the lists of the page.

Called by `read_page`; `cleaners.output.confidence` weighs the numbers.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import exp

from cleaners.document.page import Page
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.line_features import TEXT_SHAPES, LineFeatures, LineSpan

MAX_SCORE = 8.0  # a larger score says no more
NEAR = 6  # lines above and below a text that may have been missed
EDGE = 2  # lines at both ends of a text


class PageMeasures:
    """The lines of a page with the chance of each to be text: the source of the measures of its stories."""

    def __init__(self, features: Sequence[LineFeatures], scores: Sequence[float]) -> None:
        self.features = features
        # Arrays hold a number in eight bytes, lists in forty; a page may have a quarter of a million lines.
        self.scores = array("d", [max(-MAX_SCORE, min(MAX_SCORE, score)) for score in scores])
        self.chars = array("q", [len(feature.line.text) for feature in features])
        self.likely = array("d", [chars / (1 + exp(-score)) for chars, score in zip(self.chars, self.scores, strict=True)])
        self._starts = array("q", [feature.line.start for feature in features])

    def add_to(self, stories: Stories, page: Page, spans: Sequence[LineSpan] = (), *, alone: bool = False) -> None:
        """Add the measures of each story to it, from the page around it unless the text stands `alone`.

        `spans` are the stretches of most prose of an HTML page.
        """
        texts = sum(bool(story.body) for story in stories.found)
        for story in stories.found:
            story.measures |= {"stories": float(len(stories.found)), "texts": float(texts)}
            story.measures |= self._of_text(story) | self._of_title(story)
            if story.role == "article":
                story.measures |= self._of_page(story) | {"alone": float(alone)}
                story.measures["title sure"] = stories.title.sureness if stories.title is not None else 0.0
                if page.hints:
                    story.measures |= self._of_html(story, page, spans)

    def _index(self, start: int) -> int | None:
        """Return the index of the line that starts at an offset, None when there is none."""
        i = bisect_left(self._starts, start)
        return i if i < len(self._starts) and self._starts[i] == start else None

    def _rows(self, story: Story) -> list[int]:
        """Return the indices of the lines of a story's text, in page order."""
        return sorted([i for line in story.body if (i := self._index(line.start)) is not None])

    def _of_title(self, story: Story) -> dict[str, float]:
        """Return the measures of the line of a title, and how many lines of no story follow it or the text below it."""
        title = story.fields.get("title")
        at = bisect_right(self._starts, title.start) - 1 if title is not None else -1
        if title is None or at < 0:
            return {}
        feature = self.features[at]
        end = max(at, self._index(story.body[-1].start) or at) if story.body else at
        return {
            "title score": self.scores[at],
            "title form": float(feature.shape == "headline"),
            "title line": float(feature.line.end == title.end and feature.line.start == title.start),
            "removed above": float(len(list(self._removed(range(at - 1, at - 1 - NEAR, -1))))),
            "removed below": float(len(list(self._removed(range(end + 1, end + 1 + NEAR))))),
        }

    def _of_text(self, story: Story) -> dict[str, float]:
        """Return the measures of a text and of the lines near it; a story without lines of text has the worst ones."""
        rows = self._rows(story)
        if not rows:
            return {"lines": 0.0, "doubtful": 1.0, "low": 1.0, "no prose": 1.0}
        features, chars = self.features, self.chars
        first, last = rows[0], rows[-1]
        size = sum([chars[i] for i in rows])
        kept = set(rows)
        holes = [i for i in range(first, last + 1) if i not in kept and features[i].removed]
        texts = sum([chars[i] for i in rows if features[i].shape in TEXT_SHAPES])
        return {
            "lines": float(len(rows)),
            "stretches": 1.0 + sum(after > before + 1 for before, after in pairwise(rows)),
            "doubtful": 1 - sum([self.likely[i] for i in rows]) / size,
            "low": sum([chars[i] for i in rows if self.scores[i] < 0]) / size,
            "no prose": 1 - texts / size,
            "linked": sum([chars[i] * features[i].linked for i in rows]) / size,
            "holes": sum([chars[i] for i in holes]) / size,
            "likely holes": sum([self.likely[i] for i in holes]) / size,
            "likely above": sum([self.likely[i] for i in self._removed(range(first - 1, first - 1 - NEAR, -1))]) / size,
            "likely below": sum([self.likely[i] for i in self._removed(range(last + 1, last + 1 + NEAR))]) / size,
            "start": sum([self.scores[i] for i in rows[:EDGE]]) / len(rows[:EDGE]),
            "end": sum([self.scores[i] for i in rows[-EDGE:]]) / len(rows[-EDGE:]),
        }

    def _removed(self, near: range) -> Iterator[int]:
        """Yield the lines of a range that belong to no story, up to the first of another one."""
        for i in near:
            if not 0 <= i < len(self.features) or not self.features[i].removed:
                return
            yield i

    def _of_page(self, own: Story) -> dict[str, float]:
        """Return the measures of all that the page holds beside its own story."""
        rows = set(self._rows(own))
        size = sum([self.chars[i] for i in rows]) or 1
        removed = [i for i, feature in enumerate(self.features) if feature.removed]
        prose = [i for i in removed if self.features[i].shape == "prose" and self.features[i].page_part != "comments"]
        return {
            "page lines": float(len(self.features)),
            "beside": sum([self.chars[i] for i in removed]) / size,
            "likely beside": sum([self.likely[i] for i in removed]) / size,
            "prose beside": sum([self.chars[i] for i in prose]) / size,
            "other stories": (sum(self.chars) - size - sum([self.chars[i] for i in removed])) / size,
        }

    def _of_html(self, own: Story, page: Page, spans: Sequence[LineSpan]) -> dict[str, float]:
        """Return how far the text of an HTML page agrees with another extractor and with the stretch of most prose.

        Of each, the measures are the share of the text that it lacks, and how much more it holds.
        """
        ends = [start + len(text) for start, text in zip(page.hints, page.text.split("\n"), strict=True)]
        main = {end for end, hint in zip(ends, page.hints.values(), strict=True) if hint.main}
        kept = {line.end for line in own.body}
        size = sum([len(line.text) for line in own.body]) or 1
        found: dict[str, float] = {}
        span = spans[0] if spans else (0, -1)
        in_span = {feature.line.end for feature in self.features[span[0] : span[1] + 1]}
        for name, other in (("extractor", main), ("stretch", in_span)):
            both = [(feature.line.end in kept, feature.line.end in other) for feature in self.features]
            lacks = sum([chars for chars, (mine, its) in zip(self.chars, both, strict=True) if mine and not its])
            more = sum([chars for chars, (mine, its) in zip(self.chars, both, strict=True) if its and not mine])
            found |= {f"{name} lacks": lacks / size, f"{name} has more": more / size}
        marked = [i for line in own.body if (i := self._index(line.start)) is not None and self.features[i].tag == "p"]
        return {**found, "no paragraph": 1 - sum([self.chars[i] for i in marked]) / size}
