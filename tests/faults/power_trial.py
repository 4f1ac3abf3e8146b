"""Try power cuts: put the folders that one may leave into place, call the command again, and compare."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from tests.faults.lab import Lab
from tests.faults.power import Moment, Recording, Tree, read_tree, write_tree
from tests.faults.scenarios import Scenario
from tests.faults.shim import read_record
from tests.faults.trial import Trial


class PowerTrial(Trial):
    """A scenario in a lab, and the folders that power cuts may leave."""

    def __init__(self, lab: Lab, scenario: Scenario) -> None:
        super().__init__(lab, scenario)
        lab.restore()
        before, record = read_tree(lab.work), lab.work.with_name("record")
        record.unlink(missing_ok=True)
        called = lab.call(*scenario.command, record=record, stdin=scenario.stdin)
        if called.code:
            raise RuntimeError(f"{scenario.name}: {called.said}")
        self.recording = Recording(lab.work, [*read_record(record)], before)
        self.last = len(self.recording.changes)

    def cuts(self) -> Iterator[tuple[Moment, Tree]]:
        """Yield each moment of a power cut with each of the folders that it may leave."""
        if self.recording.tree(self.last) != read_tree(self.lab.work):
            raise RuntimeError(f"{self.scenario.name}: the record is not what happened")
        for moment in self.recording.moments():
            for tree in self.recording.trees(moment):
                yield moment, tree

    def power_problems(self, moment: Moment, tree: Tree) -> Iterator[str]:
        """Yield a sentence for all that is wrong after a power cut, and after the next call."""
        self._put(tree)
        yield from self.visible_problems()
        if moment.at == self.last:  # the command has ended well, so that nothing may be lost
            result = self.lab.result(self.scenario)
            if result != self.expected:
                names = sorted(name for name in {*result, *self.expected} if result.get(name) != self.expected.get(name))
                yield f"after the end of the command other files: {', '.join(names)}"
            if left := self.lab.leftovers():
                yield f"after the end of the command left over: {', '.join(left)}"
            yield from self.final_problems()
            self._put(tree)
        yield from self.recovery_problems()

    def _put(self, tree: Tree) -> None:
        """Replace the folders of the lab, but for the inputs, by others."""
        pages = str(self.lab.work / "pages")
        for path in self.lab.work.iterdir():
            if str(path) != pages:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        write_tree({path: content for path, content in tree.items() if path != pages and not path.startswith(f"{pages}/")})
