"""Read the names of people in the author fields of pages and rows.

Called by `cleaners.output.authors`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from cleaners.document.page import MAX_NAMES

MAX_NAME_WORDS = 6
MAX_OPENER_WORDS = 4
MAX_OWN_NAME_WORDS = 3  # of a person after whom a site is named
MIN_SITE_CHARS = 4  # of the name of a site inside another name
ELEMENT_SIGN = "\t"  # between the parts of a byline that stand in elements of their own
_PARTS = re.compile(r"\s*[;|•·⋅—、，\n]\s*|\s+/\s+|\s+[-–]\s+")
_COMMA = re.compile(r"\s*,\s*")
_SIGNS = ' \t\xa0.,:;|/•·–—-"“”«»'
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_INITIAL = re.compile(r"[^\W\d_]\.?")
_NOTE = re.compile(r"(?<=[^\W\d_]{3})\d+$")  # the number of a note, as in "Varr1"
_DOMAIN = re.compile(r"\.(?:com|org|net)$")


class BylineWords(NamedTuple):
    """The words of bylines in lower case.

    `by` open one ("by"), `joiners` stand between names ("and"), `roles` say what people do; `credits` introduce others
    than authors ("photos by"), `companies` are words in the names of companies and teams ("agency"), `openers` such words as
    "of" and "from", with which no name begins or ends.
    """

    by: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    credits: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()


def people(values: Iterable[str], words: BylineWords, publishers: Iterable[str] = ()) -> list[str]:
    """Return the names of people in the values of an author field, each once, without the other words of a byline.

    Addresses, brackets, roles and the names of `publishers` are left out, and companies where there are people. A value
    without a name stays as it is, unless it is a publisher: a byline is worth more than none.

    >>> words = BylineWords(frozenset({"by"}), frozenset({"and"}), frozenset({"reporter"}))
    >>> people(["By Ina Varr and Ole Brandt, Chief Reporter"], words)
    ['Ina Varr', 'Ole Brandt']
    """
    values = list(values)
    # Packs name many publishers; most pages have no line of authors to hold to them.
    sites = {squashed(publisher) for publisher in publishers} - {""} if values else frozenset()
    found: dict[str, str] = {}
    others: dict[str, str] = {}
    for value in values:
        text = ELEMENT_SIGN.join(" ".join(part.split()) for part in html.unescape(value).split(ELEMENT_SIGN))
        text = _without_credits(text, words)
        names = list(_names(text, words))
        for name in names:
            if not is_site(name, sites, words) and name.lower() not in words.companies:
                (others if is_company(name, words) else found).setdefault(name.casefold(), name)
        whole = " ".join(text.split())
        if not names and whole and not _ADDRESS.fullmatch(whole) and not _is_idle(whole, sites, words):
            others.setdefault(whole.casefold(), whole)
    return list((found or others).values())[:MAX_NAMES]


def is_company(name: str, words: BylineWords) -> bool:
    """Return whether a name has a word of companies or teams."""
    return any(word.strip(_SIGNS).lower() in words.companies for word in name.split())


def is_site(name: str, sites: Collection[str], words: BylineWords) -> bool:
    """Return whether a name is that of one of the `sites`, in letters and figures alone, or of its team.

    A site may have the name of its author: two or three words, none of companies.
    """
    own = squashed(name)
    if own in sites:
        return is_company(name, words) or not 2 <= len(name.split()) <= MAX_OWN_NAME_WORDS
    return is_company(name, words) and any(len(site) >= MIN_SITE_CHARS and (site in own or own in site) for site in sites)


def squashed(name: str) -> str:
    """Return the letters and figures of a name in lower case, without the ending of an address.

    >>> squashed("Quay-Post.com")
    'quaypost'
    """
    return "".join(filter(str.isalnum, _DOMAIN.sub("", name.strip().casefold())))


def _is_idle(text: str, sites: Collection[str], words: BylineWords) -> bool:
    """Return whether a text without a name is a site, or has no word but those of bylines."""
    bare = text.strip(_SIGNS).lower()
    is_word = bare in words.by or bare in words.credits or bare in words.companies
    return is_word or squashed(text) in sites or not any(map(str.isalpha, bare))


def _without_credits(text: str, words: BylineWords) -> str:
    """Return a byline up to the words that introduce others than authors, such as "photos by"."""
    folded = f" {text.lower()} ".replace(ELEMENT_SIGN, " ")
    if len(folded) != len(text) + 2:
        return text
    starts = [
        at for phrase in words.credits if (at := folded.find(f" {phrase}")) >= 0 and not folded[at + len(phrase) + 1].isalpha()
    ]
    return text[: min(starts)] if starts else text


def _names(text: str, words: BylineWords) -> Iterator[str]:
    """Yield the names in one value.

    Behind a name in an element of its own, other elements hold names only behind a comma or a word such as "and".
    """
    goes_on = True
    for part in _ADDRESS.sub(" ", _BRACKETS.sub(" ", text)).split(ELEMENT_SIGN):
        inner = part.split()
        if not inner:
            continue
        if not goes_on and not _is_joiner(inner[0][:1], words) and not _is_joiner(inner[0], words):
            return
        found = _names_of_element(part, words)
        yield from found
        goes_on = (goes_on and not found) or _is_joiner(inner[-1][-1:], words) or _is_joiner(inner[-1], words)


def _is_joiner(word: str, words: BylineWords) -> bool:
    return word in (",", "&", "+") or word.lower() in words.joiners


def _names_of_element(text: str, words: BylineWords) -> list[str]:
    """Return the names in a part of a byline; of pieces at commas, those after a name of several words need several, too."""
    names: list[str] = []
    for part in _PARTS.split(text):
        joined = _between_joiners(part, words)
        pieces = [piece for one in joined for piece in _COMMA.split(one)]
        found = [_name(piece, words, is_first=not names and i == 0) for i, piece in enumerate(pieces)]
        if len(joined) == 1 and len(found) == 2 and all(piece and " " not in piece for piece in found):
            names.append(f"{found[0]}, {found[1]}")  # a family name and a first name
            continue
        has_blank = any(" " in piece for piece in found)
        names += [piece for piece in found if piece and (" " in piece or not has_blank)]
    return names


def _between_joiners(text: str, words: BylineWords) -> list[str]:
    """Return the parts of a text between words such as "and"."""
    parts: list[list[str]] = [[]]
    for word in text.replace("&", " & ").split():
        if word != "," and _is_joiner(word, words) and parts[-1]:
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts]


def _name(text: str, words: BylineWords, *, is_first: bool = False) -> str:
    """Return the name in a piece of a byline, "" for a piece that is a role, a date or too long.

    Of the first piece, what stands before a role of several words may be the name: "Ina Varr Tech Reporter".
    """
    parts = text.strip(_SIGNS).split()
    while parts and _is_joiner(parts[0], words):
        parts = parts[1:]
    opener = next((n for n in range(min(MAX_OPENER_WORDS, len(parts)), 0, -1) if _is_opener(parts[:n], words)), 0)
    parts = parts[opener:]
    roles = [i for i, word in enumerate(parts) if _is_role(word, words.roles)]
    if roles and roles[-1] + 1 < len(parts):
        parts = parts[roles[-1] + 1 :]
    elif roles:
        has_initial = roles[0] > 2 and _INITIAL.fullmatch(parts[1]) is not None
        parts = parts[: 3 if has_initial else 2] if is_first and roles[0] > 2 else []
    first_number = next(
        (i for i, word in enumerate(parts) if any(map(str.isdecimal, word)) and not _NOTE.search(word)), len(parts)
    )
    parts = [_NOTE.sub("", word) for word in parts[:first_number]]
    while parts and parts[-1] in words.openers:
        parts.pop()
    name = " ".join(parts).strip(_SIGNS)
    is_name = 0 < len(parts) <= MAX_NAME_WORDS and parts[0] not in words.openers and any(map(str.isalpha, name))
    return name if is_name else ""


def _is_opener(parts: Sequence[str], words: BylineWords) -> bool:
    return " ".join(parts).lower().rstrip(":") in words.by


def _is_role(word: str, roles: Collection[str]) -> bool:
    """Return whether a word is a role, or a compound that ends in one, such as "Kurier-Redakteurin"."""
    folded = word.strip(_SIGNS).lower()
    return folded in roles or folded.rpartition("-")[2] in roles
