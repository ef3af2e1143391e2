"""A directory on which a disk is mounted when somebody looks into it, as systemd's .automount does.

A direct mount of the kernel's autofs (linux/auto_fs.h), with this as its daemon.
"""

import fcntl
import os
import signal
import struct

from . import mounts

READY = 0x9360  # _IO(0x93, 0x60)
PACKET = 304  # bytes of struct autofs_v5_packet on 64-bit machines, padding included
TOKEN_OFFSET = 8  # bytes, behind version and type


class Automount:
    """A context; mount() is called in the daemon's process when somebody looks."""

    def __init__(self, path, mount):
        self._path, self._mount = path, mount

    def __enter__(self):
        packets, to_daemon = os.pipe()
        ready, tell_ready = os.pipe()
        self._daemon = os.fork()
        if self._daemon == 0:
            try:
                os.setpgid(0, 0)  # the kernel lets this group through without asking
                options = f"fd={to_daemon},pgrp={os.getpid()},minproto=5,maxproto=5,direct"
                mounts.mount("automount", self._path, "autofs", 0, options)
                os.close(to_daemon)
                root = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
                os.write(tell_ready, b"1")
                self._serve(packets, root)
            finally:
                os._exit(1)
        for end in (packets, to_daemon, tell_ready):
            os.close(end)
        if not os.read(ready, 1):
            raise RuntimeError("autofs could not be mounted")
        os.close(ready)
        return self

    def __exit__(self, *_):
        os.kill(self._daemon, signal.SIGKILL)
        os.waitpid(self._daemon, 0)
        while mounts.is_mounted(self._path):
            mounts.unmount(self._path)

    def _serve(self, packets, root):
        while packet := os.read(packets, PACKET):
            token, = struct.unpack_from("=I", packet, TOKEN_OFFSET)
            if not mounts.is_mounted_as(self._path, "btrfs"):
                self._mount()
            fcntl.ioctl(root, READY, token)
