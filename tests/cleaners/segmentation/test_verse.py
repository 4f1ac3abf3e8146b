"""Poems on their own."""

from __future__ import annotations

import pytest

from cleaners import Page, clean_page
from cleaners.document.page import split_lines
from cleaners.segmentation.verse import is_verse

STANZAS = {
    "lower case": """
Green it was painted and green it has stayed,
green as the water, green as a spade,
and all that goes over must wait.

Hush, say the railings,
hush, says the tide,
someone is walking
on the other side.

Home
to the harbour
home
to the bread,
nine iron boats
asleep in the shed.
""",
    "capitals": """
The crane that lifted ships of old,
Stands silent now in wind and cold;
No captain calls, no signal flies,
It watches gulls.

Home is the word upon its beam,
Weather and sport are in its dream;
Search if you will for rope:
The sea will bring it back.
""",
    "German": """
Er steht am Kai, er schaut ins Meer,
er hob so manches Schiff daher,
und wer ihn fragt, dem sagt er nicht.

Nun rostet er, der alte Haken,
er hört die Möwen oben quaken;
im Winter friert er, Jahr um Jahr,
und weiß nicht mehr.
""",
    "Russian": """
Стоит у моря старый кран,
глядит в рассветный он туман,
и кто его о чём ни спросит,
тому ответа не приносит.

Ржавеет крюк его большой,
и чайки кружат над душой;
зимой он мёрзнет, год за годом,
и спит под синим небосводом.
""",
}
MENU = "Home\nSport\nWeather\n\nLocal news\nBusiness\nFerries\n\nAbout us\nPrivacy policy\nContact\n\nJobs\nImprint"
RECIPE = "Cake\n\nFlour\nSugar\nEggs\nSalt\nMilk\n\nOven\nBowl\nSpoon\nTin\nPaper"


@pytest.mark.parametrize("stanzas", STANZAS.values(), ids=list(STANZAS))
def test_a_poem_keeps_all_of_its_lines(stanzas: str):
    text = f"The Bridge at Marrowick\nBy Sune Dahl\n{stanzas}"
    (record,) = clean_page(Page(text)).records
    assert (record.title, record.authors) == ("The Bridge at Marrowick", ["Sune Dahl"])
    assert record.text.split("\n") == [line for line in stanzas.split("\n") if line]


@pytest.mark.parametrize(
    "text",
    [
        MENU,
        RECIPE,
        STANZAS["capitals"].replace("\n\n", "\n"),  # no stanzas
        STANZAS["German"].replace("\n", "\n\n"),  # lines that are paragraphs
        STANZAS["German"].replace(",", " and so on until the evening comes over the quay and the last boat is in,"),
        "",
        "Home",
    ],
)
def test_other_texts_are_none(text: str):
    assert not is_verse(split_lines(text), text)
