"""Every entry of the corpus is refused as documented, and leaves nothing and takes nothing.

Whoever holds the NAS holds the key to one tag; tests/faults/hostile has what they could send.
"""

import json
import os
import stat
import sys
import unicodedata

import hostile
from harness import measured, stream, subvolume, tree, wire
from harness.case import case
from harness.data import MIB
from harness.verdict import Failed, check, check_equal
from harness.victim import SECRET, Victim
from hostile import (conversation, framing, harmless, messages, names, reach, shape, stalling,
                     values)
from hostile.entry import NAME, OWN, full

NEEDS = ("snapshot-receive",)
MOST_MEMORY = 64 * MIB  # bytes, of the receiver and of its btrfs receive
PATIENCE = 180  # seconds; the slowest takes a hundredth of it
MARK = SECRET[:20]
CONNECTION_BROKE = 10
PROGRAM = "snapshot-receive: "


@case(needs=NEEDS)
def honest_senders_who_say_it_the_same_way_are_taken(world):
    victim = world.once(Victim)
    _check_taken(victim, bytes(full().write("file", b"x").end()))
    _check_taken(victim, bytes(full(2).write("file", b"x").end()))
    _check_taken(victim, conversation.whole(bytes(full().end())))
    _receive(victim, conversation.interrupted()).expect(CONNECTION_BROKE)
    _check_taken(victim, conversation.goes_on(stream.command(stream.END)))


@case(needs=NEEDS)
def streams_of_a_wrong_shape_are_refused(world):
    _check_group(world, shape)


@case(needs=NEEDS)
def names_that_lead_elsewhere_are_refused(world):
    _check_group(world, names)


@case(needs=NEEDS)
def numbers_and_data_that_overflow_are_refused(world):
    _check_group(world, values)


@case(needs=NEEDS)
def streams_that_reach_for_what_is_not_theirs_are_refused(world):
    _check_group(world, reach)


@case(needs=NEEDS)
def streams_that_make_btrfs_receive_wait_are_given_up(world):
    with world.receiver_configured('disk_timeout = "10s"\n'):
        _check_group(world, stalling)


@case(needs=NEEDS)
def openings_and_frames_that_are_not_sound_are_refused(world):
    _check_group(world, framing)


@case(needs=NEEDS)
def messages_that_are_not_sound_are_refused(world):
    _check_group(world, messages)


@case(needs=NEEDS)
def senders_who_contradict_themselves_are_refused(world):
    _check_group(world, conversation)


@case(needs=NEEDS)
def what_only_looks_hostile_stays_within_its_own_snapshot(world):
    victim = world.once(Victim)
    _check_each(victim, harmless.ENTRIES, lambda entry: _check_taken(
        victim, entry.made(victim), entry.is_readable))


@case(needs=())
def no_two_entries_have_the_same_name(_):
    entries = [entry.name for group in (*hostile.GROUPS, harmless)
               for entry in group.ENTRIES]
    check_equal(sorted(entries), sorted(set(entries)), "the names in the corpus")


def _check_group(world, group):
    victim = world.once(Victim)
    _check_each(victim, group.ENTRIES, lambda entry: _check_refused(victim, entry))
    _check_taken(victim, stream.small(NAME))  # at once: no lock is held


def _check_each(victim, entries, check_one):
    """Fails with the names of all entries that are not as they must be."""
    told = []
    for entry in entries:
        victim.world.commands.transcript.clear()  # hundreds of them; the last is the one to see
        try:
            check_one(entry)
        except Failed as failure:
            told.append(f"{entry.name}: {failure}")
            _forget_received(victim)  # else all that follow would fail for this one
    check(not told, "\n".join(told))


def _check_refused(victim, entry):
    if entry.unfinished:
        _receive(victim, entry.unfinished(victim)).expect(CONNECTION_BROKE)
    sent = bytes(entry.made(victim))
    result = _receive(victim, sent)
    check_equal(result.code, int(entry.code), "exit code")
    framed = sent.startswith(wire.GREETING)
    said = _failure_on_the_wire(result, entry) if framed else _failure_on_stderr(result)
    check(said and _is_printable(said), f"the refusal is no clean line: {said!r}")
    check(entry.says in said, f"the refusal says {said!r}, and nothing of {entry.says!r}")
    victim.check_untouched("the tags")
    _check_staging(victim, is_unfinished=bool(entry.unfinished))


def _failure_on_the_wire(result, entry):
    check_equal(result.err, "", "standard error")
    answer = wire.Answer.of(result.bytes_out)
    check_equal(len(answer.of_type("failed")), 1, "how often it has failed")
    last = answer.last
    check_equal((last["type"], last.get("code")), ("failed", entry.code.name), "its last message")
    check(_is_printable(last["hint"]), f"the hint has control characters: {last['hint']!r}")
    return last["message"]


def _failure_on_stderr(result):
    check(result.err.startswith(PROGRAM), f"not a line of the program: {result.err!r}")
    check(result.err.endswith("\n"), f"not a whole line: {result.err!r}")
    return result.err[len(PROGRAM):-1]


def _is_printable(text):
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in text)


def _check_staging(victim, is_unfinished):
    """Fails unless the rooms are empty, or have just what was to be gone on with before."""
    own = victim.own
    check_equal(os.path.exists(own.checkpoint), is_unfinished, "whether a checkpoint is left")
    named = []
    if is_unfinished:
        with open(own.checkpoint, encoding="utf-8") as file:
            named = [json.load(file)["partial"]]
    check_equal([os.path.basename(path) for path in own.in_rooms], named, "what is left in rooms")
    for room in own.rooms:
        for name, found in subvolume.inside(room).items():
            check(found.received_uuid != OWN, f"{name} in {room} passes for the snapshot")
        _check_no_secret(room)


def _check_no_secret(root):
    """Fails where a file below root holds what only another tag has."""
    for path in (os.path.join(directory, name) for directory, _, files in os.walk(root)
                 for name in files):
        if stat.S_ISREG(os.lstat(path).st_mode):
            check(MARK not in _data(path), f"{path} has another tag's secret")


def _data(path):
    """All that a file has but holes, which may be larger than any memory."""
    with open(path, "rb") as file:
        return b"".join(os.pread(file.fileno(), end - begin, begin)
                        for begin, end in tree.data_ranges(path))


def _check_taken(victim, sent, is_readable=True):
    """Fails unless it is received; then it is deleted, and all is as before."""
    _receive(victim, sent).expect_well()
    check(NAME in victim.own.complete, "the snapshot is not complete")
    if is_readable:
        _check_no_secret(victim.own.at_pi(NAME))
    _forget_received(victim)
    victim.check_untouched("what it is not")
    _check_staging(victim, is_unfinished=False)


def _forget_received(victim):
    if NAME in victim.own.received:
        subvolume.delete(victim.own.at_pi(NAME))


def _receive(victim, sent):
    """Gives it to snapshot-receive, as root, and fails where that takes too much memory."""
    world = victim.world
    note = os.path.join(world.directory, "peak-of-memory")
    result = world.commands.run(sys.executable, "-I", "-S", measured.__file__, str(PATIENCE), note,
                                world.receiver(), victim.own.tag, input=bytes(sent))
    with open(note, encoding="ascii") as file:
        peak = int(file.read()) << 10
    check(0 < peak < MOST_MEMORY, f"it took {peak / MIB:.0f} MiB of memory")
    return result
