"""Connections that die silently, at the wrong moment, or have nobody honest at their other end."""

import os

from harness import data, processes, wire
from harness.case import case
from harness.data import MIB
from harness.lane import CONNECTION_BYTES
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

LARGE = 24 * MIB
RATE = 16 * MIB  # bytes a second: slow enough to be broken at a chosen place
SEGMENT = MIB
IN_FLIGHT = 4 * MIB  # in the pipes and the sockets' buffers
SHORTEST = 'stall_timeout = "10s"\n'  # the least that may be configured
SETTINGS = f'checkpoint_every = "{SEGMENT // MIB}MiB"\n[defaults]\nkeep = 7\n'
RED = "\x1b[31m"


def _ready(world, size=LARGE):
    """A lane with a first backup, and a second snapshot that is so much larger."""
    lane = world.lane()
    lane.write("file", "of the first day")
    lane.first = lane.snapshot()
    lane.send_well()
    lane.write("file", data.noise(size))
    lane.second = lane.snapshot()
    return lane


# ---- the link ------------------------------------------------------------------------------------

@case
def a_link_that_falls_silent_is_given_up_by_both_sides_and_the_next_run_goes_on(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world, extra=SHORTEST) + job(lane))
    with world.receiver_configured(SHORTEST + SETTINGS):
        run = world.start_sender("--job", lane.tag, "--retries", "0")
        world.link.rate = RATE
        world.link.await_sent(LARGE // 2)
        world.link.freeze()
        run.finish(patience=180).expect_trouble(10, 18)
        world.await_quiet()
        held = lane.held
        check(held > LARGE // 2 - IN_FLIGHT, f"only {held} bytes are held of {LARGE // 2}")
        lane.check_complete(lane.first)
        world.start_sender("--job", lane.tag).finish().expect_well()
        most = LARGE - held + MIB
        check(world.link.sent < most, f"{world.link.sent} bytes were sent again, over {most}")
    lane.check_complete(lane.first, lane.second)
    lane.check_arrived(lane.second)


@case
def an_acknowledgement_that_is_lost_costs_no_second_send(world):
    lane = _ready(world, MIB)  # less than SSH's window: the sender needs no word to send it all
    run = lane.start("--retries", "0")
    world.link.rate = MIB
    world.link.await_sent(MIB // 2)
    world.link.deafen()
    processes.await_none(processes.RECEIVER)
    lane.check_arrived(lane.second)
    world.link.cut()
    run.finish().expect_trouble(10)
    check_equal(lane.last_sent, lane.first, "the note of a sender that did not hear")
    check_equal(list(lane.pins), [lane.first, lane.second], "its pins")
    world.link.reset()
    check_says(lane.send_well().out, "nothing to send")
    check(world.link.sent < CONNECTION_BYTES, f"{world.link.sent} bytes were sent again")
    check_equal(lane.last_sent, lane.second, "the note")
    check_equal(list(lane.pins), [lane.second], "the pins")
    lane.check_complete(lane.first, lane.second)


@case
def an_sshd_that_dies_and_comes_back_costs_one_run_nothing_but_time(world):
    lane = _ready(world)
    with world.receiver_configured(SETTINGS):
        run = lane.start()
        world.link.rate = RATE
        world.link.await_sent(LARGE // 2)
        world.ssh.stop()
        try:
            refused = world.link.refused
            check(processes.kill(processes.SSHD), "no sshd serves the connection")
            world.link.await_refused(refused + 1)
        finally:
            world.ssh.start()
        result = run.finish().expect_well()
    check_says(result.out, "trying again", "going on with")
    check(world.link.sent < LARGE + IN_FLIGHT, f"{world.link.sent} bytes were sent in all")
    lane.check_complete(lane.first, lane.second)
    lane.check_arrived(lane.second)


@case
def a_link_that_breaks_anywhere_before_the_stream_changes_nothing(world):
    lane = _ready(world, MIB)
    lane.send_well("--dry-run")  # which says all that comes before a stream
    before, steps = world.link.sent, 16
    for step in range(steps):
        with told_of_failures(f"cut after {before * step // steps} of {before} bytes"):
            run = lane.start("--retries", "0")
            world.link.cut_after = before * step // steps
            run.finish().expect_trouble(10)
            world.await_quiet()
            lane.check_complete(lane.first)
            check_equal(lane.last_sent, lane.first, "the note")
    lane.send_well()
    lane.check_arrived(lane.second)


# ---- the peers -----------------------------------------------------------------------------------

NO_FRAMES = {
    "noise": data.noise(1000),
    "a message of 4 GiB": wire.frame(wire.MESSAGE, b"", length=0xFFFFFFFF),
    "a message over the limit": wire.frame(wire.MESSAGE, b"", length=MIB + 1),
    "an unknown type of frame": wire.frame(9, b""),
    "padding that is not zero": wire.frame(wire.MESSAGE, b"{}", padding=b"\0\1\0"),
    "a message that is no JSON": wire.text(b"\x1b[2J{]"),
    "a message that is no object": wire.text(b'["hello"]'),
    "a message that is not UTF-8": wire.text(b'{"type": "\xff\xfe"}'),
    "a message that nests deeply": wire.text(b"[" * 100_000),
    "a message of an unknown type": wire.message(f"{RED}red\nsnapshot-send: all is well"),
}


@case
def garbage_towards_the_receiver_is_one_escaped_failure_and_changes_nothing(world):
    lane = _ready(world)
    _leave_unfinished(world, lane)
    before = lane.received, lane.held
    hello = wire.message("hello", program=f"{RED}red")
    announce = {"uuid": "4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5", "transid": 1, "parent": None,
                "stream": "v1", "replace": False, "resume_offset": 0}
    for what, garbage in {
            **NO_FRAMES,
            "nothing known behind hello": hello + NO_FRAMES["a message of an unknown type"],
            "hello twice": hello + hello,
            "hello without a program": wire.message("hello"),
            "data for hello": wire.frame(wire.DATA, bytes(1000)),
            "data for an announcement": hello + wire.frame(wire.DATA, bytes(1000)),
            "a name that is a path": hello + wire.message("announce", name="../../x", **announce),
            "a name in red": hello + wire.message("announce", name=f"{RED}x", **announce),
            "a uuid in red": hello + wire.message("announce", name="x",
                                                  **{**announce, "uuid": f"{RED}x"})}.items():
        with told_of_failures(what):
            _check_refused_by_receiver(lane.receive(wire.GREETING + garbage))
            check_equal((lane.received, lane.held), before, "what the receiver has")
    lane.send_well()
    lane.check_complete(lane.first, lane.second)
    lane.check_arrived(lane.second)


def _leave_unfinished(world, lane):
    """Breaks a send, so that there is something that garbage could spoil."""
    with world.receiver_configured(SETTINGS):
        lane.interrupt(LARGE // 2, RATE).expect_trouble(10)
    check(lane.held > 0, "nothing is held of a broken send")


def _check_refused_by_receiver(result):
    """It says so once, on the wire and only there, and nothing that a terminal would obey."""
    result.expect(18)
    last = wire.Answer.of(result.bytes_out).last
    check_equal((last["type"], last["code"]), ("failed", "protocol"), "the last message")
    check(last["message"].isprintable(), f"not escaped: {last['message']!r}")
    check_equal(result.err, "", "standard error")
    check("\x1b" not in result.out, "an escape character reached the output")


@case
def garbage_towards_the_sender_is_one_escaped_line_and_changes_nothing(world):
    lane = _ready(world, MIB)
    for what, garbage in {
            **NO_FRAMES,
            "data": wire.frame(wire.DATA, bytes(1000)),
            "a word out of turn": wire.message("durable"),
            "a welcome that lacks everything": wire.message("welcome"),
            "more snapshots than there may be": wire.welcome(lane.tag, snapshots=[{
                "name": f"{number}", "uuid": "4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"}
                for number in range(2049)]),
            "a snapshot named in red": wire.welcome(lane.tag, snapshots=[{
                "name": f"{RED}x", "uuid": "4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5"}]),
            "a stream that is not wanted": wire.welcome(lane.tag) + wire.message("result"),
    }.items():
        with told_of_failures(what):
            _check_refused_by_sender(world, lane, garbage, 18)
    for code, garbage in (
            (1, wire.welcome(f"{RED}another\ntag")),
            (17, wire.message("failed", code="refused_stream", message=f"{RED}red\nline",
                              hint=f"{RED}do\nthis")),
            (14, wire.message("failed", code=f"{RED}unknown", message="\r\x07", hint=""))):
        _check_refused_by_sender(world, lane, garbage, code)
    lane.send_well()
    lane.check_complete(lane.first, lane.second)


@case
def what_a_receiver_wants_logged_is_escaped(world):
    lane = _ready(world, MIB)
    lines = "".join(f"{RED}line {number}\r\nsnapshot-send: all is well" for number in range(3))
    logged = b"".join(wire.message("log", severity=severity, text=lines)
                      for severity in ("debug", "info", "warning", "error"))
    welcome = wire.welcome(lane.tag, program=f"{RED}red\nline")
    result = _answered(world, lane, logged + welcome + wire.message("durable"), "--verbose")
    result.expect_trouble(18)
    _check_escaped(result.text)
    check_equal(result.text.count("line 0"), 4, "lines of the receiver")
    check_equal(len(result.err.splitlines()), 3, "lines on stderr: two logged, one failure")


def _check_refused_by_sender(world, lane, garbage, code):
    result = _answered(world, lane, garbage).expect_trouble(code)
    check_equal(len(result.err.splitlines()), 1, "lines on stderr")
    _check_escaped(result.text)
    check_equal(lane.last_sent, lane.first, "the note")
    lane.check_complete(lane.first)


def _check_escaped(text):
    check(all(line.isprintable() for line in text.split("\n")), f"not escaped: {text!r}")


def _answered(world, lane, answer, *options):
    """Runs a sender that gets the greeting and then this answer, whatever it says itself."""
    directory = os.path.join(world.directory, "fake")
    os.makedirs(directory, exist_ok=True)
    answer_file = os.path.join(directory, "answer")
    program = os.path.join(directory, "snapshot-receive")
    with open(answer_file, "wb") as file:
        file.write(wire.GREETING + answer)
    write_file(program, f"#!/bin/sh\ncat '{answer_file}'\nexec cat >/dev/null\n", 0o755)
    with world.receiver_is(program):
        return lane.send("--retries", "0", *options)
