"""Input that looks hostile and is taken: what it does stays within its own snapshot."""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass

from harness import stream, wire
from harness.stream import A_INO, A_MODE, A_PATH, A_RDEV, ENCODED_ZLIB, ENCODED_ZSTD

from .conversation import whole
from .entry import NAME, OWN, full

TITLE = "Taken all the same"
WAY_OUT = "way-out"

# One segment, 256 bytes unpacked, and a last block of compressed junk; RFC 8878
ZSTD_OF_JUNK = b"\x28\xb5\x2f\xfd\x60\0\x0f" + struct.pack("<I", 64 << 3 | 5)[:3] + b"\xff" * 64


@dataclass(frozen=True)
class Harmless:
    name: str
    why: str  # it may be taken
    made: Callable  # as an Entry's
    is_readable: bool = True  # what it makes


def _behind_the_end(what, more):
    return Harmless(f"{what} behind the end", "the receiver reads nothing after `stream_end`",
                    lambda to: whole(bytes(full().end())) + more)


def _to_symlink(what, add):
    return Harmless(f"{what} of a symlink to another tag's file",
                    "the symlink itself is changed, not what it leads to",
                    lambda to: add(full().symlink(WAY_OUT, _secret(to))).end())


def _xattr(what, name, value):
    return Harmless(what, "a backup must bring it back, and the disk is mounted so that it does "
                    "nothing", lambda to: full().add(
                        stream.SET_XATTR, (A_PATH, "file"), (stream.A_XATTR_NAME, name),
                        (stream.A_XATTR_DATA, value)).end())


def _junk(what, extent, compression):
    return Harmless(what, "reading the file fails; it is the sender's own file in the sender's own "
                    "backup", lambda to: full(2).encoded_write("file", extent, 4096,
                                                               compression).end(),
                    is_readable=False)


def _secret(to):
    return os.path.join(to.other_backup.path, "file")


ENTRIES = [
    Harmless("a symlink to another tag's file", "it is a text, and nobody at the receiver follows "
             "it", lambda to: full().symlink(WAY_OUT, _secret(to)).end()),
    _to_symlink("a change of the owner", lambda made: made.chown(WAY_OUT, 0, 0)),
    _to_symlink("a change of the times", lambda made: made.utimes(WAY_OUT, 0)),
    Harmless("the uuid of another tag's backup", "each tag has its own list; what lies elsewhere "
             "on the disk is never looked up by uuid",
             lambda to: stream.opened(NAME, 1, to.other_backup.received_uuid).end()),
    Harmless("a file of 2^63 - 1 bytes", "it is a hole, and takes no space",
             lambda to: full().truncate("file", (1 << 63) - 1).end()),
    Harmless("a file with set-user-ID and set-group-ID", "a backup must bring them back, and the "
             "disk is mounted so that they do nothing",
             lambda to: full().chmod("file", 0o6755).end()),
    _xattr("a capability", "security.capability", bytes.fromhex("0100000200040000") + bytes(12)),
    _xattr("a trusted extended attribute", "trusted.overlay.opaque", b"y"),
    Harmless("the device node of a disk", "a backup must bring it back, and the disk is mounted so "
             "that it cannot be opened", lambda to: full().add(
                 stream.MKNOD, (A_PATH, "node"), (A_INO, 260), (A_RDEV, 7 << 8),
                 (A_MODE, 0o060666)).end()),
    _junk("junk behind the header of zlib data", b"\x78\x9c" + b"junk" * 30, ENCODED_ZLIB),
    _junk("junk in a frame of zstd data", ZSTD_OF_JUNK, ENCODED_ZSTD),
    Harmless("ten thousand `keep_alive` before hello", "they may stand between any two frames",
             lambda to: wire.GREETING + wire.message("keep_alive") * 10_000
             + whole(bytes(full().end())).removeprefix(wire.GREETING)),
    Harmless("an announcement with fields that nobody knows", "a newer sender may say more",
             lambda to: whole(bytes(full().end()), evil={"type": "goodbye", "uuid": [str(OWN)]})),
    _behind_the_end("the end again", wire.stream_end(b"")),
    _behind_the_end("another announcement", wire.announce("another", OWN)),
    _behind_the_end("a second conversation", wire.hello() + wire.announce("another", OWN)),
    _behind_the_end("garbage", b"\xff" * 100_000),
]
