"""The names of what an output folder holds."""

from __future__ import annotations

import re

# What the output folder holds: files of lines by shard, a manifest a run, and the report of the last one.
FOLDERS = ("records", "audit", "quarantine")
RUNS = "runs"
REPORT = "report.html"
PART_SUFFIX = ".part"
STATE_FILE = "state.db"
LOCK = ".lock"
SHARD_NAME = re.compile(r"\d{5,}-[0-9a-f]{12}")
SPOOL_PREFIX = ".stdin-"


# What readers of an output folder may count on: its folders, and the keys of their lines. MAJOR is raised when a key goes,
# is renamed, moved, or changes its type or meaning, or when a closed list such as the kinds gets a value; MINOR when a key
# or a flag is added. What was made for 1.2 reads 1.2 and any later 1.x; a schema is that of its own version alone.
CONTRACT = "1.0"
