"""An invented site that changes its layout: pages of two layouts, captured in successive months, with their addresses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.learnt_site import FOOTER, LABEL, MENU, page_of, text_of, title_of

HOST = "quaypost.example"
NEW_MENU = ["Start of the Post", "Ships and shores", "Letters to the quay", "Become a member of the Post"]
NEW_FOOTER = ["Imprint of the Quay Press", "Privacy at the Quay Press", "Corrections and clarifications"]
NEW_LABEL = "Most read at the quay"
FIXED_LINES = frozenset((*MENU, *FOOTER, LABEL, *NEW_MENU, *NEW_FOOTER, NEW_LABEL))


def new_page_of(number: int) -> str:
    """Return a page of the site in its later layout, which shares no fixed line with the earlier one."""
    listed = [title_of(3000 + (number // 4) + i) for i in range(3)]
    return "\n".join([*NEW_MENU, title_of(number), *text_of(number), NEW_LABEL, *listed, *NEW_FOOTER]) + "\n"


def write_pages(file: Path, first: int, months: list[str], *, is_new: bool, each: int = 8) -> Path:
    """Write so many pages of each month as rows of a file, and return it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as rows:
        for at in range(each * len(months)):
            number, day = first + at, at % each + 1
            row = {
                "url": f"https://{HOST}/{number}",
                "text": new_page_of(number) if is_new else page_of(number),
                "date": f"{months[at // each]}-{day:02}T12:00:00Z",
            }
            rows.write(json.dumps(row) + "\n")
    return file
