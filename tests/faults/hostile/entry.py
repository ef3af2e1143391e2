"""What the corpus is made of: one hostile input, and how it must be refused."""

import enum
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from harness import stream

NAME = "hostile"
OWN = uuid.UUID("7d9c2b60-4f1e-4a83-9b57-c0de5eed0bad")  # what every snapshot in here claims to be


class Code(enum.IntEnum):
    """Exit codes of docs/protocol.md by their names on the wire."""

    no_parent = 3
    receiving = 14
    no_space = 16
    refused_stream = 17
    protocol = 18


NO_PARENT, RECEIVING, NO_SPACE, REFUSED, PROTOCOL = Code


@dataclass(frozen=True)
class Entry:
    """One input, and its refusal.

    `made` makes what comes on standard input, given the harness.victim.Victim that it comes to.
    What begins with the greeting is refused in a `failed` message, all else on standard error.
    """

    name: str  # what is hostile about it
    code: Code
    says: str  # words that the refusal must hold; empty where only the code is promised
    made: Callable
    unfinished: Callable | None = None  # makes what an earlier connection brought before it broke


def full(version=1):
    """The begin of a full stream: a subvolume and an empty file in it."""
    return stream.opened(NAME, version, OWN)


def increment(parent, version=1):
    return stream.Stream(version, OWN).snapshot(NAME, parent)


def both(name, code, says, made):
    """One entry for each version of the stream; `made` takes the version, too."""
    return [Entry(f"{name}, version {version}", code, says,
                  lambda to, version=version: made(to, version)) for version in (1, 2)]
