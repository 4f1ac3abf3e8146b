r"""Find the escapes that a second encoding left in a text: references such as `&#8217;`, and `\n` in place of line ends.

Called by `cleaners.text.flattened.read`; `cleaners.output.ledger` replays records with `meaning_of`, and
`flows.inputs.row_values` reads fields with `unescaped`. A page shows by form that all of it is escaped; code that holds escapes
of its own is left alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from cleaners.text.flattened.edited import ESCAPE, LINE_ENDS, Edit

MAX_TIMES = 3  # that a character was escaped, as the `&` of `&amp;amp;#8217;` was
_NAME = r"(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_REFERENCE = re.compile(rf"&(?:amp;)*{_NAME}")
_BACKSLASH = re.compile(
    r"\\(?:r\\n|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)?"
)
_BROKEN_LINE = re.compile(r"(?<!\\)((?:\\r\\n|\\n)+)(?=\S|\Z)")
_SURE_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[\"'])|(?<!\S)\\[nrt]|\\[nrt](?!\S)")
_CODE = re.compile(r"</?[a-zA-Z!]|&(?:amp;)*lt;/?[a-zA-Z!]|[{}`]|\(\)|[=-]>|=\s?(?:\"|&(?:amp;)*(?:quot|#34);)")
_ENDS = ".!?…。！？\"'”’»)"
_SIMPLE = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": "\n", "v": "\n", '"': '"', "'": "'", "/": "/", "\\": "\\"}
_NOTHING = "\xad\u200b\ufeff"  # characters that are not seen, and part or join nothing


def meaning_of(escape: str) -> str:
    r"""Return the character for which an escape stands, a blank for any blank; a text that is no escape is its own meaning.

    >>> meaning_of("&amp;#8217;"), meaning_of("&nbsp;"), meaning_of("&shy;"), meaning_of("\\r\\n"), meaning_of("a")
    ('’', ' ', '', '\n', 'a')
    """
    meaning = escape
    if escape.startswith("\\") and (found := _BACKSLASH.fullmatch(escape)):
        meaning = _after_backslash(found[0][1:])
    elif _REFERENCE.fullmatch(escape):
        for _ in range(MAX_TIMES):
            meaning = html.unescape(meaning)
    if len(meaning) != 1:
        return meaning
    return "" if meaning in _NOTHING else " " if meaning.isspace() and meaning not in LINE_ENDS else meaning


def _after_backslash(code: str) -> str:
    """Return the meaning of the characters after a backslash, the whole escape for one that has none."""
    if code == "r\\n":
        return "\n"
    if len(code) == 1:
        return _SIMPLE.get(code, f"\\{code}")
    units = [int(unit, 16) for unit in re.split(r"\\?[ux]", code)[1:]]
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", "replace") if units else f"\\{code}"


def unescaped(line: str) -> str:
    r"""Return a title or a like value without its references, and without escapes that begin with a backslash.

    A backslash of a path or of code begins no escape, nor does one before a letter inside a word.

    >>> unescaped("The \\\"old\\\" crane\\n &amp;amp; quay"), unescaped("C:\\new"), unescaped("/?a=1&section=2")
    ('The "old" crane\n & quay', 'C:\\new', '/?a=1&section=2')
    """
    if "&" in line:
        line = _REFERENCE.sub(_meaning, line)
    if "\\" in line and _SURE_ESCAPE.search(line) and all(map(_edit, _BACKSLASH.finditer(line))):
        line = _BACKSLASH.sub(_meaning, line)
    return line


def _meaning(found: re.Match[str]) -> str:
    return meaning_of(found[0])


def escaped_line_ends(text: str) -> list[Edit]:
    r"""Return the escapes with a backslash in a text whose line ends are all escaped, none in any other text.

    Such a text is one line; every backslash in it begins an escape, and most escaped line ends follow the end of a sentence
    or one another. The `\n` of a path or of code does not.
    """
    if "\\n" not in text or not LINE_ENDS.isdisjoint(text.strip()):
        return []
    breaks = [*_BROKEN_LINE.finditer(text)]
    certain = sum(len(found[1]) > 4 or text[found.start() - 1 : found.start()] in tuple(_ENDS) for found in breaks)
    if not certain or certain * 2 < len(breaks):
        return []
    edits = [_edit(found) for found in _BACKSLASH.finditer(text)]
    return [edit for edit in edits if edit] if all(edits) else []


def references(text: str) -> list[Edit]:
    """Return the character references in a text that was escaped, none in any other text; those in lines of code stay.

    Escaping leaves no bare `&`. Where one stands, a reference must touch a letter, as in `isn&#8217;t`.
    """
    if "&" not in text or ";" not in text:
        return []
    found = [*_found_references(text)]
    if not found or not (any(_touches_letter(text, edit) for edit in found) or not _has_bare_sign(text)):
        return []
    return found


def _found_references(text: str) -> Iterator[Edit]:
    """Yield the references outside lines of code, but for those to `<` and for a visible one that is all of its line."""
    at = 0
    for line in text.splitlines(keepends=True):
        if "&" in line and not _CODE.search(line):
            whole = line.strip()
            for found in _REFERENCE.finditer(text, at, at + len(line)):
                edit = _edit(found)
                if edit and edit.put != "<" and (not edit.put.strip() or found[0] != whole):
                    yield edit
        at += len(line)


def _edit(found: re.Match[str]) -> Edit | None:
    """Return the edit that puts the meaning of an escape in its place, None for one that stands for no single character."""
    meaning = meaning_of(found[0])
    is_meant = len(meaning) <= 1 and (meaning.isprintable() or meaning in LINE_ENDS)
    return Edit(*found.span(), ESCAPE, meaning) if is_meant and meaning != "\ufffd" else None


def _touches_letter(text: str, edit: Edit) -> bool:
    """Return whether a reference to another character than `&` stands in or beside a word."""
    around = (text[max(0, edit.start - 1) : edit.start], text[edit.end : edit.end + 1])
    return edit.put not in ("&", " ", "") and any(map(str.isalpha, around))


def _has_bare_sign(text: str) -> bool:
    """Return whether a `&` stands in a text that begins no reference and parts no fields of an address."""
    return any(
        "&" in _REFERENCE.sub("", word) and "=" not in word and "://" not in word for word in text.split() if "&" in word
    )
