"""A store of archives on this machine that answers late, and a client of it for fsspec, as there are some for buckets."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import compress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any

import fsspec
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from tests.support.warcs import page

TILE = b"".join(compress(page(number), mtime=0) for number in range(400))  # of which archives are made, again and again
FOLDER = "archives"


class LateStore(AbstractFileSystem):
    """A client with a connection of its own; paths are like those of buckets, `host:port/archives/000000.warc.gz`."""

    protocol = "late"

    def ls(self, path: str, detail: bool = True, **_: object) -> list[Any]:
        host, _, below = path.partition("/")
        found = json.loads(self.ask(host, "/" + below, ""))
        entries = [{"name": f"{host}/{name}", "size": size, "type": kind} for name, size, kind in found]
        return entries if detail else [entry["name"] for entry in entries]

    def info(self, path: str, **_: object) -> dict[str, Any]:
        return next(entry for entry in self.ls(path) if entry["name"] == path or entry["name"].startswith(f"{path}/"))

    def ask(self, host: str, path: str, stretch: str) -> bytes:
        connection = self.__dict__.setdefault("connections", {}).setdefault(host, HTTPConnection(host))
        connection.request("GET", path, headers={"Range": stretch} if stretch else {})
        return connection.getresponse().read()

    def isdir(self, path: str) -> bool:
        return path.rstrip("/").endswith(FOLDER)

    def _open(self, path: str, mode: str = "rb", block_size: object = None, **named: Any) -> AbstractBufferedFile:
        return LateFile(self, path, mode, block_size or "default", **named)


class LateFile(AbstractBufferedFile):
    """A file that is fetched in stretches."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        host, _, path = self.path.partition("/")
        return self.fs.ask(host, "/" + path, f"bytes={start}-{end - 1}")


@contextmanager
def late_store(archives: int, size: int, delay: float) -> Iterator[str]:
    """Yield the address of a folder with so many archives of at least `size` bytes; each answer takes `delay` seconds."""
    context = multiprocessing.get_context("spawn")
    mine, others = context.Pipe()
    process = context.Process(target=_serve, args=(archives, -(-size // len(TILE)) * len(TILE), delay, others), daemon=True)
    process.start()
    try:
        yield f"late://127.0.0.1:{mine.recv()}/{FOLDER}/"
    finally:
        process.kill()
        process.join()
        mine.close()
        others.close()


def register() -> None:
    """Let fsspec use the client for its addresses."""
    fsspec.register_implementation("late", LateStore, clobber=True)


def _serve(archives: int, size: int, delay: float, told: Connection) -> None:
    class Store(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for the head and a short body

        def do_GET(self) -> None:
            time.sleep(delay)
            name = self.path.strip("/")
            found = [(f"{FOLDER}/{number:06}.warc.gz", size, "file") for number in range(archives)]
            if stretch := self.headers.get("Range"):
                first, last = map(int, stretch.removeprefix("bytes=").split("-"))
                body = _stretch(first, min(last + 1, size))
            else:
                body = json.dumps(found if name == FOLDER else [one for one in found if one[0] == name]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    def _stretch(start: int, end: int) -> bytes:
        first = start % len(TILE)
        return (TILE * (-(-(first + end - start) // len(TILE))))[first : first + end - start]

    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    told.send(server.server_port)
    server.serve_forever()
