"""The inputs: a file's name and bytes, made by one of the generators out of a seed and a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.fuzz import containers
from tests.fuzz.html import html_page
from tests.fuzz.mutate import mutated_bytes, mutated_html, mutated_text
from tests.fuzz.text import text_page


@dataclass(frozen=True)
class Input:
    """A file to clean: its kind of generator, its name, its bytes, and whether ambiguous rules are applied, too."""

    kind: str
    name: str
    raw: bytes
    is_strict: bool = False


def _text(make: Callable[[Random], str]) -> Callable[[Random], bytes]:
    return lambda rng: make(rng).encode("utf-8", "surrogatepass")


STRICT = 0.2  # of the inputs
# The share of each kind in 100 inputs, its generator and the endings of its files.
KINDS: dict[str, tuple[int, Callable[[Random], bytes], tuple[str, ...]]] = {
    "text": (38, _text(text_page), (".txt", ".txt", ".md", "")),
    "text-mutated": (25, _text(mutated_text), (".txt",)),
    "html": (16, _text(html_page), (".html", ".html", ".htm", ".txt", "")),
    "html-mutated": (7, _text(mutated_html), (".html",)),
    "bytes": (2, mutated_bytes, (".txt", ".html")),
    "encoded": (4, containers.encoded, (".txt", ".html", "")),
    "rows": (3, containers.rows, (".jsonl", ".jsonl", ".json", ".txt")),
    "warc": (2, containers.archive, (".warc", ".warc.gz", ".wet", "")),
    "feed": (1, containers.feed, (".xml", ".rss")),
    "mhtml": (1, containers.saved, (".mhtml", ".eml")),
    "compressed": (1, containers.compressed, (".gz", ".txt.gz", ".jsonl.zst", ".xz", ".bz2", "")),
}


def make_input(seed: int, number: int, only: Sequence[str] = ()) -> Input:
    """Return the input of a number; `only` names the kinds to choose from."""
    rng = Random(f"dehusk fuzz {seed} {number}")
    kinds = [kind for kind in KINDS if not only or kind in only or kind.split("-")[0] in only]
    kind = rng.choice([name for name in kinds for _ in range(KINDS[name][0])])
    _, make, suffixes = KINDS[kind]
    raw = make(rng)
    return Input(kind, f"{kind}-{number}{rng.choice(suffixes)}", raw, is_strict=rng.random() < STRICT)
