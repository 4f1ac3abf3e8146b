r"""dehusk's pure core: raw news pages in, clean records and a complete ledger out; it opens no file but its own packs.

The ledger accounts for each visible character of a page, and `replay` rebuilds a field of a record from it:

>>> text = "Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine."
>>> cleaned = clean_page(text)
>>> [record] = cleaned.records
>>> record.kind, record.title, record.text
('article', 'Ferry returns', 'The ferry is back.\nIt sails at nine.')
>>> [text[segment.start : segment.end] for segment in cleaned.segments if segment.rule]
['Advertisement']
>>> replay(text, cleaned.segments, record.id, "text") == record.text
True

A page may come with its address, which identifies its site, and with the time of its capture, from which times such as
`2 hours ago` count back. Input that is no page raises BadPage, with a reason for counting and a sentence for people:

>>> from datetime import UTC, datetime
>>> page = Page(text, url="https://quaypost.example/ferry", captured_at=datetime(2025, 7, 5, 12, tzinfo=UTC))
>>> clean_page(page).records[0].page.captured_at
'2025-07-05T12:00:00Z'
>>> try:
...     decode(b"\xff\xfe\xff")
... except BadPage as bad:
...     bad.reason, bad.detail
('undecodable', 'not valid UTF-16-LE at byte 2 (truncated data)')

HTML is rendered to a text page first; offsets in its ledger refer to that text:

>>> page = read_html(b"<h1>Ferry returns</h1><p>The ferry is back.</p><p>Advertisement</p><p>It sails at nine.</p>")
>>> page.text == text
True

A library holds packs: your own, beside those of dehusk or alone. Make it once and use it for all pages:

>>> own = b'''name = "mine"
... title = "My own rules"
... [[rule]]
... id = "mine.weather-box"
... kind = "navigation"
... line = ["Weather in {words} today"]
... remove = ["Weather in Oslo today"]
... keep = ["Weather in the north was fair today, the pilot said."]'''
>>> library = Library([*shipped_packs(), ("mine.toml", own)])
>>> clean_page(f"{text}\nWeather in Lund today", library).segments[-1].rule
'mine.weather-box'
"""

from cleaners.document.encoding import decode
from cleaners.document.page import Page
from cleaners.errors import BadPage
from cleaners.explain import Explanation, explain
from cleaners.output.ledger import replay
from cleaners.output.record import Cleaned, PageInfo, Record, Segment
from cleaners.pipeline import clean_page, read_html
from cleaners.rules.load import shipped_packs
from cleaners.rules.registry import Library

__version__ = "0.1.0"

__all__ = [
    "BadPage", "Cleaned", "Explanation", "Library", "Page", "PageInfo", "Record", "Segment", "clean_page", "decode", "explain",
    "read_html", "replay", "shipped_packs",
]  # fmt: skip
