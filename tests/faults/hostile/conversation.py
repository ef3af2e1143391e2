"""A sender who speaks well, and says what does not fit together or out of its turn."""

import uuid

from harness import stream, wire
from harness.stream import Stream

from .entry import NAME, NO_PARENT, OWN, PROTOCOL, RECEIVING, REFUSED, Entry, full, increment

TITLE = "The conversation"

OTHER = uuid.UUID("00000000-aaaa-4bbb-8ccc-dddddddddddd")
DIGEST = "what arrived is not what the sender sent"
NO_ANNOUNCEMENT = "neither announced a snapshot nor left"
BROKE_OFF = "broke off its own stream"
NOT_HERE = "wants to go on with something that is not here"
NOTHING = wire.digest(b"")

# What only a receiver may say, each as sound as can be
OF_A_RECEIVER = {
    "welcome": {"program": "x", "tag": "home", "streams": ["v1"], "free_bytes": 0,
                "snapshots": [], "unfinished": None},
    "ready": {},
    "progress": {"received": 0, "durable": 0},
    "log": {"severity": "error", "text": "evil"},
    "durable": {},
    "result": {"kept": [], "pruned": [], "free_bytes": 0},
    "failed": {"code": "receiving", "message": "evil", "hint": ""},
}
BEGUN = full().write("file", b"all is well")


def _instead_of_hello(what, message):
    return Entry(f"{what} instead of hello", PROTOCOL, "did not say hello",
                 lambda to: wire.GREETING + message)


def _instead_of_announcement(what, message):
    return Entry(f"{what} instead of the announcement", PROTOCOL, NO_ANNOUNCEMENT,
                 lambda to: wire.hello() + message)


def _amid_stream(what, message):
    """A message between the data frames of an honest stream."""
    def made(_):
        begun = bytes(BEGUN)
        whole = begun + stream.command(stream.END)
        return (wire.hello() + wire.announce(NAME, OWN) + wire.data(begun) + message
                + wire.data(whole[len(begun):]) + wire.stream_end(whole))
    return Entry(f"{what} amid the stream", PROTOCOL, BROKE_OFF, made)


def whole(sent, end=wire.stream_end, **announced):
    """A conversation that sends a stream in one go."""
    return (wire.hello() + wire.announce(**{"name": NAME, "uuid": OWN, **announced})
            + wire.data(sent) + end(sent))


def _told(what, code, says, made, end=wire.stream_end, **announced):
    """A whole stream with an announcement and an end, one of the three hostile.

    What `announced` and `made` have may be functions of the Victim.
    """
    def conversation(to):
        fields = {key: value(to) if callable(value) else value for key, value in announced.items()}
        return whole(bytes(made(to) if callable(made) else made), end, **fields)
    return Entry(what, code, says, conversation)


def _ends(what, code, says, **fields):
    """The end of an honest stream, but for these fields."""
    return _told(what, code, says, lambda to: full().end(),
                 lambda sent: wire.stream_end(sent, **fields))


def interrupted():
    """A connection that broke: what it brought is kept, to be gone on with."""
    return wire.hello() + wire.announce(NAME, OWN) + wire.data(bytes(BEGUN))


def _resumed(what, code, says, rest=b"", end=None, offset=0, **announced):
    """An honest begin whose connection broke, and then a going on with it.

    `offset` is how far the place to go on at is from the right one.
    """
    def made(to):
        sent = bytes(rest(to)) if callable(rest) else rest
        return goes_on(sent, offset, end, **announced)
    return Entry(f"going on {what}", code, says, made, lambda to: interrupted())


def goes_on(sent, offset=0, end=None, **announced):
    """The connection after interrupted(), with the rest of the stream in it."""
    begun = len(bytes(BEGUN))
    ending = {"bytes": begun + len(sent), **(end or {})}
    return whole(sent, lambda sent: wire.stream_end(sent, **ending),
                 **{"resume_offset": begun + offset, **announced})


def _tail(add):
    """The commands that `add` adds to a stream, without the header before them."""
    return bytes(add(Stream(own=OWN)))[stream.HEADER_SIZE:]


def _received_of(what):
    return lambda to: str(getattr(to, what).received_uuid)


ENTRIES = [
    # Out of turn
    _instead_of_hello("an announcement", wire.announce(NAME, OWN)),
    _instead_of_hello("goodbye", wire.message("goodbye")),
    _instead_of_hello("the end of a stream", wire.stream_end(b"")),
    _instead_of_announcement("a second hello", wire.message("hello", program="x")),
    _instead_of_announcement("the end of a stream", wire.stream_end(b"")),
    *(_instead_of_announcement(f"a receiver's `{kind}`", wire.message(kind, **fields))
      for kind, fields in OF_A_RECEIVER.items()),
    _amid_stream("goodbye", wire.message("goodbye")),
    _amid_stream("a second hello", wire.message("hello", program="x")),
    _amid_stream("a second announcement", wire.announce("another", OTHER)),
    *(_amid_stream(f"a receiver's `{kind}`", wire.message(kind, **fields))
      for kind, fields in OF_A_RECEIVER.items()),

    # Announcements that are not true
    _told("another name than the stream's", REFUSED, "but 'another' was announced",
          lambda to: full().end(), name="another"),
    _told("another uuid than the stream's", REFUSED, "was announced", lambda to: full().end(),
          uuid=OTHER),
    _told("another generation than the stream's", REFUSED, "generation 11 was announced",
          lambda to: full().end(), transid=11),
    _told("a newer version than announced", REFUSED, "its version is 2, but v1 was announced",
          lambda to: full(2).end()),
    _told("an older version than announced", REFUSED, "its version is 1, but v2 was announced",
          lambda to: full().end(), stream="v2"),
    _told("compressed data that was not announced", REFUSED, "it holds compressed data",
          lambda to: full(2).encoded_write("file", bytes(4096), 4096, 0).end(), stream="v2"),
    _told("a parent announced, and a full stream", REFUSED, "it builds on no parent",
          lambda to: full().end(), parent=_received_of("own_backup")),
    _told("a full stream announced, and a parent", REFUSED, "but no parent was announced",
          lambda to: increment(to.own_backup.received_uuid).end(), transid=11),
    _told("a parent announced, and another tag's backup in the stream", REFUSED,
          "it builds on the parent",
          lambda to: increment(to.other_backup.received_uuid).end(), transid=11,
          parent=_received_of("own_backup")),
    _told("another tag's backup for a parent, by its received uuid", NO_PARENT, "is not here",
          lambda to: increment(to.other_backup.received_uuid).end(), transid=11,
          parent=_received_of("other_backup")),
    _told("another tag's backup for a parent, by its own uuid", NO_PARENT, "is not here",
          lambda to: increment(to.other_backup.uuid).end(), transid=11,
          parent=lambda to: str(to.other_backup.uuid)),
    _told("a parent that nobody has", NO_PARENT, "is not here",
          lambda to: increment(OTHER).end(), transid=11, parent=str(OTHER)),
    _told("a copy of the parent that is another tag's backup", NO_PARENT, "is the copy",
          lambda to: increment(to.own_backup.received_uuid).end(), transid=11,
          parent=_received_of("own_backup"), parent_copy=lambda to: str(to.other_backup.uuid)),
    _told("a copy of the parent that nobody has", NO_PARENT, "is the copy",
          lambda to: increment(to.own_backup.received_uuid).end(), transid=11,
          parent=_received_of("own_backup"), parent_copy=str(OTHER)),
    _told("a snapshot that is its own parent", REFUSED, "have the same uuid",
          lambda to: Stream(own=to.own_backup.received_uuid).snapshot(
              NAME, to.own_backup.received_uuid).end(),
          uuid=_received_of("own_backup"), parent=_received_of("own_backup"), transid=11,
          replace=True),
    _told("a snapshot that is here already, and not to be replaced", RECEIVING, "is here already",
          lambda to: full().end(), uuid=_received_of("own_backup")),

    # Streams that raw input shows to be refused, now in frames
    _told("data frames that hold no stream", REFUSED, "this is not a btrfs stream",
          b"not a stream at all"),
    _told("data frames with a stream of version 3", REFUSED, "version 3 of the stream",
          stream.header(3) + bytes(100)),
    _told("data frames with a command of 4 GiB", REFUSED, "more than version 1 allows",
          lambda to: full().raw(b"\xff\xff\xff\xff\x0f\0\0\0\0\0" + bytes(3 * wire.MOST))),
    _told("data frames with a name that climbs", REFUSED, "is not a relative path",
          lambda to: full().mkfile("../evil").end()),
    _told("data frames with a clone from another tag's backup", REFUSED, "neither the snapshot",
          lambda to: full().clone("mine", to.other_backup.received_uuid, "file", 4096).end()),
    _told("data frames that go on after END", REFUSED, "comes after its end",
          lambda to: full().end().mkfile("more")),
    _told("data frames with a second stream behind the first", REFUSED, "is not known",
          lambda to: full().end().raw(bytes(full().end()))),

    # Ends
    _ends("an end with a wrong digest", RECEIVING, DIGEST, digest="0" * 32),
    _ends("an end with an empty digest", RECEIVING, DIGEST, digest=""),
    _ends("an end with the digest of nothing", RECEIVING, DIGEST, digest=NOTHING),
    _ends("an end with a digest of half a mebibyte", RECEIVING, DIGEST,
          digest="0" * (wire.MOST // 2)),
    _ends("an end with a byte too few", RECEIVING, DIGEST, bytes=len(bytes(full().end())) - 1),
    _ends("an end with 2^64 - 1 bytes", RECEIVING, DIGEST, bytes=(1 << 64) - 1),
    _told("an end with its digest in capitals", RECEIVING, DIGEST, lambda to: full().end(),
          lambda sent: wire.stream_end(sent, digest=wire.digest(sent).upper())),
    _told("an end before END", REFUSED, "ends before its end", lambda to: BEGUN),
    _told("an end within a command", RECEIVING, DIGEST, lambda to: bytes(BEGUN)[:-1]),
    _told("an end right behind the announcement", REFUSED, "ends before its end", b""),

    # Going on with what is unfinished
    *(_told(f"going on at byte {offset} where nothing is unfinished", PROTOCOL, NOT_HERE,
            lambda to: BEGUN, resume_offset=offset) for offset in (1, (1 << 64) - 1)),
    _resumed("under another name", PROTOCOL, NOT_HERE, name="another"),
    _resumed("with another uuid", PROTOCOL, NOT_HERE, uuid=OTHER),
    _resumed("with another generation", PROTOCOL, NOT_HERE, transid=11),
    _resumed("with another form of the stream", PROTOCOL, NOT_HERE, stream="v2"),
    _resumed("with a parent all at once", PROTOCOL, NOT_HERE, parent=str(OTHER)),
    _resumed("on another copy", PROTOCOL, NOT_HERE, parent_copy=str(OTHER)),
    _resumed("a byte too early", PROTOCOL, NOT_HERE, offset=-1),
    _resumed("a byte too late", PROTOCOL, NOT_HERE, offset=1),
    _resumed("with the secret of nothing", PROTOCOL, "not that of who began", secret="0" * 64),
    _resumed("with writes of other lengths", PROTOCOL, "begun in another way", writes=131072),
    _resumed("with the stream's header again", REFUSED, "is not known",
             lambda to: full().end()),
    _resumed("with a second subvolume", REFUSED, "holds more than one subvolume",
             lambda to: _tail(lambda made: made.subvol("another").end())),
    _resumed("with a name that climbs", REFUSED, "is not a relative path",
             lambda to: _tail(lambda made: made.mkfile("../evil").end())),
    _resumed("with a clone from another tag's backup", REFUSED, "neither the snapshot",
             lambda to: _tail(lambda made: made.clone(
                 "file", to.other_backup.received_uuid, "file", 4096).end())),
    _resumed("with a command of version 2", REFUSED, "is not known in version 1",
             lambda to: _tail(lambda made: made.encoded_write("file", b"x", 1, 0).end())),
    _resumed("within a command", REFUSED, "is not known",
             lambda to: _tail(lambda made: made.write("file", b"x" * 64))[20:]),
    _resumed("and ending before END", REFUSED, "ends before its end",
             lambda to: _tail(lambda made: made.mkfile("more"))),
    _resumed("with the digest of nothing at its end", RECEIVING, DIGEST,
             lambda to: _tail(lambda made: made.end()), {"digest": NOTHING}),
    _resumed("with the length of this connection alone", RECEIVING, DIGEST,
             lambda to: _tail(lambda made: made.end()), {"bytes": 10}),
]
