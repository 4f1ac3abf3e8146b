"""Web archives that tests write."""

from __future__ import annotations

HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p><p>{1} It was late.</p></body></html>"
SAID = "The harbour board said on Monday that the old crane would be taken down within the month."


def record(
    url: str, block: bytes, kind: str = "response", media: str = "application/http; msgtype=response", **more: str
) -> bytes:
    """Return a record as it stands in an archive; `more` are further header lines, with _ for -."""
    lines = {
        "WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>", "WARC-Target-URI": url,
        "WARC-Date": "2025-07-05T12:00:00Z", "Content-Type": media, "Content-Length": str(len(block)),
    }  # fmt: skip
    lines |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def http(body: bytes, status: str = "200 OK", media: str = "text/html; charset=utf-8", **more: str) -> bytes:
    """Return what a server answered."""
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in more.items())
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{head}\r\n".encode() + body


def page(number: int) -> bytes:
    """Return the record of one HTML page."""
    return record(f"https://quaypost.example/{number}", http(HTML.format(f"Crane number {number} to go", SAID).encode()))
