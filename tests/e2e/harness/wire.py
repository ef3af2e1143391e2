"""Frames of the protocol, made by hand and taken apart: for what no honest peer would say."""

import json
import struct

GREETING = b"snapferry/1\r\n"
MESSAGE, DATA = 1, 2
HEADER = struct.Struct("<B3sI")  # type, padding, length of the payload


def frame(payload, kind=MESSAGE, padding=b"\0\0\0", length=None):
    """One frame; its header may claim another length."""
    return HEADER.pack(kind, padding, len(payload) if length is None else length) + payload


def message(kind, **fields):
    return frame(json.dumps({"type": kind, **fields}).encode())


def hello(program="a test"):
    return message("hello", program=program)


def welcome(tag, **changed):
    return message("welcome", **{"program": "a test", "tag": tag, "streams": ["v1"],
                                 "free_bytes": 1 << 40, "snapshots": [], "unfinished": None,
                                 **changed})


def messages(said):
    """The messages in what a program wrote, given as text, in order."""
    found, decoder = [], json.JSONDecoder()
    begin = said.find('{"')
    while begin >= 0:
        one, end = decoder.raw_decode(said, begin)
        found.append(one)
        begin = said.find('{"', end)
    return found
