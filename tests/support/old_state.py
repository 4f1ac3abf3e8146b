"""Bring an output folder to the form that version 1 of the state had."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import sqlalchemy as sa

from flows.layout import INPUTS, STATE_FILE

OLD_RUNS = (
    "create table runs (began varchar not null primary key, seconds float not null, outcome varchar not null,"
    " manifest varchar not null)"
)
RUNS = (
    "insert into runs values ('2025-07-05', 1.5, 'done', 'runs/20250705T120000.0Z.json')",
    "insert into runs values ('2001-01-01', 0.5, 'nothing new', '')",
)


def make_old(out: Path) -> None:
    """Make the state of an output folder one of version 1, with two runs, the second one by a clock that was set back."""
    shutil.rmtree(out / INPUTS)
    engine = sa.create_engine(f"sqlite:///{out / STATE_FILE}")
    with engine.begin() as connection:
        for statement in ("drop table runs", OLD_RUNS, "update about set value = '1' where name = 'version'", *RUNS):
            connection.execute(sa.text(statement))
        for name, files in connection.execute(sa.text("select name, files from shards")).all():
            digests = sa.text("update shards set files = :files where name = :name")
            connection.execute(digests, {"name": name, "files": _digests_alone(files)})
    engine.dispose()


def _digests_alone(files: str) -> str:
    return json.dumps({name: file["sha256"] for name, file in json.loads(files).items()})
