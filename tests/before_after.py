"""Draw the picture of the main README: a small page with its removed parts struck through, beside its records.

    python -m tests.before_after            draw tests/before_after.txt as tests/before_after.png; needs Chromium
    python -m tests.before_after --html     print the drawing as HTML instead

A person runs it after a change to the page or to the way the drawing looks.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaners import Cleaned, Page, Record, clean_page

PAGE = Path(__file__).with_name("before_after.txt")
PICTURE = PAGE.with_suffix(".png")
CAPTURED = datetime(2025, 7, 5, 12, tzinfo=UTC)
SIZE = (1240, 690)  # pixels
SHOWN_FIELDS = ("kind", "source", "published", "published_raw", "language")

STYLE = """
body { margin: 0; padding: 20px 24px; background: #fff; color: #1f2328; font: 15px/1.42 "DejaVu Sans", sans-serif;
  display: grid; grid-template-columns: 1fr 1fr; gap: 4px 28px; align-items: start; }
h2 { font-size: 17px; margin: 0 0 6px; } h3 { font-size: 16px; margin: 0 0 8px; } p { margin: 0 0 8px; }
small { color: #59636e; font-weight: normal; font-size: 13px; }
.page, .record { border: 1px solid #d1d9e0; border-radius: 6px; padding: 12px 16px; } .record { margin-bottom: 18px; }
.page { white-space: pre-wrap; line-height: 1.36; font-size: 14px; }
.r0 { background: #d7efdf; } .r1 { background: #d8e8fb; } s { background: #fde1df; color: #8f1d16; }
th { font-weight: normal; color: #59636e; text-align: left; padding: 0 14px 0 0; } table { margin-bottom: 8px; }
"""


def drawing(text: str) -> str:
    """Return the HTML of the picture of a page."""
    cleaned = clean_page(Page(text, path=PAGE.name, captured_at=CAPTURED))
    records = "".join(_record(record) for record in cleaned.records)
    return (
        f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"
        "<h2>Before <small>a scraped page; <s>struck through</s>: removed, each piece by a rule with a name</small></h2>"
        f"<h2>After <small>its records</small></h2><div class=page>{_page(text, cleaned)}</div><div>{records}</div>"
    )


def _page(text: str, cleaned: Cleaned) -> str:
    """Return the page as HTML, each segment in the colour of its record or struck through."""
    positions = {record.id: record.position for record in cleaned.records}
    drawn, at = "", 0
    for segment in cleaned.segments:
        piece = escape(text[segment.start : segment.end])
        marked = f"<s>{piece}</s>" if segment.record is None else f"<span class=r{positions[segment.record]}>{piece}</span>"
        drawn += escape(text[at : segment.start]) + marked
        at = segment.end
    return drawn.replace("\n\n", "\n") + escape(text[at:])


def _record(record: Record) -> str:
    """Return a record as HTML."""
    rows = "".join(f"<tr><th>{name}<td>{escape(getattr(record, name))}" for name in SHOWN_FIELDS)
    body = "".join(f"<p>{escape(line)}</p>" for line in record.text.split("\n"))
    return f"<div class='record r{record.position}'><h3>{escape(record.title)}</h3><table>{rows}</table>{body}</div>"


def main() -> None:
    """Write the picture, or print its HTML."""
    html = drawing(PAGE.read_text(encoding="utf-8"))
    if "--html" in sys.argv:
        print(html)
        return
    with TemporaryDirectory() as folder:
        source = Path(folder, "before_after.html")
        source.write_text(html, encoding="utf-8")
        window = f"--window-size={SIZE[0]},{SIZE[1]}"
        chromium = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        subprocess.run([*chromium, window, f"--screenshot={PICTURE}", source.as_uri()], check=True, timeout=60)


if __name__ == "__main__":
    main()
