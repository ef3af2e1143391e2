"""A full stream that is filled here is the one that the kernel would make, whatever a tree holds."""

import contextlib
import ctypes
import mmap
import os
import random
import secrets
import subprocess
import time

from harness import data, processes, subvolume
from harness.case import TEST_PROGRAMS, case
from harness.chance_tree import ChanceTree
from harness.lane import check_same_tree
from harness.stream import commands
from harness.verdict import Failed, check, check_equal, check_says

# bytes. The length of a write is the kernel's own, with pages of 4 KiB: so the bytes can be compared.
WRITES = {"v1": 48 * data.KIB, "v2": 128 * data.KIB, "v2-compressed": 128 * data.KIB}
MANY_THINGS = 250
SEEDS, LONG_SEEDS = 3, 150
LARGE, READ_BEFORE = 48 * data.MIB, 2 * data.MIB
NO_BORDER = 3  # exit code of made-stream
SENDING = 13


def _made(world, snapshot, form, *numbers):
    """The stream of a snapshot; see tests/e2e/programs/made_stream.cpp."""
    made = subprocess.run([world.programs["made-stream"], snapshot, form,
                           *map(str, numbers)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check_equal(made.returncode, 0, f"what made-stream said: {made.stderr!r}, and its exit code")
    return made.stdout


def _grown(lane, seed, **options):
    """A snapshot of a tree that was made by chance; some of it is on the disk before the rest."""
    tree = ChanceTree(lane.source, seed, **options).grow(MANY_THINGS)
    os.sync()
    tree.grow(MANY_THINGS // 2)
    name = lane.snapshot()
    tree.make_deletable()
    return name


def _check_filled_as_by_the_kernel(world, seed):
    lane = world.lane()
    snapshot = lane.at_nas(_grown(lane, seed, huge=True))
    for form, size in WRITES.items():
        if form != "v1" and os.sysconf("SC_PAGESIZE") != 4096:
            continue
        kernel, filled = (_made(world, snapshot, form, *numbers) for numbers in ((), (size,)))
        check_equal(len(filled), len(kernel), f"the bytes of the stream {form} of seed {seed}")
        check(filled == kernel, f"the streams {form} of seed {seed} differ")
    return lane


@case(needs=TEST_PROGRAMS)
def trees_made_by_chance_are_filled_as_the_kernel_does_byte_for_byte(world):
    for seed in range(SEEDS):
        _check_filled_as_by_the_kernel(world, seed)


@case(needs=TEST_PROGRAMS, long=True)
def many_trees_made_by_chance_are_filled_as_the_kernel_does_byte_for_byte(world):
    first = int(os.environ.get("SNAPFERRY_SEED", "1000"))
    for seed in range(first, first + LONG_SEEDS):
        lane = _check_filled_as_by_the_kernel(world, seed)
        subvolume.delete(lane.snapshots[0])
        subvolume.delete(lane.source)


@case(needs=TEST_PROGRAMS)
def what_follows_a_part_that_was_passed_over_is_the_rest_of_the_same_stream(world):
    lane = world.lane()
    snapshot = lane.at_nas(_grown(lane, 7))
    for form, size in WRITES.items():
        whole = _made(world, snapshot, form, size)
        ends = [command.end for command in commands(whole)]
        for end in [0, *random.Random(form).sample(ends, 6), ends[-1]]:
            check(_made(world, snapshot, form, size, end) == whole[end:],
                  f"what follows byte {end} of the stream {form}")
        between = subprocess.run([world.programs["made-stream"], snapshot, form, str(size),
                                  str(ends[5] - 1)], capture_output=True)
        check_equal(between.returncode, NO_BORDER, "the exit code amid a command")


@case(needs=TEST_PROGRAMS)
def writes_of_another_length_make_the_same_tree(world):
    lane = world.lane()
    name = _grown(lane, 8)
    for form, size in (("v1", 4096), ("v2", 12288)):
        there = os.path.join(world.pi.path, f"received-{form}")
        os.mkdir(there)
        stream = _made(world, lane.at_nas(name), form, size)
        subprocess.run(["btrfs", "-q", "receive", there], input=stream, check=True)
        check_same_tree(lane.at_nas(name), os.path.join(there, name))


@case
def trees_made_by_chance_arrive_in_each_form(world):
    for seed, form in enumerate(WRITES):
        lane = world.lane()
        name = _grown(lane, 20 + seed)
        lane.send_well("--stream", form)
        lane.check_arrived(name)


@case
def a_large_file_that_is_sent_pushes_nothing_out_of_the_memory_of_the_nas(world):
    lane = world.lane()
    lane.write("large", data.noise(LARGE))
    path = os.path.join(lane.at_nas(lane.snapshot()), "large")
    world.nas.sync()
    _drop(path)
    with open(path, "rb", buffering=0) as file:  # somebody else reads its begin
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        file.read(READ_BEFORE)
    before = _in_memory(path)
    check(READ_BEFORE <= before < LARGE // 2, f"{before} bytes are in memory before the send")
    lane.send_well("--no-pin", "--no-manifest")  # a pin has files of its own
    check_equal(_in_memory(path), before, "the bytes of the file that are in memory after it")


def _drop(path):
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _in_memory(path):
    """How many bytes of a file are; see mincore(2)."""
    libc = ctypes.CDLL(None, use_errno=True)
    size = os.path.getsize(path)
    with open(path, "rb") as file, mmap.mmap(file.fileno(), size, mmap.MAP_PRIVATE,
                                             mmap.PROT_READ | mmap.PROT_WRITE) as whole:
        pages = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
        begin = ctypes.c_char.from_buffer(whole)
        told = libc.mincore(ctypes.c_void_p(ctypes.addressof(begin)), ctypes.c_size_t(size), pages)
        del begin
        check_equal(told, 0, "what mincore returns")
    return sum(page & 1 for page in pages) * mmap.PAGESIZE


@case
def what_is_sent_can_be_neither_changed_nor_deleted_before_its_end(world):
    """Its outline is short, and the kernel has made it long before the data is read."""
    for options, place in ((("--no-pin",), lambda lane, name: lane.at_nas(name)),
                           ((), lambda lane, name: next(iter(lane.all_pins)))):
        lane = world.lane()
        lane.write("large", data.noise(8 * data.MIB, 3))
        name = lane.snapshot()
        world.link.reset()
        world.link.rate = data.MIB
        run = lane.start(*options)
        world.link.await_sent(data.MIB, run)
        sent = place(lane, name)
        for change in (lambda: subvolume.set_read_only(sent, False),
                       lambda: subvolume.delete(sent)):
            try:
                change()
            except subprocess.CalledProcessError:
                continue
            raise Failed(f"{sent} was changed while it was sent")
        world.link.reset()
        run.finish().expect_well()
        lane.check_arrived(name)
        subvolume.set_read_only(lane.at_nas(name), False)  # nothing holds it any longer


@contextlib.contextmanager
def _stopped(world, run, sent):
    """Within, the sender is stopped in the midst of its stream, and all goes fast from then on."""
    world.link.await_sent(sent, run)
    (sender,) = processes.running(processes.SENDER)
    with processes.stopped(processes.SENDER):
        while not _is_stopped(sender):
            check(run.process.poll() is None, "the sender has ended")
            time.sleep(0.01)
        yield
    world.link.reset()


def _is_stopped(pid):
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/stat", encoding="utf-8", errors="replace") as file:
            if file.read().rpartition(")")[2].split()[0] != "T":
                return False
    return True


def _make_writable(snapshot):
    """As soon as the kernel has broken off what a stopped process let it do."""
    deadline = time.monotonic() + 60
    while True:
        try:
            subvolume.set_read_only(snapshot, False)
            return
        except subprocess.CalledProcessError:
            check(time.monotonic() < deadline, f"{snapshot} is still held after a minute")
            time.sleep(0.02)


@case
def what_is_changed_while_the_sender_is_stopped_is_not_said_to_be_whole(world):
    lane = world.lane()
    lane.write("changed", data.noise(data.MIB, 4))
    lane.write("large", data.noise(64 * data.MIB, 3))
    name = lane.snapshot()
    world.link.reset()
    world.link.rate = data.MIB
    run = lane.start("--no-pin")
    with _stopped(world, run, data.MIB):
        _make_writable(lane.at_nas(name))
        with open(os.path.join(lane.at_nas(name), "changed"), "r+b") as file:
            file.write(b"changed")
        subvolume.set_read_only(lane.at_nas(name), True)
    check_says(run.finish().expect(SENDING).err, "it was changed while it was sent")
    check_equal(lane.complete, [], "what is complete")
    check_says(lane.send("--no-pin").expect(0).err, "under a uuid of its own")
    lane.check_arrived(name)


@case
def a_sender_that_is_stopped_again_and_again_holds_nothing_against_the_snapshot(world):
    lane = world.lane()
    for _ in range(15_000):
        lane.write(secrets.token_hex(100), b"")  # long names, which nothing packs well
    name = lane.snapshot()
    for _ in range(3):
        world.link.reset()
        world.link.rate = data.MIB
        run = lane.start("--retries", "0")
        with _stopped(world, run, 100 * data.KIB):
            pass
        check_says(run.finish().expect(SENDING).err, "was this program stopped")
    lane.send_well("--no-manifest")
    lane.check_arrived(name)


@case(needs=TEST_PROGRAMS)
def files_are_read_by_the_right_to_read_all_and_without_it_the_kernel_sends(world):
    """The rights of root are those that its sandbox leaves it."""
    lane = world.lane()
    lane.write("of-another", data.noise(100_000, 1))
    os.chown(os.path.join(lane.source, "of-another"), 1001, 1001)
    os.chmod(os.path.join(lane.source, "of-another"), 0o600)
    name = lane.snapshot()
    made = subprocess.run([*_with("sys_admin", "dac_read_search"), world.programs["made-stream"],
                           lane.at_nas(name), "v1", "49152"], capture_output=True)
    check_equal((made.returncode, made.stderr), (0, b""), "what came of it")
    check(made.stdout == _made(world, lane.at_nas(name), "v1"), "the streams differ")
    world.commands.run(*_with("sys_admin"), world.sender(), "--no-pin", "--no-manifest",
                       *lane.arguments()).expect_well()
    lane.check_arrived(name)


def _with(*rights):
    return ["setpriv", "--bounding-set", ",".join(["-all", *(f"+{one}" for one in rights)]),
            "--inh-caps", "-all"]
