"""Pieces of HTML pages that tests put together."""

from __future__ import annotations

from hypothesis import strategies as st

ONE = "The harbour board said on Monday that the old crane would be taken down within the month."
TWO = "Nobody had used it since the spring, the master of the quay told reporters on Tuesday morning."
THREE = "A museum in the next town has asked for the hook, which weighs as much as two grown horses."
HEAD = (
    '<title>Old crane to go - The Quay Post</title><meta property="og:site_name" content="The Quay Post">'
    '<meta property="article:published_time" content="2026-05-12T09:30:00+02:00">'
    '<link rel="canonical" href="https://quaypost.example/crane">'
)
MENU = "<nav><ul><li><a href=/>Home</a><li><a href=/sport>Sport</a></ul></nav>"
STORY = f"<h1>Old crane to go</h1><p class=byline>By Tobin Marsh</p><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
RELATED = "<aside class=related><h3>Related</h3><ul><li><a href=/a>Ferry to sail on Sundays too</a></li>" + (
    f"<li><a href=/b>Town band plays on the pier</a><p>{TWO}</p></li></ul></aside>"
)
COMMENTS = f"<div id=comments><h3>2 comments</h3><div class=comment><b>anna</b><p>{THREE} I saw it.</p></div></div>"
FOOTER = "<footer>© 2026 The Quay Post <a href=/privacy>Privacy Policy</a></footer><script>var x = 1;</script>"
TAGS = st.sampled_from("p div h1 h2 ul li a nav aside article table tr td br b span form section footer blockquote".split())
PIECES = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        [ONE, TWO, "Ferry to sail on Sundays too", "2 hours ago", "Advertisement", "&amp;", "&nbsp;", "<!--", "-->", "<"]
    ),
    st.text(max_size=20),
)


def page(body: str, head: str = HEAD) -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
