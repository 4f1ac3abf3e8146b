"""Clean the pages of pins again, and tell which fields of which records are not as they were pinned.

Called by the command `dehusk pin --check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners import Library, shipped_packs
from flows.errors import UsageError
from flows.options import RowFields, RunOptions
from flows.output.atomic import write_whole
from flows.packs import load_library, read_packs
from flows.pin.compare import Difference, differences, shown
from flows.pin.model import Pin, PinnedOptions, encoded, read_pin
from flows.pin.page import options_of, outcome_of_pin

Packs = tuple[tuple[str, bytes], ...]


class Checked(NamedTuple):
    """A pin, its file, its differences, and the pin with the present records and the names of the packs in use now."""

    file: Path
    pin: Pin
    differences: list[Difference]
    renewed: Pin


def pin_files(names: Sequence[Path]) -> list[Path]:
    """Return the files of pins in these folders, and those named themselves; raises UsageError where there is none."""
    files: dict[Path, None] = {}
    for name in names:
        found = sorted(name.glob("*.json")) if name.is_dir() else [name] if name.is_file() else []
        if not found:
            raise UsageError(f"there is no pin in {name}; pin a page first, as in: dehusk pin page.txt --to {name}")
        files |= dict.fromkeys(found)
    return list(files)


def check_pins(files: Sequence[Path], packs: str) -> Iterator[Checked | UsageError]:
    """Clean the page of each pin with its own options and the packs in the folder `packs`, and yield it with its differences.

    A pin that is not sound is yielded as the error that says so. Raises UsageError for packs that are not sound.
    """
    packs_by_options: dict[tuple[bool, bool, bool], tuple[Packs, Library]] = {}
    for file in files:
        try:
            pin = read_pin(file)
        except UsageError as error:
            yield error
            continue
        options = pin.options
        key = (options.strict, options.site_packs, options.installed_packs)
        if key not in packs_by_options:
            found = read_packs(packs, installed=options.installed_packs)
            packs_by_options[key] = found, load_library(found, strict=options.strict, site_packs=options.site_packs)
        yield _check(file, pin, *packs_by_options[key])


def _check(file: Path, pin: Pin, packs: Packs, library: Library) -> Checked:
    options = pin.options
    refused, records = outcome_of_pin(pin, library)
    changed = list(differences(pin.records, records))
    if refused != pin.refused:
        changed.insert(0, Difference("refused", *shown(pin.refused, refused)))
    now = RunOptions(
        strict=options.strict, site_packs=options.site_packs, installed_packs=options.installed_packs,
        fields=RowFields(**options.fields),
    )  # fmt: skip
    with_packs = options_of(now, packs, len(shipped_packs()))
    renewed = msgspec.structs.replace(pin, refused=refused, records=records, options=with_packs)
    return Checked(file, pin, changed, renewed)


def other_packs(pinned: PinnedOptions, now: PinnedOptions) -> str:
    """Return a sentence on the packs that a page was pinned with and those in use now, "" where their names are the same."""
    if pinned.packs == now.packs:
        return ""
    before, after = (", ".join(options.packs) or "no packs but those of dehusk" for options in (pinned, now))
    return f"pinned with {before}, checked with {after}; --packs names the folder of your own"


def update(checked: Checked) -> None:
    """Write the pin of a page anew, with the present records; raises UsageError when it cannot be written."""
    try:
        write_whole(checked.file, encoded(checked.renewed))
    except PermissionError as error:
        raise UsageError(f"{checked.file} cannot be written ({error.strerror}); mend its permissions") from None
