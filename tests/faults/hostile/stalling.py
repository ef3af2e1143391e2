"""Raw streams that make `btrfs receive` wait for what never comes."""

from harness import stream
from harness.stream import A_INO, A_MODE, A_PATH, A_RDEV

from .entry import OWN, RECEIVING, Entry, full

TITLE = "What never ends"

NO_HEADWAY = "made no headway"
MORE_THAN_A_PIPE = 2 << 20  # bytes


def _clone_from_fifo():
    """`btrfs receive` opens it, and waits for somebody to open its other end."""
    return full().add(stream.MKFIFO, (A_PATH, "node"), (A_INO, 260), (A_RDEV, 0),
                      (A_MODE, 0o010644)).clone("file", OWN, "node", 4096)


def _with_more(made):
    for offset in range(0, MORE_THAN_A_PIPE, 32 << 10):
        made.write("file", bytes(32 << 10), offset)
    return made


ENTRIES = [
    Entry("a clone from a FIFO that it has made", RECEIVING, NO_HEADWAY,
          lambda to: _clone_from_fifo().end()),
    Entry("a clone from a FIFO that it has made, and much behind it", RECEIVING, NO_HEADWAY,
          lambda to: _with_more(_clone_from_fifo()).end()),
]
