"""Lists of embedded stories: items by the form of the list, with pictures, counters, ads and paid cards."""

from __future__ import annotations

from tests.invented.header import Fields, author_line, header
from tests.invented.line import Kind, Line, Page, Story
from tests.invented.prose import Topic, Writer
from tests.invented.site import ListForm, Site

ODD = 0.06  # share of items that differ from their list, on sites with damage


def add_list(page: Page, form: ListForm, site: Site, writer: Writer) -> None:
    """Add a list with its label."""
    page.clutter(form.label)
    rng = writer.rng
    low, high = form.counts
    count = rng.randint(low, high)
    paid_at = rng.randrange(1, count) if form.paid else 0
    for number in range(count):
        page.lines += item(form, site, writer, number)
        if form.paid and number + 1 == paid_at:
            page.clutter(*_paid_card(form, writer))
        if form.ad and rng.random() < 0.2 and number + 1 < count:
            page.clutter(form.ad)


def _paid_card(form: ListForm, writer: Writer) -> list[str]:
    brand, topic = writer.fill("{brand}"), writer.topic()
    card = (
        [topic.title, writer.fill(form.paid, brand=brand)]
        if writer.rng.random() < 0.5
        else [writer.fill(form.paid, brand=brand), topic.title]
    )
    return card + ([brand] if brand not in card[0] + card[1] else [])


def item(form: ListForm, site: Site, writer: Writer, number: int) -> list[Line]:
    """Return the lines of an embedded story."""
    rng, topic = writer.rng, writer.topic()
    odd = site.damage and rng.random() < ODD
    has_text = form.kind not in {"headline", "bare"} and not (odd and rng.random() < 0.3)
    kinds: dict[str, Kind] = {"teaser": "teaser", "story": "story", "post": "story", "digest": "story"}
    story = Story(kinds[form.kind] if has_text else "headline", topic.title)
    fields = Fields(
        title=topic.title,
        source=writer.paper() if "source" in form.order else "",
        time="" if odd and rng.random() < 0.5 else writer.time(form.time_style, site.digits),
        time_label=form.time_label,
        author=author_line(writer, writer.person()),
        category=rng.choice(writer.language.menu[1:]),
        number=f"{number + 1}{form.number_end}",
    )
    texts = _texts(form, writer, topic) if has_text else []
    lines: list[Line] = []
    for line in header(form.order, fields, story, form.glue):
        lines += _with_second_mention(line, form, fields, story)
        if line.shows == ("lead",) and len(texts) > 1:
            lines[-1].text = texts.pop(0)
        elif line.shows == ("text",):
            lines[-1:] = _body(form, writer, story, texts)
    lines = [line for line in lines if line.text]
    if form.picture:
        text = topic.title if form.picture == "title" else writer.fill(rng.choice(writer.language.captions))
        lines.insert(0, Line(text, "picture", "either", story))
    ends = [writer.fill(text) for text in (form.more, form.counter) if text]
    lines += [Line(text, "link", "clutter", story) for text in ends]
    for line in lines[1:]:
        line.continues = form.one_line and line.look != "prose" and site.blank < 2
    return lines


def _with_second_mention(line: Line, form: ListForm, fields: Fields, story: Story) -> list[Line]:
    """Return a line of a header, before it its title a first time, behind it its source a second time."""
    twice = [line]
    is_title = line.shows == ("title",)
    if is_title and form.double_title == "glued":
        line.text = f"{line.text} {line.text}"
    elif is_title and form.double_title == "above":
        twice.insert(0, Line(line.text, "title", "field", story, line.shows))
    if form.double_source and line.shows == ("source",):
        twice.append(Line(form.double_source + fields.source, "meta", "field", story, line.shows))
    return twice


def _texts(form: ListForm, writer: Writer, topic: Topic) -> list[str]:
    if form.kind == "teaser":
        text = writer.paragraph(topic, writer.rng.choice([1, 1, 2]), opening=True)
        if form.ellipsis:
            text = text[: max(60, len(text) - writer.rng.randrange(4, 30))].rstrip(" .,。、") + form.ellipsis
        lead = writer.paragraph(topic, 1, opening=True) if "lead" in form.order else ""
        return [text for text in (lead, text) if text]
    texts = writer.body(topic, writer.rng.randint(1, form.paragraphs) + ("lead" in form.order))
    if form.one_line and form.kind == "story":
        cut = 1 if "lead" in form.order else 0
        texts = [*texts[:cut], writer.joined(texts[cut:])]
    return texts


def _body(form: ListForm, writer: Writer, story: Story, texts: list[str]) -> list[Line]:
    lines = [Line(text, "prose", "text", story) for text in texts]
    if form.credit and lines:
        credit = Line(writer.fill(writer.rng.choice(writer.language.credits)), "picture", "clutter", story)
        lines.insert(writer.rng.choice([0, len(lines)]), credit)
    return lines
