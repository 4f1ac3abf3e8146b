"""Run the examples that every rule carries: what it must remove, and the look-alikes that it must leave alone."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.document.page import split_lines
from cleaners.errors import BadPage
from cleaners.output.body_rules import clean_body
from cleaners.rules.compiled import Ruleset
from cleaners.rules.index import RuleIndex
from cleaners.rules.model import Pack, Rule
from cleaners.rules.phrases import Scan
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.clutter_blocks import drop_blocks
from cleaners.text.spans import subtract

OPEN, CLOSE = "<<", ">>"


def check_pack(pack: Pack) -> Iterator[str]:
    """Yield a sentence for each example of the pack that does not hold."""
    for rule in pack.rule:
        yield from _check_css(rule) if rule.css else check_rule(rule)


def check_rule(rule: Rule) -> Iterator[str]:
    """Yield a sentence for each example of one rule, applied alone, that does not hold."""
    ruleset = Ruleset([RuleIndex(Pack(name=rule.id.split(".")[0], title="", rule=(rule,)), strict=True)])
    for example in rule.remove:
        text, wanted = read_example(example)
        taken = _taken(text, ruleset)
        if taken != wanted:
            yield f"{rule.id}: takes {_quote(text, taken)} from {text!r}, not {_quote(text, wanted)}"
    for text in rule.keep:
        taken = _taken(text, ruleset)
        if taken:
            yield f"{rule.id}: takes {_quote(text, taken)} from {text!r}, which it must leave alone"


def _check_css(rule: Rule) -> Iterator[str]:
    """Yield a sentence for each example of a rule with selectors that does not hold: all of its text goes, or none."""
    from cleaners.html.parse import parse_html
    from cleaners.html.render import render
    from cleaners.html.selectors import Selectors

    selectors = Selectors((selector, rule.id) for selector in rule.css)
    for examples, goes in ((rule.remove, True), (rule.keep, False)):
        for example in examples:
            try:
                lines = render(parse_html(f"<body>{example}"), selectors)
            except BadPage as problem:
                yield f"{rule.id}: {example[:100]!r} cannot be read: {problem.detail}"
                continue
            wrong = [text for text, hint in lines if bool(hint.rules) is not goes]
            if wrong or not lines:
                what = "must take all text of" if goes else "must leave alone"
                yield f"{rule.id}: {what} {example!r}, but {'takes' if not goes else 'leaves'} {wrong or 'nothing'}"


def read_example(example: str) -> tuple[str, set[int]]:
    """Return an example without its marks, and the places of the visible characters that must go from it."""
    if OPEN not in example:
        return example, _visible(example, [(0, len(example))])
    text = ""
    spans = []
    for i, part in enumerate(example.split(OPEN)):
        gone, mark, rest = part.partition(CLOSE)
        if i and mark:
            spans.append((len(text), len(text) + len(gone)))
        text += gone + rest
    return text, _visible(text, spans)


def _taken(text: str, ruleset: Ruleset) -> set[int]:
    """Return the places of the visible characters that the rules of `ruleset` take from `text`."""
    lines = split_lines(text)
    blocks = drop_blocks(lines, ruleset, final=False)
    body = clean_body(Scan(text, ruleset), blocks.lines, ruleset, final=True)
    spans = [(line.start, line.end) for line, _ in blocks.removed]
    spans += [(cut.start, cut.end) for cut in (*body.removed, *(lift for lift, _ in body.lifted))]
    spans += [(line.start, line.end) for line in blocks.lines if line_rule(line.text, ruleset, outside=True)]
    return _visible(text, spans)


def _visible(text: str, spans: list[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end) if not text[at].isspace()}


def _quote(text: str, places: set[int]) -> str:
    holes = [(at, at + 1) for at in range(len(text)) if at not in places and not text[at].isspace()]
    parts = [text[start:end].strip() for start, end in subtract((0, len(text)), holes)]
    return " and ".join(repr(part) for part in parts if part) or "nothing"
