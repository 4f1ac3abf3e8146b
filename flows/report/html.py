"""Render a report as one self-contained HTML file: tables by a template, charts and pages by two small scripts.

Its Content-Security-Policy allows only the scripts with the digests in it to run. Called by `flows.report.build`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import msgspec
from jinja2 import Template
from markupsafe import Markup

from flows.output.lines import QuarantineLine
from flows.output.manifest import Manifest
from flows.report.safe_html import STYLE, TEMPLATES, content_policy, safe_environment
from flows.report.tables_and_charts import Row, charts_of, share, story_rows, tables_of
from flows.stories.show import NO_STORIES, Overview

MAX_BYTES = 4_900_000  # of a report; pages are left out beyond that
MOST_ROWS = 200  # of a table or a list in the report
SEEN_SHOWN = 20  # pages of a story
CHARTS_LIBRARY, SCRIPTS = "chart.umd.min.js", ("report_charts.js", "report_pages.js")


@dataclass(frozen=True)
class Report:
    """The content of a report: a run, the runs up to it, some of its quarantine, and a reason for each rule.

    `damaged` has a sentence for each of its files that is not as the run wrote it; `stories` are those of the whole folder.
    """

    name: str
    manifest: Manifest
    runs: Sequence[Manifest]
    quarantine: Sequence[QuarantineLine]
    reasons: Mapping[str, str]
    damaged: Sequence[str] = ()
    stories: Overview = NO_STORIES

    def render(self, pages: Iterable[bytes]) -> bytes:
        """Return the report as HTML in UTF-8, with as many of the pages (each in JSON) as fit into MAX_BYTES."""
        room = MAX_BYTES - len(self._with([]))
        return self._with([*_within(room, (_escaped(page) for page in pages))])

    def _with(self, pages: list[bytes]) -> bytes:
        page = self._template.render(
            name=self.name,
            run=self.manifest,
            counts=self.manifest.counts,
            runs=self.runs,
            damaged=self.damaged,
            rows=self._rows,
            stories=self.stories,
            seen_shown=SEEN_SHOWN,
            most=MOST_ROWS,
            facts=self._script_data,
            shown=len(pages),
            pages=_markup(b"[%s]" % b",".join(pages)),
            style=Markup(self._style),
            scripts=[*map(Markup, self._scripts)],
            policy=Markup(content_policy(self._style, self._scripts)),
        )
        return page.encode()

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        return tables_of(self.manifest, self.runs, self.quarantine) | {"stories": story_rows(self.stories)}

    @cached_property
    def _script_data(self) -> Markup:
        """The data of the scripts beside pages, as JSON."""
        counts = self.manifest.counts
        data = {"charts": charts_of(self.manifest, self.runs), "kinds": counts.rule_kinds, "reasons": self.reasons}
        return _markup(_escaped(msgspec.json.encode({**data, "pages": counts.pages})))

    @cached_property
    def _template(self) -> Template:
        environment = safe_environment(TEMPLATES)
        environment.filters |= {"share": share, "link": lambda name: quote(name, safe="")}
        return environment.get_template("report.html")

    @cached_property
    def _style(self) -> str:
        return STYLE.read_text(encoding="utf-8")

    @cached_property
    def _scripts(self) -> list[str]:
        return [_read(CHARTS_LIBRARY).partition("//# sourceMappingURL")[0], *map(_read, SCRIPTS)]


def _within(room: int, pages: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pages that fit into `room` bytes; a page too large is skipped, until less than a twentieth of the room is left."""
    least = room // 20
    for page in pages:
        if len(page) < room:
            room -= len(page) + 1
            yield page
        elif room < least:
            return


def _escaped(encoded: bytes) -> bytes:
    r"""Return JSON that is safe inside an HTML element: no text in it can end the element or begin another."""
    for char in "<>&\u2028\u2029":
        encoded = encoded.replace(char.encode(), b"\\u%04x" % ord(char))
    return encoded


def _markup(encoded: bytes) -> Markup:
    return Markup(encoded.decode())


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
