"""Judge the flags of a story's record, by the end of its text and by the rules that removed the lines after it.

Called by `cleaners.output.assemble`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import msgspec

from cleaners.document.page import Page
from cleaners.output.body_rules import END_FLAGS, BodyFindings, RemovedSpan
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Story
from cleaners.text.line_shape import count_words, is_unspaced, is_whole

# Lengths are in characters. In scripts without capitals, a shorter last line may be a label or a name.
MIN_CUT_CHARS = 60
MIN_CUT_WORDS = 4
MIN_WHOLE_SHARE = 0.5  # of the paragraphs of a text that end with a sentence
MAX_REST_CHARS = 1_000  # of a line after a text that may be the beginning of its next paragraph
MAX_OFFER_DISTANCE = 300  # from the end of a text to the offer of its rest
MAX_TEASER_CHARS = 1_500  # of the part of a story that everybody may read
ROUND_CHARS = 100  # stores that cut texts keep a round number of characters
# "(+1234 chars)", "[...]": a program cut the text here.
_CUT_MARK = re.compile(r"(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|[\[(]\+?\d+ (?:more )?char(?:acter)?s?[\])])$")
# Signs of menus and notices, and an address at the end.
_NO_PROSE = re.compile(r"[©®|·•»→]|(?:[@/]|\w\.\w)\S*$")


class PageEnds(msgspec.Struct, frozen=True, gc=False):
    """The places of a page by which the end of a story is judged, in page order.

    `kept` are the starts of titles and texts, `notices` the starts and flags of lines removed by rules with END_FLAGS,
    `end` is the end of its last visible character, and `ends_by_rule` means that a rule of a pack removes that one.
    """

    text: str
    kept: list[int]
    notices: list[tuple[int, str]]
    end: int
    ends_by_rule: bool
    is_plain: bool
    has_unknown_layout: bool

    def flags_of(self, story: Story, body: BodyFindings, text: str, end: int) -> set[str]:
        """Return the flags of a story's record, without those of its page; the story's `text` ends at `end` in the page."""
        flags = story.flags | body.flags | self._notices_after(end, len(text), is_own=story.role == "article")
        if story.role == "article" and not text:
            flags.add("empty-body")
        if self.has_unknown_layout:
            flags.add("layout-unknown")
        is_round = self.is_plain and len(self.text) % ROUND_CHARS <= 1
        rest = self._rest(end)
        paragraphs = [*text.split("\n"), *([rest] if rest else [])]
        if text and is_cut(paragraphs, is_last=rest is not None, is_round=is_round):
            flags.add("truncated")
        return flags

    def _rest(self, at: int) -> str | None:
        """Return the last line of the page, if it stands after `at` alone and no rule knows it; None if there is more."""
        if at >= self.end:
            return ""
        if self.end - at > MAX_REST_CHARS or self.ends_by_rule or (self.kept and self.kept[-1] >= at):
            return None
        rest = self.text[at : self.end].strip()
        return rest if "\n" not in rest else None

    def _notices_after(self, at: int, chars: int, *, is_own: bool) -> set[str]:
        """Return the flags of the notices that follow a story that ends at `at`, before the next kept text.

        A sign to read on stands right after a text. The offer of a subscription stands near a short one, or in its place; a
        whole story may have one below it, too.
        """
        following = bisect_left(self.kept, at)
        until = min(self.kept[following] if following < len(self.kept) else len(self.text), at + MAX_OFFER_DISTANCE)
        notices = self.notices[bisect_left(self.notices, (at, "")) : bisect_left(self.notices, (until, ""))]
        is_teaser = chars <= MAX_TEASER_CHARS and (is_own or chars > 0)
        flags = {flag for _, flag in notices if flag == "paywalled" and is_teaser}
        if chars and notices[:1] and notices[0][1] == "truncated" and not self.text[at : notices[0][0]].strip():
            flags.add("truncated")
        return flags


def page_ends(page: Page, layout: str, kept: Iterable[int], removed: Iterable[RemovedSpan], ruleset: Ruleset) -> PageEnds:
    """Return the places of a page by which the end of a story is judged; `kept` are the starts of titles and texts.

    The page's `layout` is unknown where its site has layouts for text pages, and none of them matched.
    """
    is_expected = ruleset.has_site_layout and not page.hints
    has_unknown_layout = is_expected and layout in ("", ruleset.fallback_layout.id)
    ruled = [(span, ruleset.rules[span.rule].flag) for span in removed if span.rule in ruleset.rules]
    end = len(page.text.rstrip())
    return PageEnds(
        page.text,
        sorted(kept),
        sorted((span.start, flag) for span, flag in ruled if flag in END_FLAGS and not _opens_here(page, span.start, flag)),
        end,
        any(span.end >= end for span, _ in ruled),
        not page.hints,
        has_unknown_layout,
    )


def _opens_here(page: Page, start: int, flag: str) -> bool:
    """Return whether a sign to read on is no link of an HTML page but a button, for text that the page holds."""
    if flag != "truncated" or not page.hints:
        return False
    hint = page.hints.get(page.text.rfind("\n", 0, start) + 1)
    return hint is None or hint.link.startswith("#") or not hint.link


def is_cut(paragraphs: Sequence[str], *, is_last: bool, is_round: bool = False) -> bool:
    """Return whether a text ends before its story does: at the mark of a cut, or within a sentence.

    `is_last` means that nothing follows it on its page, `is_round` that the page has a round number of characters.
    """
    last = paragraphs[-1].rstrip()
    if _CUT_MARK.search(last):
        return True
    if last.endswith(("…", "...")):
        return len(last) >= MIN_CUT_CHARS
    return is_last and _is_half(last, is_round=is_round) and _end_sentences(paragraphs[:-1])


def _is_half(line: str, *, is_round: bool) -> bool:
    """Return whether the last line of a page is the beginning of a sentence, and no label, name or address.

    On a page with a round number of characters, any line that ends without a sign is.
    """
    words = line.split()
    ends = is_whole(line) or line[-1:] in (":", ";")
    if count_words(line) < MIN_CUT_WORDS or ends or is_unspaced(line) or _NO_PROSE.search(line):
        return False
    initials = [word[0] for word in words[1:]]
    small, capitals = sum(map(str.islower, initials)), sum(map(str.isupper, initials))
    is_cased = small + capitals > 0
    return is_round or (small > len(words) / 2 if is_cased else len(line) >= MIN_CUT_CHARS)


def _end_sentences(paragraphs: Sequence[str]) -> bool:
    """Return whether the paragraphs of a text, short ones aside, end with a sentence."""
    long = [text for text in paragraphs if len(text) >= MIN_CUT_CHARS]
    return sum(map(is_whole, long)) >= MIN_WHOLE_SHARE * len(long)
