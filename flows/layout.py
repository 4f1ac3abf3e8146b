"""The names of the files and folders in an output folder, and the version of its contract.

Used by all packages of `flows` that read or write an output folder.
"""

from __future__ import annotations

import re
from typing import Literal

LineName = Literal["record", "audit", "quarantine", "story"]
RECORDS = "records"
FOLDERS = (RECORDS, "audit", "quarantine")  # each has a file of lines for each shard
INPUTS = "inputs"  # what each shard was made of
RUNS = "runs"  # a manifest for each run
STORIES = "stories"  # each story once, with the records of it on all pages
SKETCHES = ".sketches"  # of the records of shards, until the stories are brought up to them
ALL_FOLDERS = (*FOLDERS, STORIES, SKETCHES, INPUTS, RUNS)
REPORT = "report.html"  # of the last run
README = "README.md"  # the contract, for people
PART_SUFFIX = ".part"  # of files that are being written
STATE_FILE = "state.db"
STORIES_FILE = "stories.db"  # what is kept of records to find stories
IDENTITY = ".state-of"  # of the folder, in a state that is elsewhere
LOCK = ".lock"
SHARD_NAME = re.compile(r"\d{5,}-[0-9a-f]{12}")
STORIES_NAME = re.compile(r"\d{4}-\d\d-\d\d|undated", re.ASCII)
SPOOL_PREFIX = ".stdin-"  # of a folder in it while a run is at work
LEARNING_PREFIX = ".learning-"  # and of another
LINES_FILE = ".learnt-lines.json"  # the lines learnt of sites by the last run that learnt some


# Readers of an output folder rely on its folders and on the keys of their lines. MAJOR is raised when a key goes, is renamed,
# moved, or changes its type or meaning, or when a closed list such as the kinds gets a value; MINOR when a key or a flag is
# added. A program made for 1.2 reads 1.2 and any later 1.x; a schema is that of its own version alone.
CONTRACT = "1.1"
