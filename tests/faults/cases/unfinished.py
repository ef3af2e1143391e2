"""What is left of an interrupted stream: it stays until better has come, and proves who sent it."""

import json
import os
import struct
import uuid

from harness import data, poly1305, stream, subvolume, wire
from harness.case import case
from harness.data import MIB
from harness.stream import Stream
from harness.verdict import Failed, check, check_equal, check_says

SIZE = 4 * MIB  # of the file in each stream
MOST_SHARES = 1024  # docs/protocol.md
BROKEN, RECEIVING, NO_SPACE, REFUSED, PROTOCOL, NO_PARENT = 10, 14, 16, 17, 18, 3
OTHER = uuid.UUID("00000000-aaaa-4bbb-8ccc-dddddddddddd")


class Begun:
    """A snapshot whose stream stopped half-way; the receiver holds its first half."""

    def __init__(self, world, change=lambda whole: whole, small_files=0):
        self.lane = world.lane()
        for number in range(small_files):  # some commands each
            self.lane.write(f"{number:03}", b"x")
        self.lane.write("file", data.noise(SIZE))
        self.name = self.lane.snapshot()
        self.stream = subvolume.send(self.lane.at_nas(self.name))
        self.half = _border(self.stream, len(self.stream) // 2)
        self.begin(change(self.stream)[:self.half])

    def announce(self, **fields):
        own = subvolume.inspect(self.lane.at_nas(self.name)).uuid
        return wire.announce(self.name, own, **{"transid": _transid(self.stream), **fields})

    def begin(self, sent):
        self.say(self.announce() + wire.data(sent), BROKEN)
        check_equal(self.lane.held, len(sent), "what is held of the first half")

    def say(self, said, code):
        """What somebody with the key says, and how it must end."""
        return self.lane.receive(wire.hello() + said).expect(code)

    @property
    def checkpoint(self):
        with open(self.lane.checkpoint, encoding="utf-8") as file:
            return json.load(file)

    def change_checkpoint(self, change):
        checkpoint = self.checkpoint
        change(checkpoint)
        with open(self.lane.checkpoint, "w", encoding="utf-8") as file:
            json.dump(checkpoint, file)

    def check_still_there(self, before, after):
        check(os.path.exists(self.lane.checkpoint), f"{after}: the checkpoint is gone")
        check_equal(self.checkpoint, before, f"the checkpoint after {after}")
        check_equal(self.left, [before["partial"]], f"the rooms after {after}")

    @property
    def left(self):
        """The names of all that lies in the tag's rooms."""
        return [os.path.basename(path) for path in self.lane.in_rooms]

    def check_goes_on(self, world):
        result = self.send(world)
        check_says(result.out, "is finished first", "going on with")
        check("starting over" not in result.out, "it starts over")
        check(world.link.sent < SIZE * 3 // 4, f"{world.link.sent} bytes were sent again")

    def check_starts_over(self, world):
        result = self.send(world)
        check(world.link.sent > SIZE, f"it was gone on with: {world.link.sent} bytes were sent")
        return result

    def send(self, world):
        world.link.reset()
        result = self.lane.send_well()
        self.lane.check_complete(self.name)
        self.lane.check_arrived(self.name)
        check_equal(self.left, [], "what is left in the rooms")
        check(not os.path.exists(self.lane.checkpoint), "a checkpoint is left")
        return result


def _border(whole, least):
    return next(found.begin for found in stream.commands(whole) if found.begin >= least)


def _transid(whole):
    """Of a full stream's SUBVOL."""
    at = whole.index(struct.pack("<HH", stream.A_CTRANSID, 8)) + 4
    return struct.unpack_from("<Q", whole, at)[0]


# ---- who sent it ---------------------------------------------------------------------------------

@case
def a_planted_beginning_whose_checksum_is_right_is_not_finished(world):
    begun = Begun(world, stream.with_other_data)

    def with_the_honest_digest(checkpoint):  # as a second preimage would have it
        checkpoint["shares"][0]["digest"] = wire.digest(begun.stream[:begun.half])
    begun.change_checkpoint(with_the_honest_digest)
    check_says(begun.check_starts_over(world).out, "starting over")


@case
def a_key_is_told_only_when_its_share_is_complete(world):
    begun = Begun(world)
    share = begun.checkpoint["shares"][0]
    key = share["key"].encode()
    rest = begun.stream[begun.half:_border(begun.stream, begun.half + MIB)]
    said = begun.say(begun.announce(resume_offset=begun.half) + wire.data(rest), BROKEN)
    check(key in said.bytes_out, "the key of a complete share is not told")
    check_equal(share["mac"], poly1305.mac(bytes.fromhex(share["key"]),
                                           begun.stream[:begun.half]), "the MAC")
    ours = begun.checkpoint["shares"][1]
    check(ours["key"] != share["key"], "two connections had the same key")
    check(ours["key"].encode() not in said.bytes_out, "a key is told in its own connection")
    check(ours["mac"].encode() not in said.bytes_out, "a MAC is told in its own connection")
    begun.check_goes_on(world)


@case
def a_checkpoint_without_macs_is_given_up_and_that_is_said(world):
    begun = Begun(world)

    def as_before(checkpoint):
        checkpoint["format"] = 1
        del checkpoint["room"]
        for share in checkpoint["shares"]:
            del share["key"], share["mac"]
    begun.change_checkpoint(as_before)
    check_says(begun.check_starts_over(world).out, "of an older snapferry")


@case
def an_older_sender_goes_on_by_checksums_and_is_told(world):
    begun = Begun(world)
    rest = begun.stream[begun.half:]
    older = (wire.GREETING + wire.message("hello", program="of old")
             + begun.announce(resume_offset=begun.half) + wire.data(rest)
             + wire.stream_end(rest, bytes=len(begun.stream)))
    said = begun.lane.receive(older).expect_well()
    check(b"has compared checksums alone" in said.bytes_out, "it is not said")
    begun.lane.check_arrived(begun.name)


# ---- nothing is given up before what replaces it is accepted ---------------------------------------

def _attempts(begun):
    """What must not cost what is held: how it is called, what is said, and how it ends."""
    lane = begun.lane
    small = Stream(own=OTHER).subvol("other").mkfile("file").write("file", b"x" * 1000)
    header = stream.header()
    raw = lane.receive
    told = begun.say
    announced = wire.announce("other", OTHER)
    yield "the magic of a raw stream alone", lambda: raw(stream.MAGIC).expect(REFUSED)
    yield "the header of a raw stream alone", lambda: raw(header).expect(REFUSED)
    yield "a raw stream that is cut", lambda: raw(bytes(small)).expect(REFUSED)
    yield "a raw stream that is refused", lambda: raw(
        bytes(small.write("../evil", b"x").end())).expect(REFUSED)
    yield "a raw increment on what is not here", lambda: raw(
        bytes(Stream(own=OTHER).snapshot("other", OTHER).end())).expect(NO_PARENT, REFUSED)
    yield "hello and no more", lambda: told(b"", BROKEN)
    yield "goodbye", lambda: told(wire.message("goodbye"), 0)
    yield "an announcement and no more", lambda: told(announced, BROKEN)
    yield "an announcement of what has no parent here", lambda: told(
        wire.announce("other", OTHER, parent=str(uuid.uuid4())), NO_PARENT)
    yield "an announcement in a form that was not offered", lambda: told(
        wire.announce("other", OTHER, stream="v9"), PROTOCOL)
    yield "the same snapshot from its beginning, and no more", lambda: told(
        begun.announce(), BROKEN)
    yield "going on at a wrong place", lambda: told(
        begun.announce(resume_offset=begun.half - 1), PROTOCOL)
    yield "a stream that is none", lambda: told(announced + wire.data(b"none" * 9), REFUSED)
    yield "a stream that only says what it is", lambda: told(
        announced + wire.data(bytes(Stream(own=OTHER).subvol("other"))), BROKEN)
    refused = bytes(Stream(own=OTHER).subvol("other").mkfile("file").mkfile("../evil"))
    yield "a stream that is refused", lambda: told(announced + wire.data(refused), REFUSED)
    failing = bytes(Stream(own=OTHER).subvol("other").write("no such file", b"x").end())
    yield "a stream that cannot be applied", lambda: told(
        announced + wire.data(failing) + wire.stream_end(failing), RECEIVING)
    large = bytes(Stream(2, OTHER).subvol("other").mkfile("file").add(
        stream.FALLOCATE, (stream.A_PATH, "file"), (stream.A_FALLOCATE_MODE, 0),
        (stream.A_FILE_OFFSET, 0), (stream.A_SIZE, 1 << 50)))
    yield "a stream that wants more than the disk has", lambda: told(
        wire.announce("other", OTHER, stream="v2") + wire.data(large), NO_SPACE)
    yield "going on with what is refused", lambda: told(
        begun.announce(resume_offset=begun.half)
        + wire.data(stream.command(stream.MKFILE, ((stream.A_PATH, "../evil"),
                                                   (stream.A_INO, 300)))), REFUSED)


@case
def what_is_not_accepted_costs_nothing_of_what_is_held(world):
    begun = Begun(world)
    before = begun.checkpoint
    told = []
    for what, attempt in _attempts(begun):
        try:
            attempt()
            begun.check_still_there(before, what)
        except Failed as failure:
            told.append(f"{what}: {failure}")
            break
    check(not told, "\n".join(told))
    begun.check_goes_on(world)


@case
def another_stream_takes_its_place_with_its_first_checkpoint(world):
    begun = Begun(world)
    held = begun.checkpoint["partial_uuid"]
    other = Stream(own=OTHER).subvol("other").mkfile("file").write("file", b"x" * 1000)
    said = begun.say(wire.announce("other", OTHER) + wire.data(bytes(other)), BROKEN)
    check(b"what came of another stream takes its place" in said.bytes_out, "it is not said")
    now = begun.checkpoint
    check(now["partial_uuid"] != held, "the checkpoint is still the old one")
    check_equal((now["name"], begun.left), ("other", [now["partial"]]), "what is held")
    begun.check_starts_over(world)


@case
def another_snapshot_that_is_complete_takes_its_place(world):
    begun = Begun(world)
    begun.lane.receive(bytes(stream.small("other"))).expect_well()
    check_equal(begun.left, [], "what is left in the rooms")
    subvolume.delete(begun.lane.at_pi("other"))
    begun.check_starts_over(world)


@case
def one_that_is_to_replace_another_copy_is_gone_on_with(world):
    begun = Begun(world)
    lane, begun_of = begun.lane, begun.checkpoint["name"]
    os.unlink(lane.checkpoint)
    own = subvolume.inspect(lane.at_nas(begun.name)).uuid
    forged = Stream(own=own).subvol(begun.name).mkfile("file").end()
    lane.receive(bytes(forged)).expect_well()  # as whoever has stolen the key can send it
    begun.say(begun.announce(replace=True) + wire.data(begun.stream[:begun.half]), BROKEN)
    check_equal(begun.checkpoint["name"], begun_of, "what is unfinished")
    world.link.reset()
    check_says(lane.send_well().out, "is finished first", "going on with")
    check(world.link.sent < SIZE * 3 // 4, f"{world.link.sent} bytes were sent again")
    lane.check_complete(begun.name, f"{begun.name}.replaced-1")
    lane.check_arrived(begun.name)


@case
def a_damaged_partial_is_replaced_by_the_same_stream_from_its_beginning(world):
    begun = Begun(world)
    partial = os.path.join(begun.lane.staging, begun.checkpoint["partial"])
    with subvolume.changed_quietly(partial):
        for name in os.listdir(partial):
            os.unlink(os.path.join(partial, name))
    rest = begun.stream[begun.half:]
    begun.say(begun.announce(resume_offset=begun.half) + wire.data(rest)
              + wire.stream_end(rest, bytes=len(begun.stream)), RECEIVING)
    begun.say(begun.announce() + wire.data(begun.stream) + wire.stream_end(begun.stream), 0)
    begun.lane.check_arrived(begun.name)
    check_equal(begun.left, [], "what is left in the rooms")


# ---- however often it breaks -----------------------------------------------------------------------

def _in_shares(begun, count):
    """The checkpoint as so many connections would have made it, and honest ones."""
    borders = [found.end for found in stream.commands(begun.stream) if found.end <= begun.half]
    check(len(borders) > count, "the stream has too few commands")
    ends = borders[:count - 1] + [begun.half]
    shares, last = [], 0
    for end in ends:
        part, key = begun.stream[last:end], os.urandom(poly1305.KEY_SIZE)
        shares.append({"end": end, "digest": wire.digest(part), "key": key.hex(),
                       "mac": poly1305.mac(key, part)})
        last = end
    return shares


@case
def the_thousandth_broken_connection_loses_nothing(world):
    begun = Begun(world, small_files=400)
    shares = _in_shares(begun, MOST_SHARES)
    begun.change_checkpoint(lambda checkpoint: checkpoint.update(shares=shares))
    before = begun.checkpoint
    more = begun.stream[begun.half:_border(begun.stream, begun.half + MIB)]
    for _ in range(3):
        begun.say(begun.announce(resume_offset=begun.half) + wire.data(more), BROKEN)
        begun.check_still_there(before, "one more connection that broke")
    begun.check_goes_on(world)
