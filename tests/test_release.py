"""The files that services elsewhere read: the image, the workflow, the checklist. None of them is run here."""

from __future__ import annotations

import json
import os
import re
import tomllib

import pytest
import yaml

from flows.cli import main
from tests.conftest import ROOT

DOCKERFILE = (ROOT / ".ci" / "Dockerfile").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def instructions(name: str) -> list[str]:
    """Return the instructions of an image with this name, in their order."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return [line.partition(" ")[2] for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_the_image_is_made_of_files_that_the_build_is_given():
    given = (ROOT / ".ci" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for copied in instructions("COPY"):
        for source in copied.split()[:-1]:
            assert (ROOT / source).exists()
            assert f"!{source}" in given


def test_the_image_serves_without_root():
    assert int(instructions("USER")[-1]) > 0
    assert json.loads(instructions("ENTRYPOINT")[-1]) == ["dehusk"]
    command, *arguments = json.loads(instructions("CMD")[-1])
    assert command == "serve"
    main.commands[command].make_context(command, arguments)  # raises an error for what it does not take


def test_the_image_has_extras_that_there_are():
    (extras,) = re.findall(r"dehusk-\*\.whl\)\[([\w,]+)\]", DOCKERFILE)
    assert {*extras.split(",")} <= {*PROJECT["optional-dependencies"]}


def test_the_workflow_runs_what_a_newcomer_does_on_each_version():
    oldest = PROJECT["requires-python"].removeprefix(">=")
    for job in WORKFLOW["jobs"].values():
        assert job["strategy"]["matrix"]["python"][0] == oldest
        assert job["steps"][-1]["run"].split()[-1] == ".ci/run"
    assert WORKFLOW["jobs"]["pinned"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("path", re.findall(r"`(\.?[\w/.-]+\.(?:py|md|txt))`", (ROOT / ".github" / "RELEASING.md").read_text()))
def test_the_checklist_names_files_that_there_are(path):
    assert (ROOT / path).exists()
