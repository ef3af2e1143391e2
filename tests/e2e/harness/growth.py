"""Whether a program that runs for long holds more from round to round: descriptors and memory.

What is resident says little of what is held: the allocator keeps a free end of each of its arenas,
of up to megabytes, and which thread used which arena is chance. With QUIET_ALLOCATOR it gives that
back, and what is left is measured many times, at rest: one odd round proves nothing, and what grows
with every round shows in the middle of the last rounds.
"""

import os
import statistics
import time

from .verdict import Failed, check

# glibc's, for the environment of the program: its thresholds stay as they are at the start.
QUIET_ALLOCATOR = {"MALLOC_TRIM_THRESHOLD_": str(64 << 10), "MALLOC_MMAP_THRESHOLD_": str(128 << 10)}
PATIENCE = 120.0  # seconds until a program is at rest
LOOKS, BETWEEN = 3, 0.1  # so many, seconds between them; the least counts
GROUP = 4  # rounds that are compared, of the first and of the last
MOST_PAGES = 4  # that a round may add: what is held is in pages, which differ between machines


class Growth:
    """Of one process, whose first thread is its only one when it is at rest."""

    def __init__(self, pid):
        self._pid = pid
        self._descriptors, self._memory = [], []

    def note(self):
        """Waits until the program is at rest, and takes down what it holds: the end of a round."""
        deadline = time.monotonic() + PATIENCE
        while len(os.listdir(f"/proc/{self._pid}/task")) > 1:
            if time.monotonic() > deadline:
                raise Failed(f"the program is not at rest after {PATIENCE:.0f} s")
            time.sleep(BETWEEN)
        looks = []
        for _ in range(LOOKS):
            time.sleep(BETWEEN)
            looks.append((self._open_descriptors(), self._resident()))
        for seen, noted in zip(zip(*looks), (self._descriptors, self._memory)):
            noted.append(min(seen))

    def check(self):
        """Fails if the last rounds hold more than the first; what the very first adds is no growth."""
        memory, descriptors = self._memory[1:], self._descriptors[1:]
        rounds = len(memory) - GROUP  # from the middle of the first group to that of the last
        assert rounds >= GROUP, "too few rounds to tell growth from chance"
        most = rounds * MOST_PAGES * os.sysconf("SC_PAGE_SIZE")
        grown = statistics.median(memory[-GROUP:]) - statistics.median(memory[:GROUP])
        check(grown <= most, f"its memory has grown by {grown / 1024:.0f} KiB in {rounds} rounds, "
              f"over {most >> 10}: {self}")
        check(min(descriptors[-GROUP:]) <= min(descriptors[:GROUP]),
              f"its descriptors have grown: {self}")

    def __str__(self):
        memory = " ".join(str(size >> 10) for size in self._memory)
        return f"KiB after each round: {memory}; descriptors: {' '.join(map(str, self._descriptors))}"

    def _open_descriptors(self):
        return len(os.listdir(f"/proc/{self._pid}/fd"))

    def _resident(self):
        """Bytes that are resident and its own."""
        with open(f"/proc/{self._pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("RssAnon:")) * 1024
