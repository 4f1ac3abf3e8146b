"""The words of months, days and relative times in each language, from the Common Locale Data Repository (CLDR) by Babel.

`python -m tests.cldr [CODE ...]` prints the words and times of CLDR that the packs of languages lack, of all by default.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from babel import Locale, localedata
from babel.dates import format_date

from cleaners.dates.find import DateFinder
from cleaners.dates.resolve import UNITS, TimeExpression
from cleaners.rules.language_words import LanguageWords
from cleaners.rules.load import read_pack, shipped_languages, shipped_packs

CONTEXTS = ("format", "stand-alone")
WIDTHS = ("wide", "abbreviated")
COUNTS = (1, 2, 3, 5, 11, 21, 40)  # each takes a plural form of its own in some language
YEAR, FIRST_DAY = 2024, 15  # a day above twelve is no month; the seven days from it have all names of days


class OwnLocale(Locale):
    """A locale with data of its own: Babel shares inherited data between locales and then mixes up their words."""

    @cached_property
    def _data(self) -> localedata.LocaleDataDict:  # type: ignore[override]
        return localedata.LocaleDataDict(copy.deepcopy(localedata.load(str(self))))


def months(code: str) -> list[list[str]]:
    """Return the names of each month, from January."""
    return _names(OwnLocale(code).months, range(1, 13))


def weekdays(code: str) -> list[list[str]]:
    """Return the names of each day, from Monday."""
    return _names(OwnLocale(code).days, range(7))


def _names(names: Any, numbers: range) -> list[list[str]]:
    forms = [names[context][width] for context in CONTEXTS for width in WIDTHS]
    return [list(dict.fromkeys(form[number] for form in forms)) for number in numbers]


def relative_times(code: str) -> Iterator[tuple[str, TimeExpression]]:
    """Yield times that count back, such as "2 hours ago", each with its meaning.

    Units of one letter are left out, as "m" is a minute, a month or a metre.
    """
    locale = OwnLocale(code)
    fields = locale._data["date_fields"]
    for unit in UNITS:
        for width in ("", "-short"):
            patterns = fields.get(f"{unit}{width}", {}).get("past", {})
            for count in COUNTS:
                pattern = patterns.get(locale.plural_form(count)) or patterns.get("other")
                if pattern and not any(len(word.strip(".")) == 1 for word in pattern.replace("{0}", "").split()):
                    yield pattern.replace("{0}", str(count)), TimeExpression(unit, count)


def dates(code: str) -> Iterator[tuple[str, TimeExpression]]:
    """Yield dates in words, each with its meaning: one of each month, and of each day of the week."""
    locale = OwnLocale(code)
    for month in range(1, 13):
        day = date(YEAR, month, FIRST_DAY + month % 7)
        for width in ("full", "long", "medium"):
            yield format_date(day, width, locale), TimeExpression(year=YEAR, month=month, day=day.day)


def missing_names(code: str, words: LanguageWords) -> Iterator[str]:
    """Yield the names of months and days that the words of a pack lack."""
    for ours, theirs in ((words.months, months(code)), (words.weekdays, weekdays(code))):
        for number, names in enumerate(theirs):
            known = {name.casefold() for name in ours[number]}
            yield from (f"{number + 1}: {name}" for name in names if name.casefold() not in known)


def misread_times(code: str, words: LanguageWords) -> Iterator[str]:
    """Yield the times that are not read as CLDR means them."""
    finder = DateFinder([list(words.rows())])
    for text, meaning in (*relative_times(code), *dates(code)):
        found = finder.read(text)
        if found is None or _parts(found) != _parts(meaning):
            yield f"{text} ({found})"


def _parts(expression: TimeExpression) -> tuple[object, ...]:
    """Return a time without its clock time."""
    return (expression.unit, expression.count, expression.year, expression.month, expression.day)


def language_words() -> dict[str, LanguageWords]:
    """Return the words of each language that has a pack, by its code."""
    packs = {pack.name: pack for name, toml in shipped_packs() if (pack := read_pack(toml, name))}
    return {code: words for code in sorted(shipped_languages()) if (words := packs[code].words)}


if __name__ == "__main__":
    known_words = language_words()
    for asked in sys.argv[1:] or known_words:
        for lack in (*missing_names(asked, known_words[asked]), *misread_times(asked, known_words[asked])):
            print(asked, lack)
