"""Invented pages of the usual size for the tests of segmentation: menus, a header, a story of six paragraphs, a footer."""

from __future__ import annotations

from typing import Any

import pytest

from cleaners import Library, clean_page
from cleaners.output.record import Record

MENU = (
    "Skip to main content",
    "Home",
    "World",
    "Politics",
    "Business",
    "Culture",
    "Science",
    "Sport",
    "Weather",
    "Opinion",
    "Newsletters",
    "Search",
    "Sign in",
    "Subscribe",
)
FOOTER = (
    "About us",
    "Contact us",
    "Advertise with us",
    "Careers",
    "Newsletters",
    "Privacy Policy",
    "Terms of Use",
    "Cookie Settings",
    "© 2026 The Quay Post. All rights reserved.",
)
TITLE = "Old crane to go from the quay after a hundred years"
BYLINE = ("By Tobin Marsh", "12 May 2026")
HEAD = (*MENU, TITLE, *BYLINE)
STORY = (
    "The harbour board said on Monday that the old crane on the north quay would be taken down within the month, and that "
    "nothing would be built in its place before the spring.",
    "Nobody had used it since the flood, the master of the quay told reporters on Tuesday morning, but every ship that came "
    "in had saluted it with one long blast of the horn.",
    "The crane was built in the year of the great fire and lifted its first load, a crate of oranges, before a crowd that "
    "filled both piers. Its last load was a bandstand.",
    "In between it moved, by the count of the museum, two million tonnes of coal, grain and timber, and once a circus with "
    "all of its animals except the giraffe, which would not be lifted.",
    "A museum in the next town has asked for the hook, which weighs as much as two grown horses. The board has not yet said "
    "whether it will give it away or sell it.",
    "Those who want to see the crane once more can do so on Sunday, when the gates open at nine. The master of the quay "
    "expects a long queue and asks visitors to leave their cars at the station.",
)
SECOND_TITLE = "Band plays on the pier again for the first time since the storm"
SECOND_STORY = (
    "The town band played on the pier on Saturday for the first time since the winter storm, which had torn off the roof "
    "of the bandstand and carried it as far as the lighthouse.",
    "Some three hundred people came to hear the marches, among them the mayor, who had promised in January that the roof "
    "would be back before the summer and had been laughed at for it.",
    "The carpenters finished on Friday night by the light of the ferry, which had turned its lamps on them. They were paid "
    "in beer, the conductor said, and in a march that bears their name.",
    "From now on the band plays every Saturday at four until the end of September. When it rains it plays in the waiting "
    "room of the ferry, where there are seats for sixty.",
)
TITLES = (
    "Ferry to sail on Sundays too from the first of June",
    "Pool opens its doors a week early because of the heat",
    "Bus fares to rise for the third time within a year",
    "Plum growers fear the frost that is forecast for Friday",
    "School choir wins the contest of the islands once more",
)
TEASERS = (
    "The company had refused for years, but the islanders wrote so many letters that the ferry sails every Sunday from June.",
    "Swimmers had queued at the gate since six in the morning, so the pool let them in a week before the season began.",
    "The council blames the price of diesel for the new fares, while the drivers of the bus blame the council itself.",
    "Three warm weeks brought out the blossom early, and the growers could lose all of their plum harvest to one cold night.",
    "The singers of the choir are between nine and twelve years old, and most had never left the school for a contest before.",
)
SOURCES = ("Harbour Post", "Valley Herald", "Morning Bell", "Fen Courier", "Tidewater Journal")
TIMES = ("2 hours ago", "3 hours ago", "5 hours ago", "8 hours ago", "1 day ago")


def defect(*values: Any, why: str) -> Any:
    """Return a parameter for which the program is wrong: the test expects what is right, and says when it is mended."""
    return pytest.param(*values, marks=pytest.mark.xfail(strict=True, reason=why))


def page(*parts: str | tuple[str, ...]) -> str:
    """Return the text of a page of these parts, each a line or several lines."""
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part))


def text(*lines: str | tuple[str, ...]) -> str:
    """Return the text of a record of these lines."""
    return page(*lines)


def records_of(*parts: str | tuple[str, ...], library: Library | None = None) -> list[Record]:
    """Return the records of a page of these parts."""
    return list(clean_page(page(*parts), library).records)


def own_record(*parts: str | tuple[str, ...]) -> Record:
    """Return the record of the page's own story."""
    return next(record for record in records_of(*parts) if record.kind == "article")
