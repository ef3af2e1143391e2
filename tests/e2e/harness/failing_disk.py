"""An image file whose writes can be made to fail: a tiny FUSE filesystem with one file in it.

It speaks the kernel's protocol itself (linux/fuse.h), so that no library is needed. The file is
written through to the image at once: what the image holds is what the disk was given.
"""

import contextlib
import ctypes
import errno
import mmap
import os
import signal
import stat
import struct
import traceback

from . import mounts
from .verdict import check

FUSE_MAJOR, FUSE_MINOR = 10, 229  # Documentation/admin-guide/devices.txt
BLOCK = 4096  # bytes; btrfs writes no less at once
MAX_WRITE = 1 << 20  # bytes
FSID_IN_NODE = 32  # bytes from the beginning of a metadata block or superblock
FSID_IN_SUPERBLOCK = (64 << 10) + 32

ROOT, FILE = 1, 2  # node numbers
NAME = b"disk"

# linux/fuse.h
LOOKUP, FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS, RELEASE = 1, 2, 3, 4, 14, 15, 16, 17, 18
FSYNC, FLUSH, INIT, ACCESS, INTERRUPT, DESTROY, BATCH_FORGET, FALLOCATE = 20, 25, 26, 34, 36, 38, 42, 43
BIG_WRITES, MAX_PAGES = 1 << 5, 1 << 22
PAST_THE_CACHE = 1 << 0  # FOPEN_DIRECT_IO: what was written is read from the image
IN_HEADER, OUT_HEADER = struct.Struct("=IIQQIIIHH"), struct.Struct("=IiQ")
INIT_OUT = struct.Struct("=IIII HH II HH I I 24x")
ATTRIBUTES = struct.Struct("=QQQQQQ IIII IIIIII")
ENTRY_OUT, ATTRIBUTES_OUT = struct.Struct("=QQQQII"), struct.Struct("=QII")
READ_OR_WRITE_IN, FALLOCATE_IN = struct.Struct("=QQIIQII"), struct.Struct("=QQQII")
WITHOUT_REPLY = (FORGET, BATCH_FORGET, INTERRUPT)
DONE = (RELEASE, FSYNC, FLUSH, ACCESS, DESTROY)
FOR_LONG = 3600  # seconds that the kernel may remember what it was told

_libc = ctypes.CDLL(None, use_errno=True)


class FailingDisk:
    """`file` stands for the image; its writes fail when and as long as they are told to."""

    def __init__(self, image, mount_point, nodes):
        self._mount_point = mount_point
        self.file = os.path.join(mount_point, NAME.decode())
        self._orders = Orders()
        os.makedirs(mount_point, exist_ok=True)
        device = _fuse_device(nodes)
        mounts.mount("failing-disk", mount_point, "fuse", mounts.NOSUID | mounts.NODEV,
                     f"fd={device},rootmode=40000,user_id=0,group_id=0")
        self._server = os.fork()
        if self._server == 0:
            _serve_and_exit(device, image, self._orders)
        os.close(device)

    def lose(self, size, error=errno.EIO, after=0, data_only=True):
        """From now on so many bytes of writes fail, `after` so many more have gone well."""
        self._orders.give(size, error, after, data_only)

    def be_well(self):
        """No write fails any more."""
        self._orders.give(0, errno.EIO, 0, True)

    @contextlib.contextmanager
    def losing(self, size, error=errno.EIO, after=0, data_only=True):
        """The same within; fails where nothing was lost."""
        before = self.lost
        self.lose(size, error, after, data_only)
        try:
            yield
        finally:
            self.be_well()
        check(self.lost > before, "the disk was given nothing that it could lose")

    @contextlib.contextmanager
    def asleep(self):
        """Within, it answers nothing; whoever reads or writes waits."""
        os.kill(self._server, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._server, signal.SIGCONT)

    @property
    def lost(self):
        """Bytes of writes that have failed since the disk was made."""
        return self._orders.lost

    def close(self):
        mounts.unmount(self._mount_point)
        os.waitpid(self._server, 0)
        os.rmdir(self._mount_point)


class Orders:
    """What the server is told, and tells, in memory that both processes share."""

    _LAYOUT = struct.Struct("=qqqqq")

    def __init__(self):
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)

    def give(self, size, error, after, data_only):
        self._LAYOUT.pack_into(self._memory, 0, size, error, after, data_only, self.lost)

    @property
    def lost(self):
        return self._LAYOUT.unpack_from(self._memory)[4]

    @property
    def none(self):
        return self._LAYOUT.unpack_from(self._memory)[0] <= 0

    def fate_of(self, size, is_data):
        """The errno that a write of so many bytes comes to, 0 where it goes well."""
        left, error, after, data_only, lost = self._LAYOUT.unpack_from(self._memory)
        if left <= 0 or (data_only and not is_data):
            return 0
        if after > 0:
            after, fate = after - size, 0
        else:
            left, lost, fate = left - size, lost + size, error
        self._LAYOUT.pack_into(self._memory, 0, left, error, after, data_only, lost)
        return fate


class _Server:
    def __init__(self, device, image, orders):
        self._device, self._orders = device, orders
        self._image = os.open(image, os.O_RDWR | os.O_CLOEXEC)
        self._fsid = os.pread(self._image, 16, FSID_IN_SUPERBLOCK)
        self._amid = None  # where the rest of the loop device's present write may come

    def serve(self):
        """Answers the kernel until the file is mounted no more."""
        while True:
            try:
                request = os.read(self._device, MAX_WRITE + BLOCK)
            except OSError as failure:
                if failure.errno in (errno.EINTR, errno.ENOENT):
                    continue
                return
            _, kind, unique, node, *_ = IN_HEADER.unpack_from(request)
            if kind in WITHOUT_REPLY:
                continue
            try:
                code, body = 0, self._answer(kind, node, memoryview(request)[IN_HEADER.size:])
            except OSError as failure:
                code, body = -failure.errno, b""
            self._reply(OUT_HEADER.pack(OUT_HEADER.size + len(body), code, unique) + body)

    def _reply(self, answer):
        with contextlib.suppress(FileNotFoundError):  # whoever asked was killed meanwhile
            os.write(self._device, answer)

    def _answer(self, kind, node, rest):
        if kind == WRITE:
            return self._write(rest)
        if kind == READ:
            _, offset, size, *_ = READ_OR_WRITE_IN.unpack_from(rest)
            return os.pread(self._image, size, offset)
        if kind in DONE:
            return b""
        if kind == INIT:
            return INIT_OUT.pack(7, 31, MAX_WRITE, BIG_WRITES | MAX_PAGES, 16, 12, MAX_WRITE, 1,
                                 MAX_WRITE // BLOCK, 0, 0, 0)
        if kind == LOOKUP:
            if bytes(rest).rstrip(b"\0") != NAME:
                raise OSError(errno.ENOENT, "no such file")
            return ENTRY_OUT.pack(FILE, 0, FOR_LONG, FOR_LONG, 0, 0) + self._attributes(FILE)
        if kind in (GETATTR, SETATTR):
            return ATTRIBUTES_OUT.pack(FOR_LONG, 0, 0) + self._attributes(node)
        if kind == OPEN:
            return struct.pack("=QII", 0, PAST_THE_CACHE, 0)
        if kind == STATFS:
            return struct.pack("=QQQQQIII4x24x", 1 << 20, 1 << 20, 1 << 20, 1, 1, BLOCK, 255, BLOCK)
        if kind == FALLOCATE:
            return self._punch(rest)
        raise OSError(errno.ENOSYS, "not needed")

    def _attributes(self, node):
        size = os.fstat(self._image).st_size if node == FILE else 0
        mode = stat.S_IFREG | 0o600 if node == FILE else stat.S_IFDIR | 0o700
        return ATTRIBUTES.pack(node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, BLOCK, 0)

    def _write(self, rest):
        """The loop device takes a write of which only the beginning went well for a good one (a
        disk that lies): so only whole ones fail."""
        _, offset, size, *_ = READ_OR_WRITE_IN.unpack_from(rest)
        data = rest[READ_OR_WRITE_IN.size:READ_OR_WRITE_IN.size + size]
        goes_on = offset == self._amid
        self._amid = offset + size if size == MAX_WRITE else None
        if not self._orders.none and not goes_on:
            is_data = data[FSID_IN_NODE:FSID_IN_NODE + len(self._fsid)] != self._fsid
            if fate := self._orders.fate_of(size, is_data):
                raise OSError(fate, os.strerror(fate))
        return struct.pack("=II", os.pwrite(self._image, data, offset), 0)

    def _punch(self, rest):
        _, offset, length, mode, _ = FALLOCATE_IN.unpack_from(rest)
        if _libc.fallocate(self._image, mode, ctypes.c_long(offset), ctypes.c_long(length)) != 0:
            raise OSError(ctypes.get_errno(), "fallocate")
        return b""


def _serve_and_exit(device, image, orders):
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _Server(device, image, orders).serve()
        status = 0
    except BaseException:  # a forked child must never return into its parent's code
        traceback.print_exc()
    finally:
        os._exit(status)


def _fuse_device(nodes):
    node = os.path.join(nodes, "fuse-device")
    if not os.path.exists(node):
        os.mknod(node, stat.S_IFCHR | 0o600, os.makedev(FUSE_MAJOR, FUSE_MINOR))
    return os.open(node, os.O_RDWR | os.O_CLOEXEC)
