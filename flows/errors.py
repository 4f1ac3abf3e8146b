"""What ends a command with one sentence."""

from __future__ import annotations


class UsageError(Exception):
    """Say in one sentence what was wrong with a command and what to do; the exit code is 2."""


class Failed(Exception):
    """Say in one sentence why a command could not do its work though it was used rightly; the exit code is 1."""
