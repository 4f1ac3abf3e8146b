"""A report as one HTML file that needs nothing else: tables by a template, charts and pages by two small scripts.

All of it is data to the browser: the policy in its head lets nothing run but the scripts whose digests it names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flows.counts import Counts
from flows.manifest import Manifest
from flows.report_charts import charts_of
from flows.report_tables import share, tables_of
from flows.shard import QuarantineLine

TEMPLATES = Path(__file__).parent / "templates"
STYLE, CHARTS_LIBRARY, SCRIPTS = "report.css", "chart.umd.min.js", ("report_charts.js", "report_pages.js")


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells: of a run, the runs up to it, some of its quarantine, and some of its pages as JSON."""

    name: str
    manifest: Manifest
    runs: Sequence[Manifest]
    quarantine: Sequence[QuarantineLine]
    pages: Sequence[bytes]
    most_rows: int


def render(told: Told) -> str:
    """Return the report as HTML."""
    style = _read(STYLE)
    library = _read(CHARTS_LIBRARY).partition("//# sourceMappingURL")[0]
    scripts = [library, *map(_read, SCRIPTS)]
    policy = {
        "default-src": ["'none'"],
        "script-src": [_digest(script) for script in scripts],
        "style-src": [_digest(style)],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "require-trusted-types-for": ["'script'"],
    }
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_visible,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"number": "{:,}".format, "share": share, "link": lambda name: quote(name, safe="")}
    pages = b"[%s]" % b",".join(told.pages)
    return environment.get_template("report.html").render(
        told=told,
        rows=tables_of(told.manifest, told.runs, told.quarantine),
        run=told.manifest,
        options={"out": "", "inputs": []} | told.manifest.options,
        counts=Counts().as_dict() | told.manifest.counts,  # older manifests have fewer
        policy="; ".join(" ".join([name, *values]) for name, values in policy.items()),
        style=Markup(style),
        scripts=[*map(Markup, scripts)],
        charts=_data(msgspec.json.encode(charts_of(told.manifest, told.runs))),
        pages=_data(pages),
    )


def _data(encoded: bytes) -> Markup:
    r"""Return JSON such that no text in it can end the element that it stands in, or begin another."""
    text = encoded.decode()
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _visible(value: object) -> object:
    """Return text with what cannot be seen in it, such as characters that turn what follows around, shown by its number."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(char if char.isprintable() else f"[U+{ord(char):04X}]" for char in value)
