from __future__ import annotations

import pytest

from cleaners.errors import PackError
from cleaners.rules.load import read_pack
from tests.support.packs import HEAD, pack, rule

LAYOUT = """
[[layout]]
id = "quay.header"
role = "{role}"
lines = [{lines}]
{more}
"""
SOURCE = """
[[source]]
id = "quay.source"
names = ["Quay Post"]
read = [["Quay Post / Town", "Quay Post"]]
keep = ["Town / Quay Post"]
"""
TIME = """
[[time]]
id = "quay.time"
form = ["{day}|{month}|{year}"]
read = [["5|7|2025", "2025-07-05"]]
keep = ["5|13|2025"]
"""
TEMPLATE = '[[template]]\nid = "quay.news"\nsigns = ["News desk"]\n'
OLD = HEAD.removeprefix("format = 2\n")


def layout(lines: str = '"{title}", "{time}"', more: str = "", role: str = "header") -> str:
    return LAYOUT.format(lines=lines, more=more, role=role)


NEW = {
    "rule evidence": rule('line = ["Share"]', "evidence = { pages = 3, of = 4 }"),
    "layout evidence": layout(more='evidence = { pages = 3, of = 4, first = "2025-01-02", last = "2025-03-04" }'),
    "rule sureness": rule('line = ["Share"]', "sureness = 1"),
    "layout sureness": layout(more="sureness = 0.5"),
    "templates": TEMPLATE + rule('line = ["Share"]', 'template = ["quay.news"]'),
    "before": rule('line = ["Share"]', 'where = "before"'),
    "inside": rule('line = ["Share"]', 'where = "inside"'),
    "after": rule('line = ["Share"]', 'where = "after"'),
    "between": rule('between = [["Share", ""]]'),
    "most": rule('line = ["Share"]', "most = 40"),
    "with_last": rule('line = ["Share"]', "with_last = false"),
    "prose": rule('line = ["Share"]', "prose = false"),
    "below_text": layout(more="repeats = 1\nbelow_text = true", role="story"),
    "paragraphs": layout(more="repeats = 1\nparagraphs = 3", role="story"),
    "optional part": layout('"{title}", "{source}{? / {category}}"'),
    "source": SOURCE,
    "time": TIME,
    "times": 'times = ["{day}/{month}/{year} {hour}h{minute}"]\n',
}


@pytest.mark.parametrize("name", NEW)
def test_what_is_new_needs_the_format(name):
    assert read_pack(pack(NEW[name]), "quay.toml").format == 2
    with pytest.raises(PackError, match=r"^quay.toml: .* needs `format = 2` at the top of the pack$"):
        read_pack(pack(NEW[name], OLD), "quay.toml")


def test_a_pack_without_a_format_is_of_the_first():
    assert read_pack(pack(rule('line = ["Share"]'), OLD), "quay.toml").format == 1
    assert read_pack(pack(rule('line = ["Share"]'), f"format = 1\n{OLD}"), "quay.toml").format == 1


def test_an_example_is_no_template():
    read_pack(pack(rule('line = ["Share"]', keep='"It reads {? like this}."'), OLD), "quay.toml")
    read_pack(pack(rule('line = ["Share{?|!}"]'), OLD), "quay.toml")


@pytest.mark.parametrize(
    ("number", "says"),
    [("3", "it is of format 3, which"), ('"2"', "is the number of"), ("0", "is the number of"), ("true", "is the number of")],
)
def test_an_unknown_format_is_one_sentence(number, says):
    with pytest.raises(PackError, match=f"^quay.toml: .*{says}"):
        read_pack(pack("colour = 1\n", f"format = {number}\n{OLD}"), "quay.toml")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (rule('line = ["Share"]', "evidence = { pages = 5, of = 4 }"), "5 pages of 4"),
        (rule('line = ["Share"]', "evidence = { pages = 0, of = 4 }"), "pages"),
        (rule('line = ["Share"]', 'evidence = { pages = 1, of = 4, first = "May" }'), "'May' is no day"),
        (rule('line = ["Share"]', 'evidence = { pages = 1, of = 4, first = "20250102" }'), "is no day"),
        (layout(more='evidence = { pages = 1, of = 4, first = "2025-02-01", last = "2025-01-01" }'), "is after the last"),
        (rule('line = ["Share"]', "sureness = 1.5"), "sureness"),
        (rule('line = ["Share"]', "sureness = nan"), "sureness"),
        (rule('line = ["Share"]', 'template = ["quay.news"]'), "there is no template quay.news"),
        (TEMPLATE + "signs_needed = 2\n", "2 signs are needed, and there are 1"),
        (TEMPLATE + "signs_needed = 0\n", "signs_needed"),
        (TEMPLATE.replace("News desk", " "), "is no line"),
        (TEMPLATE.replace("quay.news", "news"), "an id begins with its pack's name"),
        (TEMPLATE + TEMPLATE, "is there twice"),
        (rule('start = ["Share this"]', 'where = "after"'), "for a whole line"),
        (rule('line = ["Share"]', "most = 3"), "need `between`"),
        (rule('line = ["Share"]', "prose = true"), "need `between`"),
        (rule('between = [["Share", ""]]', "most = 201"), "most"),
        (rule('between = [["", "Share"]]'), "a template is empty"),
        (rule('between = [["{words}", "Share"]]'), "needs a fixed word"),
        (rule('between = [["Share", "{wrods} end"]]'), "unknown field {wrods}"),
        (rule('between = [["\\u200b", "Share"]]'), "no visible character"),
        (layout(more="below_text = true"), "need one or more"),
        (layout(more="paragraphs = 2"), "need one or more"),
        (layout(more="repeats = 1\nparagraphs = 0"), "paragraphs"),
        (layout('"{title}", "{source}{? / {?{category}}}"'), "brace"),
        (layout('"{title}", "{?{source}}"'), "a line must hold something"),
        (layout('"{?{title} }by {author}"'), "needs {title} in a line that may not be missing"),
        (layout('"{title}", "{?by|{author}}x"'), "has a | outside of braces"),
        ('times = ["{day}.{month}"]\n', "may be any two numbers"),
        ('times = ["{month}.{year}"]\n', "needs {day}"),
        ('times = ["{day}.{month}.{year} {hour}"]\n', "needs {hour} and {minute} together"),
        ('times = ["{day}.{month}.{year} {day}"]\n', "has a field twice"),
        ('times = ["{day}.{month}.{yaer}"]\n', "unknown field {yaer}"),
        ('times = [""]\n', "needs {day}"),
        (TIME.replace("{month}|", ""), "quay.time: '{day}|{year}' needs {day}, and either"),
        (TIME.replace("quay.time", "time"), "an id begins with its pack's name"),
        (TIME.replace('read = [["5|7|2025", "2025-07-05"]]', ""), "read"),
        (TIME.replace("[[5", "[5").replace('keep = ["5|13|2025"]', "keep = []"), "keep"),
        (SOURCE.replace('"Quay Post"]\n', '" Quay Post"]\n'), "quay.source: ' Quay Post' is no name"),
        (SOURCE.replace('names = ["Quay Post"]', "names = []"), "names"),
        (SOURCE + "evidence = { pages = 5, of = 4 }\n", "5 pages of 4"),
        (TIME + "evidence = { pages = 5, of = 4 }\n", "5 pages of 4"),
        ('claims = ["quay.box"]\n' + rule('line = ["Share"]'), "which has no `lines`"),
    ],
)
def test_a_pack_that_is_not_sound_is_refused(body, says):
    with pytest.raises(PackError) as caught:
        read_pack(pack(body), "quay.toml")
    assert says in str(caught.value)


def test_times_are_of_a_site():
    with pytest.raises(PackError, match="the pack needs `hosts`"):
        read_pack(pack('times = ["{day}/{month}/{year}"]', 'format = 2\nname = "quay"\ntitle = ""\n'), "quay.toml")
    with pytest.raises(PackError, match="the pack needs `hosts`"):
        read_pack(pack(TIME, 'format = 2\nname = "quay"\ntitle = ""\n'), "quay.toml")
