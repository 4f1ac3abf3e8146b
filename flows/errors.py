"""A user's mistake, told in one sentence."""

from __future__ import annotations


class UsageError(Exception):
    """Say in one sentence what was wrong with a command and what to do; the exit code is 2."""
