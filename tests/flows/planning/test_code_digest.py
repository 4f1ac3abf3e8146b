"""The digests of code and settings: no module that can change a result is left out."""

from __future__ import annotations

import ast
from pathlib import Path

from cleaners import Library, shipped_packs
from flows.planning import code_digest as module
from flows.planning.code_digest import code_digest, code_files
from tests.conftest import ROOT

# Modules of `flows` that the deciding ones import, and that change no line of an input: they lock, count and report. One cuts
# inputs (shards): what it changes is a piece by another name, and cleaned anew. One makes sketches, that have their own digest.
HARMLESS = {
    "flows.errors",
    "flows.layout",
    "flows.execution.progress",
    "flows.output.atomic",
    "flows.output.lock",
    "flows.output.metrics",
    "flows.output.sample",
    "flows.output.written",
    "flows.planning.code_digest",
    "flows.planning.shards",
    "flows.stories.sketches",
}


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(module: str) -> set[str]:
    """The modules of the project that a module imports, anywhere in it."""
    file = ROOT / f"{module.replace('.', '/')}.py"
    file = file if file.exists() else ROOT / module.replace(".", "/") / "__init__.py"
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name in MODULES}


MODULES = {module_of(file): file for folder in ("cleaners", "flows") for file in (ROOT / folder).rglob("*.py")}


def test_every_module_that_can_change_a_result_is_in_the_code():
    seen: set[str] = set()
    waiting = {"flows.execution.shard"}
    while waiting:
        seen |= waiting
        waiting = {name for module in waiting for name in imports(module)} - seen - HARMLESS
    assert {MODULES[module] for module in seen} <= set(code_files())


def test_every_module_of_the_cleaning_core_is_in_the_code_and_in_the_rules(monkeypatch):
    apart = ("cleaners.stories",)  # they make no line of a page
    core = {file for module, file in MODULES.items() if module.startswith("cleaners") and not module.startswith(apart)}
    assert core <= set(code_files())
    read: set[Path] = set()
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: read.add(file) or whole(file))
    Library(shipped_packs())
    assert core <= read


def test_the_code_is_another_when_a_module_is(tmp_path, monkeypatch):
    copies = []
    for file in code_files():
        copies.append(tmp_path / file.relative_to(ROOT))
        copies[-1].parent.mkdir(parents=True, exist_ok=True)
        copies[-1].write_bytes(file.read_bytes())
    monkeypatch.setattr(module, "code_files", lambda: copies)
    digests = set()
    for file in (None, *copies):
        whole = file.read_bytes() if file else b""
        if file:
            file.write_bytes(whole + b"#")
        digests.add(code_digest.__wrapped__())
        if file:
            file.write_bytes(whole)
    assert len(digests) == 1 + len(copies)
