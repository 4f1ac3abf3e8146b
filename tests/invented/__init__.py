"""A generator of invented news sites: pages as scrapers store them, each with its label.

The words of a language are a data file in `languages/`, the forms of pages are in `shapes.toml`. Every language and every
form belongs to one of two parts, `train` and `held-out`, so that numbers fitted on one part can be judged on the other.
`python -m tests.invented` writes the pages; the label format is that of `tests/cases`.
"""

from __future__ import annotations

from tests.invented.generate import cases

__all__ = ["cases"]
