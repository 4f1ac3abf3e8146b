"""The tables of a state.

Used by `flows.planning.state`, `database` and `migration`.
"""

from __future__ import annotations

import sqlalchemy as sa

tables = sa.MetaData()
about = sa.Table("about", tables, sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.String, nullable=False))
shards = sa.Table(
    "shards",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("files", sa.String, nullable=False),  # JSON: names to WrittenFile
)
sources = sa.Table(
    "sources",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True),
    sa.Column("end", sa.BigInteger),
    sa.Column("shard", sa.String, nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("stamp", sa.String, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("made_by", sa.String, nullable=False),
    sa.Column("quarantined", sa.Integer, nullable=False),
)
runs = sa.Table(
    "runs",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("began", sa.String, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("manifest", sa.String, nullable=False),
)
