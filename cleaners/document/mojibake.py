"""Repair mojibake such as `donâ€™t`, text that was decoded wrongly before it was stored, where it is certain (ftfy).

Called by `flows.inputs.raw_page` and `cleaners.html.reader`.
"""

from __future__ import annotations

import re

MOJIBAKE_FLAG = "mojibake-repaired"
# UTF-8 read as Latin or Cyrillic letters: a lead byte and a continuation byte, as Windows-1252 and -1251 show them. Lines
# without such a pair hold nothing to repair; ftfy judges the others.
_LATIN = re.compile("[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_CYRILLIC = re.compile("[РС]\\S[РС]\\S[РС]\\S")
# The first byte of those lead letters, in UTF-8: a search for a byte takes a tenth of the time of a pattern.
_LATIN_BYTE, _CYRILLIC_BYTE = b"\xc3", b"\xd0"


def _is_suspect(text: str) -> bool:
    """Return whether `text` holds letters that mojibake would have."""
    if text.isascii():
        return False
    encoded = text.encode("utf-8", "replace")
    return (_LATIN_BYTE in encoded and _LATIN.search(text) is not None) or (
        _CYRILLIC_BYTE in encoded and _CYRILLIC.search(text) is not None
    )


def repair(text: str) -> str:
    """Return `text` with each line repaired whose damage can be undone without a loss; all other text stays as it is.

    >>> repair("She doesnâ€™t know the cafÃ©.")
    'She doesn’t know the café.'
    """
    if not _is_suspect(text):
        return text
    from ftfy import TextFixerConfig, fix_encoding

    certain = TextFixerConfig(replace_lossy_sequences=False, fix_c1_controls=False)
    pieces: list[str] = []
    for line, end in zip(text.splitlines(), text.splitlines(keepends=True), strict=True):
        pieces += (fix_encoding(line, certain) if _is_suspect(line) else line, end[len(line) :])
    return "".join(pieces)
