"""A peer that falls silent, with the line still up, is an error after a while and not a hang."""

import contextlib
import os
import socket
import subprocess
import time
import uuid

from harness import processes, stream, wire
from harness.case import case
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.verdict import Failed, check, check_equal
from harness.world import SEND_CONFIGURATION, write_file

SIZE = 10 * MIB
SHORTEST = 'stall_timeout = "10s"\n'  # the least that may be configured


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(SIZE))
    lane.name = lane.snapshot()
    return lane


@case
def a_receiver_gives_up_on_a_silent_sender_and_frees_its_tag(world):
    lane = _ready(world)
    with world.receiver_configured(SHORTEST):
        run = lane.start("--retries", "0")
        world.link.rate = SIZE // 4  # seconds for whoever is to be stopped amid it
        world.link.await_sent(SIZE // 4)
        with processes.stopped(processes.SENDER):
            processes.await_none(processes.RECEIVER, processes.BTRFS)
        run.finish().expect_trouble(10, 18)
        check_equal(lane.all_received, [], "the tag's directory")
        lane.send_well()
    lane.check_arrived(lane.name)


@case
def a_sender_gives_up_on_a_silent_receiver(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, receiver(world, extra=SHORTEST) + job(lane))
    run = world.start_sender("--job", lane.tag, "--retries", "0")
    world.link.rate = SIZE // 4  # seconds for whoever is to be stopped amid it
    world.link.await_sent(SIZE // 4)
    with processes.stopped(processes.RECEIVER):
        run.finish(patience=120).expect_trouble(10, 18)
    world.await_quiet()
    world.start_sender("--job", lane.tag).finish().expect_well()
    lane.check_arrived(lane.name)


@case
def a_line_that_dies_without_a_word_while_the_disk_wakes_is_given_up(world):
    lane = world.lane()
    lane.write("file", noise(1000))  # all is sent before the receiver takes any of it
    lane.name = lane.snapshot()
    woken = os.path.join(world.directory, f"woken-{lane.tag}")
    hook = f'before_receive = ["/bin/sh", "-c", "echo >{woken}; sleep 30"]\n'
    write_file(SEND_CONFIGURATION, receiver(world, extra=SHORTEST) +
               job(lane, protocol='"raw"', retries=0))
    with world.receiver_configured(SHORTEST + 'hook_timeout = "1min"\n' + hook):
        run = world.start_sender("--job", lane.tag)
        while not os.path.exists(woken):
            check(not run.ended, "it has ended before the disk was to wake")
            time.sleep(processes.POLL)
        world.link.freeze()
        run.finish(patience=60).expect_trouble(10, 18)
        world.link.cut()
        processes.kill(processes.RECEIVER)
        world.await_quiet()


@case(long=True)
def a_classic_receiver_that_is_silent_for_longer_than_a_stall_is_waited_for(world):
    lane = world.lane()
    lane.write("file", noise(1000))
    lane.snapshot()
    write_file(SEND_CONFIGURATION, receiver(world, extra=SHORTEST) +
               job(lane, protocol='"raw"', retries=0))
    slow = os.path.join(world.directory, "slow", "snapshot-receive")
    write_file(slow, "#!/bin/sh\ncat >/dev/null\nsleep 25\n", 0o755)
    with world.receiver_is(slow):
        run = world.start_sender("--job", lane.tag).finish()
    check(run.seconds > 25, f"it did not wait: {run}")
    check("nothing moved" not in run.err, run.err)


@case(needs=("snapshot-receive",))
def somebody_who_connects_and_says_nothing_blocks_nobody(world):
    lane = _ready(world)
    silent = world.commands.start(world.receiver(), lane.tag, stdin=-1)  # a pipe, and no word
    try:
        lane.send_classic().expect_well()
    finally:
        silent.finish(b"").expect_trouble(18)
    lane.check_arrived(lane.name)


# ---- senders by hand -----------------------------------------------------------------------------

class _Peer:
    """A sender that holds both ends of a receiver's output, and need not read from it."""

    def __init__(self, lane, as_socket):
        self.lane = lane
        if as_socket:  # as sshd makes it: one socket for input and output
            own, others = socket.socketpair()
            self.input, self.output, given = own.detach(), None, others.detach()
            self.reading, streams = self.input, (given, given)
            self.fill = lambda: _fill_socket(given)
            self._kept = given
        else:
            ours_out, given_in = os.pipe()[::-1]
            self.reading, given_out = os.pipe()
            self.input, streams = ours_out, (given_in, given_out)
            self.fill = lambda: _fill_pipe(given_out)
            self._kept = given_out
        self.process = subprocess.Popen((lane.world.receiver(), lane.tag), stdin=streams[0],
                                        stdout=streams[1], stderr=streams[1], cwd="/",
                                        env=lane.world.commands.environment)

    def say(self, said):
        os.write(self.input, said)

    def hear(self, what):
        """Reads until it has been said."""
        heard = b""
        while what not in heard:
            more = os.read(self.reading, 4096)
            check(more, f"it ended before it said {what!r}: {heard!r}")
            heard += more

    def check_given_up(self, where):
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            raise Failed(f"{where}: the receiver waits for its sender without end") from None
        finally:
            self.process.kill()
            self.process.wait()


def _fill_socket(given):
    with socket.socket(fileno=os.dup(given)) as filling, contextlib.suppress(BlockingIOError):
        while True:
            filling.send(bytes(4096), socket.MSG_DONTWAIT)


def _fill_pipe(given):
    """By a descriptor of its own: the receiver's keeps its flags."""
    own = os.open(f"/proc/self/fd/{given}", os.O_WRONLY | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(own, bytes(4096))
    os.close(own)


def _stops_reading_before(lane, as_socket, what):
    """A sender that reads up to a point of the conversation, and never again."""
    peer = _Peer(lane, as_socket)
    made = bytes(stream.opened("hostile").write("file", b"x" * 1000))
    opening, announced = wire.hello(), wire.announce("hostile", uuid.uuid4())
    if what == "the last words of a raw stream":
        peer.fill()
        peer.say(bytes(stream.small("hostile")))
        os.close(peer.input) if not as_socket else socket.socket(
            fileno=os.dup(peer.input)).shutdown(socket.SHUT_WR)
        return peer
    peer.say(wire.GREETING)
    peer.hear(wire.GREETING)
    if what != "welcome":
        peer.say(opening[len(wire.GREETING):])
        peer.hear(b'"welcome"')
    if what in ("progress", "the failure"):
        peer.say(announced)
        peer.hear(b'"ready"')
    peer.fill()
    peer.say({"welcome": opening[len(wire.GREETING):], "ready": announced,
              "progress": wire.data(made), "the failure": wire.data(b"no stream at all")}[what])
    return peer


@case(needs=("snapshot-receive",))
def a_sender_who_reads_nothing_is_given_up_and_frees_its_tag(world):
    points = ("welcome", "ready", "progress", "the failure", "the last words of a raw stream")
    with world.receiver_configured(SHORTEST):
        peers = [(f"before {what}", _stops_reading_before(world.lane(), as_socket, what))
                 for what in points for as_socket in (True, False)]
        for where, peer in peers:
            peer.check_given_up(where)
        for where, peer in peers:  # no lock is held
            check_equal(peer.lane.receive(bytes(stream.small("next"))).code, 0, where)


@case(needs=("snapshot-receive",), long=True)
def a_sender_who_says_a_byte_every_two_seconds_is_ended_before_hello(world):
    slow = {what: _Peer(world.lane(), True) for what in ("the magic", "the greeting", "hello")}
    slow["hello"].say(wire.GREETING)
    words = {"the magic": stream.MAGIC[:-1] * 9, "the greeting": wire.GREETING[:-1],
             "hello": wire.hello()[len(wire.GREETING):]}
    begin = time.monotonic()
    for at in range(38):  # seconds by two: longer than all of it may take
        for what, peer in slow.items():
            with contextlib.suppress(OSError):  # it is gone
                peer.say(words[what][at:at + 1] if at < 12 or what == "hello" else b"")
        time.sleep(2)
    for what, peer in slow.items():
        check(peer.process.poll() is not None,
              f"{what}: still there after {time.monotonic() - begin:.0f} s")
