"""A send that breaks goes on where it stopped, whatever broke it."""

import json
import os
import time

from harness import data, processes, subvolume
from harness.case import case
from harness.old_progs import old_progs
from harness.verdict import Failed, check, check_equal, check_says

LARGE = 40 * data.MIB
RATE = 20 * data.MIB  # bytes a second: slow enough to be cut at a chosen place
SEGMENT = 4 * data.MIB
CHECKPOINTS = '[defaults]\nkeep = 7\n'
CONNECTION = 10  # exit code
SETTINGS = f'checkpoint_every = "{SEGMENT // data.MIB}MiB"\n{CHECKPOINTS}'


def _configured(world):
    return world.receiver_configured(SETTINGS)


def _content(lane):
    """A source with files of every kind before and after a large one; a first snapshot of it."""
    data.fill(lane.source)
    lane.write("middle", data.noise(LARGE))
    name = lane.snapshot()
    lane.stream_size = lane.increment_size(name, None)
    return name


def _break_at(lane, share, *options, breaking=None):
    """Starts a send, breaks it when so much of the large file has gone, and waits for the end."""
    return lane.interrupt(int(lane.stream_size * share), RATE, *options, breaking=breaking)


def _check_resumes(world, lane, name, most):
    """Fails unless a plain run completes the send with at most so many bytes on the line."""
    world.link.reset()
    result = lane.send_well()
    if world.link.sent > most:
        raise Failed(f"{world.link.sent} bytes were sent again, more than {most}")
    lane.check_arrived(name)
    return result


@case
def a_full_send_cut_at_nine_tenths_sends_only_the_rest(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.9)
        check_equal(lane.all_received, [], "the tag's directory after the break")
        _check_resumes(world, lane, name, lane.stream_size * 20 // 100)
        lane.check_complete(name)


@case
def an_increment_cut_at_nine_tenths_sends_only_the_rest(world):
    lane = world.lane()
    with _configured(world):
        content = data.fill(lane.source)
        first = lane.snapshot()
        lane.send_well()
        data.mutate(content)
        lane.write("middle", data.noise(LARGE))
        second = lane.snapshot()
        lane.stream_size = lane.increment_size(second, first)
        _break_at(lane, 0.9)
        lane.check_complete(first)
        _check_resumes(world, lane, second, lane.stream_size * 20 // 100)
        lane.check_complete(first, second)
        lane.write("after", "an increment on top of a resumed one")
        third = lane.snapshot()
        _check_resumes(world, lane, third, data.MIB)


@case
def a_stream_of_each_form_goes_on_in_that_form(world):
    with _configured(world):
        for form in ("v1", "v2", "v2-compressed"):
            lane = world.lane()
            data.compressing_directory(os.path.join(lane.source, "packed"), "zstd")
            lane.write("packed/text", b"as good as nothing when it is packed\n" * 100_000)
            name = _content(lane)
            _break_at(lane, 0.85, "--stream", form)
            result = _check_resumes(world, lane, name, lane.stream_size * 25 // 100)
            check("starting over" not in result.out, f"{form} started over")
            lane.write("small", "an increment on top")
            _check_resumes(world, lane, lane.snapshot(), data.MIB)


@case
def a_stream_that_the_receiver_no_longer_takes_is_sent_anew_in_another_form(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.5)
        with old_progs():
            result = lane.send_well()
            check_says(result.out, "no longer take its stream", "the stream is v1")
        lane.check_complete(name)
        lane.check_arrived(name)


@case
def a_form_that_is_demanded_gives_up_what_was_interrupted_in_another(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.5)
        result = lane.send_well("--stream", "v1")
        check_says(result.out, "v1 is demanded", "the stream is v1: it is demanded")
        lane.check_complete(name)
        lane.check_arrived(name)


@case
def a_receiver_that_is_told_to_end_keeps_what_has_arrived(world):
    """Its machine is shut down: all that belongs to the login is told so, with or without sshd."""
    for also in ((), (processes.SSHD,)):
        lane = world.lane()
        name = _content(lane)  # far less than what is worth a checkpoint otherwise
        told = []
        result = _break_at(lane, 0.9, breaking=lambda: told.append(
            processes.tell_to_end(processes.RECEIVER, processes.BTRFS, *also)))
        check(told[0] >= 2, f"{told} processes were told to end")
        if not also:
            check_says(result.err, "the receiver was told to end")
        check_equal(result.code, CONNECTION, "the exit code of the sender")
        _check_resumes(world, lane, name, lane.stream_size * 15 // 100)
        lane.check_complete(name)


@case
def a_killed_receiver_loses_one_segment_at_most(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.9, breaking=lambda: processes.kill(processes.RECEIVER))
        in_flight = 4 * data.MIB  # in the pipes and the socket's buffers
        _check_resumes(world, lane, name, lane.stream_size // 10 + SEGMENT + in_flight)


@case
def a_receiver_that_is_killed_at_the_same_place_twice_holds_up_nothing_newer(world):
    lane = world.lane()
    with _configured(world):
        _content(lane)
        _break_at(lane, 0.5)
    held = lane.held
    lane.write("newer", b"x")
    newer = lane.snapshot()
    with world.receiver_configured('checkpoint_every = "1GiB"\n' + CHECKPOINTS):
        for time_of_it in ("first", "second"):
            world.link.reset()
            run = lane.start("--retries", "0")
            world.link.rate = RATE
            world.link.await_sent(data.MIB)
            processes.kill(processes.RECEIVER)
            world.link.reset()
            result = run.finish()
            check_says(result.out, "is finished first")
            check_says(result.err, "was ended by SIGKILL")
            if time_of_it == "first":
                check_equal(result.code, 10, "the exit code")
                check_equal(lane.held, held, "what is held")
    check_equal(result.code, 0, "the exit code of the second run, which took another way")
    check_says(result.out, "to go on with it has failed twice")
    lane.check_complete(newer)
    lane.check_arrived(newer)


@case
def a_killed_sender_loses_nothing_that_arrived(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.9, breaking=lambda: processes.kill(processes.SENDER))
        _check_resumes(world, lane, name, lane.stream_size * 20 // 100)


@case
def many_breaks_in_one_send_add_up_to_the_whole(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        sent = 0
        for _ in range(5):
            lane.interrupt(lane.stream_size // 6, RATE)
            sent += world.link.sent
        lost_on_the_way = 5 * 2 * data.MIB  # in buffers and half commands, a break
        _check_resumes(world, lane, name, lane.stream_size - sent + lost_on_the_way)


@case
def one_run_survives_a_link_that_drops(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        run = lane.start("--retries", "5")
        world.link.rate = RATE
        for share in (0.3, 0.6):
            world.link.await_sent(int(lane.stream_size * share))
            world.link.cut()
        result = run.finish().expect_well()
        check("trying again" in result.out, "the log does not tell of the dropped link")
        lane.check_arrived(name)


@case
def an_interrupted_send_is_finished_before_a_newer_snapshot(world):
    lane = world.lane()
    with _configured(world):
        first = _content(lane)
        _break_at(lane, 0.9)
        lane.write("news", data.noise(100_000, 5))
        second = lane.snapshot()
        _check_resumes(world, lane, second, lane.stream_size * 20 // 100)
        lane.check_arrived(first)
        lane.check_complete(first, second)


@case
def a_pinned_snapshot_that_rotation_deletes_is_still_finished(world):
    lane = world.lane()
    with _configured(world):
        first = _content(lane)
        _break_at(lane, 0.9)
        subvolume.delete(lane.at_nas(first))
        lane.write("news", "after the rotation")
        second = lane.snapshot()
        _check_resumes(world, lane, second, lane.stream_size * 20 // 100)
        lane.check_complete(first, second)


@case
def an_unpinned_snapshot_that_is_gone_is_given_up_in_the_same_run(world):
    lane = world.lane()
    with _configured(world):
        first = _content(lane)
        run = lane.start("--retries", "0", "--no-pin")
        world.link.rate = RATE
        world.link.await_sent(LARGE // 2)
        world.link.cut()
        run.finish()
        world.await_quiet()
        subvolume.delete(lane.at_nas(first))
        lane.write("news", "after the rotation")
        second = lane.snapshot()
        world.link.reset()
        result = lane.send_well("--no-pin")
        check("given up" in result.out, "the log does not say that the old send is given up")
        lane.check_complete(second)
        lane.check_arrived(second)


@case
def the_last_sent_snapshot_rotated_away_still_serves_as_parent(world):
    lane = world.lane()
    content = data.fill(lane.source)
    lane.write("large", data.noise(4 * data.MIB))
    first = lane.snapshot()
    lane.send_well()
    subvolume.delete(lane.at_nas(first))
    data.mutate(content)
    second = lane.snapshot()
    world.link.reset()
    lane.send_well()
    check(world.link.sent < 3 * data.MIB, "the rotation made the next send a full one")
    lane.check_arrived(second)


def _check_starts_over(world, lane, name):
    world.link.reset()
    lane.send_well()
    check(world.link.sent > LARGE, "it went on from a checkpoint that is not sound")
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def a_checkpoint_that_is_damaged_is_given_up(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.5)
        with open(lane.checkpoint, "r+b") as file:
            file.truncate(40)
        _check_starts_over(world, lane, name)


@case
def a_stream_that_has_changed_since_starts_over_and_says_so(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.5)
        with open(lane.checkpoint, encoding="utf-8") as file:
            checkpoint = json.load(file)
        checkpoint["shares"][-1]["mac"] = "0" * 32
        del checkpoint["claim"]  # with it the MAC is not looked at: see resume_unread
        with open(lane.checkpoint, "w", encoding="utf-8") as file:
            json.dump(checkpoint, file)
        world.link.reset()
        result = lane.send_well()
        check("starting over" in result.out, "the log does not say that it starts over")
        lane.check_complete(name)
        lane.check_arrived(name)


@case
def a_partial_that_was_made_writable_is_not_gone_on_with(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        _break_at(lane, 0.5)
        staging = lane.staging
        for partial in os.listdir(staging):
            subvolume.set_read_only(os.path.join(staging, partial), False)
            with open(os.path.join(staging, partial, "intruder"), "w", encoding="utf-8"):
                pass
        _check_starts_over(world, lane, name)


@case
def a_checkpoint_by_time_holds_what_a_slow_link_brought(world):
    lane = world.lane()
    with world.receiver_configured('checkpoint_interval = "1s"\n' + CHECKPOINTS):
        name = _content(lane)
        run = lane.start("--retries", "0")
        world.link.rate = 4 * data.MIB
        held = _await_checkpoint(lane)
        processes.kill(processes.RECEIVER)
        broken = run.finish()
        check_equal(broken.code, 10, "the exit code of a sender whose receiver was killed")
        check("was ended by SIGKILL" in broken.err, "the sender does not say what ended")
        world.await_quiet()
        _check_resumes(world, lane, name, lane.stream_size - held + data.MIB)


def _await_checkpoint(lane):
    """Waits for a checkpoint; returns how many bytes of the stream it holds."""
    deadline = time.monotonic() + 120
    while not (held := lane.held):
        if time.monotonic() > deadline:
            raise Failed("no checkpoint was made in two minutes")
        time.sleep(0.01)
    return held


@case
def a_power_cut_at_the_receiver_loses_one_segment_at_most(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        run = lane.start("--retries", "0")
        world.link.rate = RATE
        world.link.await_sent(int(lane.stream_size * 0.9))
        with world.power_cut_at_pi() as pi:  # the disk as it is at this moment
            world.link.cut()
            run.finish()
            world.await_quiet()
            time.sleep(0.1)
            with world.pi_is(pi):
                world.link.reset()
                lane.send_well()
                sent = world.link.sent
            check(sent < lane.stream_size // 10 + SEGMENT + 4 * data.MIB, f"{sent} bytes were sent again")
            found = subvolume.inspect(os.path.join(pi, lane.tag, name))
            check(found.complete, f"{name} is not complete after the power cut")


@case
def a_line_that_breaks_again_and_again_carries_a_send_within_one_run(world):
    lane = world.lane()
    with _configured(world):
        name = _content(lane)
        run = lane.start("--retries", "1")
        for _ in range(3):
            world.link.rate = RATE
            world.link.await_sent(world.link.sent + int(lane.stream_size * 0.25), run)
            check(world.link.cut(), "there was nothing to cut")
        world.link.rate = None
        run.finish().expect(0)
        lane.check_arrived(name)
