"""How little was free on a disk while something went on."""

import os
import threading

from . import subvolume

PAUSE = 0.005  # seconds between two looks


def free(path):
    data = os.statvfs(path)
    return data.f_bavail * data.f_frsize


def free_when_clean(path):
    """Bytes that are free once btrfs has cleaned up."""
    subvolume.await_cleaned(path)
    return free(path)


class Lowest:
    """A context: `bytes` is the least that was free within, as statfs tells it."""

    def __init__(self, path):
        self.bytes = free(path)
        self._path = path
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _look(self):
        while not self._end.wait(PAUSE):
            self.bytes = min(self.bytes, free(self._path))
