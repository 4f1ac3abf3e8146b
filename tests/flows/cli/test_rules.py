from __future__ import annotations

import pytest

from cleaners.rules.load import read_pack
from tests.cleaners.rules.test_model import RULE, toml
from tests.support.command import dehusk
from tests.support.packs import pack, rule


def test_rules_are_listed():
    lines = dehusk("rules", "list", "daily8").stdout.decode().splitlines()
    assert [line.split() for line in lines] == [
        ["daily8.ai-box", "ai-promo", "safe", "any", "lines"],
        ["daily8.app-box", "app-promo", "safe", "any", "lines"],
    ]


def test_a_rule_is_shown_as_it_stands():
    shown = dehusk("rules", "show", "en.ad-line").stdout.decode()
    assert 'id = "en.ad-line"' in shown
    assert 'remove = [\n  "Advertisement",' in shown
    assert "sentence" not in shown
    assert 'role = "story"' in dehusk("rules", "show", "daily8.related.repeat").stdout.decode()


def test_what_a_learner_told_is_listed_and_shown(tmp_path):
    evidence = 'evidence = { pages = 12, of = 14, first = "2025-01-02", last = "2025-03-04" }\nsureness = 0'
    template = '[[template]]\nid = "quay.news"\nsigns = ["News desk"]\n'
    layout = f'[[layout]]\nid = "quay.top"\nrole = "header"\nlines = ["{{title}}"]\n{evidence}\ntemplate = ["quay.news"]\n'
    path = tmp_path / "quay.toml"
    path.write_bytes(pack(template + layout + rule('between = [["Share", ""]]', evidence)))
    listed = dehusk("rules", "list", str(path)).stdout.decode().splitlines()
    told = "12/14 pages 2025-01-02..2025-03-04 sureness 0.00".split()
    assert [line.split() for line in listed] == [
        ["quay.box", "share-bar", "safe", "any", "between", *told],
        ["quay.top", "layout", "-", "-", "header", *told],
    ]
    shown = "\n".join(dehusk("rules", "show", f"quay.{name}", str(path)).stdout.decode() for name in ("box", "top", "news"))
    for part in (evidence.replace("= 0", "= 0.0"), "most = 40", 'between = [\n  ["Share",""],', 'signs = [\n  "News desk"'):
        assert part in shown
    tables = [f"[[{name}]]\n" + dehusk("rules", "show", f"quay.{of}", str(path)).stdout.decode() for name, of in
              (("template", "news"), ("rule", "box"), ("layout", "top"))]  # fmt: skip
    assert read_pack(pack("\n".join(tables)), "quay.toml") == read_pack(path.read_bytes(), "quay.toml")
    assert dehusk("rules", "test", str(path)).returncode == 0
    assert f"dehusk rules list {path}" in dehusk("rules", "show", "quay.nothing", str(path)).stderr.decode()
    assert "most" not in dehusk("rules", "show", "en.ad-line").stdout.decode()


def test_the_examples_of_a_pack_are_run(tmp_path):
    pack = tmp_path / "mine.toml"
    pack.write_bytes(toml(RULE))
    done = dehusk("rules", "test", str(pack))
    assert (done.returncode, done.stdout) == (0, b"all examples of 1 rules hold\n")
    pack.write_bytes(toml(RULE | {"keep": '["Share this"]'}))
    done = dehusk("rules", "test", str(pack))
    assert done.returncode == 1
    assert b"which it must leave alone" in done.stdout
    assert done.stderr == b"dehusk: 1 examples of 1 rules do not hold\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "en.nothing"], "there is no rule en.nothing"),
        (["list", "klingon"], "there is no pack klingon"),
        (["test", "missing.toml"], "missing.toml is no file"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, says):
    done = dehusk("rules", *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert says in done.stderr.decode()


def test_a_reader_who_leaves_early_is_no_error():
    import subprocess
    import sys

    from tests.conftest import ROOT

    command = f"{sys.executable} -m flows.cli rules list | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, check=False)
    assert (done.stderr, done.stdout.count(b"\n")) == (b"", 1)
