"""Write invented pages, one case a file.

python -m tests.invented --sites 150 --pages 2 --seed 7 --part held-out --out DIR
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.invented.generate import cases
from tests.invented.language import PARTS


def main() -> None:
    """Write the pages that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--pages", type=int, default=2, help="pages of each site")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", choices=PARTS, default="train")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, case in cases(options.part, options.sites, options.pages, options.seed):
        text = json.dumps(case, ensure_ascii=False, indent=1) + "\n"
        (options.out / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
