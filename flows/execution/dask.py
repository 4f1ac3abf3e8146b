"""Clean shards, or do other work with them, on a Dask cluster. Its workers have dehusk installed and see the same files.

Called by `flows.execution.engines`, and by `context` and `flows.learning.gather` to check the cluster before a run begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from flows.errors import Superseded, UsageError
from flows.execution.progress import SharedProgress
from flows.execution.scheduling import Outcomes, Result, ShardFunction, result_or_failure, run_bounded
from flows.inputs.storage import is_url, without_password
from flows.options import WorkerSettings
from flows.output.lock import check_holder
from flows.planning.shards import Shard

try:
    from distributed import Client, Future
except ImportError:
    raise UsageError("--engine dask cannot be used yet; pip install 'dehusk[dask]'") from None
CONNECT_SECONDS = 10
DISTRIBUTION = "dehusk"


def check_cluster(scheduler: str, settings: WorkerSettings, shards: Sequence[Shard]) -> None:
    """Raise UsageError when a worker of the cluster lacks this version of dehusk or does not see the files of the run."""
    with _connected(scheduler) as client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise UsageError(f"the cluster at {scheduler} has no worker; start one with: dask worker {scheduler}") from None
        versions = client.run(version, DISTRIBUTION, on_error="return")  # needs no dehusk on the worker
        if lacking := sorted(worker for worker, answer in versions.items() if isinstance(answer, BaseException)):
            raise UsageError(f"the worker {lacking[0]} has no dehusk; install the same version there as here")
        codes = client.run(code_of_worker, on_error="return")
        if others := sorted(worker for worker, code_digest in codes.items() if code_digest != settings.code):
            raise UsageError(
                f"the worker {others[0]} has another version of dehusk ({versions[others[0]]}); install the same as here"
            )
        files = [source.file for shard in shards[:1] for source in shard.sources[:1]]
        missing = client.run(first_missing, settings.out, settings.holder, files, on_error="return")
        if blind := sorted(worker for worker, name in missing.items() if name):
            raise UsageError(f"the worker {blind[0]} does not see {missing[blind[0]]}; mount it there under the same path")


def run_on_cluster(
    scheduler: str, shards: Sequence[Shard], function: ShardFunction[Result], holder: str, progress: SharedProgress
) -> Outcomes[Result]:
    """Yield the result or failure of each shard; when a worker dies, another does its shard."""
    with _connected(scheduler) as client:
        submitted: set[Future[Result]] = set()

        def submit(shard: Shard) -> Future[Result]:
            future = client.submit(function, shard, key=f"dehusk-{holder}-{shard.name}", pure=False)
            submitted.add(future)
            return future

        try:
            for shard, future in run_bounded(shards, progress, partial(slots_of, client), submit):
                yield result_or_failure(shard, future.result)
                submitted.discard(future)
                future.release()
        finally:
            client.cancel(list(submitted))


def slots_of(client: Client) -> int:
    """Return the number of shards that a cluster may have at this moment: two for each thread, one at work and one waiting.

    An adaptive cluster grows only while tasks wait.
    """
    threads: dict[str, int] = client.nthreads()
    return 2 * max(1, sum(threads.values()))


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(
            f"no Dask scheduler answers at {without_password(scheduler)} ({why}); start one with: dask scheduler"
        ) from None
    with client:
        yield client


def code_of_worker() -> str:
    """Return the digest of the cleaning code on a worker."""
    from flows.planning.code_digest import code_digest

    return code_digest()


def first_missing(out: str, holder: str, files: Sequence[str]) -> str:
    """Return the first of a run's folders and files that this process does not see, "" when it sees all."""
    try:
        check_holder(Path(out), holder)
    except (OSError, Superseded):
        return f"the output folder {out}"
    return next((f"the input {file}" for file in files if not is_url(file) and not Path(file).exists()), "")
