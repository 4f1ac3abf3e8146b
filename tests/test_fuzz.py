"""The fuzzer finds nothing with a fixed seed, notices what it is for, and everything that it once found stays mended."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import msgspec
import pytest

from cleaners import BadPage, clean_page
from tests.conftest import ROOT
from tests.fuzz import cost, invariants
from tests.fuzz.__main__ import CORPUS
from tests.fuzz.campaign import run_block
from tests.fuzz.inputs import KINDS, Input, make_input
from tests.fuzz.invariants import outcomes_of, problems_in, problems_of
from tests.fuzz.minimize import least, minimized
from tests.support import processes

SEED = 19
BLOCKS, INPUTS = 8, 100
SIZE, TIMES = 2_000, 4
MAX_GROWTH = 2  # of the steps for a byte, from a page to one that is four times as long; 4 is quadratic
MAX_MEMORY = 1_000  # bytes for a byte, of pages of single letters 400
FOUND = sorted(path for path in CORPUS.iterdir() if not path.name.startswith("."))
PAGE = Input("text", "a.txt", b"Ferry returns\nBy Ina Varr\nThe ferry is back.\nAdvertisement\nIt sails at nine.\n")


@pytest.mark.slow
@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_promise_is_broken(block):
    tally = run_block(SEED, block * INPUTS, INPUTS, commands=True)
    assert tally.counts == {}, {problem: make_input(SEED, number) for problem, number in tally.failures.items()}
    assert tally.kinds.total() == INPUTS
    assert tally.again > INPUTS // 4
    assert tally.pages > INPUTS // 2


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
@pytest.mark.parametrize("is_strict", [False, True])
def test_what_was_found_stays_mended(path, is_strict):
    assert problems_of(Input("corpus", path.name, path.read_bytes(), is_strict)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_most_inputs_of_a_kind_become_records(kind):
    outcomes = [done for number in range(30) for done in outcomes_of(make_input(SEED, number, [kind]))]
    assert len(outcomes) >= 30 - (kind == "warc") * 15
    assert sum(bool(done.records) for done in outcomes) * 2 >= len(outcomes)


def test_a_process_that_hashes_differently_has_the_same_inputs_and_results():
    code = f"from tests.fuzz.campaign import run_block; print(run_block({SEED}, 0, 40).digest)"
    other = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    done = processes.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": other}, check=True)
    assert done.stdout.split() == [run_block(SEED, 0, 40).digest]


def changed_record(**values):
    def change(cleaned):
        return msgspec.structs.replace(cleaned, records=[msgspec.structs.replace(cleaned.records[0], **values)])

    return change


def shifted(cleaned):
    first, *rest = cleaned.segments
    return msgspec.structs.replace(cleaned, segments=[msgspec.structs.replace(first, start=first.start + 1), *rest])


def broken(cleaned):
    raise IndexError


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (broken, "IndexError in tests/test_fuzz.py:broken"),
        (shifted, "ledger: the character at N is in no segment"),
        (shifted, "replay: title is not what the ledger gives"),
        (changed_record(text="The ferry is gone."), "replay: text is not what the ledger gives"),
        (changed_record(text="The ferry is gone."), "verify: the text of the record N is not that of its checksum"),
        (changed_record(attribution="\x9b31m"), "controls in attribution"),
        (changed_record(tags=["a\x1b"]), "controls in tags"),
        (changed_record(source="Quay  Post"), "white space in source"),
        (changed_record(url="javascript:alert(1)"), "an address is none of the web"),
        (changed_record(position=3), "an article is not the first record"),
        (changed_record(kind="headline"), "a record has a kind that does not fit its text"),
        (changed_record(parent_id="0" * 24), "a record has a wrong parent"),
        (changed_record(kind="page"), "schema: record.kind breaks enum"),
        (changed_record(id="0" * 24), "a segment went to no field of a record"),
        (lambda cleaned: msgspec.structs.replace(cleaned, kinds={}), "a segment was removed by a rule without a kind"),
    ],
)
def test_a_broken_promise_is_noticed(change, problem, monkeypatch):
    assert problems_of(PAGE) == []
    monkeypatch.setattr(invariants, "clean_page", lambda page, library, why=False: change(clean_page(page, library)))
    assert problem in problems_of(PAGE)


def test_a_result_that_depends_on_what_was_cleaned_before_is_noticed(monkeypatch):
    calls = iter(range(10**6))
    change = changed_record
    monkeypatch.setattr(
        invariants, "clean_page", lambda page, library, why=False: change(language=f"e{next(calls)}")(clean_page(page, library))
    )
    tally = run_block(SEED, 0, 12, ["text"])
    assert "another result the second time" in tally.failures


def test_a_page_that_is_refused_breaks_no_promise(monkeypatch):
    def refuse(page, library):
        raise BadPage("not-a-page", "so it says")

    monkeypatch.setattr(invariants, "clean_page", refuse)
    (done,) = outcomes_of(PAGE)
    assert (problems_in([done]), msgspec.json.decode(done.quarantine)["reason"]) == ([], "not-a-page")


def test_the_least_input_is_found(monkeypatch):
    assert least("a needle in a stack of needless hay", lambda parts: {"n", "d", "y"} <= set(parts)) == ["n", "d", "y"]
    found = "the page holds a rat"
    monkeypatch.setattr("tests.fuzz.minimize.problems_of", lambda one: [found] * (b"rat" in one.raw.split()))
    text = "\n".join(f"Line {number} of a story" for number in range(40))
    assert minimized(replace(PAGE, raw=f"{text}\nA rat ran.\n{text}".encode()), found).raw == b"rat"


@pytest.mark.slow
@pytest.mark.parametrize("name", cost.NAMES)
def test_the_cost_of_a_byte_does_not_grow_with_the_page(name):
    small, large = cost.page_of_size(name, SIZE, SEED), cost.page_of_size(name, SIZE * TIMES, SEED)
    outcomes_of(cost.warmed(small))
    per_byte = cost.steps(small) / len(small.raw)
    assert cost.peak(cost.warmed(large))[1] < MAX_MEMORY * len(large.raw)
    assert cost.steps(large) / len(large.raw) < MAX_GROWTH * per_byte


def test_a_cost_that_grows_with_the_square_is_noticed(monkeypatch):
    def quadratic(page, library):
        assert sum(1 for _ in page.text for _ in page.text)
        return clean_page(page, library)

    small, large = cost.page_of_size("line: prose", 300, SEED), cost.page_of_size("line: prose", 1_200, SEED)
    monkeypatch.setattr(invariants, "clean_page", quadratic)
    assert cost.steps(large) / len(large.raw) > MAX_GROWTH * cost.steps(small) / len(small.raw)
