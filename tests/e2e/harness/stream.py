"""btrfs send streams, made by hand and taken apart: for what no honest sender would send.

The format: a 13-byte magic and a le32 version; then commands of le32 length, le16 number, le32
CRC32C (of the command with this field zero; seed 0, no inversion) and attributes of le16 type,
le16 length and bytes. In version 2 the DATA attribute is the last and has no length.
"""

import struct
import uuid
from dataclasses import dataclass

MAGIC = b"btrfs-stream\0"
HEADER_SIZE = len(MAGIC) + 4  # bytes
COMMAND_HEAD = struct.Struct("<IHI")  # length of the attributes, number, CRC
CRC_OFFSET = 6  # bytes from the begin of a command

# Commands and attributes; linux fs/btrfs/send.h
(SUBVOL, SNAPSHOT, MKFILE, MKDIR, MKNOD, MKFIFO, MKSOCK, SYMLINK, RENAME, LINK, UNLINK, RMDIR,
 SET_XATTR, REMOVE_XATTR, WRITE, CLONE, TRUNCATE, CHMOD, CHOWN, UTIMES, END, UPDATE_EXTENT,
 FALLOCATE, FILEATTR, ENCODED_WRITE) = range(1, 26)
(A_UUID, A_CTRANSID, A_INO, A_SIZE, A_MODE, A_UID, A_GID, A_RDEV, A_CTIME, A_MTIME, A_ATIME,
 A_OTIME, A_XATTR_NAME, A_XATTR_DATA, A_PATH, A_PATH_TO, A_PATH_LINK, A_FILE_OFFSET, A_DATA,
 A_CLONE_UUID, A_CLONE_CTRANSID, A_CLONE_PATH, A_CLONE_OFFSET, A_CLONE_LEN) = range(1, 25)
(A_FALLOCATE_MODE, A_FILEATTR, A_UNENCODED_FILE_LEN, A_UNENCODED_LEN, A_UNENCODED_OFFSET,
 A_COMPRESSION, A_ENCRYPTION) = range(25, 32)
U64_ATTRIBUTES = {A_CTRANSID, A_INO, A_SIZE, A_MODE, A_UID, A_GID, A_RDEV, A_FILE_OFFSET,
                  A_CLONE_CTRANSID, A_CLONE_OFFSET, A_CLONE_LEN, A_UNENCODED_FILE_LEN,
                  A_UNENCODED_LEN, A_UNENCODED_OFFSET}
U32_ATTRIBUTES = {A_COMPRESSION, A_ENCRYPTION, A_FALLOCATE_MODE, A_FILEATTR}
ENCODED_ZLIB, ENCODED_ZSTD, ENCODED_LZO_4K = 1, 2, 3  # linux/btrfs.h, BTRFS_ENCODED_IO_...


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)  # Castagnoli, reflected
        table.append(byte)
    return table


_CRC_TABLE = _crc_table()


def crc32c(data, crc=0):
    for byte in data:
        crc = _CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc


def header(version=1, magic=MAGIC):
    return magic + struct.pack("<I", version)


def attribute(kind, value):
    value = _attribute_bytes(kind, value)
    return struct.pack("<HH", kind, len(value)) + value


def command(number, attributes=(), version=1):
    """One command with its CRC. `attributes` are (type, value) pairs, or ready bytes."""
    if not isinstance(attributes, bytes):
        attributes = b"".join(_with_or_without_length(kind, value, version)
                              for kind, value in attributes)
    crc = crc32c(COMMAND_HEAD.pack(len(attributes), number, 0) + attributes)
    return COMMAND_HEAD.pack(len(attributes), number, crc) + attributes


@dataclass(frozen=True)
class Found:
    """A command of a stream that was taken apart."""

    begin: int
    end: int
    number: int


def commands(data):
    """The commands of a whole stream, in order."""
    found, begin = [], HEADER_SIZE
    while begin < len(data):
        length, number, _ = COMMAND_HEAD.unpack_from(data, begin)
        end = begin + COMMAND_HEAD.size + length
        found.append(Found(begin, end, number))
        begin = end
    return found


class Stream:
    """A stream in the making; each method adds one command and returns the Stream.

    `bytes(stream)` is what to send. Nothing is added of itself, not even the END. `own` is the
    snapshot's uuid, where a certain one matters.
    """

    def __init__(self, version=1, own=None):
        self.version = version
        self.uuid = own or uuid.uuid4()
        self._parts = [header(version)]

    def __bytes__(self):
        return b"".join(self._parts)

    def add(self, number, *attributes):
        self._parts.append(command(number, attributes, self.version))
        return self

    def raw(self, data):
        self._parts.append(data)
        return self

    def subvol(self, name):
        return self.add(SUBVOL, (A_PATH, name), (A_UUID, self.uuid), (A_CTRANSID, 10))

    def snapshot(self, name, parent):
        return self.add(SNAPSHOT, (A_PATH, name), (A_UUID, self.uuid), (A_CTRANSID, 11),
                        (A_CLONE_UUID, parent), (A_CLONE_CTRANSID, 10))

    def mkfile(self, path):
        return self.add(MKFILE, (A_PATH, path), (A_INO, 257))

    def mkdir(self, path):
        return self.add(MKDIR, (A_PATH, path), (A_INO, 258))

    def symlink(self, path, target):
        return self.add(SYMLINK, (A_PATH, path), (A_INO, 259), (A_PATH_LINK, target))

    def rename(self, path, to):
        return self.add(RENAME, (A_PATH, path), (A_PATH_TO, to))

    def link(self, path, existing):
        return self.add(LINK, (A_PATH, path), (A_PATH_LINK, existing))

    def unlink(self, path):
        return self.add(UNLINK, (A_PATH, path))

    def write(self, path, data, offset=0):
        return self.add(WRITE, (A_PATH, path), (A_FILE_OFFSET, offset), (A_DATA, data))

    def clone(self, path, source_uuid, source_path, size, offset=0, source_offset=0):
        return self.add(CLONE, (A_FILE_OFFSET, offset), (A_CLONE_LEN, size), (A_PATH, path),
                        (A_CLONE_UUID, source_uuid), (A_CLONE_CTRANSID, 10),
                        (A_CLONE_PATH, source_path), (A_CLONE_OFFSET, source_offset))

    def encoded_write(self, path, data, unencoded_size, compression):
        return self.add(ENCODED_WRITE, (A_PATH, path), (A_FILE_OFFSET, 0),
                        (A_UNENCODED_FILE_LEN, unencoded_size), (A_UNENCODED_LEN, unencoded_size),
                        (A_UNENCODED_OFFSET, 0), (A_COMPRESSION, compression), (A_DATA, data))

    def chmod(self, path, mode):
        return self.add(CHMOD, (A_PATH, path), (A_MODE, mode))

    def chown(self, path, user, group):
        return self.add(CHOWN, (A_PATH, path), (A_UID, user), (A_GID, group))

    def truncate(self, path, size):
        return self.add(TRUNCATE, (A_PATH, path), (A_SIZE, size))

    def utimes(self, path, seconds):
        time = struct.pack("<QI", seconds, 0)
        return self.add(UTIMES, (A_PATH, path), (A_ATIME, time), (A_MTIME, time), (A_CTIME, time))

    def end(self):
        return self.add(END)


def opened(name="hostile", version=1, own=None):
    """The begin of an honest full stream, with a file to play with."""
    return Stream(version, own).subvol(name).mkfile("file")


def small(name, contents=b"all is well", version=1):
    """A complete honest stream: one file, owned and dated."""
    return (Stream(version).subvol(name).chown(b"", 0, 0).chmod(b"", 0o755)
            .mkfile(b"o257-7-0").rename(b"o257-7-0", b"file").write(b"file", contents)
            .chown(b"file", 1000, 1000).chmod(b"file", 0o640).utimes(b"file", 1_600_000_000).end())


def _attribute_bytes(kind, value):
    if isinstance(value, uuid.UUID):
        return value.bytes
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, int):
        return value.to_bytes(4 if kind in U32_ATTRIBUTES else 8, "little")
    return value


def _with_or_without_length(kind, value, version):
    if version >= 2 and kind == A_DATA:
        return struct.pack("<H", kind) + value
    return attribute(kind, value)


def with_other_data(whole):
    """The stream with other bytes in its first file, and right in itself."""
    first = next(found for found in commands(whole) if found.number == WRITE)
    changed = bytearray(whole)
    changed[first.end - 1] ^= 0xFF
    head = COMMAND_HEAD
    length, number, _ = head.unpack_from(changed, first.begin)
    attributes = bytes(changed[first.begin + head.size:first.end])
    crc = crc32c(head.pack(length, number, 0) + attributes)
    head.pack_into(changed, first.begin, length, number, crc)
    return bytes(changed)
