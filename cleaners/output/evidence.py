"""Name the witness that decided on each line of a cleaned page.

Called by `cleaners.pipeline` when a caller asks for evidence; a normal run does without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cleaners.document.page import Line, split_lines
from cleaners.output.record import Cleaned, Segment
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.evidence import LineEvidence, Scored
from cleaners.text.flattened.edited import ESCAPE, JOINTS, MARK, EditedText

# The parts of a page whose lines no rule of a pack removes, by the end of the id in the ledger.
PLACES = {
    "before": "before the page's own story",
    "header": "between a title and its text",
    "list": "in a list of other stories",
    "after": "after the page's own story",
    "not-an-article": "text of a page that is no story of its own",
    "repeat": "repeats a field of the same story",
    "repeated-text": "repeats a text above, in its order",
}
MARKS = (MARK, ESCAPE, *JOINTS)


def evidence_of(
    text: str,
    cleaned: Cleaned,
    stories: Stories,
    ruleset: Ruleset,
    scores: Mapping[int, Scored] | None = None,
    noted: Sequence[LineEvidence] = (),
) -> list[LineEvidence]:
    """Return the evidence of every visible line of a page, in page order.

    `scores` are those of lines by their start; `noted` is evidence that segmentation has given itself, for whole lines or for
    parts of them, such as the choice of a title: it goes before all but rules of packs; that of extractors only before scores.
    """
    story_of = {record.id: story for record, story in zip(cleaned.records, stories.found, strict=True)}
    judge = _Judge(story_of, ruleset, scores or {}, {at.start: at for at in reversed(noted)})
    return [judge.of_line(line, found) for line, found in _with_segments(text, cleaned.segments)]


def moved(evidence: Sequence[LineEvidence], steps: Sequence[EditedText]) -> list[LineEvidence]:
    """Return evidence of a text that `steps` of edits made, with the offsets of the original text."""
    for step in reversed(steps):
        evidence = [
            LineEvidence(step.original(it.start), step.original(it.end, is_end=True), it.witness, it.summary, it.reasons)
            for it in evidence
        ]
    return list(evidence)


def _with_segments(text: str, segments: Sequence[Segment]) -> Iterator[tuple[Line, list[Segment]]]:
    """Yield every line with visible characters outside the marks of flatteners, and its segments."""
    at = 0
    for line in split_lines(text):
        while at < len(segments) and segments[at].end <= line.start:
            at += 1
        found = []
        for segment in segments[at:]:
            if segment.start >= line.end:
                break
            if segment.rule not in MARKS:
                found.append(segment)
        if found:
            yield line, found


class _Judge:
    """What decides on a line: the stories of the page by record, its rules, the scores and the noted evidence by line start."""

    def __init__(
        self, story_of: Mapping[str, Story], ruleset: Ruleset, scores: Mapping[int, Scored], noted: Mapping[int, LineEvidence]
    ) -> None:
        self._story_of, self._ruleset, self._scores, self._noted = story_of, ruleset, scores, noted

    def of_line(self, line: Line, segments: Sequence[Segment]) -> LineEvidence:
        """Return the evidence of a line, by the segment with most of its characters."""
        most = max(segments, key=lambda it: min(it.end, line.end) - max(it.start, line.start))
        rule = most.rule
        if rule is not None and rule in self._ruleset.rules:
            return LineEvidence(line.start, line.end, "rule", rule)
        noted = self._noted.get(line.start) or self._noted.get(most.start)
        if noted is not None and noted.witness != "extractor":
            return LineEvidence(line.start, line.end, noted.witness, noted.summary, noted.reasons)
        return self._of_kept(line, most) if rule is None else self._of_removed(line, rule)

    def _of_kept(self, line: Line, segment: Segment) -> LineEvidence:
        story = self._story_of[segment.record or ""]
        if story.form:
            return LineEvidence(line.start, line.end, "grammar", item_of(story.form))
        if story.layout and story.layout != self._ruleset.fallback_layout.id:
            return LineEvidence(line.start, line.end, "layout", story.layout)
        place = "text of its story" if segment.field == "text" else f"{segment.field} of its story"
        return self._by_score(line, place, agrees=lambda value: value > 0)

    def _of_removed(self, line: Line, rule: str) -> LineEvidence:
        layout, _, part = rule.rpartition(".")
        if part not in PLACES or layout != self._ruleset.fallback_layout.id:
            return LineEvidence(line.start, line.end, "layout", rule)
        return self._by_score(line, PLACES[part], agrees=lambda value: value <= 0)

    def _by_score(self, line: Line, place: str, agrees: Callable[[float], bool]) -> LineEvidence:
        """Return the score as the witness if it agrees with the fate of the line, else the line's place."""
        score, noted = self._scores.get(line.start), self._noted.get(line.start)
        if noted is not None and noted.witness == "extractor":
            return LineEvidence(line.start, line.end, noted.witness, noted.summary, noted.reasons)
        if score is None:
            return LineEvidence(line.start, line.end, "position", place)
        if agrees(score.value):
            return LineEvidence(line.start, line.end, "score", f"{score.value:+.1f}", score.reasons)
        return LineEvidence(line.start, line.end, "position", f"{place}, against a score of {score.value:+.1f}", score.reasons)


def item_of(form: str) -> str:
    """Return the place of an item before the form of its list.

    >>> item_of("time / source / title / text, 3 of 6")
    'item 3 of 6, time / source / title / text'
    """
    fields, _, place = form.rpartition(", ")
    return f"item {place}, {fields}" if fields else form


def in_words(evidence: LineEvidence) -> str:
    """Return evidence as one line of text.

    >>> from cleaners.segmentation.evidence import Reason
    >>> in_words(LineEvidence(0, 9, "score", "+3.1", (Reason("long line", 1.9), Reason("digits", -0.8))))
    'score +3.1: long line +1.9, digits -0.8'
    """
    reasons = ", ".join(f"{reason.name} {reason.value:+.1f}" for reason in evidence.reasons)
    return f"{evidence.witness} {evidence.summary}" + (f": {reasons}" if reasons else "")
