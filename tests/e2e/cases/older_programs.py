"""Version 1 of the protocol is one: programs of different ages work together, either way around."""

import contextlib
import json
import os

from harness import subvolume, wire
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.host import PROGRAM_DIRECTORY
from harness.older_programs import first_programs
from harness.second_pi import SecondPi
from harness.spoken import HOW_TO_SPEAK
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import write_file

SIZE = 16 * MIB
SNAPFERRY = os.path.join(PROGRAM_DIRECTORY, "snapferry")


class _Pair:
    """A sender and a receiver of some age, and a lane between them."""

    def __init__(self, world, sender):
        self.world, self.sender = world, sender
        self.lane = world.lane()
        self.lane.write("file", noise(SIZE))

    def start(self, *options, sender=None):
        self.world.link.reset()
        return self.world.commands.start(sender or self.sender, *options, *self.lane.arguments())

    def send(self, *options, sender=None):
        return self.start(*options, sender=sender).finish()

    def snapshot(self, news):
        self.lane.write("news", news)
        return self.lane.snapshot()

    def interrupt(self):
        run = self.start("--retries", "0")
        self.world.link.rate = SIZE
        with self.world.link.held_at(SIZE // 2, run):
            self.world.link.cut()
        run.finish().expect_trouble(10, 18)
        self.world.await_quiet()

    def check_way(self):
        """Every kind of send; returns what each run said."""
        said = []

        def well(what, name, *options):
            with told_of_failures(what):
                result = self.send(*options).expect(0)
                self.lane.check_arrived(name)
                check_equal(self.lane.last_sent, name, "the note")
                said.append((what, result.text))

        first = self.snapshot("of the first day")
        well("in full", first)
        well("nothing new", first)
        second = self.snapshot("of the second day")
        well("an increment", second)
        self.lane.check_sent_only(self.lane.increment_size(second, first))
        self.lane.write("more", noise(SIZE, 2))
        third = self.snapshot("of the third day")
        self.interrupt()
        well("after a break", third)
        well("nothing new after a break", third)
        self.lane.check_sent_only(0)
        well("forced", third, "--force")
        fourth = self.snapshot("of the fourth day")
        well("an increment to what was forced", fourth)
        for name in (first, second, third, fourth):
            self.lane.check_arrived(name)
        return said


def _fields(world, pair):
    """What the receiver that is there says in `welcome`, also of its snapshots."""
    answer = world.ssh_as_backups(f"sudo -n snapshot-receive {pair.lane.tag}",
                                  input=wire.hello() + wire.message("goodbye"))
    welcome = wire.Answer.of(answer.bytes_out).of_type("welcome")[0]
    return set(welcome) | {f"snapshots.{key}" for one in welcome["snapshots"] for key in one}


@case(long=True)
def an_older_sender_and_our_receiver_work_together(world):
    older = world.once(first_programs)
    for what, text in _Pair(world, older.sender).check_way():
        check(text.count("older") <= 1, f"{what}: said more than once that it is older: {text}")


@case(long=True)
def our_sender_and_an_older_receiver_work_together_and_it_is_said_once(world):
    older = world.once(first_programs)
    pair = _Pair(world, world.sender())
    with world.receiver_is(older.receiver):
        said = pair.check_way()
        old_fields = _fields(world, pair)
    more = _fields(world, pair) - old_fields  # what our receiver says, and the older one cannot
    for what, text in said:
        wanted = 1 if more else 0
        check_equal(text.count("older"), wanted, f"{what}: how often it says that the receiver is "
                                                 f"older, which does not say {more}, in: {text}")


@case(long=True)
def either_side_may_be_exchanged_on_any_day(world):
    older = world.once(first_programs)
    pair = _Pair(world, older.sender)
    names = []
    for day, (sender, receiver) in enumerate((
            (older.sender, older.receiver), (world.sender(), older.receiver),
            (world.sender(), None), (older.sender, None), (world.sender(), None),
            (older.sender, older.receiver), (world.sender(), older.receiver), (older.sender, None),
            (world.sender(), None))):
        with told_of_failures(f"day {day}"), contextlib.ExitStack() as stack:
            if receiver:
                stack.enter_context(world.receiver_is(receiver))
            names.append(pair.snapshot(f"of day {day}"))
            pair.send(sender=sender).expect(0)
            pair.lane.check_arrived(names[-1])
            if day:
                pair.lane.check_sent_only(pair.lane.increment_size(names[-1], names[-2]))


@case(long=True)
def what_older_programs_left_unfinished_is_finished_or_begun_anew(world):
    older = world.once(first_programs)
    for exchanged in ("the receiver", "the sender", "both"):
        pair = _Pair(world, older.sender)
        with told_of_failures(f"{exchanged} exchanged"):
            name = pair.snapshot("of the first day")
            with world.receiver_is(older.receiver):
                pair.interrupt()
                if exchanged == "the sender":
                    pair.send(sender=world.sender()).expect(0)
            if exchanged != "the sender":
                pair.send(sender=older.sender if exchanged == "the receiver" else world.sender()
                          ).expect(0)
            pair.lane.check_complete(name)
            pair.lane.check_arrived(name)


@case(long=True)
def what_the_first_version_left_beside_the_snapshots_is_taken_over(world):
    older = world.once(first_programs)
    for interrupted in (False, True):
        pair = _Pair(world, older.sender)
        lane = pair.lane
        with told_of_failures(f"interrupted: {interrupted}"):
            first = pair.snapshot("of the first day")
            pair.send().expect(0)
            subvolume.delete(lane.at_nas(first))  # its pin is all that is left
            second = pair.snapshot("of the second day")
            if interrupted:
                run = pair.start("--retries", "0", sender=world.sender())
                world.link.rate = SIZE
                run.process.kill()
                run.finish()
                world.await_quiet()
            pair.send("--incremental-only", sender=world.sender()).expect(0)
            lane.check_arrived(second)
            subvolume.delete(lane.at_nas(second))
            third = pair.snapshot("of the third day")
            pair.send("--incremental-only", sender=world.sender()).expect(0)
            lane.check_complete(first, second, third)
            lane.check_arrived(third)


@case(long=True, needs=ALL_PROGRAMS)
def two_pis_that_the_first_version_sent_to_under_one_tag_go_on_each_from_its_own(world):
    older = world.once(first_programs)
    pair = _Pair(world, older.sender)
    lane = pair.lane
    with SecondPi(world) as other:
        first = pair.snapshot("of the first day")
        pair.send().expect(0)
        with world.pi_is(other.path):
            world.commands.run(older.sender, *lane.arguments(to=other.address)).expect(0)
        second = pair.snapshot("of the second day")
        subvolume.delete(lane.at_nas(first))
        pair.send(sender=world.sender()).expect(0)  # the other Pi is away
        third = pair.snapshot("of the third day")
        subvolume.delete(lane.at_nas(second))
        pair.send("--incremental-only", sender=world.sender()).expect(0)
        other.send(lane, "--incremental-only").expect(0)
        check_equal(other.complete(lane.tag), [first, third], "what the other Pi has")
        lane.check_complete(first, second, third)
        status = world.commands.run(SNAPFERRY, "status", "--json").expect_well().out
        jobs = [one for one in json.loads(status)["jobs"] if one["job"].startswith(lane.tag)]
        check_equal([one["newest"]["name"] for one in jobs], [third, third], "the newest of each")


# ---- in every run: what an earlier version left, made by hand ----------------------------------

def _as_an_earlier_version_left_it(lane, receivers):
    """Pins and memory under the tag alone; in the memory, what is said of each receiver."""
    home = os.path.dirname(lane.pin_place)
    with open(lane.memory, encoding="utf-8") as file:
        own = json.load(file)
    os.unlink(lane.memory)
    os.rename(lane.pin_place, os.path.join(home, lane.tag))
    entry = {"sent": own["sent"], "failed": own["failed"]}
    memory = {"format": 1, "receivers": {receiver: entry for receiver in receivers}}
    write_file(os.path.join(home, f"{lane.tag}.memory.json"), json.dumps(memory), 0o600)


def _left_behind(world, *receivers):
    lane = world.lane()
    lane.write("file", noise(SIZE))
    first = lane.snapshot()
    lane.send_well()
    subvolume.delete(lane.at_nas(first))
    _as_an_earlier_version_left_it(lane, (f"127.0.0.1:{world.link.port}", *receivers))
    lane.write("news", "of the second day")
    return lane, first, lane.snapshot()


@case
def pins_and_memory_of_an_earlier_version_are_taken_over(world):
    lane, first, second = _left_behind(world)
    with world.pi_is_away():
        lane.send("--retries", "0").expect_trouble(10, 18)
    check_equal(list(lane.pins), [first], "the pins after a run without a receiver")
    lane.send_well("--incremental-only")
    lane.check_complete(first, second)
    check_equal(list(lane.pins), [second], "the pins")
    left = sorted(name for name in os.listdir(os.path.dirname(lane.pin_place))
                  if not name.endswith(".digests"))  # there once a file is older than its snapshot
    check_equal(len(left), 2, f"a place of pins and a memory, and not {left}")


@case
def a_taking_over_that_is_interrupted_anywhere_is_finished_by_the_next_run(world):
    for size in (1, SIZE // 2):
        lane, first, _ = _left_behind(world)
        lane.write("news", noise(SIZE, 2))
        second = lane.snapshot()
        with told_of_failures(f"after {size} bytes"):
            run = lane.start("--retries", "0", "--incremental-only")
            world.link.rate = SIZE  # bytes a second
            with world.link.held_at(size, run):
                run.process.kill()
            run.finish()
            world.await_quiet()
            world.link.reset()
            lane.send_well("--incremental-only")
            lane.check_complete(first, second)
            check_equal(list(lane.pins), [second], "the pins")


@case
def an_old_pin_that_another_receiver_has_need_of_is_not_deleted(world):
    lane, first, second = _left_behind(world, "127.0.0.1:9")  # another receiver, which is away
    lane.send_well("--incremental-only")
    check_equal(list(lane.pins), [first, second], "the pins")
    lane.write("news", "of the third day")
    third = lane.snapshot()
    lane.send_well("--incremental-only")
    check_equal(list(lane.pins), [first, third], "the pins")


# ---- in every run: the first receiver's words, by hand -----------------------------------------

# Says what the first receiver said, in its words, and makes nothing.
FIRST_RECEIVER = HOW_TO_SPEAK + r'''assert sys.stdin.buffer.read(13) == b"snapferry/1\r\n"
sys.stdout.buffer.write(b"snapferry/1\r\n")
assert hear()["type"] == "hello"
say(type="welcome", program="snapferry 0.1.0", tag=sys.argv[1], streams=["v1", "v2"],
    compressed_data=True, fast_aes=True, free_bytes=1 << 40, snapshots=%s, unfinished=None)
heard = hear()
if heard["type"] == "goodbye":
    sys.exit(0)
assert heard["type"] == "announce" and heard["resume_offset"] == 0
say(type="ready")
while (heard := hear())["type"] != "stream_end":
    assert heard["type"] in ("data", "keep_alive")
say(type="progress", received=heard["bytes"], durable=0)
say(type="durable")
say(type="result", kept=[], pruned=[], free_bytes=1 << 40)
'''


@case(needs=("snapshot-send",))
def our_sender_understands_the_words_of_the_first_receiver(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    name = lane.snapshot()
    path = os.path.join(world.directory, "first", "snapshot-receive")
    write_file(path, FIRST_RECEIVER % "[]", 0o755)
    with world.receiver_is(path):
        check_says(lane.send().expect(0).out, "it is complete and on the receiver's disk")
    check_equal(lane.last_sent, name, "the note")
