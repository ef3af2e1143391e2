"""btrfs subvolumes as the kernel sees them, asked by ioctl, not through the programs under test."""

import contextlib
import fcntl
import os
import struct
import subprocess
import uuid
from dataclasses import dataclass

BTRFS_IOC_SUBVOL_GETFLAGS = 0x80089419  # linux/btrfs.h
BTRFS_IOC_SUBVOL_SETFLAGS = 0x4008941A  # linux/btrfs.h
BTRFS_IOC_GET_SUBVOL_INFO = 0x81F8943C  # linux/btrfs.h; Linux 4.18
BTRFS_SUBVOL_RDONLY = 2  # linux/btrfs.h
SUBVOLUME_INODE = 256  # the root directory of every subvolume
INFO_SIZE = 504  # bytes of struct btrfs_ioctl_get_subvol_info_args
UUID_OFFSET = 8 + 256 + 8 + 8 + 8 + 8  # treeid, name[256], parent_id, dirid, generation, flags
NO_UUID = uuid.UUID(int=0)


@dataclass(frozen=True)
class Subvolume:
    path: str
    read_only: bool
    uuid: uuid.UUID
    parent_uuid: uuid.UUID
    received_uuid: uuid.UUID
    id: int  # given out in order, and never again

    @property
    def complete(self):
        """Whether it is a finished receive."""
        return self.read_only and self.received_uuid != NO_UUID


def is_subvolume(path):
    """For a path on btrfs only."""
    return os.path.isdir(path) and not os.path.islink(path) and (
        os.stat(path).st_ino == SUBVOLUME_INODE)


def inspect(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        flags = bytearray(8)
        fcntl.ioctl(descriptor, BTRFS_IOC_SUBVOL_GETFLAGS, flags)
        info = bytearray(INFO_SIZE)
        fcntl.ioctl(descriptor, BTRFS_IOC_GET_SUBVOL_INFO, info)
    finally:
        os.close(descriptor)
    uuids = [uuid.UUID(bytes=bytes(info[at:at + 16]))
             for at in range(UUID_OFFSET, UUID_OFFSET + 48, 16)]
    return Subvolume(path, bool(struct.unpack("=Q", flags)[0] & BTRFS_SUBVOL_RDONLY), *uuids,
                     struct.unpack_from("=Q", info)[0])


def inside(directory):
    """The subvolumes directly in directory, by name."""
    if not os.path.isdir(directory):
        return {}
    found = {entry.name: entry.path for entry in os.scandir(directory) if is_subvolume(entry.path)}
    return {name: inspect(path) for name, path in sorted(found.items())}


def create(path):
    _btrfs("subvolume", "create", path)


def snapshot(source, target, read_only=True):
    _btrfs("subvolume", "snapshot", *(["-r"] if read_only else []), source, target)


def delete(path):
    _btrfs("subvolume", "delete", "--commit-after", path)


def await_cleaned(filesystem):
    """Waits until what was deleted has given its space back."""
    _btrfs("filesystem", "sync", filesystem)
    _btrfs("subvolume", "sync", filesystem)
    _btrfs("filesystem", "sync", filesystem)


def set_read_only(path, read_only):
    _btrfs("property", "set", "-f", "-ts", path, "ro", "true" if read_only else "false")


@contextlib.contextmanager
def changed_quietly(path):
    """Within, it is writable; its received uuid stays, as a tool that deduplicates leaves it."""
    _set_flags(path, 0)
    try:
        yield
    finally:
        _set_flags(path, BTRFS_SUBVOL_RDONLY)


def send(path, parent=None):
    """The stream that stock btrfs makes of a snapshot."""
    command = ["btrfs", "send", "-q", *(["-p", parent] if parent else []), path]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def _set_flags(path, flags):
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, BTRFS_IOC_SUBVOL_SETFLAGS, struct.pack("=Q", flags))
    finally:
        os.close(descriptor)


def _btrfs(*arguments):
    subprocess.run(["btrfs", *arguments], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)
