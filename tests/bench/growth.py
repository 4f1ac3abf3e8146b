"""What ten times the rules cost: the shipped ones, and nine more for each with a word of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from cleaners import Library, Page, clean_page, shipped_packs
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack, Rule
from tests.bench.peers import rate
from tests.bench.trials import Figure, figure, in_turn

TIMES = 10
MATCHES = ("line", "start", "sentence")  # a word more after their first one makes another rule of them
_FIRST_WORD = re.compile(r"^[^ {]+ |^")


def growth(texts: Mapping[str, Sequence[str]], rounds: int) -> Iterator[Figure]:
    """Yield for each kind of pages how much longer they take with ten times the rules."""
    few, many = Library(shipped_packs()), Library(grown())
    for kind, pages in texts.items():
        jobs = {
            f"{kind} {name}": lambda pages=pages, library=library: rate(
                pages, lambda text: clean_page(Page(text, path="page"), library)
            )
            for name, library in (("shipped rules", few), (f"{TIMES} times the rules", many))
        }
        for warm_up in jobs.values():  # reads the packs of the languages; what that takes is told under start-up
            warm_up()
        told = list(in_turn(jobs, rounds).values())
        ratios = [one / ten for one, ten in zip(*told, strict=True)]
        yield figure("growth", f"{kind}, {TIMES} times the rules", told[1], "MB/s", ratios, "the shipped rules", "lower")


def grown() -> list[tuple[str, bytes]]:
    """Return the shipped packs, each with nine more rules for each of its rules that a word more makes another."""
    return [(name, toml + _more(read_pack(toml, name, is_checked=True))) for name, toml in shipped_packs()]


def _more(pack: Pack) -> bytes:
    rules = [rule for rule in pack.rule if rule.match in MATCHES]
    return "".join(_other(rule, number) for number in range(1, TIMES) for rule in rules).encode()


def _other(rule: Rule, number: int) -> str:
    wordings = [_FIRST_WORD.sub(rf"\g<0>zq{number} ", wording, count=1) for wording in getattr(rule, rule.match)]
    said = {
        "id": f"{rule.id}-{number}", "kind": rule.kind, "sure": rule.sure, rule.match: wordings,
        "remove": list(rule.remove), "keep": list(rule.keep),
    }  # fmt: skip
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items())
    return "\n".join(("", "[[rule]]", *lines, ""))
