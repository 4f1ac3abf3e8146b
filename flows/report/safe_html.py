"""Self-contained HTML that is safe with any text in it: templates that escape all values, and a policy for scripts and styles.

Called by `flows.report.html` and `flows.learning.review`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cleaners.text.visible import visible

MAX_CELL_CHARS = 300
TEMPLATES = Path(__file__).parent / "templates"
STYLE = TEMPLATES / "report.css"


def safe_environment(folder: Path) -> Environment:
    """Return an environment for the templates in a folder; a value is escaped, cut to a length, and made visible."""
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, finalize=_finalized,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["number"] = "{:,}".format
    return environment


def content_policy(style: str, scripts: Iterable[str]) -> str:
    """Return a Content-Security-Policy that allows this style and these scripts alone, by their digests."""
    parts = {
        "default-src": ["'none'"],
        "script-src": [_digest(script) for script in scripts] or ["'none'"],
        "style-src": [_digest(style)],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "require-trusted-types-for": ["'script'"],
    }
    return "; ".join(" ".join([name, *values]) for name, values in parts.items())


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _finalized(value: object) -> object:
    return value if not isinstance(value, str) or isinstance(value, Markup) else visible(value, MAX_CELL_CHARS)
