"""The exceptions of `flows`, raised and caught across its packages; each message is one sentence.

Raised all over `flows`; turned into sentences and exit codes by `flows.cli`.
"""

from __future__ import annotations

import errno

# What a disk or a machine lacks, in contrast to mistakes such as a name of something else or a folder without permission.
_DISK_FAULTS = frozenset({errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.ESTALE, errno.ENOMEM, errno.EMFILE, errno.ENFILE})


class UsageError(Exception):
    """A mistake in the use of a command; the message adds the remedy, the exit code is 2."""


class Failed(Exception):
    """A command was used rightly and could not do its work; the exit code is 1."""


class Stale(Exception):
    """A file has gone since its folder was listed."""


class Busy(Exception):
    """Another run holds the output folder."""


class Superseded(Exception):
    """A shard's run no longer holds the output folder."""


class WorkerEnded(Exception):
    """The process that cleaned a shard was killed from outside, for example by a system out of memory."""


class OtherVersion(Exception):
    """A worker process has other code than the run."""


def is_disk_fault(error: OSError) -> bool:
    """Return whether an error is a fault of a disk or a machine, and no mistake in the use of a command."""
    return error.errno in _DISK_FAULTS
