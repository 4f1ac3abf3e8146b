"""Every labelled page of Daily8 comes out as its label expects, but for the misses that are known.

The pages of other sites are counted, see tests/accuracy.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from cleaners import clean_page
from tests.conftest import ROOT
from tests.support.labelled import CASES, load_cases, misses

LABELLED = load_cases("daily8", "daily8_constructed")
KNOWN = json.loads((CASES / "known.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LABELLED)
def test_labelled_page(name):
    found = list(misses(LABELLED[name], clean_page(LABELLED[name]["text"])))
    assert found == KNOWN.get(name, {"misses": []})["misses"]


def test_known_misses_are_of_pages_there_are_and_have_a_reason():
    assert set(KNOWN) <= set(LABELLED)
    assert all(len(known["reason"].split()) > 5 for known in KNOWN.values())


def test_a_miss_is_noticed(library):
    case = LABELLED["B01"]
    spoilt = case["text"].replace("Orange background", "Orange backdrop").replace("Bloomberg2", "Bloomberg 2")
    found = " ".join(misses(case, clean_page(spoilt, library)))
    assert "last words of" in found
    assert "source of" in found


def test_the_result_does_not_hang_on_the_order_of_sets():
    code = "from tests.support.labelled import load_cases; from cleaners import clean_page; import msgspec, hashlib; "
    code += "cases = load_cases('daily8', 'daily8_constructed', 'aggregators').values(); "
    code += "print(hashlib.sha256(b''.join(msgspec.json.encode(clean_page(case['text'])) for case in cases)).hexdigest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
