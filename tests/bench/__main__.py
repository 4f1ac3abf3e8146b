"""Measure how fast dehusk is, beside its peers and beside itself.

    python -m tests.bench [PART ...] [--size MB] [--html DIR] [--crawl DIR] [--rounds N] [--out DIR] [--record]

The parts are text, html, scale, start, rules and pages; without any, all are measured, html only with --html. Everything is
measured in turn, round by round, and told as a ratio to something measured in the same round, since times depend on the
machine and on the moment. A ratio that is a fifth worse than what is recorded of it for the same --size is told, and the
command then ends with 1.

The peers need `pip install -c .ci/pins.txt -e '.[bench]'`. With --size 1000 it takes an hour and 8 GB of disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.parts import MB, PARTS, Asked
from tests.bench.show import fallen, record, table, write


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    parser.add_argument("--size", type=int, default=50, help="megabytes of JSON Lines in a corpus (default: %(default)s)")
    parser.add_argument("--html", action="append", default=[], metavar="DIR", help="a set of HTML pages; may be repeated")
    parser.add_argument("--crawl", action="append", default=[], metavar="DIR", help="text pages of a site; may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (default: %(default)s)")
    parser.add_argument("--corpora", default=str(Path(tempfile.gettempdir()) / "dehusk-bench"), help="where corpora are kept")
    parser.add_argument("--out", default="bench-results", help="folder for results.json, table.md and chart.svg")
    parser.add_argument("--record", action="store_true", help="hold later measurements to the ratios of this one")
    said = parser.parse_args()
    folder = Path(said.corpora)
    folder.mkdir(parents=True, exist_ok=True)
    asked = Asked(folder, said.size * MB, said.rounds, tuple(said.html), tuple(said.crawl))
    figures = []
    for name in said.parts or [part for part in PARTS if part != "html" or said.html]:
        if name == "html" and not said.html:
            parser.error("html needs --html DIR, a folder of HTML pages")
        print(f"{name}:", file=sys.stderr)
        for one in PARTS[name](asked):
            figures.append(one)
            print(f"  = {one.part}: {one.name}: {one.ratio:.3g} of {one.against}", file=sys.stderr, flush=True)
    write(figures, Path(said.out), {"size_mb": said.size, "rounds": said.rounds})
    print(table(figures))
    if said.record:
        record(figures, said.size)
        return 0
    worse = list(fallen(figures, said.size))
    print("\n".join(worse), file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
