"""Pages that try to run scripts, to leave the element that they are shown in, or to turn around what stands beside them."""

from __future__ import annotations

import json
from pathlib import Path

HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "</script><script>document.title='owned'</script>",
    "<!--<script>",
    "javascript:document.title='owned'",
    "'\"><svg onload=document.title='owned'>",
    "{{ 7 * 7 }} ${7 * 7}",
    "\u202egnp.exe\u202c and \u2066x",
    "\x1b[31mred\x07",
    "\u2028\u2029\ufeff\u200b",
)


def write_hostile(folder: Path) -> None:
    """Write pages, rows and a file name that are hostile, each with a story."""
    folder.mkdir(parents=True)
    for number, text in enumerate(HOSTILE):
        page = f"{text}\nThe ferry is back, {text} the purser said on Monday.\nAdvertisement\n"
        (folder / f"hostile-{number}.txt").write_text(page, encoding="utf-8")
        rows = {"url": f"javascript:{text}", "title": text, "author": text, "tags": [text], "text": page}
        with (folder / "rows.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(rows) + "\n")
    with (folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"text": "Broken \\ud800 Unicode"}\n{"text": 7}\n')
    (folder / "<img src=x onerror=alert(1)>\u202e&.txt").write_text("Ferry returns\nThe ferry is back.", encoding="utf-8")
    (folder / "<b>bad&.txt").write_bytes(b"\xff\xff")
    (folder / "<i>page.html").write_text(f"<h1>Ferry &lt;b&gt;</h1><p>{'The ferry is back. ' * 9}</p>", encoding="utf-8")
