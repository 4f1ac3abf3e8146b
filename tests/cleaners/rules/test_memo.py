"""Memos by ruleset: emptied, they let go of the rulesets."""

from __future__ import annotations

import gc
import weakref

from cleaners import Library, clean_page, shipped_packs
from cleaners.rules.memo import forget_rulesets, remembered


def test_a_memo_remembers_until_it_is_told_to_forget():
    calls = []
    memo = remembered(8)(lambda text: calls.append(text) or len(text))
    assert (memo("ab"), memo("ab"), len(calls)) == (2, 2, 1)
    forget_rulesets()
    assert (memo("ab"), len(calls)) == (2, 2)


def test_a_library_that_was_used_leaves_no_ruleset_behind():
    library = Library(shipped_packs())
    clean_page("Ferry returns\n5 July 2025 | Harbour\nThe ferry is back, the company said.\nLog in\nShare", library)
    rulesets = [weakref.ref(ruleset) for ruleset in library._rulesets.values()]
    del library
    gc.collect()
    assert any(ruleset() is not None for ruleset in rulesets)
    forget_rulesets()
    gc.collect()
    assert not any(ruleset() is not None for ruleset in rulesets)
