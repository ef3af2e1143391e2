"""The wire of docs/protocol.md, spoken by hand: for what no honest sender would say.

A sender's side of a conversation can be written down before it begins: nothing that it says needs
an answer first.
"""

import ctypes
import json
import struct
from dataclasses import dataclass

from .verdict import Failed

GREETING = b"snapferry/1\r\n"
FRAME_HEAD = struct.Struct("<B3sI")  # type, padding, length of the payload
MESSAGE, DATA, COMPRESSED = 1, 2, 3  # types of frames
MOST = 1 << 20  # bytes of a frame's payload


def frame(kind, payload, padding=bytes(3), length=None):
    """`length` is what the header claims, where that is not the truth."""
    return FRAME_HEAD.pack(kind, padding, len(payload) if length is None else length) + payload


def message(kind, **fields):
    return text(json.dumps({"type": kind, **fields}))


def text(payload):
    """A message frame with just this in it, JSON or not."""
    return frame(MESSAGE, payload.encode() if isinstance(payload, str) else payload)


def data(stream):
    """A stream in data frames, as few as may be."""
    return b"".join(frame(DATA, stream[begin:begin + MOST])
                    for begin in range(0, len(stream), MOST))


def hello(**fields):
    """What every conversation begins with."""
    return GREETING + message("hello", **{"program": "a test", "macs": True, **fields})


def announce(name, uuid, **fields):
    """Of a full stream, as stream.Stream makes it, unless `fields` say otherwise."""
    usual = {"transid": 10, "parent": None, "stream": "v1", "replace": False,
             "resume_offset": 0}
    return message("announce", name=name, uuid=str(uuid), **{**usual, **fields})


def welcome(tag, **fields):
    """A receiver's answer to hello: it has nothing yet, unless `fields` say otherwise."""
    usual = {"program": "a test", "streams": ["v1"], "free_bytes": 1 << 40, "snapshots": [],
             "unfinished": None}
    return message("welcome", tag=tag, **{**usual, **fields})


def stream_end(sent, **fields):
    """The end of a stream of which all bytes were sent now, unless `fields` say otherwise."""
    return message("stream_end", **{"bytes": len(sent), "digest": digest(sent), **fields})


def digest(sent):
    """XXH3-128, by the library that the programs link with: Python has none."""
    hashed = _xxh3(sent, ctypes.c_size_t(len(sent)))
    return f"{hashed.high:016x}{hashed.low:016x}"


@dataclass(frozen=True)
class Answer:
    """What a receiver said: its messages in order, without log lines."""

    messages: list

    @classmethod
    def of(cls, said):
        """Takes the bytes apart that came from a receiver, and fails where they are no answer."""
        if not said.startswith(GREETING):
            raise Failed(f"the receiver does not greet: {said[:100]!r}")
        try:
            found = list(_messages(said[len(GREETING):]))
        except (ValueError, struct.error) as failure:
            raise Failed(f"the receiver sent what is no message: {failure}") from failure
        return cls([one for one in found if one["type"] != "log"])

    def of_type(self, kind):
        return [found for found in self.messages if found["type"] == kind]

    @property
    def last(self):
        return self.messages[-1] if self.messages else {"type": "nothing"}


def _messages(said):
    while said:
        kind, padding, length = FRAME_HEAD.unpack_from(said)
        payload, said = said[FRAME_HEAD.size:][:length], said[FRAME_HEAD.size + length:]
        if kind != MESSAGE or any(padding) or len(payload) != length:
            raise ValueError(f"no sound frame of a message: type {kind}, {length} bytes")
        yield json.loads(payload)


class _Hash(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


_xxh3 = ctypes.CDLL("libxxhash.so.0").XXH3_128bits
_xxh3.restype = _Hash
