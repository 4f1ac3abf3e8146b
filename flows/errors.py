"""What ends a command with one sentence."""

from __future__ import annotations


class UsageError(Exception):
    """Say in one sentence what was wrong with a command and what to do; the exit code is 2."""


class Failed(Exception):
    """Say in one sentence why a command could not do its work though it was used rightly; the exit code is 1."""


class Stale(Exception):
    """A file was there when the folder was listed, and is not any more."""


class Busy(Exception):
    """Another run holds the output folder."""


class Superseded(Exception):
    """The run that a shard is cleaned for does not hold the output folder any more."""


class WorkerEnded(Exception):
    """The process that cleaned a shard was ended from outside, as systems do that run out of memory."""


class OtherVersion(Exception):
    """A shard is to be cleaned with other code than this process has."""
