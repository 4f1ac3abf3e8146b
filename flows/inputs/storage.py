"""Open files of this machine, standard input, and files elsewhere by their address (fsspec).

Called by the other modules of `flows.inputs`; `without_password` and `without_secrets` by all that print addresses.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

from flows.errors import UsageError, is_disk_fault
from flows.regular_file import open_regular

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

STDIN = "-"
LOCAL_SCHEMES = ("file://", "local://")  # fsspec's for paths of this machine
# The extra to install for each scheme, as in `pip install 'dehusk[...]'`.
EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "http", "https": "http"}
SPOOL_BYTES = 64 * 1024 * 1024  # kept in memory of a stream that can be read only once; the rest goes to the disk
SKIMMED_BYTES = 1024 * 1024  # fetched at once of a file that is read at a few places
WILD = frozenset("*?[")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}://\S*")  # in a message
_CHAIN = re.compile(r"::(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")  # between chained addresses: zip://a.txt::https://a.example/b.zip
_PARTS = re.compile(r"(?P<scheme>.*?://)(?P<host>[^/?#]*)(?P<path>(?:(?!://)[^?#])*).*?(?P<place>#[0-9-]+)?\Z", re.DOTALL)


def is_url(name: str) -> bool:
    """Return whether an input is an address, such as `s3://bucket/pages/*.jsonl.gz`, and no file of this machine."""
    return "://" in name and not name.startswith(LOCAL_SCHEMES) and not exists_locally(name)


def local_path(name: str) -> str:
    """Return the path of an address such as `file:///pages/1.txt`, and any other name unchanged."""
    return next((name.removeprefix(scheme) for scheme in LOCAL_SCHEMES if name.startswith(scheme)), name)


def exists_locally(name: str) -> bool:
    """Return whether this machine has a file or folder with this name; False for a name that is too long.

    Raises OSError when the disk does not tell.
    """
    try:
        os.stat(name)  # noqa: PTH116 (a Path takes "" for the present folder)
    except ValueError:  # no name can hold a NUL
        return False
    except OSError as error:
        if is_disk_fault(error):
            raise
        return False
    return True


def is_web(name: str) -> bool:
    """Return whether an input is an address of the web, which is fetched as a whole."""
    return name.startswith(("http://", "https://"))


def open_file(name: str, *, is_skimmed: bool = False) -> BinaryIO:
    """Open a file, an address or standard input as a seekable stream; raises OSError.

    Of a file elsewhere that `is_skimmed`, read at a few places, little is fetched beside them: by default five megabytes or
    fifty, by the kind of storage.
    """
    if name == STDIN:
        return _spooled(sys.stdin.buffer)
    if not is_url(name):
        return open_regular(name)
    import fsspec

    with _plain_errors(name):
        file_system, path = fsspec.core.url_to_fs(name)
        if not is_web(name):
            # A chained address may keep what it fetched, in blocks of one size.
            options = {"block_size": SKIMMED_BYTES} if is_skimmed and not _CHAIN.search(name) else {}
            return cast(BinaryIO, io.BufferedReader(file_system.open(path, "rb", **options)))
        with file_system.open(path, "rb", block_size=0) as stream:  # not every web server serves a part of a file
            return _spooled(stream)


def _spooled(stream: BinaryIO) -> BinaryIO:
    """Return a stream that can be read only once as a seekable one."""
    spooled = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 (the caller closes it)
    shutil.copyfileobj(stream, spooled, 1024 * 1024)
    spooled.seek(0)
    return cast(BinaryIO, spooled)


def expand(url: str, *, whole_names: bool) -> list[tuple[str, str, int]]:
    """Return the files of an address, which may be a folder or a pattern, as (address, name, size in bytes).

    Names begin below the folder, or with `whole_names` at the host or bucket. Raises UsageError when there is no file or the
    address cannot be used.
    """
    import fsspec

    try:
        with _plain_errors(url):
            file_system, path = fsspec.core.url_to_fs(url)
            found, top = _found(file_system, path, url)
            top = "" if whole_names else top
            files = [
                (file_system.unstrip_protocol(file), _name(file, top), _size(file_system, file, listed))
                for file, listed in sorted(found.items())
            ]
    except OSError as error:
        raise UsageError(f"{without_password(url)} cannot be read ({error}); check the address and who may read it") from None
    if not files:
        raise UsageError(f"{without_password(url)} names no file; check the address")
    return files


@contextmanager
def _plain_errors(url: str) -> Iterator[None]:
    """Turn the errors of fsspec and its backends into UsageError, or OSError, without secrets."""
    scheme = url.split("://")[0].split("::")[-1]
    try:
        yield
    except ImportError:
        extra = EXTRAS.get(scheme)
        remedy = f"pip install 'dehusk[{extra}]'" if extra else f"install what fsspec needs for {scheme}://"
        raise UsageError(f"{scheme}:// cannot be read yet; {remedy}") from None
    except ValueError as error:
        raise UsageError(f"{without_password(url)} is no address that can be read: {without_secrets(str(error))}") from None
    except Exception as error:  # each kind of storage has errors of its own
        message = f"{type(error).__name__}: {error}"
        raise OSError(without_secrets(message.replace(url, without_password(url)))) from None


def _found(file_system: AbstractFileSystem, path: str, url: str) -> tuple[dict[str, dict[str, Any]], str]:
    """Return the paths of the files that `path` denotes, with all that listing them has told, and the folder above them."""
    wild = next((i for i, char in enumerate(path) if char in WILD), -1)
    if wild >= 0 and not is_web(url):  # a question mark begins the query of a web address
        matches = file_system.glob(path, detail=True).items()  # asking for each file takes an answer each
        return {file: listed for file, listed in matches if listed.get("type") == "file"}, path[:wild].rpartition("/")[0]
    # A web page with links looks like a folder to fsspec; only an address that ends in a slash is meant as one.
    is_folder = url.endswith("/") if is_web(url) else file_system.isdir(path)
    if is_folder:
        return file_system.find(path, detail=True), path.rstrip("/")
    return {path: {}}, path.rpartition("/")[0]


def _size(file_system: AbstractFileSystem, file: str, listed: Mapping[str, Any]) -> int:
    """Return the size of a file in bytes, 0 for an unknown one; listings of web pages tell none."""
    size = listed.get("size")
    return int((file_system.info(file).get("size") if size is None else size) or 0)


def _name(file: str, top: str) -> str:
    """Return the name of a file below the folder `top`; a query, which may hold secrets, is replaced by its digest."""
    if not is_web(file):
        return file.removeprefix(top).strip("/") or file
    parts = urlsplit(file)
    plain = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
    folder = urlsplit(top)
    name = plain.removeprefix(f"{folder.netloc.rpartition('@')[2]}{folder.path}").strip("/") or plain
    return f"{name}~{hashlib.sha256(parts.query.encode()).hexdigest()[:8]}" if parts.query else name


def without_password(url: str) -> str:
    """Return an address without the parts that may hold secrets: user and password, and the query."""
    return "::".join(map(_plain, _CHAIN.split(url)))


def without_secrets(text: str) -> str:
    """Return a message with the secret parts removed from all addresses in it."""
    return _ADDRESS.sub(lambda address: without_password(address[0]), text)


def _plain(url: str) -> str:
    parts = _PARTS.match(url)
    if parts is None:
        return url
    user, _, host = parts["host"].rpartition("@")
    # A slash in a password that is not escaped ends the host before the password is over.
    is_split_right = user or ":" not in host or "@" not in url
    return f"{parts['scheme']}{host}{parts['path']}{parts['place'] or ''}" if is_split_right else f"{parts['scheme']}..."
