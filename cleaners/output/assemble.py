"""Build the records and the ledger of a page; the only place where text is cut.

Called by `cleaners.pipeline`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter, itemgetter

import msgspec

from cleaners.dates.timestamps import iso_utc
from cleaners.document.page import NO_METADATA, Line, Page, stable_id
from cleaners.output.authors import authors_of
from cleaners.output.body_rules import BodyFindings, RemovedSpan
from cleaners.output.confidence import sureness_of
from cleaners.output.flags import page_ends
from cleaners.output.ledger import LINE_FIELDS, check_ledger, replay, with_single_blanks
from cleaners.output.published import published_of
from cleaners.output.record import Cleaned, PageInfo, Record, RecordField, Segment, Sureness
from cleaners.rules.compiled import Ruleset
from cleaners.rules.phrases import find_characters
from cleaners.segmentation.by_layout import Stories, StoryField
from cleaners.text.language import language_of
from cleaners.text.spans import join, subtract

FIELD_OF: dict[StoryField, RecordField] = {
    "title": "title",
    "source": "source",
    "time": "published_raw",
    "category": "category",
    "author": "authors",
}
# The start and end of a part of a page, and its fate: record and field if it was kept, rule if it was removed.
_Part = tuple[int, int, tuple[str | None, str | None, str | None]]


class KeptSpan(msgspec.Struct, frozen=True, gc=False):
    """A span of a page, in code points, that belongs to a field of the story with the index `story`."""

    start: int
    end: int
    story: int
    field: RecordField


def assemble(
    page: Page, stories: Stories, bodies: Sequence[BodyFindings], removed: Sequence[RemovedSpan], ruleset: Ruleset, rules: str
) -> Cleaned:
    """Return the records and the ledger of a page; raises BadPage when the ledger is not complete.

    `bodies` holds the findings in the body of each story, `removed` the clutter outside the stories; `rules` is the digest
    of packs and code.
    """
    info = PageInfo(
        id=page.id,
        path=page.path,
        url=page.url,
        site=ruleset.site.name if ruleset.site else "",
        layout=stories.layout or "unknown",
        type=stories.type,
        captured_at=iso_utc(page.captured_at) if page.captured_at else "",
    )
    kept: list[KeptSpan] = []
    cuts = list(removed)
    values: list[dict[str, str]] = []
    ends: list[int] = []
    for i, (story, body) in enumerate(zip(stories.found, bodies, strict=True)):
        text, spans = _body(page.text, story.body, body)
        own = [KeptSpan(start, end, i, "text") for start, end in spans]
        for name, line in story.fields.items():
            own += [KeptSpan(start, end, i, FIELD_OF[name]) for start, end in _visible(line, ruleset, cuts)]
        own += [KeptSpan(span.start, span.end, i, field) for span, field in body.lifted]
        cuts += body.removed
        kept += own
        values.append({"text": text, **_values(page.text, own)})
        ends.append(max((span.end for span in own if span.field == "text" or not text), default=0))
    if stories.tag is not None and stories.found:
        kept += [KeptSpan(start, end, 0, "tags") for start, end in _visible(stories.tag, ruleset, cuts)]
    elif stories.tag is not None:
        cuts.append(RemovedSpan(stories.tag.start, stories.tag.end, stories.layout))
    starts = (span.start for span in kept if span.field in ("title", "text"))
    judge = page_ends(page, stories.layout, starts, cuts, ruleset)
    flags = [judge.flags_of(*it) for it in zip(stories.found, bodies, (value["text"] for value in values), ends, strict=True)]
    records, sureness = _records(page, info, stories, flags, values, ruleset, rules)
    segments = _segments(page.text, kept, cuts, [record.id for record in records])
    check_ledger(page.text, segments)
    kinds = {segment.rule: ruleset.kinds[segment.rule] for segment in segments if segment.rule is not None}
    return Cleaned(info, records, segments, kinds, sureness, text=page.text)


def _visible(line: Line, ruleset: Ruleset, cuts: list[RemovedSpan]) -> list[tuple[int, int]]:
    """Return the spans of a field's line without the characters that rules remove, which are added to `cuts`."""
    characters = [RemovedSpan(start, end, rule.id) for rule, start, end in find_characters(line, ruleset)]
    cuts += characters
    return list(subtract((line.start, line.end), [(span.start, span.end) for span in characters]))


def _values(text: str, kept: Sequence[KeptSpan]) -> dict[str, str]:
    """Return the values of one story's fields but its text, replayed from its spans, those of one line with single blanks."""
    fields = sorted((span.start, span.end, span.field) for span in kept if span.field != "text")
    segments = [Segment(start, end, "", name, None) for start, end, name in fields]
    values = {name: replay(text, segments, "", name) for name in {name for _, _, name in fields}}
    return {name: with_single_blanks(value) if name in LINE_FIELDS else value for name, value in values.items()}


def _body(text: str, lines: Sequence[Line], body: BodyFindings) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of a body without its findings, and the spans of the page that remain, both in page order."""
    holes = sorted((span.start, span.end) for span in (*body.removed, *(span for span, _ in body.lifted)))
    texts: list[str] = []
    spans: list[tuple[int, int]] = []
    next_hole = 0
    for line in sorted(lines, key=attrgetter("start")):
        first_hole = next_hole
        while next_hole < len(holes) and holes[next_hole][0] < line.end:
            next_hole += 1
        if first_hole == next_hole:
            texts.append(line.text)
            spans.append((line.start, line.end))
            continue
        rest = join(text, subtract((line.start, line.end), holes[first_hole:next_hole]))
        if rest.text:
            texts.append(rest.text)
            spans += [(start, start + length) for _, start, length in rest.pieces]
    return "\n".join(texts), spans


def _records(
    page: Page,
    info: PageInfo,
    stories: Stories,
    flags: Sequence[set[str]],
    values: Sequence[dict[str, str]],
    ruleset: Ruleset,
    rules: str,
) -> tuple[list[Record], list[Sureness]]:
    """Return the record of each story, and how sure it is; `flags` holds the flags of each, `values` its fields."""
    records: list[Record] = []
    sureness: list[Sureness] = []
    seen: Counter[tuple[str, str]] = Counter()
    parent = ""
    tags = [with_single_blanks(join(page.text, _visible(stories.tag, ruleset, [])).text)] if stories.tag else []
    has_own = any(story.role == "article" for story in stories.found)
    for i, (story, own_flags, value_of) in enumerate(zip(stories.found, flags, values, strict=True)):
        title, source, text = (value_of.get("title", ""), value_of.get("source", ""), value_of["text"])
        name = (title, source) if title or source else (text[:200], "")
        record_id = stable_id(info.id, *name, str(seen[name]))
        seen[name] += 1
        is_own = story.role == "article"
        raw = value_of.get("published_raw", "")
        head = page.metadata if is_own else NO_METADATA
        published, precision = published_of(page, story, raw, ruleset)
        flags_of_record = {*page.flags, *own_flags}
        title = title or head.title
        sureness.append(sureness_of(stories, story, text, title, flags_of_record, is_html=bool(page.hints)))
        records.append(
            Record(
                id=record_id,
                kind="article" if is_own else "story" if text else "headline",
                title=title,
                text=text,
                source=source or head.source,
                published=published,
                published_raw=raw,
                published_precision=precision,
                category=value_of.get("category", ""),
                authors=authors_of(value_of.get("authors", ""), head, source, page.url if is_own else "", ruleset),
                tags=tags or list(head.tags),
                language=language_of(text or title) or head.language,
                url=page.url if is_own else story.url,
                attribution=value_of.get("attribution", ""),
                confidence=sureness[-1].confidence,
                flags=sorted(flags_of_record),
                parent_id="" if is_own else parent,
                position=i if has_own else i + 1,  # 0 is the page's own story
                page=info,
                text_sha256=hashlib.sha256(text.encode()).hexdigest(),
                duplicate_of="",
                rules=rules,
            )
        )
        if is_own:
            parent = record_id
    return records, sureness


def _segments(text: str, kept: Iterable[KeptSpan], cuts: Iterable[RemovedSpan], ids: Sequence[str]) -> list[Segment]:
    """Return the ledger in page order, with neighbouring parts of the same fate joined."""
    parts: list[_Part] = [(span.start, span.end, (ids[span.story], span.field, None)) for span in kept]
    parts += [(span.start, span.end, (None, None, span.rule)) for span in cuts]
    segments: list[_Part] = []
    for start, end, fate in sorted(parts, key=itemgetter(0, 1)):
        if segments and segments[-1][2] == fate and not text[segments[-1][1] : start].strip():
            start = segments.pop()[0]
        segments.append((start, end, fate))
    return [Segment(start, end, *fate) for start, end, fate in segments]
