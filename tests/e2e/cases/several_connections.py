"""One stream over several connections: the same backup, whatever breaks."""

import os
import signal
import time

from harness import data, processes, wire
from harness.case import case
from harness.data import MIB
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

SIZE = 24 * MIB
RATE = 16 * MIB  # bytes a second, on each connection: slow enough to be broken in between
SETTINGS = '[defaults]\nkeep = 7\n'
JOINING = "11" * 32  # a token that nobody has drawn


class _Sending:
    """A lane whose job goes over so many connections."""

    def __init__(self, world, connections, size=SIZE, **changed):
        self.world, self.lane = world, world.lane()
        self.size = size
        self.lane.write("noise", data.noise(size))
        self.lane.write("small", "a word")
        self.name = self.lane.snapshot()
        write_file(SEND_CONFIGURATION, receiver(world, connections=f'"{connections}"', **changed) + job(self.lane))

    def start(self, *options):
        return self.world.start_sender("--job", self.lane.tag, "--no-manifest", *options)

    def send(self, *options):
        return self.start(*options).finish()

    def check_arrived(self):
        self.lane.check_complete(self.name)
        self.lane.check_arrived(self.name)


def _logins(world):
    with open(world.ssh.log, encoding="utf-8", errors="replace") as file:
        return file.read().count("Accepted publickey")


@case
def a_stream_goes_over_as_many_connections_as_are_wanted_in_each_form(world):
    for connections, form in ((1, "v1"), (2, "v1"), (2, "v2"), (4, "v2-compressed")):
        with told_of_failures(f"{connections} connections, {form}"):
            sending = _Sending(world, connections)
            before = _logins(world)
            sending.send("--stream", form).expect_well()
            check_equal(_logins(world) - before, connections, "the logins")
            sending.check_arrived()
    check_equal(sorted(name for name in os.listdir("/run/snapferry") if name.startswith("join")), [],
                "places to join that were left")


@case
def increments_go_over_several_connections_and_hooks_run_once(world):
    sending = _Sending(world, 3)
    diary = os.path.join(world.directory, "diary")
    hook = os.path.join(world.directory, "note")
    write_file(hook, f"#!/bin/sh\necho $SNAPFERRY_HOOK >>{diary}\n", 0o755)
    with world.receiver_configured(f'before_receive = ["{hook}"]\nafter_receive = ["{hook}"]\n{SETTINGS}'):
        sending.send().expect_well()
        first = sending.name
        sending.lane.write("more", data.noise(SIZE, 2))
        sending.name = sending.lane.snapshot()
        check_says(sending.send().expect_well().out, f"incrementally from {first}")
    sending.lane.check_complete(first, sending.name)
    sending.lane.check_arrived(sending.name)
    with open(diary, encoding="ascii") as file:
        check_equal(file.read().split(), ["before_receive", "after_receive"] * 2, "the hooks")


@case
def a_key_that_is_tied_to_its_tag_is_enough_for_several_connections(world):
    sending = _Sending(world, 2)
    world.ssh.authorize_for(sending.lane.tag)
    try:
        before = _logins(world)
        sending.send().expect_well()
        check_equal(_logins(world) - before, 2, "the logins")
    finally:
        world.ssh.authorize()
    sending.check_arrived()


def _cut_the_second(world, _):
    check(world.link.cut_newest(), "there was nothing to cut")


def _kill_a_receiver(which):
    """Of the two that run: by the order in which they began."""
    def kill(_, __):
        pids = sorted(processes.running(processes.RECEIVER), key=_began)
        check_equal(len(pids), 2, "the receivers that run")
        os.kill(pids[which], signal.SIGKILL)
    return kill


def _began(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[19])  # proc(5): starttime


BREAKS = {
    "both are cut": lambda world, _: world.link.cut(),
    "the further one is cut": _cut_the_second,
    "the sender is killed": lambda _, run: run.process.kill(),
    "the receiver is killed": _kill_a_receiver(0),
    "the receiver that joined is killed": _kill_a_receiver(1),
    "btrfs receive is killed": lambda *_: processes.kill(processes.BTRFS),
}


@case
def whatever_breaks_the_run_fails_and_the_next_goes_on_from_what_came_in_order(world):
    for what, breaking in BREAKS.items():
        with told_of_failures(what), world.receiver_configured('checkpoint_every = "1MiB"\n' + SETTINGS):
            sending = _Sending(world, 2)
            run = sending.start("--retries", "0")
            world.link.rate = RATE
            world.link.await_connections(2)
            with world.link.held_at(SIZE // 2, run):
                breaking(world, run)
            result = run.finish()
            check(result.code != 0, "it was broken, and says that all is well")
            world.await_quiet()
            check_equal(sending.lane.all_received, [], "the tag's directory")
            check(result.code not in (15, 16), f"it was taken for a fault of the data: {result.code}")
            world.link.reset()
            sending.send().expect_well()
            sending.check_arrived()


@case
def a_connection_that_breaks_is_made_again_within_the_run_and_alone(world):
    sending = _Sending(world, 2)
    before = _logins(world)
    run = sending.start("--retries", "2")
    world.link.rate = RATE
    world.link.await_connections(2)
    world.link.await_sent(SIZE // 2, run)
    _cut_the_second(world, run)
    world.link.rate = None
    check_says(run.finish().expect_well().out, "trying again")
    check_equal(_logins(world) - before, 2 + 1, "the logins")
    sending.check_arrived()


@case
def a_small_send_takes_no_second_connection_by_itself(world):
    sending = _Sending(world, "auto", cipher='"chacha20"')
    before = _logins(world)
    sending.send().expect_well()
    check_equal(_logins(world) - before, 1, "the logins")
    sending.check_arrived()


@case
def where_no_further_connection_can_be_had_the_stream_goes_over_one(world):
    sending = _Sending(world, 2)
    with world.receiver_is(_without_room_to_join(world)):
        result = sending.send("--verbose").expect_well()
    check_says(result.text, "no further connection for the stream")
    sending.check_arrived()


def _without_room_to_join(world):
    """A receiver that ends at once where another is at work."""
    program = os.path.join(world.directory, "one-only", "snapshot-receive")
    write_file(program, "#!/bin/sh\n"
               f'[ ! -e "/run/snapferry/join-$1" ] || exit 1\nexec {world.programs["snapshot-receive"]} "$@"\n', 0o755)
    return program


@case
def who_joins_without_the_token_is_not_heard(world):
    sending = _Sending(world, 2)
    lane = sending.lane
    said = wire.hello(joins=JOINING, number=1)
    nobody = wire.Answer.of(lane.receive(said).bytes_out)
    check_equal(nobody.last["type"], "failed", "what a receiver says where there is nothing to join")
    run = sending.start("--retries", "0")
    world.link.rate = RATE // 4
    world.link.await_sent(MIB, run)
    strangers = [world.commands.start("sudo", "-n", "-u", "root", world.receiver(), lane.tag, stdin=-1)
                 for _ in range(3)]
    for stranger in strangers:
        stranger.process.stdin.write(said)
        stranger.process.stdin.flush()
    time.sleep(0.2)
    world.link.rate = None
    run.finish().expect_well()
    for stranger in strangers:
        stranger.finish()
    sending.check_arrived()


@case
def a_number_of_connections_that_cannot_be_is_refused(world):
    for connections in ("0", "5", "many"):
        sending = _Sending(world, connections, size=1000)
        result = sending.send().expect_trouble(1)
        check_says(result.err, "receivers.pi.connections: it is auto, or from 1 to 4")
