"""Write the pages of files as pins, one file a page.

Called by the command `dehusk pin`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaners import shipped_packs
from flows.errors import Failed, UsageError
from flows.execution.single_file import not_done, raw_pages
from flows.inputs.raw_page import UnreadablePage
from flows.options import RunOptions
from flows.output.atomic import make_folder, write_whole
from flows.packs import load_library, read_packs
from flows.pin.model import Pin, encoded, file_name
from flows.pin.page import options_of, pin_of


class Written(NamedTuple):
    """A pin and its file."""

    file: Path
    pin: Pin


def write_pins(names: Sequence[str], folder: Path, options: RunOptions, url: str = "") -> Iterator[Written | Failed]:
    """Write each page of these files into a folder, and yield its pin, or the error of a page that cannot be pinned.

    An earlier pin of the same page, with the same name and the same bytes, is replaced. Raises UsageError for a name that is
    no file, and a folder that cannot be written to.
    """
    packs = read_packs(options.packs, installed=options.installed_packs)
    library = load_library(packs, strict=options.strict, site_packs=options.site_packs)
    pinned = options_of(options, packs, len(shipped_packs()))
    for name in names:
        for page in raw_pages(name, options, url):
            try:
                if isinstance(page, UnreadablePage):
                    raise page.problem
                pin = pin_of(page, pinned, library)
                content = encoded(pin)
            except Exception as error:  # one page must not keep back the others, whatever the error
                yield not_done(page, error, "pinned")
            else:
                file = folder / file_name(pin.name, pin.source.stored())
                _write(file, content)
                yield Written(file, pin)


def _write(file: Path, content: bytes) -> None:
    try:
        make_folder(file.parent)
        write_whole(file, content)
    except (PermissionError, FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}); name another folder with --to") from None
