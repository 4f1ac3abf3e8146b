"""Run the examples of packs: texts from which a rule must remove something, times to be read, and look-alikes to be kept.

Called by `flows.packs` for `dehusk rules test`, and by the tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from cleaners.dates.site_times import NO_MONTHS, TimePattern, iso_time, months_of
from cleaners.document.page import Page, split_lines
from cleaners.errors import BadPage
from cleaners.output.body_rules import clean_body
from cleaners.rules.compiled import Ruleset
from cleaners.rules.index import RuleIndex
from cleaners.rules.load import read_pack, shipped_languages, shipped_packs
from cleaners.rules.model import EVERYWHERE, Pack, Rule
from cleaners.rules.phrases import PhraseScanner
from cleaners.rules.refusal import Refusal
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm, form_parts
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.between_labels import drop_between
from cleaners.segmentation.clutter_blocks import drop_blocks
from cleaners.segmentation.refused import refuse_no_page
from cleaners.segmentation.source_parts import known_source
from cleaners.text.spans import subtract

OPEN, CLOSE = "<<", ">>"  # around the removed part of an example


def check_pack(pack: Pack) -> Iterator[str]:
    """Yield a sentence for each example in the pack that fails."""
    parts: tuple[Rule | TimeForm | SourceNames, ...] = (*pack.rule, *pack.time, *pack.source)
    for part in parts:
        yield from check_part(part)
    for refusal in pack.refusal:
        yield from _check_refusal(refusal)


def check_part(part: Rule | TimeForm | SourceNames) -> Iterator[str]:
    """Yield a sentence for each example of a part of a pack that fails when the part is applied alone."""
    if isinstance(part, Rule):
        return _check_css(part) if part.css else check_rule(part)
    return check_time(part) if isinstance(part, TimeForm) else check_source(part)


def _check_refusal(refusal: Refusal) -> Iterator[str]:
    """Yield a sentence for each example of a refusal that fails."""
    ruleset = Ruleset([RuleIndex(Pack(name=refusal.id.split(".")[0], title="", refusal=(refusal,)), strict=True)])
    for examples, must_refuse in ((refusal.refuse, True), (refusal.keep, False)):
        for text in examples:
            try:
                refuse_no_page(Page(text), split_lines(text), ruleset)
                is_refused = False
            except BadPage:
                is_refused = True
            if is_refused is not must_refuse:
                yield f"{refusal.id}: {'refuses' if is_refused else 'does not refuse'} {text!r}"


def check_rule(rule: Rule) -> Iterator[str]:
    """Yield a sentence for each example of a rule that fails when the rule is applied alone."""
    ruleset = Ruleset([RuleIndex(Pack(name=rule.id.split(".")[0], title="", rule=(rule,)), strict=True)])
    for example in rule.remove:
        text, expected = read_example(example)
        removed = _removed(text, ruleset)
        if removed != expected:
            yield f"{rule.id}: takes {_quote(text, removed)} from {text!r}, not {_quote(text, expected)}"
    for text in rule.keep:
        removed = _removed(text, ruleset)
        if removed:
            yield f"{rule.id}: takes {_quote(text, removed)} from {text!r}, which it must leave alone"


def check_time(time: TimeForm) -> Iterator[str]:
    """Yield a sentence for each example of a form of time that fails when the form is applied alone.

    One with names of months is applied in each language that has a shipped pack: one of these reads a time, or none does.
    """
    forms = list(form_parts(time.form))
    has_name = any(field == "month-name" for parts in forms for _, field in parts)
    languages = _months_of_languages() if has_name else (NO_MONTHS,)
    patterns = [TimePattern(parts, months) for parts in forms for months in languages]
    for text, expected in time.read:
        found = _times_in(text, patterns)
        if expected not in found:
            yield f"{time.id}: reads {' and '.join(sorted(found)) or 'nothing'} in {text!r}, not {expected!r}"
    for text in time.keep:
        found = _times_in(text, patterns)
        if found:
            yield f"{time.id}: reads {' and '.join(sorted(found))} in {text!r}, in which there is no time"


def check_source(source: SourceNames) -> Iterator[str]:
    """Yield a sentence for each example of names of publishers that fails."""
    for text, expected in (*source.read, *((text, "") for text in source.keep)):
        found = known_source(text, source.names)
        if found != expected:
            yield f"{source.id}: reads {found or 'nothing'} in {text!r}, not {expected or 'nothing'}"


def _times_in(text: str, patterns: Iterable[TimePattern]) -> set[str]:
    """Return the times that forms of a site read in a text."""
    return {iso_time(span.expression) for pattern in patterns for span in pattern.find(text)}


@cache
def _months_of_languages() -> tuple[Mapping[str, int], ...]:
    """Return the names of months of each language that has a shipped pack."""
    languages = {f"{language}.toml" for language in shipped_languages()}
    packs = [read_pack(toml, name, is_checked=True) for name, toml in shipped_packs() if name in languages]
    return tuple(months_of(pack.words.rows()) for pack in packs if pack.words is not None)


def _check_css(rule: Rule) -> Iterator[str]:
    """Yield a sentence for each example of a rule with selectors that fails: all of its text must go, or none."""
    from cleaners.html.parse import parse_html
    from cleaners.html.render import render
    from cleaners.html.selectors import Selectors

    selectors = Selectors((selector, rule.id) for selector in rule.css)
    for examples, must_remove in ((rule.remove, True), (rule.keep, False)):
        for example in examples:
            try:
                tree = parse_html(f"<body>{example}")
            except BadPage as problem:
                yield f"{rule.id}: {example[:100]!r} cannot be read: {problem.detail}"
                continue
            lines = render(tree, selectors.match(tree))
            wrong = [text for text, hint in lines if bool(hint.rules) is not must_remove]
            if wrong or not lines:
                duty, fault = ("must take all text of", "leaves") if must_remove else ("must leave alone", "takes")
                yield f"{rule.id}: {duty} {example!r}, but {fault} {wrong or 'nothing'}"


def read_example(example: str) -> tuple[str, set[int]]:
    """Return an example without its marks, and the offsets of the visible characters that must be removed."""
    if OPEN not in example:
        return example, _visible(example, [(0, len(example))])
    text = ""
    spans = []
    for i, part in enumerate(example.split(OPEN)):
        marked, mark, rest = part.partition(CLOSE)
        if i and mark:
            spans.append((len(text), len(text) + len(marked)))
        text += marked + rest
    return text, _visible(text, spans)


def _removed(text: str, ruleset: Ruleset) -> set[int]:
    """Return the offsets of the visible characters that the rules of `ruleset` remove from `text`."""
    lines = split_lines(text)
    between = drop_between(lines, ruleset)
    blocks = drop_blocks(between.lines, ruleset, final=False)
    body = clean_body(PhraseScanner(text, ruleset), blocks.lines, ruleset, final=True)
    spans = [(line.start, line.end) for line, _ in (*between.removed, *blocks.removed)]
    spans += [(cut.start, cut.end) for cut in (*body.removed, *(lift for lift, _ in body.lifted))]
    spans += [(line.start, line.end) for line in blocks.lines if line_rule(line.text, ruleset, EVERYWHERE)]
    return _visible(text, spans)


def _visible(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Return the offsets of the visible characters in some spans."""
    return {i for start, end in spans for i in range(start, end) if not text[i].isspace()}


def _quote(text: str, offsets: set[int]) -> str:
    """Return the parts of `text` at some offsets as quoted strings, for a message."""
    holes = [(i, i + 1) for i in range(len(text)) if i not in offsets and not text[i].isspace()]
    parts = [text[start:end].strip() for start, end in subtract((0, len(text)), holes)]
    return " and ".join(repr(part) for part in parts if part) or "nothing"
