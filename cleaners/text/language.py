"""Detect the language of a text. Called by `cleaners.pipeline` (pages) and `cleaners.output.assemble` (records)."""

from __future__ import annotations

from resiliparse.parse.lang import detect_fast

MAX_CHARS = 1_000  # more does not change the answer
MIN_CHARS = 40
# detect_fast returns a distance from a language's profile; beyond this one, set by hand, it is often wrong.
MAX_DISTANCE = 800


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, or "" when it is uncertain."""
    sample = text[:MAX_CHARS]
    if len(sample) < MIN_CHARS:
        return ""
    code, distance = detect_fast(sample.lower() if sample.isupper() else sample)  # the profiles are of running text
    return code if len(code) == 2 and distance <= MAX_DISTANCE else ""
