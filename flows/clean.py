"""The entry point of Prefect deployments (`flows/clean.py:clean`) and of `python -m flows.clean`."""

from __future__ import annotations

import sys

from flows.orchestration.flow import clean

__all__ = ["clean"]

if __name__ == "__main__":
    from flows.cli import main  # few processes that import the flow need the command line

    main(["run", *(sys.argv[1:] or ["seeds"])])
