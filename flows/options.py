"""The options of a run and the settings of its workers.

Made by `flows.cli`, `flows.orchestration` and `flows.execution.context`; read everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Engine = Literal["local", "dask"]
LOCAL: Engine = "local"
DASK: Engine = "dask"
STATE_VARIABLE = "DEHUSK_STATE"  # the environment variable with the state's address, used when no option gives it
ON_PROBLEM_VARIABLE = "DEHUSK_ON_PROBLEM"  # and with the command to call when a run has a problem


# The fields of a row that are read; `date` is the time of capture.
FieldName = Literal["text", "html", "url", "date", "title", "author", "published", "source", "tags", "language"]
FIELD_NAMES: tuple[FieldName, ...] = get_args(FieldName)


@dataclass(frozen=True, slots=True)
class RowFields:
    """The names under which a row holds its fields; None for the usual names, "" for no field.

    A dot leads into an object: `metadata.url`.
    """

    text: str | None = None
    html: str | None = None
    url: str | None = None
    date: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    source: str | None = None
    tags: str | None = None
    language: str | None = None


USUAL = RowFields()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a run, with the names of the command line and of the flow's parameters."""

    inputs: tuple[str, ...] = ()
    out: str = "out"
    workers: int = 0
    engine: Engine = LOCAL
    scheduler: str = ""
    captured_at: str = ""
    packs: str = ""
    site_packs: bool = True
    installed_packs: bool = True
    strict: bool = False
    learn_lines: bool = False
    stories: bool = True
    fresh: bool = False
    prune: bool = False
    retry_quarantine: bool = False
    follow_links: bool = False
    settle: float = 0.0
    state: str = ""
    on_problem: str = ""
    fail_on_quarantine: str = ""
    fields: RowFields = USUAL


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """All that decides the output of a shard beside its pages; small, and the same in every process.

    `packs` are (name, TOML). `captured_at` is in the form of `parse_captured_at`. `holder` is the token of the run that holds
    the output folder, "" for none. `code` is the digest of the code that all shards must be cleaned with, "" for any.
    `lines` is the file with the lines that were learnt of sites, "" for none. With `stories`, records are sketched.
    """

    out: str
    packs: tuple[tuple[str, bytes], ...]
    strict: bool = False
    site_packs: bool = True
    captured_at: str = ""
    fields: RowFields = USUAL
    holder: str = ""
    code: str = ""
    lines: str = ""
    stories: bool = False
