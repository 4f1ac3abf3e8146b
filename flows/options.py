"""What a run is asked for, and what its workers need of that."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL, DASK = "local", "dask"
STATE_VARIABLE = "DEHUSK_STATE"  # holds the address of the state where no option does


@dataclass(frozen=True, slots=True)
class RowFields:
    """The names of the fields that hold a row's text, HTML, address and capture time; None for the usual names, "" for none.

    A point leads into an object: `metadata.url`.
    """

    text: str | None = None
    html: str | None = None
    url: str | None = None
    date: str | None = None


USUAL = RowFields()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of a run: each has its option on the command line and its parameter in the flow."""

    inputs: tuple[str, ...] = ()
    out: str = "out"
    workers: int = 0
    engine: str = LOCAL
    scheduler: str = ""
    captured_at: str = ""
    packs: str = ""
    site_packs: bool = True
    strict: bool = False
    fresh: bool = False
    prune: bool = False
    retry_quarantine: bool = False
    settle: float = 0.0
    state: str = ""
    fields: RowFields = USUAL


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Everything beside its pages that decides the output of a shard; small, and the same in every process.

    `packs` are (name, TOML). `captured_at` is in the form of `read_option`. `holder` is the token of the run that holds the
    output folder, "" for none. `code` is the digest of the code that all shards must be cleaned with, "" for any.
    """

    out: str
    packs: tuple[tuple[str, bytes], ...]
    strict: bool = False
    site_packs: bool = True
    captured_at: str = ""
    fields: RowFields = USUAL
    holder: str = ""
    code: str = ""
