"""Find embedded stories on pages of no known layout: those that follow each other in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cleaners.fact import LIST_KINDS, SEPARATORS, Fact
from cleaners.grammar import Match, match_lines
from cleaners.prose import is_cjk, is_headline, is_prose
from cleaners.ruleset import Block, Ruleset
from cleaners.sentence import is_whole
from cleaners.stories import Stories, Story

MAX_SOURCE_WORDS = 6
MAX_CJK_SOURCE_CHARS = 10
MIN_TEASER_CHARS = 30
MAX_LINES_TO_LABEL = 60  # the label of a list stands no further above its last part
# The place with which a wire story opens, and the dash or colon after it: "PORT VESSEL, Ohio (AP) —".
_DATELINE = re.compile(r"[^\W\d_a-zß-ÿ](?:[^\W\d_a-zß-ÿ]|[.' -]){2,40}(?:, ?[\w. ]{2,25})?(?: \([\w. /]{2,30}\))? ?[-–—:]")


def find_repeated(facts: list[Fact], ruleset: Ruleset, stories: Stories) -> list[Story]:
    """Take the stories that follow each other in one form, by the layouts for any site, most certain first."""
    found: list[Story] = []
    metas = frozenset(fact.line.text for fact in facts if fact.look == "meta")
    for block in ruleset.repeated:
        free = [fact for fact in facts if not fact.taken and fact.look != "label"]
        for run in _runs(block, free, metas, ruleset):
            if block.layout is not None and (not block.layout.labelled or _is_labelled(facts, free[run[0].first])):
                found += [_take(match, block, free, stories) for match in run]
    found.sort(key=lambda story: min(place.start for place in (*story.fields.values(), *story.body)))
    return found


def _runs(block: Block, free: list[Fact], metas: frozenset[str], ruleset: Ruleset) -> Iterator[list[Match]]:
    """Yield the runs of stories of one form that follow each other, each as long as the layout asks for."""
    assert block.layout is not None
    lines = [fact.line for fact in free]
    words = replace(
        ruleset.words, looks=lambda name, value: _looks_right(name, value) and (name != "title" or value not in metas)
    )
    run: list[Match] = []
    i = 0
    while i < len(lines) or run:
        match = match_lines(block.patterns, lines, i, words, final=bool(run)) if i < len(lines) else None
        if match is not None and match.last > i:
            run.append(match)
            i = match.last
            continue
        if len(run) >= block.layout.repeats:
            yield run
        i, run = (i if run else i + 1), []


def _is_labelled(facts: list[Fact], first: Fact) -> bool:
    """Say whether the label of a list of stories stands before a line, with nothing but its own kind in between."""
    for fact in reversed(facts[max(0, first.index - MAX_LINES_TO_LABEL) : first.index]):
        if fact.rule is not None:
            if fact.rule.kind in LIST_KINDS:
                return True
            continue
        if not fact.taken:
            return False
    return False


def _looks_right(name: str, value: str) -> bool:
    """Say whether a value looks like what the field `name` is to hold."""
    if name == "title":
        return is_headline(value) and not is_prose(value)
    if name == "number":
        return value.isdecimal()
    if name == "dated":
        return is_prose(value) and _DATELINE.match(value) is not None
    if name == "body":
        return is_prose(value) or (is_whole(value) and len(value) > MIN_TEASER_CHARS)
    if name == "source" and is_cjk(value) and len(value) > MAX_CJK_SOURCE_CHARS:
        return False
    if name in ("source", "category"):
        return len(value.split()) <= MAX_SOURCE_WORDS and value[-1] not in ".;:?" and value[0].isalnum()
    return name != "time" or value[-1] not in (*SEPARATORS, "-")


def _take(match: Match, block: Block, free: list[Fact], stories: Stories) -> Story:
    for fact in free[match.first : match.last]:
        fact.taken = True
    stories.structure += [(place, block.id) for place in match.literals]
    stories.structure += [(place, f"{block.id}.repeat") for place in match.repeats]
    fields = dict(match.fields)
    body = fields.pop("body", None) or fields.pop("dated", None)
    stories.structure += [(fields.pop(name), block.id) for name in ("number", "other") if name in fields]
    return Story("story", block.id, fields, [body] if body else [])
