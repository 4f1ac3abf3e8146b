"""Say what a user can do about each flag of records, for the report.

Called by `flows.report.tables_and_charts`.
"""

from __future__ import annotations

ADVICE = {
    "ai-assisted": "Leave these records out where texts by people are wanted: dehusk export --where 'flags!=ai-assisted'.",
    "empty-body": "Look at a page with dehusk explain; the text may be drawn by a script that the scraper did not run.",
    "encoding-guessed": "Look at a text; if letters are wrong, store the pages as UTF-8.",
    "layout-unknown": "Look at a page with dehusk explain; if the site has changed, mend its pack.",
    "mojibake-repaired": "The text is right now; the step that stored the pages decodes them wrongly.",
    "page-truncated": "Take the pages from another capture; the archive kept no more of them.",
    "paywalled": "Fetch the page as a subscriber, or leave these records out: dehusk export --where 'flags!=paywalled'.",
    "prose-beside": "Look at a page with dehusk explain --why; a rule or a layout in a pack of your own decides for its site.",
    "syndicated": "Keep one of the records of a story; other publishers have the same text.",
    "truncated": "Fetch the whole story, or leave these records out: dehusk export --where 'flags!=truncated'.",
}
