"""Clean shards on a Dask cluster, whose workers have dehusk installed and see the same files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from flows.errors import Superseded, UsageError
from flows.execution.progress import SharedProgress
from flows.execution.scheduling import Outcomes, outcome, run_bounded
from flows.execution.shard import ShardResult, clean_shard
from flows.inputs.storage import is_url, without_password
from flows.options import WorkerSettings
from flows.output.lock import check_holder
from flows.planning.shards import Shard

try:
    from distributed import Client, Future
except ImportError:
    raise UsageError("--engine dask cannot be used yet; pip install 'dehusk[dask]'") from None
CONNECT_SECONDS = 10
NAME = "dehusk"  # as it is installed


def check_cluster(scheduler: str, settings: WorkerSettings, shards: Sequence[Shard]) -> None:
    """Raise UsageError when the workers of a cluster cannot do the work: before it is begun, and in one sentence."""
    with _connected(scheduler) as client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise UsageError(f"the cluster at {scheduler} has no worker; start one with: dask worker {scheduler}") from None
        said = client.run(version, NAME, on_error="return")  # a function that every Python has
        if lacking := sorted(worker for worker, found in said.items() if isinstance(found, BaseException)):
            raise UsageError(f"the worker {lacking[0]} has no dehusk; install the same version there as here")
        codes = client.run(code_of_worker, on_error="return")
        if others := sorted(worker for worker, code_digest in codes.items() if code_digest != settings.code):
            raise UsageError(
                f"the worker {others[0]} has another version of dehusk ({said[others[0]]}); install the same as here"
            )
        files = [source.file for shard in shards[:1] for source in shard.sources[:1]]
        seen = client.run(unseen, settings.out, settings.holder, files, on_error="return")
        if blind := sorted(worker for worker, missing in seen.items() if missing):
            raise UsageError(f"the worker {blind[0]} does not see {seen[blind[0]]}; mount it there under the same path")


def in_cluster(scheduler: str, shards: Sequence[Shard], settings: WorkerSettings, progress: SharedProgress) -> Outcomes:
    """Yield what becomes of each shard; one whose worker ends is cleaned by another."""
    with _connected(scheduler) as client:
        begun: set[Future[ShardResult]] = set()

        def begin(shard: Shard) -> Future[ShardResult]:
            future = client.submit(clean_shard, shard, settings, key=f"dehusk-{settings.holder}-{shard.name}", pure=False)
            begun.add(future)
            return future

        try:
            for shard, future in run_bounded(shards, progress, partial(slots_of, client), begin):
                yield outcome(shard, partial(_result, future))
                begun.discard(future)
                future.release()
        finally:
            client.cancel(list(begun))


def slots_of(client: Client) -> int:
    """Return how many shards a cluster is to have at this moment: for each thread the one at work and one to go on with.

    Were there none that wait, a cluster that grows with its work would never grow.
    """
    threads: dict[str, int] = client.nthreads()
    return 2 * max(1, sum(threads.values()))


def _result(future: object) -> ShardResult:
    result = future.result()  # type: ignore[attr-defined]
    if not isinstance(result, ShardResult):
        raise TypeError(f"a worker answered {type(result).__name__}")
    return result


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
    """Return the digest of the code that a worker would clean with."""
    from flows.planning.fingerprint import code_digest

    return code_digest()


def unseen(out: str, holder: str, files: Sequence[str]) -> str:
    """Return the first of a run's folders and files that this process does not see, "" when it sees them all."""
    try:
        check_holder(Path(out), holder)
    except (OSError, Superseded):
        return f"the output folder {out}"
    return next((f"the input {file}" for file in files if not is_url(file) and not Path(file).exists()), "")
