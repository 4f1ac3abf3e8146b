"""The Prefect server that the settings name, which no run starts: wait until it answers.

Called by `flows.orchestration.run_flow` and `flows.orchestration.serve`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

import httpx
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from flows.errors import UsageError
from flows.inputs.storage import without_password

QUIET_SECONDS = 5  # of waiting, before a line says so
ANSWER_SECONDS = 5  # for a server that is there to answer


def require_server(remedy: str, patience: float, say: Callable[[str], None] = lambda _: None) -> None:
    """Wait until the server answers; raises UsageError with `remedy` when it does not in `patience` seconds.

    `say` is told of a longer wait.
    """
    url = without_password(PREFECT_API_URL.value() or "")
    if not url:
        raise UsageError(f"Prefect may start no server of its own, and PREFECT_API_URL names none; {remedy}")
    began = time.monotonic()
    deadline, is_announced = began + patience, False
    while not _answers():
        if not is_announced and time.monotonic() > began + QUIET_SECONDS:
            say(f"waiting for the Prefect server at {url}")
            is_announced = True
        if time.monotonic() >= deadline:
            raise UsageError(f"no Prefect server answers at {url}; {remedy}")
        time.sleep(1)


def _answers() -> bool:
    # Without tries of the client's own, each of which would wait for as long.
    one_try = temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0})
    try:
        with one_try, get_client({"timeout": ANSWER_SECONDS}, sync_client=True) as client:
            return client.hello().is_success
    except httpx.HTTPStatusError as error:  # not every server that speaks for Prefect has this page
        return error.response.status_code == HTTPStatus.NOT_FOUND
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
