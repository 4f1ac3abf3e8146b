"""Open what there is to read: files of this machine, and those elsewhere by their address (fsspec)."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import urlsplit

from flows.errors import UsageError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

STDIN = "-"
LOCAL = ("file://", "local://")  # how addresses begin that fsspec takes for paths of this machine
# What must be installed to read addresses that begin so, as `pip install 'dehusk[...]'`.
EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "http", "https": "http"}
SPOOL_BYTES = 64 * 1024 * 1024  # of what can be read but once, kept in memory; more goes to the disk
WILD = frozenset("*?[")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}://\S*")  # in a message
_CHAIN = re.compile(r"::(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")  # between the links of one, as in zip://a.txt::https://a.example/b.zip
_PARTS = re.compile(r"(?P<scheme>.*?://)(?P<host>[^/?#]*)(?P<path>(?:(?!://)[^?#])*).*?(?P<place>#[0-9-]+)?\Z", re.DOTALL)


def is_url(name: str) -> bool:
    """Say whether an input is an address, such as `s3://bucket/pages/*.jsonl.gz`, and no file of this machine."""
    return "://" in name and not name.startswith(LOCAL) and not is_here(name)


def local_path(name: str) -> str:
    """Return the path that an address such as `file:///pages/1.txt` stands for, and any other name as it is."""
    return next((name.removeprefix(begin) for begin in LOCAL if name.startswith(begin)), name)


def is_here(name: str) -> bool:
    """Say whether there is a file or folder of that name on this machine; a name too long for one is none."""
    return os.path.exists(name)  # noqa: PTH110 (Path.exists raises for names that are too long)


def is_web(name: str) -> bool:
    """Say whether an input is an address of the web, which is fetched as a whole."""
    return name.startswith(("http://", "https://"))


def open_file(name: str) -> BinaryIO:
    """Open a file, an address or standard input for reading from any place; raises OSError."""
    if name == STDIN:
        return _spooled(sys.stdin.buffer)
    if not is_url(name):
        return Path(name).open("rb")
    import fsspec

    with _told(name):
        file_system, path = fsspec.core.url_to_fs(name)
        if not is_web(name):
            return cast(BinaryIO, io.BufferedReader(file_system.open(path, "rb")))
        with file_system.open(path, "rb", block_size=0) as stream:  # not every web server can be asked for a part of a file
            return _spooled(stream)


def _spooled(stream: BinaryIO) -> BinaryIO:
    """Return what can be read but once as a file."""
    spooled = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 (whoever asked closes it)
    shutil.copyfileobj(stream, spooled, 1024 * 1024)
    spooled.seek(0)
    return cast(BinaryIO, spooled)


def expand(url: str, *, whole_names: bool) -> list[tuple[str, str, int]]:
    """Return the files behind an address, a folder or a pattern: the address, the name, the size of each.

    Names begin below the folder, or with `whole_names` at the host or bucket. Raises UsageError when there are none or the
    address cannot be used.
    """
    import fsspec

    try:
        with _told(url):
            file_system, path = fsspec.core.url_to_fs(url)
            paths, top = _paths(file_system, path, url)
            top = "" if whole_names else top
            sizes = [int(file_system.info(file).get("size") or 0) for file in paths]
            names = [_name(file, top) for file in paths]
            found = list(zip(map(file_system.unstrip_protocol, paths), names, sizes, strict=True))
    except OSError as error:
        raise UsageError(f"{without_password(url)} cannot be read ({error}); check the address and who may read it") from None
    if not found:
        raise UsageError(f"{without_password(url)} names no file; check the address")
    return found


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what may go wrong with an address before anything is read into a sentence."""
    scheme = url.split("://")[0].split("::")[-1]
    try:
        yield
    except ImportError:
        extra = EXTRAS.get(scheme)
        what = f"pip install 'dehusk[{extra}]'" if extra else f"install what fsspec needs for {scheme}://"
        raise UsageError(f"{scheme}:// cannot be read yet; {what}") from None
    except ValueError as error:
        raise UsageError(f"{without_password(url)} is no address that can be read: {without_secrets(str(error))}") from None
    except Exception as error:  # each kind of storage has errors of its own
        said = f"{type(error).__name__}: {error}"
        raise OSError(without_secrets(said.replace(url, without_password(url)))) from None


def _paths(file_system: AbstractFileSystem, path: str, url: str) -> tuple[list[str], str]:
    """Return the paths that `path` stands for, and the folder above them."""
    wild = next((i for i, char in enumerate(path) if char in WILD), -1)
    if wild >= 0 and not is_web(url):  # a question mark begins the query of a web address
        return sorted(file for file in file_system.glob(path) if file_system.isfile(file)), path[:wild].rpartition("/")[0]
    # A web page with links looks like a folder to fsspec; only an address that ends in a stroke is meant as one.
    is_folder = url.endswith("/") if is_web(url) else file_system.isdir(path)
    if is_folder:
        return sorted(file_system.find(path)), path.rstrip("/")
    return [path], path.rpartition("/")[0]


def _name(file: str, top: str) -> str:
    """Return the name of a file below the folder `top`; of a query, which may hold secrets, only a digest."""
    if not is_web(file):
        return file.removeprefix(top).strip("/") or file
    parts = urlsplit(file)
    plain = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
    folder = urlsplit(top)
    name = plain.removeprefix(f"{folder.netloc.rpartition('@')[2]}{folder.path}").strip("/") or plain
    return f"{name}~{hashlib.sha256(parts.query.encode()).hexdigest()[:8]}" if parts.query else name


def without_password(url: str) -> str:
    """Return an address without the parts that may hold secrets: what is before its host, and its query."""
    return "::".join(map(_plain, _CHAIN.split(url)))


def without_secrets(text: str) -> str:
    """Return a message whose addresses, whatever they are, are without the parts that may hold secrets."""
    return _ADDRESS.sub(lambda found: without_password(found[0]), text)


def _plain(url: str) -> str:
    parts = _PARTS.match(url)
    if parts is None:
        return url
    user, _, host = parts["host"].rpartition("@")
    # A password that is not escaped ends what reads as the host.
    is_told = user or ":" not in host or "@" not in url
    return f"{parts['scheme']}{host}{parts['path']}{parts['place'] or ''}" if is_told else f"{parts['scheme']}..."
