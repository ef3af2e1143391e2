"""mount(2) and umount(2), without the mount program and its tables."""

import contextlib
import ctypes
import errno
import os
import time

NOSUID, NODEV, NOEXEC, BIND = 2, 4, 8, 4096  # sys/mount.h
REC, SLAVE = 0x4000, 1 << 19  # sys/mount.h
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


def is_mounted(target):
    return os.path.ismount(target)
