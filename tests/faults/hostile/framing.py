"""Openings that are none, and frames that are not sound."""

from harness import wire, zstd

from .entry import NAME, OWN, PROTOCOL, REFUSED, Entry, full

TITLE = "The opening and the frames"

NEITHER = "neither snapferry's protocol nor"
TOO_LONG = "more than is allowed"
NO_ZSTD = "not one frame of zstd"
NO_HEADER = "a frame header that is not sound"


def _opening(what, said):
    return Entry(what, PROTOCOL, NEITHER, lambda to: said)


def _frame(what, says, frame, begun=wire.hello):
    """A frame in the place of the announcement, or where `begun` says."""
    return Entry(what, PROTOCOL, says, lambda to: begun() + frame)


def _ready():
    """A conversation up to where data frames are due."""
    return wire.hello() + wire.announce(NAME, OWN)


ENTRIES = [
    _opening("a greeting of version 2", b"snapferry/2\r\n" + wire.message("hello", program="x")),
    _opening("a greeting in capitals", b"SNAPFERRY/1\r\n" + wire.message("hello", program="x")),
    _opening("a greeting with the line end of a terminal",
             b"snapferry/1\n" + wire.message("hello", program="x")),
    _opening("the greeting of an SSH client", b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    _opening("a request of HTTP", b"GET / HTTP/1.1\r\n\r\n"),
    _opening("megabytes of zeros", bytes(4 * wire.MOST)),
    Entry("half a greeting", PROTOCOL, "ended before it said anything",
          lambda to: wire.GREETING[:7]),

    *(_frame(f"a frame of type {kind}", f"unknown type {kind}", wire.frame(kind, b"{}"))
      for kind in (0, 4, 255)),
    *(_frame(f"a frame whose padding byte {place + 1} is not zero", NO_HEADER,
             wire.frame(wire.MESSAGE, b"{}", bytes(place) + b"\1" + bytes(2 - place)))
      for place in range(3)),
    *(_frame(f"a message of {length} bytes", TOO_LONG,
             wire.frame(wire.MESSAGE, bytes(4 * wire.MOST), length=length))
      for length in (wire.MOST + 1, 1 << 30, 0xFFFFFFFF)),
    *(_frame(f"a data frame of {length} bytes", TOO_LONG,
             wire.frame(wire.DATA, bytes(4 * wire.MOST), length=length), _ready)
      for length in (wire.MOST + 1, 1 << 30, 0xFFFFFFFF)),
    *(_frame(f"a compressed data frame of {length} bytes", TOO_LONG,
             wire.frame(wire.COMPRESSED, bytes(4 * wire.MOST), length=length), _ready)
      for length in (wire.MOST + 1, 0xFFFFFFFF)),
    *(_frame(f"a compressed data frame {what}", says, wire.frame(wire.COMPRESSED, payload), _ready)
      for what, says, payload in (
          ("without a byte in it", NO_ZSTD, b""),
          ("that is a skippable frame", NO_ZSTD, zstd.skippable(b"skipped")),
          ("that is a skippable frame of the last kind, without a byte", NO_ZSTD,
           zstd.skippable(b"", kind=15)),
          ("with a skippable frame before a good one", NO_ZSTD,
           zstd.skippable(b"skipped") + zstd.frame(bytes(1000))),
          *((f"of zstd's old version 0.{version}", NO_ZSTD, zstd.legacy(version))
            for version in range(1, 8)),
          ("of zeros", NO_ZSTD, bytes(1000)),
          ("that holds a stream as it is", NO_ZSTD, bytes(full().end())),
          ("that is cut", NO_ZSTD, zstd.frame(bytes(1000))[:-1]),
          ("with a byte behind its end", NO_ZSTD, zstd.frame(bytes(1000)) + b"\0"),
          ("with two frames of zstd in it", NO_ZSTD, 2 * zstd.frame(bytes(1000))),
          ("that does not say how large its content is", "how large its content is",
           zstd.frame(bytes(1000), size_known=False)),
          ("that unpacks to a byte more than a frame may hold", "more than is allowed",
           zstd.frame(bytes(wire.MOST + 1))),
          ("that unpacks to a gibibyte", "more than is allowed", zstd.bomb(1 << 30)),
          ("whose header says less than it unpacks to", "not sound",
           zstd.with_other_size(bytes(3000), 2900)))),
    _frame("compressed data before the announcement", "data where a message was due",
           wire.frame(wire.COMPRESSED, zstd.frame(bytes(full().end()))), wire.hello),
    _frame("a data frame whose padding is not zero", NO_HEADER,
           wire.frame(wire.DATA, b"btrfs", b"\0\0\x80"), _ready),
    _frame("a frame of an unknown type among the data", "unknown type 7",
           wire.frame(wire.DATA, b"btrfs") + wire.frame(7, b""), _ready),
    _frame("data before hello", "data where a message was due", wire.frame(wire.DATA, b"btrfs"),
           lambda: wire.GREETING),
    _frame("data before the announcement", "data where a message was due",
           wire.data(bytes(full().end()))),
    _frame("an empty data frame before the announcement", "data where a message was due",
           wire.frame(wire.DATA, b"")),
    _frame("a raw stream behind the greeting", "unknown type 98", bytes(full().end()),
           lambda: wire.GREETING),
    Entry("a hundred thousand empty data frames and no stream", REFUSED, "ends before its end",
          lambda to: _ready() + wire.frame(wire.DATA, b"") * 100_000 + wire.stream_end(b"")),
]
