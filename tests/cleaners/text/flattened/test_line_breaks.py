from __future__ import annotations

import textwrap

import pytest

from cleaners.text.flattened.read import read_flattened

SENTENCES = (
    "The night ferry is back after eleven weeks, and the first boat left the quay with forty people on the upper deck.",
    "The harbour board had said in May that the old crane would go by autumn, but nobody in the town had quite believed it.",
    "A retired teacher who lives above the bakery counted the boats from her window and wrote down each of them in a book.",
    "Growers in the valley say that the frost came too late to harm the plums, and that the price will fall by a tenth.",
)
POEM = "\n".join(
    ["The ferry goes at nine", "and no one waves from land", "the river keeps its sign", "and ropes run through the hand"] * 6
)
NAMES = (
    "\n".join(f"{first} {last}" for first in ("Ines", "Tobin", "Maren") for last in ("Marsh", "Quill", "Vogt", "Halden")) * 2
)
ADDRESS = "\n".join(
    ["The Quay Post", "12 Tarn Street, 2nd floor", "Saltby SB2 4QU", "Telephone 0555 123", "Open from nine to five"] * 3
)
TABLE = "\n".join(f"{town:<24}{n:>12}{n * 7:>14}     {'up' if n % 2 else 'down'}" for n, town in enumerate(["Saltby"] * 20))
HEADLINES = "\n".join(
    f"{who} {what}" for who in ("kapten", "färjan", "hamnen") for what in ("räddar den gamla kranen i hamnen", "säljer sin båt")
)
JAPANESE = "\n".join(
    ["渡し船は十一週間ぶりに戻り、最初の便は四十人を乗せて", "埠頭を離れた。町の人々は岸辺に集まり、手を振って"] * 8
)


def plain(text: str) -> str:
    steps = read_flattened(text)
    return steps[-1].text if steps else text


@pytest.mark.parametrize("width", [52, 60, 72, 79, 100])
@pytest.mark.parametrize("indent", ["", "    "])
def test_wrapped_paragraphs_are_joined(width, indent):
    paragraphs = [" ".join(SENTENCES[:2]), " ".join(SENTENCES[2:]), " ".join(SENTENCES)]
    text = "\n\n".join(textwrap.fill(part, width, initial_indent=indent, subsequent_indent=indent) for part in paragraphs)
    assert plain(text).split("\n\n") == [indent + part for part in paragraphs]


def test_a_menu_above_wrapped_text_stays_as_it_is():
    menu = "Home\nWeather\nSport\nLocal news\nTides and ferries\n\n"
    text = menu + "\n\n".join(textwrap.fill(" ".join(SENTENCES), 72) for _ in range(3))
    assert plain(text) == menu + "\n\n".join([" ".join(SENTENCES)] * 3)


def test_lines_cut_at_tags_are_joined():
    text = (
        "Old crane to go\nThe\nharbour board\n, which owns the quay, said on Monday that the\nold crane\nwould go by autumn.\n"
        "Nobody had used it since the spring, the master of the quay told\nThe Quay Post\n. The board paid for the\nsurvey\n.\n"
        "Share\nNight ferry returns\nOld crane to go\n"
        "It was the last of the steam cranes in the harbour of the town, and the tallest."
    )
    assert plain(text).splitlines() == [
        "Old crane to go",
        "The",  # at the start of a line a word shows by nothing that the next line belongs to it
        "harbour board, which owns the quay, said on Monday that the old crane would go by autumn.",
        "Nobody had used it since the spring, the master of the quay told The Quay Post. The board paid for the survey.",
        "Share",
        "Night ferry returns",
        "Old crane to go",
        "It was the last of the steam cranes in the harbour of the town, and the tallest.",
    ]


@pytest.mark.parametrize("text", [POEM, NAMES, ADDRESS, TABLE, HEADLINES, JAPANESE, "\n".join(SENTENCES)])
def test_lines_that_end_by_themselves_stay(text):
    assert plain(text) == text


@pytest.mark.parametrize("text", [POEM, NAMES, ADDRESS, TABLE, HEADLINES, JAPANESE])
def test_they_stay_on_a_page_that_is_wrapped_elsewhere(text):
    prose = "\n\n".join(textwrap.fill(" ".join(SENTENCES), 76) for _ in range(8))
    assert plain(f"{prose}\n\n{text}").endswith(f"\n\n{text}")


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad"])
def test_words_parted_at_the_end_of_a_line_are_whole_again(hyphen):
    paragraph = " ".join(SENTENCES)
    wrapped = (
        textwrap.fill(paragraph, 62).replace("harbour board", f"har{hyphen}\nbour board").replace("bakery", f"bak{hyphen}\nery")
    )
    assert plain(f"{wrapped}\n\n{wrapped}") == f"{paragraph}\n\n{paragraph}"


def test_a_compound_of_words_of_the_page_keeps_its_hyphen():
    paragraph = " ".join(SENTENCES)
    wrapped = textwrap.fill(f"{paragraph} It is a night ferry-\nboat, one boat of many.", 62, break_on_hyphens=False)
    text = wrapped.replace("ferry- boat", "ferry-\nboat")
    assert "ferry-boat" in plain(f"{text}\n\n{textwrap.fill(paragraph, 62)}")


def test_a_short_line_inside_a_wrapped_paragraph_is_joined():
    lines = textwrap.wrap(" ".join(SENTENCES), 62)
    first, rest = lines[2].split(" ", 1)
    text = "\n".join([*lines[:2], first, rest, *lines[3:]])
    assert plain(f"{text}\n\n{textwrap.fill(SENTENCES[0], 62)}").split("\n\n")[0] == " ".join(SENTENCES)
