"""A disk for a machine to have: an image on a loop device, with one partition."""

import contextlib
import os
import subprocess
import tempfile

from harness import mounts
from harness.loop_device import LoopDevice

SIZE = 768 << 20  # bytes; sparse, and far more than is ever put on it
BEGIN = 1 << 20  # bytes before the partition


class Disk:
    def __init__(self, directory, name, label=None):
        """With a label there is a btrfs on its partition; without it, nothing."""
        self._directory = directory
        image = os.path.join(directory, f"{name}.img")
        with open(image, "wb") as file:
            file.truncate(SIZE)
        self._loop = LoopDevice(image, directory, part=(BEGIN, SIZE - BEGIN))
        self.device = self._loop.path  # a node that is not in /dev: there, it is the machine's
        if label:
            subprocess.run(["mkfs.btrfs", "--quiet", "--label", label, self.device], check=True,
                           stdout=subprocess.DEVNULL)

    @contextlib.contextmanager
    def mounted_outside(self):
        """Within, it is mounted at the path that is yielded: for before a machine has it."""
        with tempfile.TemporaryDirectory(dir=self._directory) as path:
            mounts.mount(self.device, path, "btrfs")
            try:
                yield path
            finally:
                mounts.unmount(path)

    @property
    def uuid(self):
        return subprocess.run(["blkid", "--probe", "--output", "value", "--match-tag", "UUID",
                               self.device], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()

    def close(self):
        self._loop.close()
