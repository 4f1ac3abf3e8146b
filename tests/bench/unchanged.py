"""Show that a change of the code leaves every record, ledger and score of pages as it was, to the byte.

    python -m tests.bench.unchanged --write FILE PAGES...      before the change
    python -m tests.bench.unchanged --against FILE PAGES...    after it

PAGES are files or folders of `.txt`, `.html` and `.html.gz` files, and of `.json` files with a page in "text"; the made pages
of the benchmark come with them. A page has a digest of all that is known of it, with and without the evidence for its lines;
the digest of rules and code itself is left out. The command ends with 1 when a page differs, and names it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import msgspec
from msgspec.structs import replace

from cleaners import BadPage, Cleaned, Page, clean_page, read_html
from tests.bench import corpora

SUFFIXES = (".txt", ".html", ".html.gz", ".json")
MADE_PAGES = 300  # of each kind
PAGES_AT_ONCE = 20
MAX_NAMED = 20


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--write", type=Path, metavar="FILE")
    how.add_argument("--against", type=Path, metavar="FILE")
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGES")
    asked = parser.parse_args(words)
    files = [path for given in asked.pages for path in page_files(given)]
    with ProcessPoolExecutor() as workers:
        digests = dict(workers.map(digest_of_file, files, chunksize=PAGES_AT_ONCE))
    digests |= made_pages()
    if asked.write:
        asked.write.write_text(json.dumps(digests, indent=0, sort_keys=True), encoding="utf-8")
        print(f"{len(digests):,} pages")
        return 0
    before = json.loads(asked.against.read_text(encoding="utf-8"))
    changed = sorted(name for name in before.keys() & digests.keys() if before[name] != digests[name])
    missing = len(before.keys() ^ digests.keys())
    print(f"{len(before.keys() & digests.keys()):,} pages: {len(changed):,} differ; {missing:,} are in one of the two alone")
    for name in changed[:MAX_NAMED]:
        print(f"  {name}")
    return 1 if changed or missing else 0


def page_files(given: Path) -> Iterator[Path]:
    """Yield the page files at a path, in the order of their names."""
    if given.is_file():
        yield given
        return
    yield from (path for path in sorted(given.rglob("*")) if path.is_file() and path.name.endswith(SUFFIXES))


def digest_of_file(path: Path) -> tuple[str, str]:
    """Return the name of a file and the digest of what its page becomes."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    try:
        if path.suffix == ".json":
            page = Page(text_of(raw), path=path.name)
        elif path.suffix == ".txt":
            page = Page(raw.decode("utf-8", "replace"), path=path.name)
        else:
            page = read_html(raw, path=path.name)
        return str(path), digest_of(page)
    except BadPage as error:
        return str(path), f"{error.reason}: {error}"


def text_of(raw: bytes) -> str:
    """Return the page in a file of JSON, "" when it is no JSON or holds none."""
    try:
        found = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return ""
    return str(found.get("text", "")) if isinstance(found, dict) else ""


def made_pages() -> Iterator[tuple[str, str]]:
    """Yield the names and digests of the made pages of the benchmark."""
    for kind, pages in (("seed-like", corpora.seed_like()), ("short-line", corpora.short_lines())):
        for number, text in enumerate(islice(pages, MADE_PAGES)):
            yield f"{kind} {number}", digest_of(Page(text, path=f"{number}"))


def digest_of(page: Page) -> str:
    """Return a digest of the records, the ledger and the evidence of a page."""
    digest = hashlib.sha256()
    for why in (False, True):
        cleaned = clean_page(page, why=why)
        digest.update(msgspec.json.encode(without_rules(cleaned)))
    return digest.hexdigest()[:16]


def without_rules(cleaned: Cleaned) -> Cleaned:
    """Return what a page became without the digest of rules and code, and without its text."""
    return replace(cleaned, text="", records=[replace(record, rules="") for record in cleaned.records])


if __name__ == "__main__":
    sys.exit(main())
