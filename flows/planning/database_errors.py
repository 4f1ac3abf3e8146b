"""Errors of databases, as far as messages need them.

Called by `flows.planning.database` and `state`.
"""

from __future__ import annotations

import re


def database_message(error: Exception) -> str:
    """Return the first line of a database's error message, without words that may be part of a password."""
    lines = str(getattr(error, "orig", error)).strip().splitlines()
    return re.sub(r"\S*@\S*", "...", lines[0]) if lines else type(error).__name__


def is_locked(error: Exception) -> bool:
    """Return whether a statement failed because another process kept SQLite's file locked for all the time that it waited."""
    return getattr(getattr(error, "orig", None), "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
