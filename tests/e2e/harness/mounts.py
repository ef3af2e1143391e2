"""mount(2) and umount(2), without the mount program and its tables."""

import contextlib
import ctypes
import errno
import os
import time

NOSUID, NODEV, NOEXEC, BIND = 2, 4, 8, 4096  # sys/mount.h
REC, SLAVE = 0x4000, 1 << 19  # sys/mount.h
RDONLY, REMOUNT = 1, 32  # sys/mount.h
DETACH = 2  # sys/mount.h, MNT_DETACH
UNMOUNT_PATIENCE = 60.0  # seconds; a process that a test killed may hold the disk a moment longer

_libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, flags=0, data=None):
    arguments = [None if item is None else os.fsencode(item) for item in (source, target, kind)]
    if _libc.mount(*arguments, ctypes.c_ulong(flags), data and os.fsencode(data)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot mount {source} on {target}: {os.strerror(number)}")


def unmount(target):
    """Unmounts target; waits for whoever is still leaving it, then raises."""
    deadline = time.monotonic() + UNMOUNT_PATIENCE
    while _libc.umount2(os.fsencode(target), 0) != 0:
        number = ctypes.get_errno()
        if number != errno.EBUSY or time.monotonic() > deadline:
            raise OSError(number, f"cannot unmount {target}: {os.strerror(number)}")
        time.sleep(0.05)


@contextlib.contextmanager
def in_place_of(file, other):
    """Within, other is what is found at file."""
    mount(other, file, None, BIND)
    try:
        yield
    finally:
        unmount(file)


def detach(target):
    """umount -l: it is gone for whoever looks, and goes when the last has closed it."""
    if _libc.umount2(os.fsencode(target), DETACH) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot detach {target}: {os.strerror(number)}")


def is_mounted_as(target, kind):
    """True where a filesystem of this type is what is seen at target."""
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        kinds = [line.split(" - ")[1].split()[0] for line in file if line.split()[4] == target]
    return kinds[-1:] == [kind]


def is_mounted(target):
    return os.path.ismount(target)
