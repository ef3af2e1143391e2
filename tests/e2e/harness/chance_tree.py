"""Trees made by chance: what a seed makes is made again by it, but for where it lies."""

import contextlib
import ctypes
import fcntl
import mmap
import os
import random
import socket
import stat
import struct

from . import data
from .data import KIB, MIB

BLOCK = 4096  # bytes; what btrfs shares and preallocates
ALGORITHMS = (b"zstd", b"lzo", b"zlib")
FS_IOC_GETFLAGS, FS_IOC_SETFLAGS = 0x80086601, 0x40086602  # linux/fs.h
COMPRESSION, NO_COMPRESSION, NO_DATA_SUMS, IMMUTABLE = 0x4, 0x400, 0x800000, 0x10  # FS_*_FL
FIDEDUPERANGE = 0xC0189436  # linux/fs.h
NAME_BYTES = b"abcz \n\\\"-*\xff\xc3\x01"


class ChanceTree:
    """Fills a directory of btrfs, a thing at a time. Some of a `huge` tree's files have so large
    holes that nobody could read them to the end."""

    def __init__(self, root, seed, huge=False):
        self._huge = huge
        self._random = random.Random(seed)
        self._directories = [os.fsencode(root)]
        self._files = []
        self._immutable = []

    def grow(self, count):
        kinds = (self._directory, self._symlink, self._node, self._hard_link, self._rename,
                 self._unlink, *[self._file] * 12)
        for _ in range(count):
            self._random.choice(kinds)(self._new_path())
        return self

    def make_deletable(self):
        """What was made so that nobody may change it is as others again."""
        for path in self._immutable:
            _change_flags(path, 0, IMMUTABLE)

    def _new_path(self):
        name = bytes(self._random.choice(NAME_BYTES) for _ in range(self._random.randint(1, 20)))
        return os.path.join(self._random.choice(self._directories),
                            name + b"%d" % self._random.randrange(10**6))

    def _directory(self, path):
        os.mkdir(path)
        self._directories.append(path)
        if self._random.random() < 0.3:
            os.setxattr(path, "btrfs.compression", self._random.choice(ALGORITHMS))

    def _symlink(self, path):
        os.symlink(os.path.basename(self._new_path()), path)

    def _node(self, path):
        kind = self._random.randrange(3)
        if kind == 0:
            os.mkfifo(path, 0o640)
        elif kind == 1:
            os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, self._random.randint(1, 9)))
        else:
            _bind(path)

    def _hard_link(self, path):
        if self._files:
            os.link(self._random.choice(self._files), path)

    def _rename(self, path):
        if self._files:
            old = self._files.pop(self._random.randrange(len(self._files)))
            os.rename(old, path)
            self._files.append(path)

    def _unlink(self, _):
        if self._files and self._random.random() < 0.5:
            os.unlink(self._files.pop(self._random.randrange(len(self._files))))

    def _file(self, path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        if self._random.random() < 0.1:
            _change_flags(path, 0, COMPRESSION)  # as its directory may have it
            _change_flags(path, self._random.choice((NO_COMPRESSION, NO_DATA_SUMS)))
        elif self._random.random() < 0.4:
            os.setxattr(path, "btrfs.compression", self._random.choice(ALGORITHMS))
        with _opened(path, os.O_RDWR) as descriptor:
            for _ in range(self._random.randint(0, 6)):
                self._random.choice((self._write, self._write, self._write, self._write_directly,
                                     self._preallocate, self._punch, self._set_size, self._share,
                                     self._dedupe, self._sync))(descriptor)
        self._adorn(path)
        if self._random.random() < 0.03:
            _change_flags(path, IMMUTABLE)
            self._immutable.append(path)
        else:
            self._files.append(path)

    def _adorn(self, path):
        if self._random.random() < 0.3:
            os.setxattr(path, "user.note", self._random.randbytes(self._random.randint(0, 300)))
        if self._random.random() < 0.1:
            os.setxattr(path, data.ACL_ACCESS, data.shared_with_user(1001, 6))
        os.chmod(path, self._random.randint(0, 0o7777))
        os.utime(path, ns=(0, self._random.randrange(10**18)))

    # What a file may go through

    def _place(self):
        return self._random.choice((0, 0, self._random.randrange(MIB),
                                    BLOCK * self._random.randrange(256)))

    def _content(self, size):
        if self._random.random() < 0.5:
            return self._random.randbytes(size)
        return (self._random.randbytes(50) * (size // 50 + 1))[:size]

    def _write(self, descriptor):
        size = self._random.choice((self._random.randrange(3000), self._random.randrange(300 * KIB),
                                    BLOCK * self._random.randint(1, 64)))
        is_far_off = self._huge and self._random.random() < 0.02
        place = 8 << 40 if is_far_off else self._place()
        os.pwrite(descriptor, self._content(size), place)

    def _write_directly(self, descriptor):
        path = f"/proc/self/fd/{descriptor}"
        pages = mmap.mmap(-1, BLOCK * self._random.randint(1, 32))
        pages.write(self._content(len(pages)))
        with _opened(path, os.O_WRONLY | os.O_DIRECT) as direct:
            os.pwrite(direct, pages, BLOCK * self._random.randrange(256))

    def _preallocate(self, descriptor):
        os.posix_fallocate(descriptor, self._place(), self._random.randint(1, 300 * KIB))

    def _punch(self, descriptor):
        size = os.fstat(descriptor).st_size
        if size > 1:
            begin = self._random.randrange(size)
            _punch_hole(descriptor, begin, self._random.randint(1, size - begin))

    def _set_size(self, descriptor):
        os.ftruncate(descriptor, self._place())

    def _share(self, descriptor):
        self._between(descriptor, lambda source, offset, size: fcntl.ioctl(
            descriptor, data.FICLONERANGE,
            struct.pack("=qQQQ", source, offset, size, BLOCK * self._random.randrange(64))))

    def _dedupe(self, descriptor):
        """The same bytes in both, then they are made to lie in one place."""
        def share(source, offset, size):
            os.pwrite(descriptor, os.pread(source, size, offset), offset)
            os.fsync(descriptor)
            fcntl.ioctl(source, FIDEDUPERANGE, struct.pack(
                "=QQHHIqQQiI", offset, size, 1, 0, 0, descriptor, offset, 0, 0, 0))
        self._between(descriptor, share)

    def _between(self, descriptor, share):
        if not self._files:
            return
        with _opened(self._random.choice(self._files), os.O_RDONLY) as source:
            blocks = min(os.fstat(source).st_size // BLOCK, 256)
            if blocks:
                begin = self._random.randrange(blocks)
                size = BLOCK * self._random.randint(1, blocks - begin)
                with contextlib.suppress(OSError):  # one has sums of its data, the other none
                    share(source, BLOCK * begin, size)

    def _sync(self, descriptor):
        os.fsync(descriptor)


@contextlib.contextmanager
def _opened(path, flags):
    descriptor = os.open(path, flags)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _bind(path):
    """A socket's address is short; the way to it is not."""
    with _opened(os.path.dirname(path), os.O_PATH) as directory, \
            socket.socket(socket.AF_UNIX) as server:
        server.bind(b"/proc/self/fd/%d/%s" % (directory, os.path.basename(path)))


def _punch_hole(descriptor, offset, size):
    keep_size_and_punch = 0x01 | 0x02  # linux/falloc.h
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.fallocate(descriptor, keep_size_and_punch, ctypes.c_int64(offset),
                      ctypes.c_int64(size)) != 0:
        raise OSError(ctypes.get_errno(), "cannot punch a hole")


def _change_flags(path, more, less=0):
    with _opened(path, os.O_RDONLY) as descriptor:
        flags, = struct.unpack("=I", fcntl.ioctl(descriptor, FS_IOC_GETFLAGS, bytes(4)))
        fcntl.ioctl(descriptor, FS_IOC_SETFLAGS, struct.pack("=I", (flags | more) & ~less))
