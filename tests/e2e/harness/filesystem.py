"""A btrfs disk: an image file behind a loop device, mounted in the private world."""

import contextlib
import os
import subprocess

from . import mounts
from .failing_disk import FailingDisk
from .loop_device import LoopDevice
from .verdict import Failed

# A long commit interval: whatever a program did not sync itself is lost in a copied image.
MOUNT_OPTIONS = "commit=300"
SUPERBLOCK, SUPERBLOCK_SIZE = 64 << 10, 4096  # bytes; its place is the same on every btrfs
COPY_TRIES = 50


class Filesystem:
    """Made and mounted at once on `path`; `image` is the file behind it.

    One that `may_fail` has a disk whose writes can be made to fail: `failing`.
    """

    def __init__(self, image, path, size, nodes, flags=0, may_fail=False):
        self.image, self.path = image, path
        self._flags, self._nodes = flags, nodes
        with open(image, "xb") as file:
            file.truncate(size)
        _run("mkfs.btrfs", "-q", image)
        os.makedirs(path, exist_ok=True)
        self.failing, self.lost_before_power_came_back = None, 0
        self._may_fail = may_fail
        self._attach()
        self.mount()

    def mount(self):
        mounts.mount(self._device.path, self.path, "btrfs", self._flags, MOUNT_OPTIONS)

    def unmount(self):
        mounts.unmount(self.path)

    @property
    def device(self):
        """For the mount program, where the disk is not mounted by the tests."""
        return self._device.path

    @contextlib.contextmanager
    def away(self):
        """Within, the disk is not mounted, unless a program mounts it."""
        self.unmount()
        try:
            yield
        finally:
            if not mounts.is_mounted(self.path):
                self.mount()

    def sync(self):
        _run("btrfs", "filesystem", "sync", self.path)

    def balance(self):
        """Moves all that is on the disk to another place of it."""
        _run("btrfs", "balance", "start", "--full-balance", self.path)

    def copy_image(self, target):
        """Copies what the device has been given until now, as a power cut would leave it.

        btrfs overwrites nothing that its superblock leads to. Only where a new superblock was
        written meanwhile would the copy be of two moments; then it is made again.
        """
        for _ in range(COPY_TRIES):
            before = self._superblock()
            _run("cp", "--sparse=always", self.image, target)
            if self._superblock() == before:
                return
        raise RuntimeError(f"{self.image} is never left alone for as long as it takes to copy it")

    def go_on_from(self, copy):
        """A copy of the image takes the disk's place: power is back after a cut."""
        if self.failing:
            self.lost_before_power_came_back = self.failing.lost
            self.failing.be_well()
        self.unmount()
        _forget(self._device)
        self._detach()
        os.rename(copy, self.image)
        self._attach()
        self.mount()

    def mount_copy_instead(self, image, path):
        """Takes this disk away and mounts a copy of its image elsewhere; undo with mount_again().

        Both have one filesystem id, so that the kernel must not see them at once.
        """
        self.unmount()
        _forget(self._device)
        return MountedCopy(self, image, path, self._nodes)

    def close(self):
        """Takes it all away. Fails where the tests have left a filesystem that is not sound."""
        if mounts.is_mounted(self.path):
            self.unmount()
        checked = subprocess.run(["btrfs", "check", "--readonly", "--force", self._device.path],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self._detach()
        os.unlink(self.image)
        if checked.returncode != 0:
            raise Failed(f"btrfs check of {os.path.basename(self.image)}:\n"
                         + checked.stdout.decode(errors="replace"))

    def _attach(self):
        file = self.image
        if self._may_fail:
            self.failing = FailingDisk(file, self.path + "-disk", self._nodes)
            file = self.failing.file
        self._device = LoopDevice(file, self._nodes)

    def _detach(self):
        self._device.close()
        if self.failing:
            self.failing.close()

    def _superblock(self):
        with open(self.image, "rb") as file:
            return os.pread(file.fileno(), SUPERBLOCK_SIZE, SUPERBLOCK)


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
        _forget(self._device)
        self._device.close()
        os.unlink(self._image)
        self._original.mount()


def _forget(device):
    """Lets the kernel see another disk with the same filesystem id."""
    subprocess.run(["btrfs", "device", "scan", "--forget", device.path],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
