"""What is not refused yet, or not as it should be. No case runs these.

Each has the refusal that it should meet; where it does, it belongs into its group.
"""

import struct

from harness import stream
from harness.stream import A_INO, A_MODE, A_PATH, A_RDEV, ENCODED_ZLIB, ENCODED_ZSTD

from .conversation import whole
from .entry import OWN, RECEIVING, REFUSED, Entry, full
from .messages import as_large_as_may_be, first

TITLE = "Not refused yet"

UNPACKS = "compressed data that nothing could unpack"

# One segment, 256 bytes unpacked, and a last block of compressed junk; RFC 8878
ZSTD_OF_JUNK = b"\x28\xb5\x2f\xfd\x60\0\x0f" + struct.pack("<I", 64 << 3 | 5)[:3] + b"\xff" * 64


ENTRIES = [
    # `btrfs receive` waits without end in open(), and the receiver for it: the tag stays locked.
    Entry("a clone from a FIFO that it has made", REFUSED, "FIFO", lambda to: full().add(
        stream.MKFIFO, (A_PATH, "node"), (A_INO, 260), (A_RDEV, 0), (A_MODE, 0o010644)).clone(
            "file", OWN, "node", 4096).end()),
    # The time to parse it grows with the square of its length: half a minute of a fast processor.
    first("a mebibyte of empty objects in one list", "its type", as_large_as_may_be("{}")),
    # It is taken: what is announced is compared with a stream that is gone on with only.
    Entry("another version of the stream than announced", REFUSED, "version",
          lambda to: whole(bytes(full(2).end()), stream_version=1)),
    # Data behind a header that is right are taken, and reading the file fails.
    Entry("junk behind the header of zlib data", REFUSED, UNPACKS, lambda to: full(2).encoded_write(
        "file", b"\x78\x9c" + b"junk" * 30, 4096, ENCODED_ZLIB).end()),
    Entry("junk in a frame of zstd data", REFUSED, UNPACKS, lambda to: full(2).encoded_write(
        "file", ZSTD_OF_JUNK, 4096, ENCODED_ZSTD).end()),
    # The words of an error are looked for in all that btrfs receive says, names included.
    Entry("a file called `No space left on device` that is not there", RECEIVING, "No such file",
          lambda to: full().unlink("No space left on device").end()),
    Entry("a file called `Too many levels of symbolic links` that is not there", RECEIVING,
          "No such file", lambda to: full().unlink("Too many levels of symbolic links").end()),
]
