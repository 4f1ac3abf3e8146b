"""Memos of texts as rulesets read them, which can be emptied when rulesets are given up: each entry keeps its ruleset alive.

Used by `cleaners.segmentation`; emptied by `cleaners.learning`, as it compiles many packs to try them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import TypeVar

Result = TypeVar("Result")
_memos: list[_lru_cache_wrapper[object]] = []


def remembered(maxsize: int) -> Callable[[Callable[..., Result]], _lru_cache_wrapper[Result]]:
    """Return a decorator for a memo of so many results, as `lru_cache` is one, that `forget_rulesets` empties."""

    def with_memo(function: Callable[..., Result]) -> _lru_cache_wrapper[Result]:
        memo = lru_cache(maxsize)(function)
        _memos.append(memo)
        return memo

    return with_memo


def forget_rulesets() -> None:
    """Empty all memos, and so let go of the rulesets that nothing else holds."""
    for memo in _memos:
        memo.cache_clear()
