"""Try faults: call a command of a scenario with a fault, then again without, and compare with an undisturbed call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from tests.faults.lab import Called, Lab
from tests.faults.scenarios import RUN, Scenario
from tests.faults.shim import BROKEN, FULL, Fault

KILLED = 137
# Faults that are tried at each call of a kind.
FAULTS = (
    *((kind, "fail", FULL) for kind in ("create", "write", "mkdir")),
    *((kind, "fail", BROKEN) for kind in ("open", "read", "write", "flush", "flush folder", "rename", "unlink", "rmdir")),
    *((kind, "fail", BROKEN) for kind in ("truncate", "close", "list", "stat")),
    ("space", "fail on", FULL),
    ("read", "tear", BROKEN),
    ("write", "tear", FULL),
    ("write", "torn kill", BROKEN),
    ("change", "kill", BROKEN),
)
# A page that could not be found or opened comes as a new one into another shard of a later run: the same lines in other files.
POSTPONING = ("list", "stat", "open")


class Trial:
    """A scenario in a lab: its undisturbed result, its calls, and the faults that they can meet."""

    def __init__(self, lab: Lab, scenario: Scenario) -> None:
        self.lab, self.scenario = lab, scenario
        lab.begin(scenario)
        called = lab.call(*scenario.command, stdin=scenario.stdin)
        if called.code:
            raise RuntimeError(f"{scenario.name}: {called.said}")
        self.counts = lab.shim.counts()
        self.expected, self.lines = lab.result(scenario), lab.lines(scenario)
        self.accepted = [self.expected]
        if scenario.again:  # after a fault before the command has changed anything
            lab.restore()
            lab.call(*scenario.again, stdin=scenario.stdin, watch=False)
            self.accepted.append(lab.result(scenario))
        if not self.expected:
            raise RuntimeError(f"{scenario.name}: there is no {scenario.result}")

    def faults(self) -> Iterator[Fault]:
        """Yield all faults that the command can meet."""
        for kind, mode, error in FAULTS:
            for at in range(1, self.counts[kind] + 1):
                yield Fault(kind, mode, at, error)

    def problems(self, fault: Fault, second: Fault | None = None) -> Iterator[str]:
        """Let the command meet a fault, and yield a sentence for all that is wrong then, and after the next call.

        With `second`, the next call meets that one, if it comes so far, and the one after it has to mend both.
        """
        scenario = self.scenario
        self.lab.restore()
        yield from self._faulty(scenario.command, fault, must_meet=not scenario.has_workers)  # whose calls have no fixed order
        if second is not None:
            yield from self._faulty(scenario.again or scenario.command, second, must_meet=False)
        kinds = {fault.kind, second.kind} if second else {fault.kind}
        yield from self.recovery_problems(may_postpone=not kinds.isdisjoint(POSTPONING))

    def _faulty(self, command: Sequence[str], fault: Fault, *, must_meet: bool) -> Iterator[str]:
        """Call a command that is to meet a fault, and yield a sentence for all that is wrong then."""
        called = self.lab.call(*command, fault=fault, stdin=self.scenario.stdin)
        is_met = self.lab.shim.has_fired()
        if must_meet and not is_met:
            yield "the fault was not met"
        is_kill = is_met and fault.mode in ("kill", "torn kill")
        if not (is_kill and self.scenario.has_workers and called.code == 0):  # a worker was killed, and another took its place
            yield from ending_problems(called, is_kill=is_kill)
        if command[0] == "verify" and is_met and fault.kind in ("open", "read") and not called.code:
            yield f"what could not be read was said to be whole: {called.said}"
        yield from self.visible_problems()

    def visible_problems(self) -> Iterator[str]:
        """Yield the files with a final name that are not complete."""
        for file in self.lab.work.glob("out/**/*.json*"):
            if file.suffix not in (".json", ".jsonl"):
                continue
            content = file.read_bytes()
            try:
                (json.loads(content) if file.suffix == ".json" else [*map(json.loads, content.splitlines())])
            except ValueError:
                yield f"{file} is visible and not complete"
            if not content.endswith(b"\n"):
                yield f"{file} is visible and has no end"

    def recovery_problems(self, *, may_postpone: bool = False) -> Iterator[str]:
        """Call the command again, undisturbed, and yield a sentence for all that is not as it has to be."""
        scenario, lab = self.scenario, self.lab
        called = lab.call(*(scenario.again or scenario.command), stdin=scenario.stdin, watch=False)
        if called.code:
            yield f"the next call ended with {called.code}: {called.said}"
            return
        result = lab.result(scenario)
        if result not in self.accepted and not (may_postpone and lab.lines(scenario) == self.lines):
            names = sorted(name for name in {*result, *self.expected} if result.get(name) != self.expected.get(name))
            yield f"after the next call other files: {', '.join(names)}"
        if left := lab.leftovers():
            yield f"left over: {', '.join(left)}"
        yield from self.final_problems()

    def final_problems(self) -> Iterator[str]:
        """Yield a sentence for all that `verify` finds, and if a further run has anything left to do."""
        out = self.scenario.command[self.scenario.command.index("--out") + 1] if self.scenario.is_run else "{out}"
        verified = self.lab.call("verify", out, "{pages}", watch=False)
        if verified.code:
            yield f"verify: {verified.said}"
        if self.scenario.is_run and not self.scenario.stdin:
            further = self.lab.call(*(part for part in (*RUN[:3], out, *RUN[4:]) if part != "--quiet"), watch=False)
            if further.code or "nothing new" not in further.said:
                yield f"a further run ended with {further.code}: {further.said}"


def ending_problems(called: Called, *, is_kill: bool) -> Iterator[str]:
    """Yield a sentence if a command did not end as it has to: killed, or with one sentence for each problem."""
    if called.code == KILLED if is_kill else called.code == 0:
        return
    if is_kill or called.code != 1:
        yield f"ended with {called.code}: {called.said}"
    elif "Traceback" in called.said or not re.search(r"^dehusk: .+\Z", called.said.rstrip("\n"), re.M):
        yield f"ended without a sentence: {called.said}"
