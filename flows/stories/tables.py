"""The tables of stories, beside the state: in SQLite in a file of their own.

Used by the modules of `flows.stories`. Texts are known by numbers in the order of their coming, which no file shows.
"""

from __future__ import annotations

import sqlalchemy as sa

LARGE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

tables = sa.MetaData()
about = sa.Table("story_about", tables, sa.Column("name", sa.String, primary_key=True), sa.Column("value", sa.String))
shards = sa.Table(
    "story_shards",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("records", sa.String, nullable=False),  # digest of the file
)
# Each text once, and the headlines of each title and source: these have no rank, links or component.
texts = sa.Table(
    "story_texts",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("identity", LARGE, nullable=False, unique=True),
    sa.Column("rank", LARGE),
    sa.Column("mention", sa.LargeBinary, index=True),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Column("links", sa.LargeBinary, nullable=False),
    sa.Column("component", sa.Integer, index=True),  # the least number of the texts that links connect
    sa.Column("story", sa.Integer, nullable=False, index=True),  # the least number of the texts of a story
)
keys = sa.Table(
    "story_keys",
    tables,
    sa.Column("key", LARGE, primary_key=True, autoincrement=False),
    sa.Column("rank", LARGE, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
sightings = sa.Table(
    "story_sightings",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shard", sa.Integer, nullable=False, index=True),
    sa.Column("text", sa.Integer, nullable=False, index=True),
    sa.Column("sighting", sa.LargeBinary, nullable=False),
)
stories = sa.Table(
    "story_lines",
    tables,
    sa.Column("story", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String, nullable=False),
    sa.Column("file", sa.String, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("texts", sa.Integer, nullable=False),  # records of it that have a text
    sa.Column("lines", sa.LargeBinary, nullable=False),  # as they stand in the file
    sa.Index("story_lines_of_file", "file", "id"),
    sa.Index("story_lines_by_count", "count", "texts"),  # so that numbers are told without a look at the lines
)
# The stories whose lines are not yet those of their texts.
changed = sa.Table("story_changed", tables, sa.Column("story", sa.Integer, primary_key=True, autoincrement=False))
files = sa.Table(
    "story_files",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("written", sa.String, nullable=False),  # JSON of WrittenFile, "" for a file to be written
)

temporary = sa.MetaData()
# The keys of texts that are to be linked.
todo = sa.Table(
    "story_todo",
    temporary,
    sa.Column("key", LARGE, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("rank", LARGE, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
# Of the keys among these that several texts have, the rank that leads each lot.
leading = sa.Table(
    "story_leading",
    temporary,
    sa.Column("key", LARGE, primary_key=True, autoincrement=False),
    sa.Column("rank", LARGE, primary_key=True, autoincrement=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
