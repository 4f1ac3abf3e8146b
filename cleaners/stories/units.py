"""Part a text of any script into units: words, numbers, or letters where a script puts no blanks between words.

Called by `cleaners.stories.sketch` and `cleaners.stories.titles`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from cleaners.text.normalize import composed

SEPARATORS = ".,:"  # inside a number
_UNIT = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_ASCII_UNIT = re.compile(r"[a-z]+|[0-9]+(?:[.,:][0-9]+)*")  # the same in a text of small letters, in half the time
_ARABIC_SEPARATORS = {"٫": ".", "٬": ","}
# Letters to a word, on average, of scripts without blanks between words: kana and Chinese characters; then the letters that are
# no marks of Thai, Lao, Burmese and Khmer.
_LETTERS_TO_A_WORD = {
    2: re.compile(r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"),
    4: re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"),
}
_KIND_OF_SCRIPT = 200  # units that show the script of a text
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class Units(NamedTuple):
    """The units of a text in order; `to_a_word` is the number of them that is as much as a word."""

    units: list[str]
    to_a_word: int


def units_of(text: str) -> Units:
    """Return the units of a text, in one case, without marks and accents, with digits of any script as ASCII.

    >>> units_of("Café No. ٣ opens, 1,200 seats").units
    ['cafe', 'no', '3', 'opens', '1,200', 'seats']
    >>> units_of("猫が来た")
    Units(units=['猫', 'か', '来', 'た'], to_a_word=2)
    """
    plain = text.lower() if text.isascii() else _all_plain(composed(text))
    units: list[str] = (_ASCII_UNIT if plain.isascii() else _UNIT).findall(plain)
    return Units(units, 1 if text.isascii() else _to_a_word(units[:_KIND_OF_SCRIPT]))


def _all_plain(text: str) -> str:
    """Return a text with each character in its plain form; the signs of ASCII stay, as they part units as blanks do."""
    lowered = text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")  # the letters of ASCII alone
    return _NOT_ASCII.sub(lambda found: found[0].translate(_PLAIN), lowered)


def is_number(unit: str) -> bool:
    """Return whether a unit is a number; digits stand before all letters."""
    return unit < ":"


class _Plain(dict[int, str]):
    """A table for str.translate that works each character out at its first use."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(char: str) -> str:
    if char in _ARABIC_SEPARATORS:
        return _ARABIC_SEPARATORS[char]
    # Syllables of Korean are put together again: their parts are no marks.
    parts = unicodedata.normalize("NFC", "".join(map(_plain_part, unicodedata.normalize("NFKD", char)))).casefold()
    return f" {parts} " if _letters_to_a_word(parts) > 1 else parts


def _plain_part(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind[0] == "M" or kind == "Cf":
        return ""
    return char if kind[0] == "L" or char in SEPARATORS else " "


def _letters_to_a_word(unit: str) -> int:
    return next((letters for letters, script in _LETTERS_TO_A_WORD.items() if script.match(unit)), 1)


def _to_a_word(units: list[str]) -> int:
    letters = [unit for unit in units if len(unit) == 1]
    if len(letters) * 2 <= len(units):
        return 1
    counts = Counter(map(_letters_to_a_word, letters))
    return 1 if counts[1] * 2 > len(letters) else max(_LETTERS_TO_A_WORD, key=lambda count: (counts[count], -count))


_PLAIN = _Plain()
