"""The one place that cuts: stories and the spans found in them become records and the ledger."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaners.body import Body, Cut, join, subtract
from cleaners.language import language_of
from cleaners.ledger import check_ledger
from cleaners.page import Line, Page, stable_id
from cleaners.record import Cleaned, PageInfo, Record, Segment
from cleaners.ruleset import Ruleset
from cleaners.stories import Stories, Story
from cleaners.times import resolve

FIELD_OF = {"title": "title", "source": "source", "time": "published_raw", "category": "category", "author": "authors"}
# A body that the end of a page cuts off is longer than this and ends without the end of a sentence.
MIN_TRUNCATED_CHARS = 60
SENTENCE_ENDS = ".!?…。！？؟।\"'”’)]»」』"


_Part = tuple[int, int, str | None, str | None, str | None]


class Kept(NamedTuple):
    """The characters from `start` to `end` of a page belong to a field of the story with the index `story`."""

    start: int
    end: int
    story: int
    field: str


def cut(page: Page, stories: Stories, bodies: Sequence[Body], removed: Sequence[Cut], ruleset: Ruleset, rules: str) -> Cleaned:
    """Return the records and the ledger of a page; raises BadPage when the ledger is not complete.

    `bodies` hold what was found in the body of each story, `removed` what went before and beside the stories, and
    `rules` is the digest of everything that decided it.
    """
    info = PageInfo(
        id=page.id,
        path=page.path,
        url=page.url,
        site=ruleset.site.name if ruleset.site else "",
        layout=stories.layout or "unknown",
        captured_at=page.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ") if page.captured_at else "",
    )
    kept: list[Kept] = []
    cuts = list(removed)
    texts = []
    for i, (story, body) in enumerate(zip(stories.found, bodies, strict=True)):
        text, spans = _body(page.text, story.body, body)
        texts.append(text)
        kept += [Kept(start, end, i, "text") for start, end in spans]
        kept += [Kept(place.start, place.end, i, FIELD_OF[name]) for name, place in story.fields.items()]
        kept += [Kept(lift.start, lift.end, i, name) for lift, name in body.lifted]
        cuts += body.removed
    if stories.tag is not None and stories.found:
        kept.append(Kept(stories.tag.start, stories.tag.end, 0, "tags"))
    elif stories.tag is not None:
        cuts.append(Cut(stories.tag.start, stories.tag.end, stories.layout))
    _mark_truncated(stories.found, texts)
    records = _records(page, info, stories, bodies, texts, ruleset, rules)
    segments = _segments(page.text, kept, cuts, [record.id for record in records])
    check_ledger(page.text, segments)
    kinds = {segment.rule: ruleset.kinds[segment.rule] for segment in segments if segment.rule is not None}
    return Cleaned(info, records, segments, kinds)


def _body(text: str, lines: Sequence[Line], body: Body) -> tuple[str, list[tuple[int, int]]]:
    """Return how a body reads without what was found in it, and the spans of the page that are left of it."""
    holes = sorted((found.start, found.end) for found in (*body.removed, *(lift for lift, _ in body.lifted)))
    read: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for line in lines:
        first = at
        while at < len(holes) and holes[at][0] < line.end:
            at += 1
        if first == at:
            read.append(line.text)
            spans.append((line.start, line.end))
            continue
        rest = join(text, subtract((line.start, line.end), holes[first:at]))
        if rest.text:
            read.append(rest.text)
            spans += [(place, place + length) for _, place, length in rest.pieces]
    return "\n".join(read), spans


def _mark_truncated(found: Sequence[Story], texts: Sequence[str]) -> None:
    """Flag the last story of a page when its text stops in the middle of a sentence."""
    if found and len(texts[-1]) > MIN_TRUNCATED_CHARS and texts[-1][-1] not in SENTENCE_ENDS:
        found[-1].flags.add("truncated")


def _records(
    page: Page, info: PageInfo, stories: Stories, bodies: Sequence[Body], texts: Sequence[str], ruleset: Ruleset, rules: str
) -> list[Record]:
    records: list[Record] = []
    seen: Counter[tuple[str, str]] = Counter()
    parent = ""
    tags = [stories.tag.text] if stories.tag else []
    for story, body, text in zip(stories.found, bodies, texts, strict=True):
        title, source = _field(story, "title"), _field(story, "source")
        name = (title, source) if title or source else (text[:200], "")
        record_id = stable_id(info.id, *name, str(seen[name]))
        seen[name] += 1
        is_own = story.role == "article"
        raw = _field(story, "time")
        published, precision = resolve(ruleset.words.times.read(raw) if raw else None, page.captured_at)
        records.append(
            Record(
                id=record_id,
                kind="article" if is_own else "story" if text else "headline",
                title=title,
                text=text,
                source=source,
                published=published,
                published_raw=raw,
                published_precision=precision,
                category=_field(story, "category"),
                authors=[story.fields["author"].text] if "author" in story.fields else [],
                tags=list(tags),
                language=language_of(text or title),
                url=page.url if is_own else "",
                attribution=" ".join(page.text[lift.start : lift.end].strip() for lift, _ in sorted(body.lifted)),
                flags=sorted(_flags(story, body, text, ruleset)),
                parent_id="" if is_own else parent,
                position=0 if is_own else len(records) + (not parent),
                page=info,
                text_sha256=hashlib.sha256(text.encode()).hexdigest(),
                duplicate_of="",
                rules=rules,
            )
        )
        if is_own:
            parent = record_id
    return records


def _field(story: Story, name: str) -> str:
    return " ".join(story.fields[name].text.split()) if name in story.fields else ""


def _flags(story: Story, body: Body, text: str, ruleset: Ruleset) -> set[str]:
    flags = story.flags | body.flags
    if story.role == "article" and not text:
        flags.add("empty-body")
    if ruleset.site is None:
        flags.add("layout-unknown")
    return flags


def _segments(text: str, kept: Iterable[Kept], cuts: Iterable[Cut], ids: Sequence[str]) -> list[Segment]:
    """Return the ledger in page order, neighbouring segments of one fate as one."""
    parts: list[_Part] = [(span.start, span.end, ids[span.story], span.field, None) for span in kept]
    parts += [(found.start, found.end, None, None, found.rule) for found in cuts]
    segments: list[_Part] = []
    for part in sorted(parts, key=lambda part: part[:2]):
        if segments and segments[-1][2:] == part[2:] and not text[segments[-1][1] : part[0]].strip():
            part = (segments.pop()[0], *part[1:])
        segments.append(part)
    return [Segment(*part) for part in segments]
