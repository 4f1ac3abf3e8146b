"""Write the review page of learnt sites, one self-contained HTML file, for a person who accepts or drops groups of rules.

Called by `dehusk learn`.
"""

from __future__ import annotations

import glob
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment
from markupsafe import Markup, escape

from cleaners.learning.choice import LearntSite
from cleaners.learning.example_pages import MAX_EXAMPLES
from cleaners.learning.proposal import Group
from cleaners.text.visible import visible
from flows.learning.page_difference import MARK_WORDS, PageDifference, page_difference
from flows.learning.shown_groups import Measure, ShownGroup, measures_of, shown_groups, shown_templates
from flows.output.atomic import make_folder, write_whole
from flows.output.part_file import remove_abandoned_parts
from flows.report.html import MAX_BYTES
from flows.report.safe_html import STYLE, content_policy, safe_environment

TEMPLATES = Path(__file__).parent / "templates"
MOST_SITES = 500
HEAD_BYTES = 1_000_000  # of MAX_BYTES, for the table of sites and all around it
MAX_COMMAND_CHARS = 5_000


class SiteRow(msgspec.Struct, frozen=True):
    """A row of the table of sites; `is_shown` tells whether a section of the page is about the site."""

    number: int
    name: str
    pages: int
    rules: int
    accepted: list[Group]
    left_out: list[Group]
    measures: list[Measure]
    is_shown: bool


def write_review(path: Path, sites: Mapping[str, LearntSite], to: str = "packs") -> None:
    """Write the review page of sites by name, in their order; `to` is the folder of packs that its commands name.

    The file has at most MAX_BYTES. Each site may take an equal part of the room left by those before it: it is shown with fewer
    pages or none, and else only in the table. A mapping that reads its sites when they are asked for keeps memory small.
    """
    environment = _environment()
    rows: list[SiteRow] = []
    sections: list[Markup] = []
    room = MAX_BYTES - HEAD_BYTES
    names = list(sites)[:MOST_SITES]
    for number, name in enumerate(names, 1):
        learnt = sites[name]
        groups = list(shown_groups(learnt))
        drawn = _drawn(environment, number, name, learnt, groups, to)
        section = next((one for one in drawn if len(one.encode()) <= room // (len(names) - number + 1)), None)
        rows.append(_row(number, name, learnt, is_shown=section is not None))
        if section is not None:
            sections.append(section)
            room -= len(section.encode())
    style = STYLE.read_text(encoding="utf-8") + _read("review.css")
    script = _read("review.js")
    page = environment.get_template("review.html").render(
        rows=rows,
        more=len(sites) - len(names),
        sections=sections,
        to=to,
        marks=MARK_WORDS,
        style=Markup(style),
        script=Markup(script),
        policy=Markup(content_policy(style, [script])),
    )
    make_folder(path.parent)
    remove_abandoned_parts(path.parent, f"{glob.escape(path.name)}.*")
    write_whole(path, page.encode())


def _drawn(
    environment: Environment, number: int, name: str, learnt: LearntSite, groups: list[ShownGroup], to: str
) -> Iterator[Markup]:
    """Yield the section of a site with fewer and fewer example pages."""
    differences = {trial.group: [page_difference(example) for example in trial.examples] for trial in learnt.trials}
    template = environment.get_template("review_site.html")
    for most in range(MAX_EXAMPLES, -1, -1):
        shown: dict[Group, list[PageDifference]] = {group: found[:most] for group, found in differences.items()}
        left = sum(len(found) for found in differences.values()) - sum(map(len, shown.values()))
        whole = measures_of(learnt.before, learnt.after)
        yield Markup(
            template.render(
                number=number,
                name=name,
                learnt=learnt,
                whole=whole,
                groups=groups,
                differences=shown,
                left=left,
                to=to,
                templates=list(shown_templates(learnt)),
            )
        )


def _row(number: int, name: str, learnt: LearntSite, *, is_shown: bool) -> SiteRow:
    """Return the row of a site in the table."""
    return SiteRow(
        number,
        name,
        learnt.pages,
        len(learnt.pack.parts) if learnt.pack is not None else 0,
        [trial.group for trial in learnt.trials if trial.is_accepted],
        [trial.group for trial in learnt.trials if not trial.is_accepted],
        measures_of(learnt.before, learnt.after),
        is_shown,
    )


def review_command(to: str, decision: str, name: str) -> str:
    """Return the command that accepts or drops a site, a group of its rules or one rule.

    >>> review_command("my packs", "accept", "quaypost.lines")
    "dehusk learn --to 'my packs' --accept quaypost.lines"
    """
    return shlex.join(["dehusk", "learn", "--to", to, f"--{decision}", name])


def _command(name: str, decision: str, to: str) -> Markup:
    """Return a command as HTML, whole unless it is longer than any that a person would copy."""
    return escape(visible(review_command(to, decision, name), MAX_COMMAND_CHARS))


@cache
def _environment() -> Environment:
    environment = safe_environment(TEMPLATES)
    environment.filters["command"] = _command
    environment.filters["many"] = _many
    environment.filters["percent"] = lambda share: f"{100 * share:.0f} %"
    return environment


def _many(number: int, what: str) -> str:
    """Return a number of things."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
