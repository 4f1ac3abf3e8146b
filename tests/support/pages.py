"""Hypothesis strategies for pages: prose, clutter taken from the packs' own examples, story headers, and any text."""

from __future__ import annotations

from hypothesis import strategies as st

from cleaners.examples import CLOSE, OPEN
from cleaners.rules.load import read_pack, shipped_packs

SENTENCES = (
    "The ferry was back on Monday.",
    "Comments from residents ran to 94 pages.",
    "Related costs will be paid from the reserve.",
    "'We counted by hand,' the purser said.",
    "Advertisement spending fell by a fifth",
    "It rained. Advertisement The fair went on.",
    "وقال المدير إن الجسر سيفتح غدا.",
    "2 hours ago",
    "Yahoo",
    "- Yahoo",
    "Comments",
    "logo",
)
CLUTTER = tuple(
    line
    for name, toml in shipped_packs()
    # One language only: in a page of several, cleaning can turn it from one into the other, and other rules hold.
    if name in ("en.toml", "generic.toml", "daily8.toml")
    for rule in read_pack(toml, name).rule
    for example in rule.remove
    for line in example.replace(OPEN, "").replace(CLOSE, "").split("\n")
)
PLAIN_STORY = "CBS News\nan hour ago\n- CBS News\nA drone fell\nThe drone fell on Saturday."
LOGO_STORY = (
    "A drone fell\nA drone fell\n\nNewsweek\n\ntime35 minutes ago\n\n  • Newsweek\n\nA drone fell\n\nIt fell on Saturday."
)
# White space of all kinds, characters without a look of their own, escapes, marks and mojibake.
ODD = (
    *("\t", " ", "  ", "\u00a0", "\u2009", "\u3000", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"),
    *("\x00", "\x1b[31m", "\x9f", "\u200b", "\ufeff", "\u202e", "\ufffd"),
    *("&nbsp;", "&#9;", "&#160;", "&#8217;", "\\n", "## ", "**", "[a](b)", "donâ€™t", "cafÃ©"),
)
AI_BOX = "Try Our AI Features\nExplore what Daily8 AI can do for you:\nComments\nNo comments yet...\nRelated Articles"

any_text = st.text(max_size=300)
prose_lines = st.lists(st.sampled_from(SENTENCES[:4]), min_size=1, max_size=6)
lines = st.one_of(
    st.sampled_from(SENTENCES),
    st.sampled_from(CLUTTER),
    st.sampled_from((PLAIN_STORY, LOGO_STORY, AI_BOX, "")),
    st.lists(st.sampled_from((*SENTENCES, *CLUTTER)), min_size=2, max_size=4).map(" ".join),
    st.text(max_size=20),
)
line_ends = st.sampled_from(("\n", "\r\n", "\r", "\n\n", "\u2028"))
pages = st.builds(lambda parts, end: end.join(parts), st.lists(lines, max_size=14), line_ends)
odd_lines = st.lists(st.one_of(lines, st.sampled_from(ODD)), max_size=5).map("".join)
odd_pages = st.builds(lambda parts, end: end.join(parts), st.lists(st.one_of(lines, odd_lines), max_size=14), line_ends)
