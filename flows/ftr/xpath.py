"""XPaths of site files as CSS selectors, as far as selectors of packs can say the same.

Called by `flows.ftr.convert`. Taken are elements in elements and children, with conditions on attributes: that there is one,
that it is, holds or begins with a text, or has a word among its words, joined by `and` and `or`.
"""

from __future__ import annotations

import re
from itertools import product

MAX_SELECTORS = 20  # of one path; each `or` doubles them
_STEP = re.compile(r"(//?)([a-zA-Z][\w-]*|\*)((?:\[(?:[^\[\]'\"]|'[^']*'|\"[^\"]*\")*\])*)", re.ASCII)
_CONDITION = re.compile(r"\[((?:[^\[\]'\"]|'[^']*'|\"[^\"]*\")*)\]")
_TEXT = r"(?:'([^']*)'|\"([^\"]*)\")"
_NAME = r"@([a-zA-Z][\w-]*)"
_IS = re.compile(rf"{_NAME}\s*=\s*{_TEXT}", re.ASCII)
_HAS = re.compile(_NAME, re.ASCII)
_HOLDS = re.compile(rf"(contains|starts-with)\(\s*{_NAME}\s*,\s*{_TEXT}\s*\)", re.ASCII)
_WORD = re.compile(
    rf"contains\(\s*concat\(\s*' '\s*,\s*(?:normalize-space\(\s*)?{_NAME}\s*\)?\s*,\s*' '\s*\)\s*,\s*{_TEXT}\s*\)", re.ASCII
)
_SPLIT = {word: re.compile(rf"\s+{word}\s+(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)") for word in ("and", "or")}


def selectors_of(path: str) -> list[str]:
    """Return the selectors that match the elements of an XPath; raises ValueError for one that they cannot say.

    >>> selectors_of("//div[@class='box' or contains(@id, 'promo')]/p")
    ['div[class="box"] > p', 'div[id*="promo"] > p']
    """
    return [selector for part in path.split("|") for selector in _of_path(part.strip())]


def selectors_of_name(name: str) -> list[str]:
    """Return the selectors of elements with an id or a class that holds a text.

    >>> selectors_of_name("promo")
    ['[id*="promo"]', '[class*="promo"]']
    """
    return [f"[id*={_quoted(name)}]", f"[class*={_quoted(name)}]"]


def _of_path(path: str) -> list[str]:
    selectors = [""]
    end = 0
    for step in _STEP.finditer(path):
        if step.start() != end:
            break
        end = step.end()
        if selectors == [""] and step[1] == "/":
            raise ValueError("a path from the root of the page")
        joint = "" if selectors == [""] else " > " if step[1] == "/" else " "
        own = _of_conditions(step[2].lower(), _CONDITION.findall(step[3]))
        selectors = [f"{before}{joint}{one}" for before, one in product(selectors, own)]
        if len(selectors) > MAX_SELECTORS:
            raise ValueError(f"a path with over {MAX_SELECTORS} alternatives")
    if end != len(path) or not path:
        raise ValueError("a path that selectors cannot say")
    return selectors


def _of_conditions(tag: str, conditions: list[str]) -> list[str]:
    """Return the selectors of an element with some conditions, one for each combination of alternatives."""
    alternatives = [[_of_all(part) for part in _SPLIT["or"].split(condition)] for condition in conditions]
    name = "" if tag == "*" and conditions else tag
    return [name + "".join(chosen) for chosen in product(*alternatives)]


def _of_all(condition: str) -> str:
    return "".join(_of_one(part.strip()) for part in _SPLIT["and"].split(condition))


def _of_one(condition: str) -> str:
    """Return the selector of one condition."""
    if found := _IS.fullmatch(condition):
        return f"[{found[1].lower()}={_quoted(found[2] or found[3] or '')}]"
    if found := _HAS.fullmatch(condition):
        return f"[{found[1].lower()}]"
    if found := _HOLDS.fullmatch(condition):
        return f"[{found[2].lower()}{'*' if found[1] == 'contains' else '^'}={_quoted(found[3] or found[4] or '')}]"
    if (found := _WORD.fullmatch(condition)) and (word := (found[2] or found[3] or "")).strip() and word == f" {word.strip()} ":
        return f"[{found[1].lower()}~={_quoted(word.strip())}]"
    raise ValueError(f"the condition [{condition}]")


def _quoted(text: str) -> str:
    r"""Return a text in quotes; raises ValueError for one that is empty, which would match everything, or has controls."""
    if not text.strip() or not text.isprintable():
        raise ValueError("an empty text")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
