"""Raw streams whose shape is wrong: header, lengths, checksums, attributes, order."""

import struct

from harness import stream
from harness.data import MIB
from harness.stream import A_DATA, A_FILE_OFFSET, A_INO, A_PATH, A_PATH_TO, COMMAND_HEAD, Stream

from .entry import NAME, OWN, PROTOCOL, REFUSED, Entry, both, full, increment

TITLE = "The shape of a stream"

PATH = stream.attribute(A_PATH, "file")
OFFSET = stream.attribute(A_FILE_OFFSET, 0)
TRUNCATE_SIZE = stream.attribute(stream.A_SIZE, 0)


def _header(version):
    return stream.header(version) + bytes(full().end())[stream.HEADER_SIZE:]


def _claiming(length, version):
    """A WRITE that says it has so many bytes, and megabytes behind it."""
    return full(version).raw(COMMAND_HEAD.pack(length, stream.WRITE, 0) + bytes(4 * MIB))


def _claims(length, version):
    return Entry(f"a command of {length} bytes in version {version}", REFUSED,
                 f"has {length} bytes, more than version {version} allows",
                 lambda to: _claiming(length, version))


def _unknown(number, version):
    return Entry(f"command {number} in version {version}", REFUSED,
                 f"command {number} is not known in version {version}",
                 lambda to: full(version).add(number, (A_PATH, "file")).end())


def _with_crc(change):
    """A TRUNCATE whose right checksum is put through `change`."""
    made = bytearray(stream.command(stream.TRUNCATE, PATH + TRUNCATE_SIZE))
    crc, = struct.unpack_from("<I", made, stream.CRC_OFFSET)
    struct.pack_into("<I", made, stream.CRC_OFFSET, change(crc))
    return full().raw(bytes(made)).end()


def _flipped():
    made = bytearray(bytes(full().write("file", b"all is well").end()))
    made[made.index(b"well")] ^= 1
    return made


def _body(body, number=stream.TRUNCATE, version=1):
    """A stream with one command that has just these bytes behind its header."""
    return full(version).raw(stream.command(number, body)).end()


ENTRIES = [
    # Header
    Entry("nothing at all", PROTOCOL, "ended before it said anything", lambda to: b""),
    Entry("half a magic", PROTOCOL, "ended before it said anything",
          lambda to: stream.MAGIC[:6]),
    Entry("a magic with one letter changed", PROTOCOL, "neither snapferry's protocol nor",
          lambda to: stream.header(1, b"btrfs-strean\0")),
    Entry("a magic and no version", REFUSED, "ends before its end", lambda to: stream.MAGIC),
    *(Entry(f"version {version} of the stream", REFUSED,
            f"version {version} of the stream is not known",
            lambda to, version=version: _header(version)) for version in (0, 3, 0xFFFFFFFF)),

    # Lengths and numbers of commands
    *(_claims(length, version) for length, version in (
        (0xFFFFFFFF, 1), (1 << 30, 1), ((64 << 10) - 9, 1),
        (0xFFFFFFFF, 2), (1 << 30, 2), ((192 << 10) - 9, 2))),
    *(_unknown(number, version) for number, version in (
        (0, 1), (stream.FALLOCATE, 1), (stream.FILEATTR, 1), (stream.ENCODED_WRITE, 1), (65535, 1),
        (0, 2), (26, 2), (65535, 2))),

    # Checksums
    Entry("a checksum of zero", REFUSED, "the checksum of a command is wrong",
          lambda to: _with_crc(lambda crc: 0)),
    Entry("a checksum that is off by one", REFUSED, "the checksum of a command is wrong",
          lambda to: _with_crc(lambda crc: crc ^ 1)),
    Entry("a checksum inverted as elsewhere", REFUSED, "the checksum of a command is wrong",
          lambda to: _with_crc(lambda crc: crc ^ 0xFFFFFFFF)),
    Entry("one bit flipped in the data of a file", REFUSED, "the checksum of a command is wrong",
          lambda to: _flipped()),

    # Attributes
    Entry("an attribute longer than its command", REFUSED, "is longer than the command",
          lambda to: _body(PATH + struct.pack("<HH", stream.A_SIZE, 500) + bytes(8))),
    Entry("an attribute of 65535 bytes that are not there", REFUSED, "is longer than the command",
          lambda to: _body(struct.pack("<HH", A_PATH, 0xFFFF) + b"file")),
    Entry("a command that ends within the type of an attribute", REFUSED,
          "ends within an attribute", lambda to: _body(PATH + TRUNCATE_SIZE + b"\1")),
    Entry("a command that ends within the length of an attribute", REFUSED,
          "ends within an attribute", lambda to: _body(PATH + TRUNCATE_SIZE + b"\1\0\1")),
    Entry("a path twice", REFUSED, "has the attribute path twice",
          lambda to: _body(PATH + PATH + TRUNCATE_SIZE)),
    *(Entry(f"an attribute of the unknown type {number}", REFUSED,
            f"has the unknown attribute {number}",
            lambda to, number=number: _body(PATH + TRUNCATE_SIZE + stream.attribute(number, b"?")))
      for number in (0, 32, 65535)),
    Entry("nine attributes in one command", REFUSED, "has more than 8 attributes",
          lambda to: _body(b"".join(stream.attribute(number, b"?") for number in range(1, 10)))),
    Entry("an attribute of another command", REFUSED, "does not belong there",
          lambda to: _body(PATH + TRUNCATE_SIZE + OFFSET)),
    Entry("a command without attributes", REFUSED, "is missing", lambda to: _body(b"")),
    Entry("a path missing", REFUSED, "the attribute path is missing",
          lambda to: _body(TRUNCATE_SIZE)),
    Entry("the data of a write missing", REFUSED, "the attribute data is missing",
          lambda to: _body(PATH + OFFSET, stream.WRITE)),
    Entry("a size of seven bytes", REFUSED, "the attribute size is too short",
          lambda to: full().add(stream.TRUNCATE, (A_PATH, "file"), (stream.A_SIZE, bytes(7)))),
    Entry("a size of nine bytes", REFUSED, "the attribute size is too long",
          lambda to: full().add(stream.TRUNCATE, (A_PATH, "file"), (stream.A_SIZE, bytes(9)))),
    Entry("a time of eleven bytes", REFUSED, "the attribute ctime is too short",
          lambda to: full().add(stream.UTIMES, (A_PATH, "file"), (stream.A_CTIME, bytes(11)))),
    Entry("a uuid of fifteen bytes", REFUSED, "the attribute uuid is too short",
          lambda to: Stream().add(stream.SUBVOL, (A_PATH, NAME), (stream.A_UUID, bytes(15)),
                                  (stream.A_CTRANSID, 10))),
    Entry("a subvolume without a generation", REFUSED, "is missing",
          lambda to: Stream().add(stream.SUBVOL, (A_PATH, NAME), (stream.A_UUID, OWN))),
    Entry("data in the middle of its command, which swallows what follows", REFUSED,
          "the attribute file_offset is missing",
          lambda to: full(2).add(stream.WRITE, (A_PATH, "file"), (A_DATA, b"x"),
                                 (A_FILE_OFFSET, 0)).end()),

    # Order
    *both("a stream that ends without END", REFUSED, "ends before its end",
          lambda to, version: full(version).write("file", b"data")),
    Entry("a stream that ends within a command", REFUSED, "ends before its end",
          lambda to: bytes(full().write("file", b"data"))[:-1]),
    Entry("END first", REFUSED, "starts with end", lambda to: Stream().end()),
    Entry("a file first", REFUSED, "starts with mkfile",
          lambda to: Stream().mkfile("file").subvol(NAME).end()),
    *both("two subvolumes", REFUSED, "holds more than one subvolume",
          lambda to, version: full(version).subvol("another").end()),
    Entry("a subvolume and a snapshot of the parent", REFUSED, "holds more than one subvolume",
          lambda to: full().snapshot("another", to.own_backup.received_uuid).end()),
    Entry("a snapshot of the parent and a subvolume", REFUSED, "holds more than one subvolume",
          lambda to: increment(to.own_backup.received_uuid).subvol("another").end()),
    Entry("one byte after END", REFUSED, "ends before its end", lambda to: full().end().raw(b"\0")),
    Entry("a file after END", REFUSED, "mkfile comes after its end",
          lambda to: full().end().mkfile("more")),
    Entry("END twice", REFUSED, "end comes after its end", lambda to: full().end().end()),
    Entry("a second stream after END", REFUSED, "is not known",
          lambda to: full().end().raw(bytes(Stream().subvol("another").end()))),
    Entry("megabytes of zeros after END", REFUSED, "command 0 is not known",
          lambda to: full().end().raw(bytes(8 * MIB))),
    Entry("END with attributes", REFUSED, "does not belong there",
          lambda to: full().add(stream.END, (A_PATH, "file"))),
    Entry("a stream without the data of its files", REFUSED, "without file data",
          lambda to: full().add(stream.UPDATE_EXTENT, (A_PATH, "file"), (A_FILE_OFFSET, 0),
                                (stream.A_SIZE, 4096)).end()),
    Entry("a rename with the inode of a file", REFUSED, "does not belong there",
          lambda to: full().add(stream.RENAME, (A_PATH, "file"), (A_PATH_TO, "moved"),
                                (A_INO, 257)).end()),
]
