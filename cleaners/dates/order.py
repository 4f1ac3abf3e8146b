"""Tell the order of day and month in the numeric dates of a page in a language that has no order of its own.

Called by `cleaners.output.published`.
"""

from __future__ import annotations

import re

from cleaners.dates.resolve import DateOrder

MAX_DATES = 200  # looked at
MONTH_FIRST = frozenset(("us", "ph", "fm", "mh", "pr", "pw"))  # regions, as in "en-US" (CLDR)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(?:19|20)\d\d(?![\d./-]*\d)", re.ASCII)


def order_on_page(text: str, region: str = "") -> DateOrder:
    """Return the order that the dates of a page show, else the one that is usual in a region; "" for unknown.

    >>> order_on_page("Posted 03/04/2026, last changed 21/04/2026")
    'dmy'
    """
    found = {
        "dmy" if int(date[1]) > 12 else "mdy"
        for _, date in zip(range(MAX_DATES), _NUMERIC.finditer(text), strict=False)
        if (int(date[1]) > 12) != (int(date[3]) > 12)
    }
    if len(found) == 1:
        return "dmy" if "dmy" in found else "mdy"
    if not region:
        return ""
    return "mdy" if region.casefold() in MONTH_FIRST else "dmy"
