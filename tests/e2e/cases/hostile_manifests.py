"""Manifests that no honest sender would send: refused with one line, and nothing of them is kept.

Whoever holds the NAS holds the key to one tag, and can say anything about its backups.
"""

import hashlib
import os
import uuid

from harness import stream, wire, zstd
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says, told_of_failures

NEEDS = ("snapshot-receive",)
REFUSED = (14, 17, 18)  # exit codes
TOP = ". type=dir mode=0755 uid=0 gid=0 time=1629183601.000000000"
FILE = (" type=file mode=0644 uid=0 gid=0 time=1629183601.000000000 size=1 sha256="
        + hashlib.sha256(b"x").hexdigest())
DIRECTORY = TOP[1:]
LINK = " type=link mode=0777 uid=0 gid=0 time=1629183601.000000000 link=/etc"
BEGINNING = ("#mtree", "#snapferry-manifest 1")


def _text(*entries, beginning=BEGINNING, count=None):
    """A manifest whose end is that of what it holds, whatever that is."""
    body = ("\n".join((*beginning, *entries)) + "\n").encode()
    number = len(entries) if count is None else count
    return body + f"#end {number} {hashlib.sha256(body).hexdigest()}\n".encode()


GOOD = _text(TOP, "./file" + FILE)


def _wrong_texts():
    """Texts that are no manifest of version 1, by what is wrong with them."""
    yield "nothing at all", b""
    yield "noise", noise(100_000)
    yield "zeros, very many", bytes(64 * MIB)
    yield "a line without an end", b"#mtree\n#snapferry-manifest 1\n" + b"a" * (64 * MIB)
    yield "another version", _text(TOP, beginning=("#mtree", "#snapferry-manifest 2"))
    yield "no signature", _text(TOP, beginning=())
    yield "no entry", _text()
    yield "no top", _text("./file" + FILE)
    yield "a top that is a file", _text("." + FILE)
    yield "no end", GOOD[:GOOD.rindex(b"#end")]
    yield "half a line", GOOD[:-40]
    yield "another number at its end", _text(TOP, "./file" + FILE, count=3)
    yield "another digest at its end", GOOD[:-3] + (b"00\n" if GOOD[-3:-1] != b"00" else b"11\n")
    yield "something behind its end", GOOD + b"./more\n"
    yield "two manifests", GOOD + GOOD
    for path in ("..", "../evil", "./..", "./../evil", "./a/../evil", "/etc/passwd", "evil",
                 "./", ".//evil", "././evil", "./evil/", "./a\\057b", "./a\\000b", "./\\056\\056",
                 "./" + "n" * 256, "./" + "/".join(["d" * 200] * 21)):
        yield f"the path {path[:20]!r}", _text(TOP, path + FILE)
    yield "a path twice", _text(TOP, "./file" + FILE, "./file" + FILE)
    yield "a wrong order", _text(TOP, "./b" + FILE, "./a" + FILE)
    yield "a directory that is not there", _text(TOP, "./d/file" + FILE)
    yield "a file in a symlink", _text(TOP, "./link" + LINK, "./link/passwd" + FILE)
    yield "a file in a file", _text(TOP, "./file" + FILE, "./file/more" + FILE)
    yield "a word that is not known", _text(TOP + " flags=none")
    yield "a word twice", _text(TOP + " gid=0")
    yield "line ends of another kind", GOOD.replace(b"\n", b"\r\n")
    yield "an empty line", GOOD.replace(b"\n./file", b"\n\n./file")
    yield "a comment", GOOD.replace(b"\n./file", b"\n# x\n./file")
    yield "raw bytes", _text(TOP).replace(b"\n#end", b"\n./\xff\xfe" + FILE.encode() + b"\n#end")
    yield "more rights than there are", _text(TOP.replace("0755", "0777777"))
    yield "a number without an end", _text(TOP.replace("uid=0", "uid=" + "9" * 40))
    yield "a file without contents", _text(TOP, "./file" + FILE[:FILE.index(" sha256")])


def _wrong_packs():
    """Bytes that are no frame of zstd with a manifest in it."""
    packed = zstd.frame(GOOD)
    yield "a manifest that is not packed", GOOD
    yield "a frame that is cut", packed[:-1]
    yield "half a frame", packed[:len(packed) // 2]
    yield "something behind the frame", packed + b"\0"
    yield "two frames", packed + packed
    yield "a skippable frame alone", zstd.skippable(b"x" * 100)
    yield "a skippable frame first", zstd.skippable(b"x" * 100) + packed
    yield "a skippable frame last", packed + zstd.skippable(b"")
    yield "a frame of an old version", zstd.legacy(7)
    yield "a window of 2 GiB", b"\x28\xb5\x2f\xfd\x00\xa8" + packed[6:]
    yield "a damaged frame", packed[:20] + bytes((packed[20] ^ 0xFF,)) + packed[21:]


class _Shelf:
    """A tag with a backup, at which manifests are thrown."""

    def __init__(self, world):
        self.lane, self.other = world.lane(), world.lane()
        for lane in (self.lane, self.other):
            lane.receive(bytes(stream.small("backup"))).expect(0)
        self.backup = self.lane.received["backup"]
        self.place = self.lane.staging + ".manifests"

    def offer(self, packed, **fields):
        usual = {"copy": str(self.backup.uuid), "uuid": str(self.backup.received_uuid),
                 "bytes": len(packed)}
        return wire.message("manifest", **{**usual, **fields})

    def whole(self, packed, **fields):
        return (self.offer(packed, **fields) + wire.data(packed)
                + wire.message("manifest_end", digest=wire.digest(packed)))

    def check_refused(self, said, what):
        with told_of_failures(what):
            result = self.lane.receive(wire.hello() + said).expect(*REFUSED)
            last = wire.Answer.of(result.bytes_out).last
            check_equal(last["type"], "failed", "the last word")
            check("\n" not in last["message"] and 0 < len(last["message"]) < 500,
                  f"no line for a person: {last['message']!r}")
            kept = os.listdir(self.place) if os.path.isdir(self.place) else []
            check_equal(kept, [], "what is kept")


@case(needs=NEEDS)
def what_is_no_manifest_is_refused_and_nothing_of_it_kept(world):
    shelf = world.once(_Shelf)
    for what, text in _wrong_texts():
        shelf.check_refused(shelf.whole(zstd.frame(text)), what)


@case(needs=NEEDS)
def what_is_not_packed_as_one_is_refused(world):
    shelf = world.once(_Shelf)
    for what, packed in _wrong_packs():
        shelf.check_refused(shelf.whole(packed), what)


@case(needs=NEEDS)
def a_manifest_of_something_else_is_refused(world):
    shelf = world.once(_Shelf)
    packed = zstd.frame(GOOD)
    theirs = shelf.other.received["backup"]
    for what, fields in {
            "a copy that is not there": {"copy": str(uuid.uuid4())},
            "a copy of another tag": {"copy": str(theirs.uuid), "uuid": str(theirs.received_uuid)},
            "a received uuid as the copy": {"copy": str(shelf.backup.received_uuid)},
            "another snapshot": {"uuid": str(uuid.uuid4())},
            "no copy": {"copy": None},
            "a path as the copy": {"copy": "../../../etc/passwd"},
            "more than any may have": {"bytes": 1 << 40},
            "more than there are numbers": {"bytes": 1 << 63},
            "less than comes": {"bytes": len(packed) - 1},
            "nothing": {"bytes": 0},
            "more than comes": {"bytes": len(packed) + 1}}.items():
        shelf.check_refused(shelf.whole(packed, **fields), what)
    check_equal(shelf.other.manifests, {}, "the manifests of the other tag")


@case(needs=NEEDS)
def a_conversation_about_a_manifest_that_is_none_is_refused(world):
    shelf = world.once(_Shelf)
    packed = zstd.frame(GOOD)
    offer, end = shelf.offer(packed), wire.message("manifest_end", digest=wire.digest(packed))
    for what, said in {
            "another checksum": offer + wire.data(packed)
                                + wire.message("manifest_end", digest=wire.digest(b"")),
            "packed twice": offer + wire.frame(wire.COMPRESSED, zstd.frame(packed)) + end,
            "the end of a stream": offer + wire.data(packed) + wire.stream_end(packed),
            "a stream in its middle": offer + wire.announce("next", uuid.uuid4()),
            "an offer in its middle": offer + offer,
            "a manifest that was not offered": wire.data(packed) + end,
            "an end that was not offered": end,
            "one that never ends": offer + wire.data(packed) + wire.data(noise(8 * MIB))}.items():
        shelf.check_refused(said, what)


@case(needs=NEEDS)
def one_that_breaks_off_leaves_nothing(world):
    shelf = world.once(_Shelf)
    packed = zstd.frame(GOOD)
    for said in (shelf.offer(packed), shelf.offer(packed) + wire.data(packed[:50]),
                 shelf.offer(packed) + wire.data(packed)):
        shelf.lane.receive(wire.hello() + said).expect(10)
        check_equal(os.listdir(shelf.place), [], "what is kept")


@case(needs=NEEDS)
def a_manifest_that_was_kept_is_never_replaced(world):
    shelf = _Shelf(world)
    packed = zstd.frame(GOOD)
    honest = wire.hello() + shelf.whole(packed)
    said = wire.Answer.of(shelf.lane.receive(honest).expect(0).bytes_out)
    check_equal(said.last, {"type": "manifest_kept"}, "the last word")
    forged = zstd.frame(_text(TOP))
    result = shelf.lane.receive(wire.hello() + shelf.whole(forged)).expect(14)
    check_says(wire.Answer.of(result.bytes_out).last["message"], "has a manifest already", "replaced")
    check_equal(shelf.lane.manifests, {"backup": packed}, "what is kept")
    welcome, = wire.Answer.of(result.bytes_out).of_type("welcome")
    check_equal((welcome["manifests"], [one["manifest"] for one in welcome["snapshots"]]),
                (True, [True]), "what the receiver says of it")
