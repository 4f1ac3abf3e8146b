"""A story in full: a report, an interview, a listicle or results, with captions, boxes and notes in it and behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from tests.invented.header import Fields, author_line, header
from tests.invented.line import Kind, Line, Page, Story
from tests.invented.prose import Topic, Writer, capitalised
from tests.invented.site import Site, weighted

Genre = Literal["report", "brief", "interview", "listicle", "results", "sections"]
GENRES: dict[Genre, float] = {"report": 5, "brief": 2, "interview": 1.5, "listicle": 1.5, "results": 1, "sections": 3}
Embed = Callable[[], None]


def add_story(
    page: Page, site: Site, writer: Writer, kind: Kind, embed: Embed | None = None, topic: Topic | None = None
) -> None:
    """Add a story in full; `embed` adds the lists that stand inside its text."""
    topic = topic or writer.topic()
    story = Story(kind, topic.title)
    page.lines += _head(site, writer, story, topic)
    if not site.share_below:
        page.clutter(*site.share, look="link")
    if site.caption == "above":
        page.lines += _picture(site, writer, story)
    is_intro = site.form in {"live", "digest"}
    lines = _text(writer, story, topic, "brief" if is_intro else weighted(writer.rng, GENRES))
    spots = [i for i, line in enumerate(lines) if i > 1 and line.look == "prose"]
    inserts = _inserts(site, writer, story) if len(spots) > 2 else {}
    for i, line in enumerate(lines):
        for place, added in inserts.items():
            page.lines += added if spots[place % len(spots)] == i else []
        if embed and spots and i == spots[len(spots) // 2]:
            embed()
        page.lines.append(line)
    if embed and not spots:
        embed()
    page.lines += _end(site, writer, story)
    if site.share_below:
        page.clutter(*site.share, look="link")


def _head(site: Site, writer: Writer, story: Story, topic: Topic) -> list[Line]:
    person = writer.person()
    fields = Fields(
        title=topic.title,
        source=writer.paper() if "source" in site.head else "",
        time=writer.time(site.head_time, site.digits),
        time_label=site.head_label,
        author=author_line(writer, person),
        category=writer.rng.choice(writer.language.menu[1:]),
    )
    lines = []
    for line in header(site.head, fields, story, site.head_glue):
        if line.shows == ("lead",):
            line.text, line.keep = writer.paragraph(topic, 1, opening=True), True
        if line.shows == ("title",) and site.double_title:
            lines.append(Line(line.text, "title", "field", story, line.shows))
        if line.shows == ("author",) and site.flattener == "broken" and line.text.endswith(person) and line.text != person:
            lines.append(Line(line.text.removesuffix(person).strip(), "meta", "field", story))
            line.text, line.continues = person, True
        lines.append(line)
    return lines


def _text(writer: Writer, story: Story, topic: Topic, genre: Genre) -> list[Line]:
    rng, language = writer.rng, writer.language
    lines = [_prose(text, story) for text in writer.body(topic, {"brief": 2, "report": rng.randint(3, 14)}.get(genre, 2))]
    if genre == "interview":
        for question in rng.sample(language.questions, rng.randint(3, len(language.questions))):
            lines += [_heading(question, story), _prose(writer.paragraph(topic, rng.randint(1, 4)), story)]
    elif genre == "listicle":
        things = rng.sample(language.objects, rng.randint(3, 7))
        for number, thing in enumerate(things, 1):
            lines += [
                _heading(f"{number}. {capitalised(thing)}", story),
                _prose(writer.paragraph(topic, rng.randint(1, 3)), story),
            ]
    elif genre == "sections":
        for subhead in rng.sample(language.subheads, rng.randint(2, 4)):
            lines += [_heading(subhead, story), *(_prose(text, story) for text in writer.body(topic, rng.randint(1, 3)))]
    elif genre == "results":
        lines += [*_table(writer, story), *(_prose(text, story) for text in writer.body(topic, 2))]
    return lines


def _prose(text: str, story: Story) -> Line:
    return Line(text, "prose", "text", story)


def _heading(text: str, story: Story) -> Line:
    return Line(text, "heading", "text", story, keep=True)


def _table(writer: Writer, story: Story) -> list[Line]:
    """Return a table of results: its rows, its cells one by one, or its columns one after the other."""
    rng, language = writer.rng, writer.language
    towns = rng.sample(language.towns, rng.randint(4, 8))
    points = sorted((rng.randrange(3, 60) for _ in towns), reverse=True)
    rows = [
        list(language.table),
        *(
            [town, str(20 + i % 3), str(point // 3), str(point)]
            for i, (town, point) in enumerate(zip(towns, points, strict=True))
        ),
    ]
    how = rng.choice(["\t", " | ", "  ", "cells", "columns"])
    cells = [cell for row in (zip(*rows, strict=True) if how == "columns" else rows) for cell in row]
    texts = cells if how in {"cells", "columns"} else [how.join(row) for row in rows]
    return [Line(text, "cell", "either", story, continues=i > 0) for i, text in enumerate(texts)]


def _picture(site: Site, writer: Writer, story: Story) -> list[Line]:
    caption = writer.fill(writer.rng.choice(writer.language.captions))
    credit = writer.fill(writer.rng.choice(writer.language.credits))
    if site.credit and writer.rng.random() < 0.5:
        text = f"{caption} {credit}" if "(" in credit else f"{caption} ({credit})"
        return [Line(text, "picture", "either", story)]
    lines = [Line(caption, "picture", "either", story)]
    return lines + ([Line(credit, "meta", "clutter", story)] if site.credit else [])


def _inserts(site: Site, writer: Writer, story: Story) -> dict[int, list[Line]]:
    """Return the captions, boxes and ads inside the text, by the number of the paragraph below it."""
    found: dict[int, list[Line]] = {}
    if site.caption == "inside":
        found[0] = _picture(site, writer, story)
    if site.ad:
        found[1] = [Line(site.ad, "label", "clutter")]
    if site.inline:
        found[2] = [Line(writer.fill(site.inline, title=writer.topic().title), "link", "clutter")]
    if site.pull_quotes:
        found[3] = [Line(f"“{writer.rng.choice(writer.language.quotes)}”", "heading", "either", story)]
    if site.signup and writer.rng.random() < 0.4:
        found[4] = [Line(text, "label", "clutter") for text in site.signup]
    return found


def _end(site: Site, writer: Writer, story: Story) -> list[Line]:
    rng, language = writer.rng, writer.language
    lines = []
    if site.correction:
        lines.append(Line(language.corrections[0], "meta", "either", story))
    if site.note:
        note = writer.fill(rng.choice(language.notes), site=site.name, host=site.host)
        lines.append(Line(note, "meta", "clutter"))
    if site.tags:
        tags = rng.sample(language.menu[1:], rng.randint(2, 5))
        label = rng.choice(language.tags)
        joined = [f"{label} {', '.join(tags)}"] if site.tags_joined else [label, *tags]
        lines += [Line(text, "link" if text in tags else "label", "clutter") for text in joined]
    lines += [Line(text, "label", "clutter") for text in site.paywall]
    return lines
