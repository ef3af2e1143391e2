"""kill -9 of the receiver at every system call that changes anything: the next start has the right
one under each name, the next plain run mends the rest, and nothing is lost or left over.
"""

import json
import os
import random
import uuid

from harness import stream, subvolume, wire
from harness.case import case
from harness.killing import calls_of, kill_at, require_strace
from harness.verdict import check, check_equal, told_of_failures

SEED = 11  # of the sample of calls in a short run
KEEP = 4
BROKE = 10  # the exit code where the connection broke
LONGEST = 200  # bytes of a name

NEEDS = ("snapshot-receive",)


class Sweep:
    """A tag, and one receive into it that is killed at one call after the other.

    A subclass says what is there before (prepare), what the killed run is sent (said), what must be
    true at the next start (check_start) and what a plain run then brings (mend).
    """

    keep = KEEP

    def __init__(self, world):
        require_strace()
        self.world, self.lane = world, world.lane()
        self.round = 0
        self.lane.receive(bytes(stream.small("first"))).expect_well()  # makes all directories

    def strike(self, points=None):
        """At every call, or at so many of them."""
        self._keep(self.keep)
        try:
            self._begin_round()
            calls = chosen = calls_of(self.world, self.lane.tag, self.said())
            if points:
                late = calls[len(calls) // 2:]  # before, programs and libraries are loaded
                chosen = random.Random(SEED).sample(late, min(points, len(late)))
            hits = 0
            for call in chosen:
                self.world.commands.transcript.clear()
                with told_of_failures(f"killed at {call}"):
                    hits += self._round(call)
        finally:
            self.world.configure_receiver()
        self.world.notes.append(f"{hits} kills at {len(chosen)} of {len(calls)} calls")
        check(hits >= len(chosen) * 9 // 10, f"only {hits} of {len(chosen)} were hit")

    def _keep(self, count):
        self.world.configure_receiver(f"[defaults]\nkeep = {count}\n")

    def _begin_round(self):
        self.round += 1
        self.prepare()

    def _round(self, call):
        self._begin_round()
        self.complete = set(self.lane.complete)
        result, hit = kill_at(self.world, self.lane.tag, self.said(), call)
        self.told = b'"type":"durable"' in result.bytes_out
        self.after_kill()
        welcome = self.start()
        self.check_names(welcome)
        self.check_start(welcome)
        self.mend(welcome)
        self.check_mended()
        self.check_names(self.start())
        self.check_nothing_left()
        return hit

    def after_kill(self):
        """What happens to the machine besides; nothing, here."""

    # What the tests of all have in common

    def talk(self, said):
        result = self.lane.receive(said).expect(0)
        return wire.Answer.of(result.bytes_out)

    def start(self):
        """A run that has nothing to send; returns the welcome."""
        return self.talk(wire.hello() + wire.message("goodbye")).of_type("welcome")[0]

    def check_names(self, welcome):
        """Fails unless TAG/ holds only complete backups, and each is listed once."""
        check_equal(self.lane.all_received, self.lane.complete, "what is in the tag's directory")
        wanted = sorted((name, str(found.received_uuid))
                        for name, found in self.lane.received.items())
        listed = sorted((one["name"], one["uuid"]) for one in welcome["snapshots"])
        check_equal(listed, wanted, "what the welcome lists")

    def check_nothing_left(self):
        internals, own = os.path.split(self.lane.staging)
        for entry in os.scandir(internals):
            if entry.name != own and not entry.name.startswith(f"{own}."):
                continue  # another tag's
            if entry.is_dir():
                check_equal(os.listdir(entry.path), [], f"what is left in {entry.name}")
            check(not entry.name.endswith((".checkpoint", ".new")), f"{entry.name} is left")

    def content(self, name):
        with open(self.lane.at_pi(os.path.join(name, "file")), "rb") as file:
            return file.read()

    def check_content(self, name, wanted):
        check_equal(self.content(name), wanted, f"the file in {name}")


def _whole(name, made, **announced):
    """A conversation that sends a stream in one go."""
    sent = bytes(made)
    return (wire.hello() + wire.announce(name, made.uuid, **announced) + wire.data(sent)
            + wire.stream_end(sent))


def _full(name, own, content):
    return stream.Stream(own=own).subvol(name).mkfile("file").write("file", content).end()


class NewSnapshot(Sweep):
    """A first copy of a snapshot; what was there stays, within what is kept."""

    def prepare(self):
        self.name, self.own = f"new-{self.round}", uuid.uuid4()
        self.now = b"new %d" % self.round

    def said(self):
        return _whole(self.name, _full(self.name, self.own, self.now))

    def check_start(self, welcome):
        check(self.name in self.lane.complete or not self.told, "told as durable, and not there")
        kept = set(sorted(self.complete)[-self.keep + 1:])
        check(kept <= set(self.lane.complete), f"lost: {kept - set(self.lane.complete)}")

    def mend(self, welcome):
        if self.name in self.lane.complete:
            self.check_content(self.name, self.now)
            self.name = f"new-{self.round}-after"
            self.own = uuid.uuid4()
        self.talk(self.said())

    def check_mended(self):
        self.check_content(self.name, self.now)


class Pruning(NewSnapshot):
    """The same where much is to be pruned."""

    keep = 1

    def prepare(self):
        self._keep(3)
        # One, or a kill before anything is pruned leaves four too many: that waits for a person.
        self.lane.receive(bytes(stream.small(f"old-{self.round}"))).expect_well()
        self._keep(self.keep)
        super().prepare()

    def check_start(self, welcome):
        newest = f"old-{self.round}"
        check(self.name in self.lane.complete or self.complete <= set(self.lane.complete),
              "pruned before the new one was there")
        check(self.name in self.lane.complete or newest in self.lane.complete, "nothing is left")

    def check_mended(self):
        super().check_mended()
        self.lane.check_complete(self.name)


class Replacement(Sweep):
    """A second copy of a snapshot takes the name of the first."""

    def prepare(self):
        self.name, self.own = self.name_of_round(), uuid.uuid4()
        self.before, self.after = b"before %d" % self.round, b"after, %d" % self.round
        self.talk(_whole(self.name, _full(self.name, self.own, self.before)))
        self.first = self.lane.received[self.name].uuid

    def name_of_round(self):
        return f"snapshot-{self.round}"

    def aside(self):
        return f"{self.name}.replaced-1"

    def said(self):
        return _whole(self.name, _full(self.name, self.own, self.after), replace=True)

    def _is_replaced(self):
        return self.aside() in self.lane.complete

    def check_start(self, welcome):
        check(self._is_replaced() or not self.told, "told as durable, and not there")
        copies = [one["name"] for one in welcome["snapshots"] if one["uuid"] == str(self.own)]
        if self._is_replaced():
            self._check_both()
            check_equal(sorted(copies), sorted([self.name, self.aside()]), "the copies listed")
        else:
            self.check_content(self.name, self.before)
            check_equal(self.lane.received[self.name].uuid, self.first, "the first copy")
            check_equal(copies, [self.name], "the copies listed")

    def _check_both(self):
        self.check_content(self.name, self.after)
        self.check_content(self.aside(), self.before)
        check_equal(self.lane.received[self.aside()].uuid, self.first, "the copy set aside")

    def mend(self, welcome):
        if self._is_replaced():
            self.lane.receive(bytes(stream.small(f"afterwards-{self.round}"))).expect_well()
        else:
            self.talk(self.said())

    def check_mended(self):
        self._check_both()


class RawReplacement(Replacement):
    """The same by a stream from the classic script."""

    def said(self):
        return bytes(_full(self.name, self.own, self.after))

    def mend(self, welcome):
        if self._is_replaced():
            super().mend(welcome)
        else:
            self.lane.receive(self.said()).expect_well()


class LongReplacement(Replacement):
    """The same where the name is as long as may be."""

    def name_of_round(self):
        return f"{self.round}".rjust(LONGEST, "x")[::-1]  # what is cut off is no number

    def aside(self):
        ending = ".replaced-1"
        return self.name[:LONGEST - len(ending)] + ending


class PowerCutReplacement(Replacement):
    """The same where the machine loses its power at that moment."""

    def after_kill(self):
        copy = self.world.pi.image + ".copy"
        self.world.pi.copy_image(copy)
        self.world.pi.go_on_from(copy)


class Finishing(Replacement):
    """The run that finishes what another was killed in is killed, too."""

    def prepare(self):
        super().prepare()
        self.talk(super().said())
        arriving = self.lane.at_pi(f".arriving.{self.name}")
        os.rename(self.lane.at_pi(self.aside()), arriving)
        if self.round % 2:  # as before the two changed names
            spare = self.lane.at_pi("spare")
            os.rename(self.lane.at_pi(self.name), spare)
            os.rename(arriving, self.lane.at_pi(self.name))
            os.rename(spare, arriving)

    def said(self):
        return wire.hello() + wire.message("goodbye")

    def check_start(self, welcome):
        check(self._is_replaced(), "it was not finished")
        super().check_start(welcome)


class Resume(Sweep):
    """An increment is gone on with where its connection broke."""

    def prepare(self):
        parent, self.parent_own = f"parent-{self.round}", uuid.uuid4()
        self.name, self.own = f"child-{self.round}", uuid.uuid4()
        self.talk(_whole(parent, _full(parent, self.parent_own, b"of the parent")))
        self.copy = str(self.lane.received[parent].uuid)
        begun = (stream.Stream(own=self.own).snapshot(self.name, self.parent_own)
                 .write("file", b"of the begin "))
        self.begun = len(bytes(begun))
        self.stream = bytes(begun.write("file", b"and of the rest", 13).end())
        self.wanted = b"of the begin and of the rest"
        self.interrupt()

    def interrupt(self):
        self.lane.receive(self.opening(0, None) + wire.data(self.stream[:self.begun])).expect(BROKE)
        check_equal(self.lane.held, self.begun, "what is held")

    def opening(self, offset, _):
        return wire.hello() + wire.announce(
            self.name, self.own, transid=11, parent=str(self.parent_own), parent_copy=self.copy,
            resume_offset=offset)

    def said(self):
        return self.rest_from(self.begun)

    def rest_from(self, offset):
        rest = self.stream[offset:]
        return (self.opening(offset, None) + wire.data(rest)
                + wire.stream_end(rest, bytes=len(self.stream)))

    def check_start(self, welcome):
        there = self.name in self.lane.complete
        check(there or not self.told, "told as durable, and not there")
        check(there or welcome["unfinished"], "what had come is lost")
        if not there:
            check_equal(welcome["unfinished"]["parent_copy"], self.copy, "what it builds on")

    def mend(self, welcome):
        if self.name in self.lane.complete:
            self.lane.receive(bytes(stream.small(f"afterwards-{self.round}"))).expect_well()
        else:
            self.talk(self.rest_from(held_of(welcome)))

    def check_mended(self):
        self.check_content(self.name, self.wanted)


class Interruption(Resume):
    """The run that keeps what came before its connection broke is killed."""

    def interrupt(self):
        pass

    def said(self):
        return self.opening(0, None) + wire.data(self.stream[:self.begun])

    def check_start(self, welcome):
        check(self.name not in self.lane.complete, "complete without its end")
        if welcome["unfinished"]:
            check_equal(welcome["unfinished"]["parent_copy"], self.copy, "what it builds on")


class SecondInterruption(Interruption):
    """The same where an earlier one was kept: that is not lost."""

    def interrupt(self):
        Resume.interrupt(self)

    def said(self):
        more = self.stream[self.begun:-10]  # all but END
        return self.opening(self.begun, None) + wire.data(more)

    def check_start(self, welcome):
        super().check_start(welcome)
        check(welcome["unfinished"], "what had come is lost")


def held_of(welcome):
    return welcome["unfinished"]["shares"][-1]["end"] if welcome["unfinished"] else 0


@case(needs=NEEDS)
def a_receiver_killed_at_some_calls_of_a_replacement_leaves_the_right_one_under_its_name(world):
    Replacement(world).strike(20)


@case(needs=NEEDS)
def one_killed_at_some_calls_while_it_finishes_a_replacement_leaves_the_right_one(world):
    Finishing(world).strike(12)


@case(needs=NEEDS)
def a_receiver_killed_at_some_calls_of_a_resumed_send_loses_nothing_that_had_come(world):
    Resume(world).strike(8)
    SecondInterruption(world).strike(8)


@case(needs=NEEDS)
def a_receiver_killed_at_some_calls_while_it_prunes_loses_nothing_that_is_kept(world):
    Pruning(world).strike(10)


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_of_a_new_snapshot_loses_nothing(world):
    NewSnapshot(world).strike()


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_of_a_replacement_leaves_the_right_one_under_its_name(world):
    Replacement(world).strike()


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_of_a_raw_replacement_leaves_the_right_one(world):
    RawReplacement(world).strike()


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_of_a_replacement_with_the_longest_name_leaves_the_right(world):
    LongReplacement(world).strike()


@case(needs=NEEDS, long=True)
def a_power_cut_at_every_call_of_a_replacement_leaves_the_right_one_under_its_name(world):
    PowerCutReplacement(world).strike()


@case(needs=NEEDS, long=True)
def one_killed_at_every_call_while_it_finishes_a_replacement_leaves_the_right_one(world):
    Finishing(world).strike()


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_of_a_resumed_send_loses_nothing_that_had_come(world):
    Resume(world).strike()


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_of_a_broken_send_keeps_what_was_kept(world):
    Interruption(world).strike()
    SecondInterruption(world).strike()


@case(needs=NEEDS, long=True)
def a_receiver_killed_at_every_call_while_it_prunes_loses_nothing_that_is_kept(world):
    Pruning(world).strike()
