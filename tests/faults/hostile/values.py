"""Raw streams with numbers and data that could overflow something."""

import os
import struct
import zlib

from harness import stream, zstd
from harness.stream import (A_COMPRESSION, A_DATA, A_ENCRYPTION, A_FALLOCATE_MODE, A_FILE_OFFSET,
                            A_GID, A_INO, A_MODE, A_PATH, A_RDEV, A_SIZE, A_UID,
                            A_UNENCODED_FILE_LEN, A_UNENCODED_LEN, A_UNENCODED_OFFSET,
                            ENCODED_LZO_4K, ENCODED_ZLIB, ENCODED_ZSTD)

from .entry import NO_SPACE, OWN, REFUSED, Entry, full

TITLE = "Numbers and data"

LAST = (1 << 63) - 1  # the last offset that a file can have
MOST = (1 << 64) - 1
EXTENT = 128 << 10  # bytes that an encoded extent unpacks to at most
BEYOND = "reaches beyond the end of any file"
RANGE = "is out of range"
BITS = "has bits it cannot have"
UNPACKS = "has data that does not unpack to what it says"
UTIME_NOW, UTIME_OMIT = (1 << 30) - 1, (1 << 30) - 2  # linux/stat.h
FIFO, CHARACTER, BLOCK, REGULAR, DIRECTORY, SOCKET = (
    0o010000, 0o020000, 0o060000, 0o100000, 0o040000, 0o140000)


def _file(what, says, add, version=1):
    return Entry(what, REFUSED, says, lambda to: add(full(version)).end())


def _node(what, number, mode, says="has the mode of another type of file", device=0):
    return _file(what, says, lambda made: made.add(
        number, (A_PATH, "node"), (A_INO, 260), (A_RDEV, device), (A_MODE, mode)))


def _owner(what, user, group):
    return _file(what, RANGE, lambda made: made.add(
        stream.CHOWN, (A_PATH, "file"), (A_UID, user), (A_GID, group)))


def _time(what, nanoseconds):
    time = struct.pack("<QI", 0, nanoseconds)
    return _file(what, "has more nanoseconds than a second", lambda made: made.add(
        stream.UTIMES, (A_PATH, "file"), (stream.A_ATIME, time), (stream.A_MTIME, time),
        (stream.A_CTIME, time)))


def _clone(what, says, size, offset=0, source_offset=0):
    return _file(what, says, lambda made: made.clone("file", OWN, "file", size, offset,
                                                     source_offset))


def _fallocate(what, says, mode=0, offset=0, size=4096, code=REFUSED):
    return Entry(what, code, says, lambda to: full(2).add(
        stream.FALLOCATE, (A_PATH, "file"), (A_FALLOCATE_MODE, mode), (A_FILE_OFFSET, offset),
        (A_SIZE, size)).end())


def _all_that_is_free(to):
    disk = os.statvfs(to.world.pi.path)
    share = disk.f_bavail * disk.f_frsize // 10 // 4096 * 4096
    made = full(2)
    for number in range(10):
        made.add(stream.FALLOCATE, (A_PATH, "file"), (A_FALLOCATE_MODE, 0),
                 (A_FILE_OFFSET, number * share), (A_SIZE, share))
    return made.end()


def _encoded(what, says, data=bytes(4096), unpacked=4096, shown=None, within=0, compression=0,
             encryption=0, offset=0):
    """An ENCODED_WRITE of so many unpacked bytes, of which it shows some, or all."""
    return _file(what, says, lambda made: made.add(
        stream.ENCODED_WRITE, (A_PATH, "file"), (A_FILE_OFFSET, offset),
        (A_UNENCODED_FILE_LEN, unpacked if shown is None else shown), (A_UNENCODED_LEN, unpacked),
        (A_UNENCODED_OFFSET, within), (A_COMPRESSION, compression), (A_ENCRYPTION, encryption),
        (A_DATA, data)), version=2)


def _lzo(*segments, total=None):
    """LZO data as btrfs has it: the length of all, then each segment behind its own length."""
    body = b"".join(struct.pack("<I", length) + data for length, data in segments)
    return struct.pack("<I", len(body) + 4 if total is None else total) + body


def _lzo_entry(what, data, unpacked=4096):
    return _encoded(what, "", data, unpacked, compression=ENCODED_LZO_4K)


LZO_LONG_RUN = b"\x12\0" + b"\0" * 3000 + b"\x11\0\0"  # a literal run that goes on and on

ENTRIES = [
    # Ranges in files
    _file("a write at the last offset there is", BEYOND,
          lambda made: made.write("file", b"x", LAST)),
    _file("a write whose end overflows", BEYOND,
          lambda made: made.write("file", b"x" * 100, LAST - 50)),
    _file("a write at offset 2^63", RANGE, lambda made: made.write("file", b"x", 1 << 63)),
    _file("a write at offset 2^64 - 1", RANGE, lambda made: made.write("file", b"x", MOST)),
    _file("a write of no bytes", "the attribute data is too short",
          lambda made: made.write("file", b"")),
    _file("a write of no bytes in version 2", "the attribute data is too short",
          lambda made: made.write("file", b""), version=2),
    _file("a truncate to 2^63", RANGE, lambda made: made.truncate("file", 1 << 63)),
    _file("a truncate to 2^64 - 1", RANGE, lambda made: made.truncate("file", MOST)),
    _clone("a clone of no bytes", "has no length", 0),
    _clone("a clone whose end overflows", BEYOND, LAST, offset=4096),
    _clone("a clone whose source overflows", BEYOND, LAST, source_offset=4096),
    _clone("a clone of 2^64 - 1 bytes", RANGE, MOST),
    _clone("a clone to offset 2^63", RANGE, 4096, offset=1 << 63),
    _clone("a clone from offset 2^64 - 4096", RANGE, 4096, source_offset=(1 << 64) - 4096),

    # Owners, modes, times, devices
    _owner("a user of 2^32 - 1, which means none", 0xFFFFFFFF, 0),
    _owner("a group of 2^32 - 1, which means none", 0, 0xFFFFFFFF),
    _owner("a user of 2^32, which is cut to root", 1 << 32, 0),
    _file("a chmod to the mode of a directory", BITS,
          lambda made: made.chmod("file", DIRECTORY | 0o755)),
    _file("a chmod with bits beyond 2^32", BITS, lambda made: made.chmod("file", 1 << 32)),
    _time("a time with a second of nanoseconds", 1_000_000_000),
    _time("a time that means now", UTIME_NOW),
    _time("a time that means as it was", UTIME_OMIT),
    _node("a device that is a regular file", stream.MKNOD, REGULAR | 0o644),
    _node("a device that is a directory", stream.MKNOD, DIRECTORY | 0o755),
    _node("a device of no type", stream.MKNOD, 0o644),
    _node("a FIFO that is a block device", stream.MKFIFO, BLOCK | 0o644),
    _node("a socket that is a character device", stream.MKSOCK, CHARACTER | 0o644),
    _node("a device that is a FIFO", stream.MKNOD, FIFO | 0o644),
    _node("a FIFO that is a socket", stream.MKFIFO, SOCKET | 0o644),
    _node("a device with a mode of more than 16 bits", stream.MKNOD, 1 << 16 | BLOCK, BITS),
    _node("a device with a number of more than 32 bits", stream.MKNOD, BLOCK | 0o644, RANGE,
          device=1 << 32),

    # Version 2: fallocate
    *(_fallocate(f"a fallocate that {what}", "has a mode that is not known", mode)
      for what, mode in (("punches and grows the file", 0x02), ("may shift data", 0x04),
                         ("collapses a range", 0x08), ("inserts a range", 0x20),
                         ("unshares a range", 0x40), ("zeroes and punches", 0x13),
                         ("has every bit of its mode set", 0xFFFFFFFF))),
    _fallocate("a fallocate of no bytes", "has no length", size=0),
    _fallocate("a fallocate whose end overflows", BEYOND, offset=LAST, size=LAST),
    _fallocate("a fallocate of 2^63 bytes", RANGE, size=1 << 63),
    _fallocate("a fallocate of more than any disk has", "kept in reserve", size=1 << 60,
               code=NO_SPACE),
    Entry("fallocates that together take the disk down to its last bytes", NO_SPACE,
          "kept in reserve", _all_that_is_free),

    # Version 2: encoded data
    _encoded("encoded data that unpacks to nothing", "unpacks to nothing, or to more",
             unpacked=0),
    _encoded("encoded data that unpacks to more than an extent", "unpacks to nothing, or to more",
             unpacked=EXTENT + 1),
    _encoded("encoded data that unpacks to a gigabyte", "unpacks to nothing, or to more",
             unpacked=1 << 30, compression=ENCODED_ZSTD),
    _encoded("encoded data that unpacks to 2^64 - 1 bytes", RANGE, unpacked=MOST),
    _encoded("encoded data that shows more than it unpacks to", "shows more than it unpacks to",
             shown=4097),
    _encoded("encoded data that begins behind its end", "shows more than it unpacks to",
             within=4097, shown=0),
    _encoded("encoded data whose begin and length reach beyond it",
             "shows more than it unpacks to", within=4000, shown=97),
    _encoded("encoded data whose begin and length overflow", "shows more than it unpacks to",
             within=LAST, shown=LAST),
    _encoded("encoded data that shows nothing", "has no length", shown=0),
    _encoded("encoded data at an offset that overflows", BEYOND, offset=LAST - 4095),
    _encoded("encoded data that is encrypted", "is encrypted", encryption=1),
    _encoded("encoded data with the unknown compression 8", "a compression that is not known",
             compression=8),
    _encoded("encoded data with the unknown compression 2^32 - 1",
             "a compression that is not known", compression=0xFFFFFFFF),
    _encoded("encoded data of more bytes than an extent", "has more data than an extent",
             bytes(EXTENT + 1), compression=ENCODED_ZLIB),
    _encoded("encoded data of no bytes", "the attribute data is too short", b""),
    _encoded("unpacked data of another length than it says", UNPACKS,
             bytes(4095)),
    _encoded("junk for zstd data", UNPACKS,
             b"this is not zstd" * 8, compression=ENCODED_ZSTD),
    _encoded("a skippable frame for zstd data", UNPACKS,
             zstd.skippable(b"skipped"), compression=ENCODED_ZSTD),
    _encoded("a skippable frame before good zstd data", UNPACKS,
             zstd.skippable(b"skipped") + zstd.frame(bytes(4096)), compression=ENCODED_ZSTD),
    *(_encoded(f"data of zstd's old version 0.{version}", UNPACKS, zstd.legacy(version),
               compression=ENCODED_ZSTD)
      for version in range(1, 8)),
    _encoded("zstd data cut in its header", UNPACKS,
             b"\x28\xb5\x2f\xfd", compression=ENCODED_ZSTD),
    _encoded("junk for zlib data", UNPACKS,
             b"this is not zlib" * 8, compression=ENCODED_ZLIB),
    _encoded("zlib data with its header damaged", UNPACKS,
             b"\x78\x9d" + zlib.compress(bytes(4096))[2:], compression=ENCODED_ZLIB),
    _lzo_entry("LZO data that is junk", b"this is not LZO!" * 8),
    _lzo_entry("LZO data of one byte", b"\x11"),
    _lzo_entry("LZO data that says it has 4 GiB", _lzo((60, b"\xff" * 60), total=0xFFFFFFFF)),
    _lzo_entry("LZO data with a segment of 4 GiB", _lzo((0xFFFFFFFF, b"\xff" * 60))),
    _lzo_entry("LZO data that unpacks to more than it says",
               _lzo((len(LZO_LONG_RUN), LZO_LONG_RUN)), unpacked=16),
    _lzo_entry("LZO data with more segments than its extent has sectors",
               _lzo(*[(4, b"\x15\0\0\0")] * 40)),
]
