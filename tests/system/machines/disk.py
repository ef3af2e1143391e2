"""A disk with btrfs for a machine to have."""

import contextlib
import os
import subprocess
import tempfile

from harness import mounts
from harness.loop_device import LoopDevice

SIZE = 768 << 20  # bytes; sparse, and far more than is ever put on it


class Disk:
    """An image on a loop device, which is what the machine sees."""

    def __init__(self, directory, name, label=None):
        """With a label it has a btrfs; without it is empty."""
        self._directory = directory
        image = os.path.join(directory, f"{name}.img")
        with open(image, "wb") as file:
            file.truncate(SIZE)
        if label:
            subprocess.run(["mkfs.btrfs", "--quiet", "--label", label, image], check=True,
                           stdout=subprocess.DEVNULL)
        self._loop = LoopDevice(image, directory)
        self.device = self._loop.path  # a node that is not in /dev: there, it is the machine's

    @contextlib.contextmanager
    def seen_from_outside(self):
        """Within, it is mounted for us too, at the path that is yielded."""
        with tempfile.TemporaryDirectory(dir=self._directory) as path:
            mounts.mount(self.device, path, "btrfs", mounts.RDONLY)
            try:
                yield path
            finally:
                mounts.unmount(path)

    def close(self):
        self._loop.close()
