"""The sketch of a record: what is kept of it, in under a kilobyte, to find and compare the copies of a story.

Called by whoever has records; `cleaners.stories.table` gathers sketches.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from cleaners.stories.digests import DIGESTS, digests, packed, shingles, winnowed_keys
from cleaners.stories.settings import StorySettings
from cleaners.stories.titles import mention_key, title_digests
from cleaners.stories.units import Units, is_number, units_of
from cleaners.text.line_shape import CLOSERS, SENTENCE_ENDS

MAX_CHARS = 40_000  # of a text are read; of what is longer, nothing but the beginning is compared
MAX_NUMBERS = 64  # of a text, in order
MAX_REST = 48  # digests of what follows the lead
LEAD_SAMPLE = 4  # of so many digests of the lead, one is kept
ELLIPSES = ("...", "…")


class RecordText(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it tells a story: the part of a record that a sketch is made of.

    `is_cut` says that a store or a page is known to have cut the text.
    """

    title: str
    text: str
    source: str
    is_cut: bool = False


class Sketch(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """What is kept of a record to find and compare copies of its story; of a headline without a text, nothing but `mention`.

    `units` is the length of the text, `to_a_word` the number of units that is as much as a word, `digest` that of the text.
    Copies of a text have one of `keys` in common; `mention`, the key of title and source, is one of them, and all that a
    headline alone has. `title` holds packed digests of the words of the title.

    `front`, `lead` and `rest` are packed digests of shingles in order: of the first words, `opening` of them of the very
    first; of those that follow, a sample; of all after these, a sample of one of `rest_rate`. `numbers` are packed digests of
    the numbers in order, so many of them in the opening, in the front and in the lead; those that follow the lead are in that
    of a copy with nothing in front.
    """

    mention: bytes
    keys: tuple[bytes, ...] = ()
    is_cut: bool = False
    paragraphs: int = 0
    units: int = 0
    to_a_word: int = 1
    digest: bytes = b""
    title: bytes = b""
    opening: int = 0
    front: bytes = b""
    lead: bytes = b""
    rest: bytes = b""
    rest_rate: int = 1
    numbers: bytes = b""
    opening_numbers: int = 0
    front_numbers: int = 0
    lead_numbers: int = 0

    @property
    def words(self) -> int:
        """Return the length of the text in words."""
        return self.units // self.to_a_word


def sketch_of(given: RecordText, settings: StorySettings) -> Sketch:
    """Return the sketch of a record; its time is linear in the text, and bounded by MAX_CHARS."""
    units = units_of(given.text[:MAX_CHARS])
    size = units.to_a_word
    mention = mention_key(given.title, given.source, settings.mention)
    if len(units.units) < settings.least * size:
        return Sketch(mention=mention)
    front, lead, rest, rate = _samples(units, settings)
    # A cut may have gone through a number that is the very last unit.
    numbered = units.units[:-1][: (settings.lead + settings.front) * size]
    numbers = [(i, unit) for i, unit in enumerate(numbered) if is_number(unit)][:MAX_NUMBERS]
    return Sketch(
        is_cut=given.is_cut or _ends_cut(given.text),
        paragraphs=given.text.count("\n") + 1,
        units=len(units.units),
        to_a_word=size,
        digest=blake2b(given.text.encode(errors="surrogatepass"), digest_size=8).digest(),
        keys=tuple(filter(None, (mention, *_keys(units, settings)))),
        mention=mention,
        title=title_digests(given.title),
        opening=sum(i < settings.opening * size - settings.shingle * size + 1 for i, _ in front),
        front=packed([digest for _, digest in front]),
        lead=packed(lead),
        rest=packed(rest),
        rest_rate=rate,
        numbers=packed(digests(unit.encode() for _, unit in numbers)),
        opening_numbers=sum(i < settings.opening * size for i, _ in numbers),
        front_numbers=sum(i < settings.front * size for i, _ in numbers),
        lead_numbers=sum(i < settings.lead * size for i, _ in numbers),
    )


def identity(sketch: Sketch) -> int:
    """Return the number by which a sketch is known, of 63 bits: two sketches are hardly ever known by the same one."""
    return int.from_bytes(blake2b(msgspec.msgpack.encode(sketch), digest_size=8).digest()) >> 1


def _keys(units: Units, settings: StorySettings) -> tuple[bytes, ...]:
    size = units.to_a_word
    return winnowed_keys(shingles(units.units[: settings.keyed * size], settings.key * size), settings.window * size)


def _samples(units: Units, settings: StorySettings) -> tuple[list[tuple[int, int]], list[int], list[int], int]:
    """Return the digests of the front with their places, those of the lead, those of the rest, and how thin these are.

    Letters are as many times more than words as a word has letters, and sampled as many times more thinly.
    """
    size = units.to_a_word
    every = digests(shingles(units.units, settings.shingle * size))
    front_end, lead_end = (max(0, words * size - settings.shingle * size + 1) for words in (settings.front, settings.lead))
    front = [(i, digest) for i, digest in enumerate(every[:front_end]) if digest < DIGESTS // size]
    rate = LEAD_SAMPLE * size
    lead = _sampled(every[front_end:lead_end], rate)
    rest = _sampled(every[lead_end:], rate)
    while len(rest) > MAX_REST:
        rate *= 2
        rest = _sampled(rest, rate)
    return front, lead, rest, rate


def _sampled(values: Sequence[int], rate: int) -> list[int]:
    return [value for value in values if value < DIGESTS // rate]


def _ends_cut(text: str) -> bool:
    """Return whether a text ends like one that was cut: with dots, or with no sign that ends a sentence."""
    end = text.rstrip().rstrip(CLOSERS)
    return end.endswith(ELLIPSES) or end[-1:] not in SENTENCE_ENDS
