"""Two tags on one disk: whoever holds the key to the one must not get at the other."""

import os

from . import subvolume, tree
from .verdict import Failed, check

REFUSED = (14, 17)  # receiving failed, or the guard refused
SECRET = b"the other tag's secret " * 1000


class Victim:
    """Another tag with a backup, and our own tag with one that may serve as a parent."""

    def __init__(self, world):
        self.world = world
        self.other = self._with_backup(world.lane(), SECRET)
        self.own = self._with_backup(world.lane(), b"our own data" * 1000)
        self.other_backup = self.other.received[self.other.complete[0]]
        self.own_backup = self.own.received[self.own.complete[0]]
        self._before = self._state()

    def check_refused(self, hostile, what, codes=REFUSED):
        """Fails unless snapshot-receive refuses it and both tags stay as they are."""
        result = self.own.receive(bytes(hostile))
        if result.code not in codes:
            raise Failed(f"{what}: exit code {result.code} instead of one of {codes}")
        check(result.err.strip(), f"{what}: refused without a word on stderr")
        self.check_untouched(what)

    def check_untouched(self, what):
        found = self._state()
        changed = [name for name, before, after in zip(("disk", "other tag", "own tag"),
                                                       self._before, found) if before != after]
        changed += tree.changes(self._before[1][1], found[1][1])
        changed += tree.changes(self._before[2][1], found[2][1])
        check(not changed, f"{what}: changed: {', '.join(changed)}")

    def check_all_refused(self, *hostile):
        """The same for several (what, stream)."""
        for what, made in hostile:
            self.check_refused(made, what)

    @staticmethod
    def _with_backup(lane, contents):
        lane.write("file", contents)
        name = lane.snapshot()
        lane.receive(subvolume.send(lane.at_nas(name))).expect_well()
        lane.check_arrived(name)
        return lane

    def _state(self):
        roots = [self.other.received_dir, self.own.received_dir]
        disk = sorted(os.listdir(self.world.pi.path))
        return [disk] + [(subvolume.inside(root), tree.photograph(root)) for root in roots]
