"""A btrfs disk: an image file behind a loop device, mounted in the private world."""

import os
import subprocess

from . import mounts
from .loop_device import LoopDevice

# A long commit interval: whatever a program did not sync itself is lost in a copied image.
MOUNT_OPTIONS = "commit=300"


class Filesystem:
    """Made and mounted at once on `path`; `image` is the file behind it."""

    def __init__(self, image, path, size, nodes, flags=0):
        self.image, self.path = image, path
        self._flags, self._nodes = flags, nodes
        with open(image, "xb") as file:
            file.truncate(size)
        _run("mkfs.btrfs", "-q", image)
        os.makedirs(path)
        self._device = LoopDevice(image, nodes)
        self.mount()

    def mount(self):
        mounts.mount(self._device.path, self.path, "btrfs", self._flags, MOUNT_OPTIONS)

    def unmount(self):
        mounts.unmount(self.path)

    def sync(self):
        _run("btrfs", "filesystem", "sync", self.path)

    def copy_image(self, target):
        """Copies what the device has been given until now, as a power cut would leave it."""
        _run("cp", "--sparse=always", self.image, target)

    def mount_copy_instead(self, image, path):
        """Takes this disk away and mounts a copy of its image elsewhere; undo with mount_again().

        Both have one filesystem id, so that the kernel must not see them at once.
        """
        self.unmount()
        subprocess.run(["btrfs", "device", "scan", "--forget", self._device.path],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return MountedCopy(self, image, path, self._nodes)

    def close(self):
        if mounts.is_mounted(self.path):
            self.unmount()
        self._device.close()
        os.unlink(self.image)


class MountedCopy:
    """A context: the copy is mounted within, and the original again after."""

    def __init__(self, original, image, path, nodes):
        os.makedirs(path, exist_ok=True)
        self.path = path
        self._original, self._image = original, image
        self._device = LoopDevice(image, nodes)

    def __enter__(self):
        mounts.mount(self._device.path, self.path, "btrfs")
        return self.path

    def __exit__(self, *_):
        mounts.unmount(self.path)
        subprocess.run(["btrfs", "device", "scan", "--forget", self._device.path],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self._device.close()
        os.unlink(self._image)
        self._original.mount()


def _run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
