"""Render a report as one self-contained HTML file: tables by a template, charts and pages by two small scripts.

Its Content-Security-Policy allows only the scripts with the digests in it to run. Called by `flows.report.build`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from flows.output.lines import QuarantineLine
from flows.output.manifest import Manifest
from flows.report.tables_and_charts import Row, charts_of, share, tables_of

MAX_BYTES = 4_900_000  # of a report; pages are left out beyond that
MAX_CELL_CHARS = 300
MOST_ROWS = 200  # of a table or a list in the report
TEMPLATES = Path(__file__).parent / "templates"
STYLE, CHARTS_LIBRARY, SCRIPTS = "report.css", "chart.umd.min.js", ("report_charts.js", "report_pages.js")


@dataclass(frozen=True)
class Report:
    """The content of a report: a run, the runs up to it, some of its quarantine, and a reason for each rule.

    `damaged` has a sentence for each of its files that is not as the run wrote it.
    """

    name: str
    manifest: Manifest
    runs: Sequence[Manifest]
    quarantine: Sequence[QuarantineLine]
    reasons: Mapping[str, str]
    damaged: Sequence[str] = ()

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
            most=MOST_ROWS,
            facts=self._script_data,
            shown=len(pages),
            pages=_markup(b"[%s]" % b",".join(pages)),
            style=Markup(self._style),
            scripts=[*map(Markup, self._scripts)],
            policy=Markup(self._policy),
        )
        return page.encode()

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        return tables_of(self.manifest, self.runs, self.quarantine)

    @cached_property
    def _script_data(self) -> Markup:
        """The data of the scripts beside pages, as JSON."""
        counts = self.manifest.counts
        data = {"charts": charts_of(self.manifest, self.runs), "kinds": counts.rule_kinds, "reasons": self.reasons}
        return _markup(_escaped(msgspec.json.encode({**data, "pages": counts.pages})))

    @cached_property
    def _policy(self) -> str:
        parts = {
            "default-src": ["'none'"],
            "script-src": [_script_digest(script) for script in self._scripts],
            "style-src": [_script_digest(self._style)],
            "base-uri": ["'none'"],
            "form-action": ["'none'"],
            "require-trusted-types-for": ["'script'"],
        }
        return "; ".join(" ".join([name, *values]) for name, values in parts.items())

    @cached_property
    def _template(self) -> Template:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_visible,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        environment.filters |= {"number": "{:,}".format, "share": share, "link": lambda name: quote(name, safe="")}
        return environment.get_template("report.html")

    @cached_property
    def _style(self) -> str:
        return _read(STYLE)

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


def _script_digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _visible(value: object) -> object:
    """Return text shortened for a cell, with invisible characters as numbers: some of them reverse the text that follows."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    shown = value[:MAX_CELL_CHARS]
    if not shown.isprintable():
        shown = "".join(_visible_char(char) for char in shown)[:MAX_CELL_CHARS]
    return shown if len(shown) == len(value) else f"{shown}…"


def _visible_char(char: str) -> str:
    return char if char.isprintable() else " " if char in "\n\t\xa0" else f"[U+{ord(char):04X}]"
