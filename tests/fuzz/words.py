"""The material of pages: sentences, odd characters, times in all languages, and the wordings of packs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from cleaners.examples import CLOSE, OPEN
from cleaners.rules.language_words import LanguageWords
from cleaners.rules.load import read_pack, shipped_packs
from cleaners.rules.model import Pack
from tests.support.html_pages import ONE, THREE, TWO
from tests.support.pages import AI_BOX, LOGO_STORY, ODD, PLAIN_STORY, SENTENCES

PROSE = (
    *(ONE, TWO, THREE, *SENTENCES),
    "The night ferry will sail again from the first of June, the company said on Tuesday.",
    "“It was cold,” she said. “We waited – for hours – and nobody came…”",
    "It cost $1,234.56 (€1.100,00), up 3.2 % from 1,000; see p. 12, No. 7 and St. Mary's.",
    "Der Kran wird im Juni abgebaut, teilte die Hafenbehörde am Dienstag mit.",
    "La grue sera démontée en juin, a annoncé mardi l’autorité portuaire ; « enfin ! », dit-on.",
    "La grúa será desmontada en junio, dijo el martes la autoridad portuaria. ¿Y después?",
    "Кран снимут в июне, сообщили во вторник в управлении порта.",
    "港の古いクレーンは6月に撤去される。市は火曜日に発表した。",
    "旧起重机将于六月拆除，港务局周二表示。“终于！”",
    "항만청은 화요일 낡은 크레인을 6월에 철거한다고 밝혔다.",
    "قالت هيئة الميناء يوم الثلاثاء إن الرافعة القديمة ستزال في يونيو.",
    "רשות הנמל הודיעה ביום שלישי כי העגורן הישן יפורק ביוני.",
    "बंदरगाह बोर्ड ने मंगलवार को कहा कि पुरानी क्रेन जून में हटाई जाएगी।",
    "เครนเก่าจะถูกรื้อถอนในเดือนมิถุนายน",
)
TITLES = (
    "Old crane to go", "Council votes to keep the old pier", "FERRY RETURNS", "Why the ferry is late: five answers",
    "Kran geht", "港のクレーン撤去へ", "عودة العبارة", "3 dead in harbour fire", "LIVE: the vote", "A", "1", "“At last”",
)  # fmt: skip
SOURCES = ("Yahoo", "CNN", "CBS News", "The Quay Post", "quaypost.example", "AFP", "Reuters", "Le Monde", "BBC")
NAMES = ("Tobin Marsh", "INA VARR", "Ole Ångström", "J. R. O'Neill-Smith", "李明", "van der Berg, P.", "@tobin", "Staff")
# Control, format, white and combining characters, those outside the basic plane, and ends of lines of all kinds.
CHARACTERS = tuple(
    "\x00 \x01 \x07 \x08 \x0b \x0c \x0e \x1a \x1b \x1c \x1d \x1e \x1f \x7f \x80 \x85 \x90 \x9b \x9f \xa0 \xad \u0301 \u0323 "
    "\u0345 \u034f \u061c \u070f \u115f \u1680 \u180e \U0001d165 \u200b \u200c \u200d \u200e \u200f \u2028 \u2029 \u202a "
    "\u202d \u202e \u202f \u205f \u2060 \u2061 \u2066 \u2069 \u206f \u20dd \u2800 \u3000 \u3164 \ufdd0 \ufe0f \ufeff \ufff9 "
    "\ufffc \ufffd \ufffe \uffff \U0001f468\u200d\U0001f469 \U0001f1e9 \U000e0001 \U000e0020 \U0010ffff \U0001d7d8 \u0130 "
    "\u0131 \u1e9e ß ﬁ ǆ \u0660 \u0967 ² ½ Ⅻ ㈱ ٪ ’ “ „ … – — • · | » › ★ © ® ™ € № ª".split(" ")
)
SURROGATES = ("\ud83d", "\udc68")  # halves of characters, which make a page one that cannot be decoded
MARKS = (
    *ODD, "&amp;", "&lt;b&gt;", "&#x1b;", "&#0;", "&#55296;", "&#8232;", "&nbsp", "&amp;#8217;", "\\u00e9", "\\r\\n",
    "\\t", "<p>", "</p>", "<br>", "<script>", "- ", "* ", "1. ", "> ", "# ", "```", "![a](b.png)", "[", "](", "_x_",
    "~~", "---", "***", "===", "|---|", "#tag", "@name", "http://", "https://quaypost.example/a?b=c#d",
    "javascript:alert(1)", "{{", "}}", "{title}", "<<", ">>", "Ã©", "â€œ", "ï»¿", "Â ", "\x1b]0;x\x07", ":", " - ",
    " | ", "...", "[…]", "(AP) —", "\t", "0", "-1", "99999999999999999999",
)  # fmt: skip


@cache
def packs() -> tuple[Pack, ...]:
    """Return the shipped packs, in the order of their names."""
    return tuple(read_pack(toml, name, is_checked=True) for name, toml in shipped_packs())


@cache
def wordings(is_for: str = "") -> tuple[str, ...]:
    """Return the texts in the packs: the examples of rules and refusals, signs and sources; of one pack, or of all."""
    found: list[str] = []
    for pack in packs():
        if is_for in ("", pack.name):
            examples = (text for rule in pack.rule if not rule.css for text in (*rule.remove, *rule.keep))
            found += (text.replace(OPEN, "").replace(CLOSE, "") for text in examples)
            found += (*pack.signs, *pack.sources, *(text for one in pack.refusal for text in (*one.refuse, *one.keep)))
    return tuple(dict.fromkeys(found)) or SOURCES


@cache
def boxes() -> tuple[str, ...]:
    """Return the HTML examples of rules for elements."""
    return tuple(text for pack in packs() for rule in pack.rule if rule.css for text in (*rule.remove, *rule.keep)) or ("<p>x",)


@cache
def layouts() -> tuple[tuple[str, ...], ...]:
    """Return the lines of all layouts of packs."""
    return tuple(layout.lines for pack in packs() for layout in pack.layout)


@cache
def languages() -> tuple[LanguageWords, ...]:
    return tuple(pack.words for pack in packs() if pack.words is not None)


def pick(rng: Random, *pools: Sequence[str]) -> str:
    """Return a text out of one of some pools, each as likely as the others."""
    return rng.choice(rng.choice(pools))


def prose(rng: Random, most: int = 4) -> str:
    return " ".join(rng.choice(PROSE) for _ in range(rng.randint(1, most)))


def time(rng: Random) -> str:
    """Return a time as a page words it, in any language and form, now and then one that cannot be."""
    words = rng.choice(languages())
    number = rng.choice((rng.randint(0, 60), rng.randint(0, 60), 10 ** rng.randint(1, 20)))
    unit = rng.choice(rng.choice((words.second, words.minute, words.hour, words.day, words.week, words.month, words.year)))
    day, year = rng.randint(0, 32), rng.choice((2024, 2025, rng.randint(0, 9999)))
    month = rng.choice(rng.choice(words.months))
    clock = f"{rng.randint(0, 25)}{rng.choice((':', '.', 'h'))}{rng.randint(0, 61):02}"
    form = rng.choice((
        "{n} {u} {a}", "{a} {n} {u}", "time{n} {u} {a}", "{n}{u}", "{d} {m} {y}", "{m} {d}, {y}",
        "{w}, {d}. {m} {y} {c}", "{d}/{i}/{y}", "{y}-{i:02}-{d:02}T{c}:00Z", "{y}-{i:02}-{d:02}", "{d}.{i}.{y}, {c}",
        "{t} {c}", "{s} {t}", "{s} {d} {m} {y}", "{now}", "{c}", "{y}年{i}月{d}日",
        "{s}: {n} {u} {a} | {s} {d}.{i}.{y} {c} GMT", "{c} PM EST", "{w}", "{y}", "@{n}", "{one} {u} {a}",
    ))  # fmt: skip
    said = rng.choice(words.said or ("Updated",))
    values = {
        "n": number, "u": unit, "a": rng.choice(words.ago), "d": day, "m": month, "y": year, "i": rng.randint(0, 13),
        "c": clock, "w": rng.choice(rng.choice(words.weekdays)), "t": rng.choice((*words.today, *words.yesterday)),
        "s": said, "now": rng.choice(words.now), "one": rng.choice(words.one),
    }  # fmt: skip
    return form.format(**values)


def byline(rng: Random) -> str:
    """Return a line with an author, in any language."""
    words = rng.choice(languages())
    by, name = rng.choice(words.by or ("By",)), rng.choice(NAMES)
    second = f" {rng.choice(words.joiners or ('and',))} {rng.choice(NAMES)}" if rng.random() < 0.2 else ""
    role = f", {rng.choice(words.roles or ('reporter',))}" if rng.random() < 0.2 else ""
    return f"{by} {name}{second}{role}"


def spoilt(rng: Random, text: str, most: int = 3) -> str:
    """Return a text with a few odd characters and marks in it."""
    for _ in range(rng.randint(1, most)):
        at = rng.randint(0, len(text))
        text = text[:at] + pick(rng, *(CHARACTERS, MARKS) * 99, CHARACTERS, SURROGATES) + text[at:]
    return text


def short(rng: Random) -> str:
    """Return a line that is no prose: a title, a name, a time, a wording of a pack."""
    make = rng.choice(
        (time, byline, lambda _: rng.choice(TITLES), lambda _: rng.choice(SOURCES), lambda _: rng.choice(wordings()))
    )
    return make(rng)


STORIES = (PLAIN_STORY, LOGO_STORY, AI_BOX)
