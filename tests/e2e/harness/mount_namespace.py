"""What is mounted in the mount namespace of another process, also what it cannot name itself."""

import ctypes
import os

CLONE_NEWNS = 0x00020000  # linux/sched.h
_libc = ctypes.CDLL(None, use_errno=True)


def mounts_of(pid):
    """(device, point, root) of every mount in the namespace of the process, hidden ones too.

    Its own mountinfo shows what lies below its root alone; so a child goes into the namespace, and
    with that to its real root, and reads its own.
    """
    namespace = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if _libc.setns(namespace, CLONE_NEWNS) == 0:
                own = os.open("self/mountinfo", os.O_RDONLY, dir_fd=proc)
                while piece := os.read(own, 1 << 16):
                    os.write(writing, piece)
        finally:
            os._exit(0)
    for descriptor in (writing, namespace, proc):
        os.close(descriptor)
    with open(reading, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    os.waitpid(child, 0)
    return [(fields[2], fields[4], fields[3]) for fields in lines]
