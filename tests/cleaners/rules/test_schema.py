"""The schema of packs: it takes every sound pack, finds what a pack may not be, and says of each key what the README says."""

from __future__ import annotations

import json
import re
import tomllib
from typing import get_args

import msgspec
import pytest
from jsonschema import Draft7Validator

from cleaners.rules.load import shipped_packs
from cleaners.rules.model import MATCHES, RuleKind
from cleaners.rules.pack_format import LAYOUT_KEYS, PACK_KEYS, RULE_KEYS
from cleaners.rules.schema import TABLES, meanings, pack_schema
from tests.cleaners.rules.test_model import RULE, toml
from tests.conftest import ROOT
from tests.support.command import dehusk

SCHEMA = pack_schema()
README = (ROOT / "cleaners" / "packs" / "README.md").read_text(encoding="utf-8")
SECTIONS = {
    "rule": "A rule", "evidence": "A rule", "layout": "A layout", "template": "Templates of pages", "pack": "A pack",
}  # fmt: skip
ROW = re.compile(r"^\| `\[*(\w+)\]*` \| (.*) \|$", re.M)


def problems(pack: bytes) -> list[str]:
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(tomllib.loads(pack.decode()))]


def test_it_is_a_schema_of_its_draft():
    Draft7Validator.check_schema(SCHEMA)
    assert "prefixItems" not in json.dumps(SCHEMA)
    assert "null" not in json.dumps(SCHEMA)


@pytest.mark.parametrize(("name", "pack"), shipped_packs(), ids=[name for name, _ in shipped_packs()])
def test_every_shipped_pack_answers_it(name, pack):
    assert problems(pack) == []


@pytest.mark.parametrize(
    "change",
    [
        {"remove": None},
        {"keep": "[]"},
        {"kind": '"clutter"'},
        {"line": None},
        {"start": '["Share this"]'},
        {"colour": '"red"'},
        {"id": '"Mine bar"'},
        {"sure": '"maybe"'},
        {"line": None, "fence": '[["Sign up"]]'},
        {"line": None, "fence": '[["Sign up", 1]]'},
        {"line": '"Share this"'},
    ],
    ids=str,
)
def test_what_a_pack_may_not_be_is_found(change):
    assert problems(toml(RULE)) == []
    assert problems(toml(RULE | change)) != []


def test_a_pair_of_phrases_is_taken():
    assert problems(toml(RULE | {"line": None, "fence": '[["Sign up", "your inbox."]]'})) == []


def test_a_pack_of_format_2_answers_it():
    pack = README.partition("packs/pier.toml <<'TOML'\n")[2].partition("\nTOML\n")[0]
    assert 'between = [["' in pack
    assert problems(pack.encode()) == []
    for sound, wrong in (
        ("sureness = 0.98", "sureness = 98"),
        ("pages = 31", "pages = 0"),
        ('"Corrections"]]', '"Corrections", 1]]'),
    ):
        assert problems(pack.replace(sound, wrong).encode()) != [], wrong


def test_every_key_has_a_meaning_and_there_is_no_other():
    assert meanings().keys() == TABLES.keys()
    for table, keys in meanings().items():
        assert set(keys) == set(TABLES[table].__struct_fields__), table
    parts = [SCHEMA, *SCHEMA["definitions"].values()]
    assert all(len(value["description"]) > 8 for part in parts for value in part["properties"].values())


@pytest.mark.parametrize(("table", "newer"), [("pack", PACK_KEYS), ("rule", RULE_KEYS), ("layout", LAYOUT_KEYS)])
def test_every_key_of_format_2_says_so(table, newer):
    assert {key for key, meaning in meanings()[table].items() if meaning.startswith("format 2: ")} == newer


@pytest.mark.parametrize("table", SECTIONS)
def test_the_readme_says_the_same_of_each_key(table):
    section = README.partition(f"\n## {SECTIONS[table]}\n")[2].partition("\n## ")[0]
    rows = dict(ROW.findall(section))
    keys = meanings()[table]
    assert {key: rows.get(key) for key in keys} == keys


def test_the_readme_lists_the_kinds_and_the_matches():
    kinds = README.partition("\nKinds: ")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"`([a-z-]+)`", kinds)) == get_args(RuleKind)
    assert f"exactly one of {', '.join(f'`{match}`' for match in MATCHES)} |" in README


def test_the_command_prints_it():
    done = dehusk("schema", "pack")
    assert (done.returncode, json.loads(done.stdout)) == (0, json.loads(msgspec.json.encode(SCHEMA)))
