"""A source that lives: every day a little of everything changes in it, at random."""

import os
import shutil
import time

from . import subvolume
from .data import KIB, MIB, Tree
from .lane import check_same_tree
from .verdict import check, check_equal

SEED = int(os.environ.get("SNAPFERRY_SEED", "7"))  # of all that is left to chance
SMALL_FILES = 20  # a day
DAYS_IN_SOURCE = 3  # until a day's own directory is deleted
RATE = 12 * MIB  # bytes a second on the line, so that a send lasts some 100 ms
CONNECTING = 0.3  # seconds, about
COMMITTING = 0.1  # seconds, about, from the last byte to the end of the run


class Life:
    """A lane and its days. Of each snapshot it keeps an original, which no rotation deletes."""

    def __init__(self, lane, random, keep):
        self.lane, self._random, self._keep = lane, random, keep
        self._tree = Tree(lane.source, random.random())
        self._originals = os.path.join(os.path.dirname(lane.source), "originals")
        self._days = 0
        self.newest = None
        os.mkdir(self._originals)
        self._tree.file("linked", b"one inode, many names")
        for number in range(2):
            self._tree.noise(f"noise-{number}", MIB)

    def next_day(self):
        """Changes the source; returns the name of the snapshot of it."""
        self._live_one_day()
        self.newest = self.lane.snapshot()
        subvolume.snapshot(self.lane.at_nas(self.newest), self._original(self.newest))
        return self.newest

    def lose_the_past(self):
        """Leaves the NAS no snapshot but the newest, and no pin: what is sent next goes in full."""
        snapshots = subvolume.inside(self.lane.snapshot_dir)
        del snapshots[self.newest]
        for found in (*snapshots.values(), *self.lane.pins.values()):
            subvolume.delete(found.path)

    def send_until_some_moment(self):
        """Starts a send of the newest; returns it early, amid its stream or after the last byte."""
        rest = self._stream_size() - self.lane.held
        moment = self._random.choices(("early", "amid", "late"), (1, 4, 1))[0]
        share = self._random.random()
        link = self.lane.world.link
        run = self.lane.start("--retries", "0")  # no mending before somebody has looked
        link.rate = RATE
        if moment == "early":
            time.sleep(CONNECTING * share)
        elif moment == "amid":
            link.await_sent(int(rest * share), run)
        else:
            link.await_sent(rest, run)
            time.sleep(COMMITTING * share)
        return run

    def mend(self):
        """Fails unless a plain run after a break makes all well; returns its result."""
        complete = self.lane.complete
        self.lane.world.link.reset()
        result = self.lane.send_well()
        self.check_arrived(self.newest)
        self.check_kept(complete)
        # A break before the pruning leaves one too many, until something is sent again.
        most = self._keep if "pruned" in result.out else None
        self.lane.check_complete(*self.lane.complete[:most])  # and nothing beside them
        return result

    # Checks

    def check_arrived(self, name):
        check(name in self.lane.complete, f"{name} is not complete: {self.lane.all_received}")
        check_same_tree(self._original(name), self.lane.at_pi(name))

    def check_kept(self, before):
        """Fails unless what was complete before is still, but for what newer ones pushed out."""
        now = self.lane.complete
        wanted = sorted({*before, *now})[-self._keep:]
        check_equal([name for name in wanted if name not in now], [], "the backups lost")

    def check_all(self):
        """Fails unless TAG/ holds nothing but complete backups, and each is its original."""
        self.lane.check_complete(*self.lane.complete)
        for name in self.lane.complete:
            self.check_arrived(name)

    def _original(self, name):
        return os.path.join(self._originals, name)

    def _stream_size(self):
        """What the newest takes on the line, more or less."""
        parent = self.lane.last_sent
        known = parent in subvolume.inside(self.lane.snapshot_dir)
        return self.lane.increment_size(self.newest, parent if known else None)

    def _live_one_day(self):
        day, tree, random = self._days, self._tree, self._random
        self._days += 1
        tree.noise(f"noise-{day % 2}", random.randint(2 * MIB, 5 * MIB))
        tree.change(f"noise-{random.randrange(2)}", random.randrange(MIB), b"changed")
        tree.reflink(f"noise-{random.randrange(2)}", f"reflink-{day % 3}")
        tree.reflink_part("noise-0", 0, 128 * KIB, f"reflink-{day % 3}", 256 * KIB)
        tree.xattr("linked", f"user.day-{day % 5}", b"%d" % day)
        tree.directory(f"day-{day}")
        for number in range(SMALL_FILES):
            tree.file(f"day-{day}/{number}", b"file %d of day %d\n" % (number, day))
        tree.sparse(f"day-{day}/sparse", 16 * MIB, random.randrange(0, 16 * MIB, 64 * KIB))
        tree.hard_link("linked", f"day-{day}/linked")
        tree.symlink(f"day-{day}/yesterday", f"../day-{day - 1}")
        if day > 0:
            tree.rename(f"day-{day - 1}/0", f"day-{day}/of-yesterday")
        if day >= DAYS_IN_SOURCE:
            shutil.rmtree(tree.path(f"day-{day - DAYS_IN_SOURCE}"))
