"""An image file as a block device that goes away by itself with its last user."""

import ctypes
import errno
import fcntl
import os
import stat
import struct

LOOP_CTL_GET_FREE = 0x4C82  # linux/loop.h
LOOP_CONFIGURE = 0x4C0A  # linux/loop.h; Linux 5.8
LOOP_SET_CAPACITY = 0x4C07  # linux/loop.h
LO_FLAGS_AUTOCLEAR, LO_FLAGS_PARTSCAN = 4, 8  # linux/loop.h
BLKPG, BLKPG_ADD_PARTITION = 0x1269, 1  # linux/blkpg.h
BLKPG_REQUEST, BLKPG_PARTITION = "@iiiP", "@qqi64s64s"  # struct blkpg_ioctl_arg, blkpg_partition
LOOP_MAJOR, CONTROL_MAJOR, CONTROL_MINOR = 7, 10, 237  # Documentation/admin-guide/devices.txt
LOOP_CONFIG_LAYOUT = "=II 5Q 4I 64s 64s 32s 2Q 8Q"  # struct loop_config around loop_info64
ATTACH_TRIES = 20  # another process may take the free number first


class LoopDevice:
    """`path` is the device node, made in node_directory: a chroot's /dev may have none.

    With `part`, (begin, length) in bytes, `path` is the node of a partition, as disks have one.
    """

    def __init__(self, image, node_directory, part=None):
        self.path = None
        self._flags = LO_FLAGS_AUTOCLEAR | (LO_FLAGS_PARTSCAN if part else 0)
        self._node_directory = node_directory
        with open(image, "r+b") as backing:
            self._device = self._attach(backing.fileno())
        self._whole = self.path
        if part:
            self.path = self._partition(*part)

    def close(self):
        """Lets go of the device; it is cleared as soon as it is mounted nowhere."""
        if self._device is not None:
            os.close(self._device)
            self._device = None
            for node in {self._whole, self.path}:
                os.unlink(node)

    def notice_new_size(self):
        """After the image was made larger or smaller."""
        fcntl.ioctl(self._device, LOOP_SET_CAPACITY)

    def _attach(self, backing):
        for _ in range(ATTACH_TRIES):
            number = self._free_number()
            self.path = self._node(f"loop{number}", stat.S_IFBLK, LOOP_MAJOR, number)
            device = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.ioctl(device, LOOP_CONFIGURE, _configuration(backing, self._flags))
                return device
            except OSError as failure:
                os.close(device)
                if failure.errno != errno.EBUSY:
                    raise
        raise OSError(errno.EBUSY, "no free loop device")

    def _free_number(self):
        node = self._node("loop-control", stat.S_IFCHR, CONTROL_MAJOR, CONTROL_MINOR)
        control = os.open(node, os.O_RDWR | os.O_CLOEXEC)
        try:
            return fcntl.ioctl(control, LOOP_CTL_GET_FREE)
        finally:
            os.close(control)

    def _partition(self, begin, length):
        """Made by word, not by a table on the disk: kernels differ in the tables that they know."""
        part = ctypes.create_string_buffer(struct.pack(BLKPG_PARTITION, begin, length, 1, b"", b""))
        request = struct.pack(BLKPG_REQUEST, BLKPG_ADD_PARTITION, 0, len(part),
                              ctypes.addressof(part))
        fcntl.ioctl(self._device, BLKPG, request)
        name = f"{os.path.basename(self._whole)}p1"
        with open(f"/sys/class/block/{name}/dev", encoding="ascii") as file:
            major, minor = map(int, file.read().split(":"))
        return self._node(name, stat.S_IFBLK, major, minor)

    def _node(self, name, kind, major, minor):
        path = os.path.join(self._node_directory, name)
        if not os.path.exists(path):
            os.mknod(path, kind | 0o600, os.makedev(major, minor))
        return path


def _configuration(backing, flags):
    info64 = [0] * 5 + [0, 0, 0, flags] + [b"", b"", b""] + [0, 0]
    return struct.pack(LOOP_CONFIG_LAYOUT, backing, 0, *info64, *[0] * 8)
