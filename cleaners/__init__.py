"""dehusk's pure core: raw news pages in, clean records and a complete ledger out; it reads nothing but its own packs."""

from cleaners.clean import clean_page
from cleaners.library import Library, shipped_packs
from cleaners.page import BadPage, Page, decode
from cleaners.record import Cleaned, PageInfo, Record, Segment

__version__ = "0.1.0"

__all__ = [
    "BadPage", "Cleaned", "Library", "Page", "PageInfo", "Record", "Segment", "clean_page", "decode", "shipped_packs",
]  # fmt: skip
