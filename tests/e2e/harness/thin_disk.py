"""A backup disk that is a sparse file on something smaller, which can be full."""

import contextlib
import os

from . import mounts
from .data import MIB
from .filesystem import Filesystem

IMAGE, ROOM, MORE_ROOM = 1024 * MIB, 64 * MIB, 512 * MIB  # bytes


class ThinDisk:
    """A context; `path` is where the btrfs is mounted."""

    def __init__(self, base, nodes):
        self._beneath = os.path.join(base, "beneath")
        self._filler = os.path.join(self._beneath, "filler")
        self.path = os.path.join(base, "thin")
        os.makedirs(self._beneath, exist_ok=True)
        mounts.mount("tmpfs", self._beneath, "tmpfs", 0, f"size={ROOM}")
        self.disk = Filesystem(os.path.join(self._beneath, "image"), self.path, IMAGE, nodes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.disk.close()
        mounts.unmount(self._beneath)
        os.rmdir(self.path)

    def fill(self):
        """Leaves nothing free beneath the disk."""
        with contextlib.suppress(OSError), open(self._filler, "wb", buffering=0) as file:
            while file.write(bytes(4096)) > 0:
                pass

    def make_room(self):
        """There is room again, and the disk is mounted anew: it may have become read-only."""
        os.unlink(self._filler)
        mounts.mount("tmpfs", self._beneath, "tmpfs", mounts.REMOUNT, f"size={MORE_ROOM}")
        self.disk.unmount()
        self.disk.mount()
