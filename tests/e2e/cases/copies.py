"""Several copies of what claims to be one snapshot: none is pruned for another, and a stream builds
on the one that was meant.
"""

import os
import uuid

from harness import stream, wire
from harness.case import case
from harness.verdict import check, check_equal, check_says

NEEDS = ("snapshot-receive",)
NAME = "2021-08-17T07:00:01+00:00-@daily"
NO_PARENT, BROKE, MISSPOKE = 3, 10, 18  # exit codes
HONEST = b"the photographs"
MIN_AGE = '[defaults]\nkeep = 1\nmin_age = "1h"\n'


def _full(name, own, content):
    return bytes(stream.Stream(own=own).subvol(name).mkfile("file").write("file", content).end())


def _whole(name, own, sent, **announced):
    return (wire.hello() + wire.announce(name, own, **announced) + wire.data(sent)
            + wire.stream_end(sent))


def _send(lane, name, own, content, **announced):
    """Sends a full copy; returns which one it has become."""
    lane.receive(_whole(name, own, _full(name, own, content), **announced)).expect(0)
    return str(lane.received[name].uuid)


def _increment(lane, own, parent, text, **announced):
    """Sends what appends to the file of its parent."""
    name = f"child-{own}"
    sent = bytes(stream.Stream(own=own).snapshot(name, parent).write("file", text, 6).end())
    said = _whole(name, own, sent, transid=11, parent=str(parent), **announced)
    return name, lane.receive(said)


def _welcome(lane):
    said = wire.hello() + wire.message("goodbye")
    return wire.Answer.of(lane.receive(said).expect(0).bytes_out).of_type("welcome")[0]


def _content(lane, name):
    with open(lane.at_pi(os.path.join(name, "file")), "rb") as file:
        return file.read()


@case(needs=NEEDS)
def a_backup_is_told_by_the_uuid_that_the_receivers_kernel_gave_it(world):
    lane, own = world.lane(), uuid.uuid4()
    result = lane.receive(_whole(NAME, own, _full(NAME, own, HONEST))).expect(0)
    copy = str(lane.received[NAME].uuid)
    durable = wire.Answer.of(result.bytes_out).of_type("durable")
    check_equal(durable, [{"type": "durable", "copy": copy}], "what is said once it is durable")
    check_equal(_welcome(lane)["snapshots"],
                [{"name": NAME, "uuid": str(own), "copy": copy, "manifest": False}],
                "what the welcome lists")


@case(needs=NEEDS)
def forgeries_under_the_name_and_uuid_of_a_backup_prune_nothing_before_its_time(world):
    lane, own = world.lane(), uuid.uuid4()
    with world.receiver_configured(MIN_AGE):
        honest = _send(lane, NAME, own, HONEST)
        for number in range(3):
            _send(lane, NAME, own, b"junk %d" % number, replace=True)
        lane.receive(_full(NAME, own, b"raw junk")).expect_well()
    check_equal(len(lane.complete), 5, "how many copies there are")
    found = {str(found.uuid): name for name, found in lane.received.items()}
    check(honest in found, "the honest copy is gone")
    check_equal(_content(lane, found[honest]), HONEST, "its content")
    listed = {one["copy"]: one["name"] for one in _welcome(lane)["snapshots"]}
    check_equal(listed, found, "what the welcome lists")


@case(needs=NEEDS)
def a_copy_set_aside_counts_and_is_pruned_by_its_order_alone(world):
    lane, own = world.lane(), uuid.uuid4()
    with world.receiver_configured("[defaults]\nkeep = 3\n"):
        first = _send(lane, NAME, own, b"1")
        second = _send(lane, NAME, own, b"2", replace=True)
        other = _send(lane, "other", uuid.uuid4(), b"3")
        check_equal(_copies(lane), {first, second, other}, "within what is kept")
        last = _send(lane, NAME, own, b"4", replace=True)
        check_equal(_copies(lane), {second, other, last}, "the three last to arrive")
    check_equal(_content(lane, NAME), b"4", "what has the name")


@case(needs=NEEDS)
def copies_with_the_longest_name_are_listed_and_pruned(world):
    lane, own = world.lane(), uuid.uuid4()
    name = "x" * 193 + "-@daily"
    with world.receiver_configured("[defaults]\nkeep = 3\n"):
        copies = [_send(lane, name, own, b"%d" % number, replace=True) for number in range(12)]
    check_equal(_copies(lane), set(copies[-3:]), "the three last to arrive")
    check_equal(len(lane.all_received), 3, "what is in the tag's directory")
    check_equal(len(_welcome(lane)["snapshots"]), 3, "what the welcome lists")


@case(needs=NEEDS)
def what_an_earlier_version_set_aside_under_too_long_a_name_is_counted_again(world):
    lane, own = world.lane(), uuid.uuid4()
    name = "x" * 193 + "-@daily"
    with world.receiver_configured("[defaults]\nkeep = 9\n"):
        for number in range(3):
            _send(lane, name, own, b"%d" % number, replace=True)
        for number, aside in enumerate([one for one in lane.complete if one != name], 1):
            os.rename(lane.at_pi(aside), lane.at_pi(f"{name}.replaced-{number}"))
        check_equal(len(_welcome(lane)["snapshots"]), 3, "what the welcome lists")
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        _send(lane, "new", uuid.uuid4(), b"new")
    lane.check_complete("new")


@case(needs=NEEDS)
def a_stream_builds_on_the_copy_that_is_meant_and_on_no_other(world):
    lane, own = world.lane(), uuid.uuid4()
    honest = _send(lane, NAME, own, b"honest")
    forged = _send(lane, NAME, own, b"forged", replace=True)
    for copy, content in ((honest, b"honest+"), (forged, b"forged+")):
        name, result = _increment(lane, uuid.uuid4(), own, b"+", parent_copy=copy)
        result.expect(0)
        check_equal(_content(lane, name), content, "what was built on")
    name, result = _increment(lane, uuid.uuid4(), own, b"+", parent_copy=str(uuid.uuid4()))
    result.expect(NO_PARENT)
    check_says(wire.Answer.of(result.bytes_out).last["message"], "is the copy")
    check(name not in lane.complete, "it arrived all the same")


@case(needs=NEEDS)
def a_sender_that_knows_nothing_of_copies_builds_on_the_oldest(world):
    lane, own = world.lane(), uuid.uuid4()
    _send(lane, NAME, own, b"honest")
    _send(lane, NAME, own, b"forged", replace=True)
    name, result = _increment(lane, uuid.uuid4(), own, b"+")
    result.expect(0)
    check_equal(_content(lane, name), b"honest+", "what was built on")
    raw = bytes(stream.Stream().snapshot("raw", own).write("file", b"!", 6).end())
    lane.receive(raw).expect_well()
    check_equal(_content(lane, "raw"), b"honest!", "what a raw stream was built on")


@case(needs=NEEDS)
def an_unfinished_stream_says_on_which_copy_it_builds(world):
    lane, own, child = world.lane(), uuid.uuid4(), uuid.uuid4()
    honest = _send(lane, NAME, own, b"honest")
    begun = bytes(stream.Stream(own=child).snapshot("child", own).write("file", b"+", 6))

    def opening(offset, **fields):
        return wire.hello() + wire.announce("child", child, transid=11, parent=str(own),
                                            resume_offset=offset, **fields)

    lane.receive(opening(0) + wire.data(begun)).expect(BROKE)
    unfinished = _welcome(lane)["unfinished"]
    check_equal(unfinished["parent_copy"], honest, "the copy that it builds on")
    end = stream.command(stream.END)
    rest = wire.data(end) + wire.stream_end(end, bytes=len(begun) + len(end))
    lane.receive(opening(len(begun), parent_copy=str(uuid.uuid4())) + rest).expect(
        MISSPOKE)
    lane.receive(opening(len(begun), parent_copy=honest) + rest).expect(0)
    check_equal(_content(lane, "child"), b"honest+", "what was built on")


@case(needs=NEEDS)
def a_replacement_survives_a_power_cut_at_the_moment_of_success(world):
    lane, own = world.lane(), uuid.uuid4()
    _send(lane, NAME, own, b"before" * 8_000)
    _send(lane, NAME, own, b"after" * 8_000, replace=True)
    with world.power_cut_at_pi() as pi:
        for name, content in ((NAME, b"after"), (f"{NAME}.replaced-1", b"before")):
            with open(os.path.join(pi, lane.tag, name, "file"), "rb") as file:
                check_equal(file.read(), content * 8_000, f"the file in {name}")


def _copies(lane):
    return {str(found.uuid) for found in lane.received.values() if found.complete}
