"""One side may still run the classic bash script, and one may change over and back."""

import os

from harness import subvolume
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import check, check_equal, check_says

SIZE = 4 * MIB  # of what a full send moves
SEND, RECEIVE = ("snapshot-send",), ("snapshot-receive",)


def _lane(world):
    lane = world.lane()
    lane.write("base", noise(SIZE))
    lane.parent = None
    return lane


def _next_day(lane, send, increment=True):
    """Takes a snapshot and sends it, and checks that it went as an increment to the last."""
    lane.write("news", f"after {lane.parent}")
    name = lane.snapshot()
    result = send().expect(0)
    if lane.parent and increment:
        lane.check_sent_only(lane.increment_size(name, lane.parent))
    lane.check_arrived(name)
    lane.parent = name
    return result


@case(needs=RECEIVE)
def the_classic_sender_sends_to_our_receiver(world):
    lane = _lane(world)
    for _ in range(3):
        _next_day(lane, lane.send_classic).expect_well()
    check_equal(len(lane.complete), 3, "backups")
    check_equal(len(lane.all_received), 3, "things in the tag's directory")


@case(needs=RECEIVE)
def what_the_classic_sender_brings_is_pruned_by_our_receiver(world):
    lane = _lane(world)
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        for _ in range(4):
            _next_day(lane, lane.send_classic)
    check_equal(len(lane.all_received), 2, "backups kept")


@case(needs=RECEIVE)
def the_classic_sender_learns_that_our_receiver_refused(world):
    lane = _lane(world)
    name = lane.snapshot()
    lane.send_classic().expect(0)
    lane.write("news", "of the second day")
    lane.snapshot()
    subvolume.delete(lane.at_pi(name))  # the parent that the classic sender will name
    lane.send_classic().expect_trouble(3, 14, 17)
    check_equal(lane.all_received, [], "the tag's directory")
    check_equal(lane.last_sent, name, "the classic sender's note")


@case(needs=SEND)
def our_sender_sends_raw_streams_to_the_classic_receiver(world):
    lane = _lane(world)
    with world.classic_receiver():
        for _ in range(3):
            _next_day(lane, lambda: lane.send("--protocol", "raw")).expect_well()
    check_equal(lane.last_sent, lane.parent, "the note")


@case(needs=SEND)
def what_the_word_of_a_classic_receiver_is_worth_is_said(world):
    lane = _lane(world)
    lane.snapshot()
    with world.classic_receiver():
        check_says(lane.send_well().out, "classic", "unexpected header", "all the word there is")
        check_says(lane.send_well().out, "cannot say what it has", "it was the last one sent")


@case(needs=SEND)
def our_sender_finds_out_by_itself_that_the_receiver_is_classic(world):
    lane = _lane(world)
    with world.classic_receiver():
        for _ in range(3):
            _next_day(lane, lane.send)
    check_equal(lane.last_sent, lane.parent, "the note")
    check_equal(len(lane.all_received), 3, "things in the tag's directory")


@case(needs=SEND)
def nothing_new_sends_nothing_to_a_classic_receiver_either(world):
    lane = _lane(world)
    with world.classic_receiver():
        _next_day(lane, lambda: lane.send("--protocol", "raw"))
        before = lane.received
        lane.send_well("--protocol", "raw")
        lane.check_sent_only(0)
    check_equal(lane.received, before, "what is at the receiver")


@case(needs=SEND)
def a_failing_classic_receiver_is_an_error_and_is_not_noted_as_sent(world):
    lane = _lane(world)
    with world.classic_receiver():
        _next_day(lane, lambda: lane.send("--protocol", "raw"))
        lane.write("news", "of the second day")
        second = lane.snapshot()
        os.mkdir(lane.at_pi(second))  # "File exists"
        lane.send("--protocol", "raw").expect_trouble(14)
    check_equal(lane.last_sent, lane.parent, "the note")


@case
def raw_streams_of_our_sender_are_taken_by_our_receiver_too(world):
    lane = _lane(world)
    for _ in range(2):
        _next_day(lane, lambda: lane.send("--protocol", "raw")).expect_well()
    check_equal(len(lane.complete), 2, "backups")


@case
def what_the_classic_pair_left_is_taken_over_as_parents_and_pruned_alike(world):
    lane = _lane(world)
    with world.classic_receiver():
        for _ in range(3):
            _next_day(lane, lane.send_classic)
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        before = lane.complete
        _next_day(lane, lane.send).expect(0)  # that TAG/ is closed to others now is told
        check_equal(os.stat(lane.received_dir).st_mode & 0o7777, 0o700, "the mode of TAG/")
    lane.check_complete(before[-1], lane.parent)


@case
def one_can_change_from_the_classic_sender_to_ours_and_back_without_a_full_send(world):
    lane = _lane(world)
    for send in (lane.send_classic, lane.send, lane.send_classic, lane.send, lane.send,
                 lane.send_classic):
        _next_day(lane, send).expect_well()
    check_equal(len(lane.complete), 6, "backups")


@case(needs=SEND)
def one_can_change_senders_before_a_classic_receiver_too(world):
    lane = _lane(world)
    with world.classic_receiver():
        for send in (lane.send_classic, lambda: lane.send("--protocol", "raw"),
                     lane.send_classic, lambda: lane.send("--protocol", "raw")):
            _next_day(lane, send)
    check_equal(len(lane.complete), 4, "backups")


@case
def one_can_change_receivers_and_back_but_has_to_say_so(world):
    lane = _lane(world)
    _next_day(lane, lane.send)
    with world.classic_receiver():
        lane.write("news", "of the second day")
        second = lane.snapshot()
        # It has spoken our protocol: a raw stream is not sent to it because it looks like another.
        told = lane.send().expect_trouble(18)
        check_says(told.err, "has spoken", "--protocol raw")
        check("sent" not in told.out, f"it says that it sent: {told.out}")
        check_equal(lane.last_sent, lane.parent, "the note")
        lane.send_well("--protocol", "raw")
        lane.check_arrived(second)
        lane.parent = second
    _next_day(lane, lane.send)
    check_equal(len(lane.complete), 3, "backups")


@case
def a_partial_of_the_classic_receiver_in_the_way_is_set_aside_and_not_counted(world):
    lane = _lane(world)
    _next_day(lane, lane.send)
    lane.write("news", "of the second day")
    name = lane.snapshot()
    _leave_classic_partial(lane, name)
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        lane.send_well()
    check_equal(lane.complete, [name], "the complete backups")
    lane.check_arrived(name)
    aside = [entry for entry in lane.all_received if entry.startswith(f"{name}.incomplete-")]
    check_equal(lane.all_received, sorted([name, *aside]), "the tag's directory")
    check_equal(len(aside), 1, "partials set aside")
    check(os.path.exists(os.path.join(lane.at_pi(aside[0]), "base")), "the partial was emptied")


@case
def a_partial_of_another_snapshot_is_left_where_it_is(world):
    lane = _lane(world)
    first = lane.snapshot()
    _leave_classic_partial(lane, first)
    lane.write("news", "of the second day")
    second = lane.snapshot()
    lane.send().expect(0)  # that TAG/ is closed to others now is told
    check_equal(lane.all_received, [first, second], "the tag's directory")
    check_equal(lane.complete, [second], "the complete backups")
    lane.check_arrived(second)


def _leave_classic_partial(lane, name):
    """What a broken line leaves of a classic receive: writable, and under the final name."""
    whole = subvolume.send(lane.at_nas(name))
    with lane.world.classic_receiver():
        lane.world.receive(lane.tag, stream=whole[:len(whole) // 2]).expect(1)
    check(not lane.received[name].complete, "the partial is complete")
