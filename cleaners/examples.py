"""Run the examples of rules: texts from which a rule must remove something, and look-alikes that it must keep.

Called by `flows.packs` for `dehusk rules test`, and by the tests.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.document.page import Page, split_lines
from cleaners.errors import BadPage
from cleaners.output.body_rules import clean_body
from cleaners.rules.compiled import Ruleset
from cleaners.rules.index import RuleIndex
from cleaners.rules.model import EVERYWHERE, Pack, Rule
from cleaners.rules.phrases import PhraseScanner
from cleaners.rules.refusal import Refusal
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.between_labels import drop_between
from cleaners.segmentation.clutter_blocks import drop_blocks
from cleaners.segmentation.refused import refuse_no_page
from cleaners.text.spans import subtract

OPEN, CLOSE = "<<", ">>"  # around the removed part of an example


def check_pack(pack: Pack) -> Iterator[str]:
    """Yield a sentence for each example in the pack that fails."""
    for rule in pack.rule:
        yield from _check_css(rule) if rule.css else check_rule(rule)
    for refusal in pack.refusal:
        yield from _check_refusal(refusal)


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
