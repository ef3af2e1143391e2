"""The manifests of what is sent come to lie beside the backups, and cost what has changed."""

import contextlib
import os
import re
import resource
import signal
import stat
import time
from dataclasses import dataclass

from harness import data, send_toml, subvolume, zstd
from harness.case import ALL_PROGRAMS, case
from harness.daemon import (await_arrival, await_that, configure, daemon, next_snapshot,
                            ready_lane)
from harness.host import PROGRAM_DIRECTORY
from harness.spoken import HOW_TO_SPEAK
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

SNAPFERRY = os.path.join(PROGRAM_DIRECTORY, "snapferry")


@dataclass(frozen=True)
class Read:
    """What the sender says that it read for a manifest."""

    entries: int
    bytes: str
    files: int
    seconds: float


def read_by(said):
    found = re.search(r"keeps the manifest of .*: (\d+) entries, (.*) of (\d+) files read in "
                      r"([0-9.]+) s", said.text)
    check(found, f"no manifest was made: {said.text}")
    return Read(int(found[1]), found[2], int(found[3]), float(found[4]))


def processor_seconds():
    """Of all programs that were run and waited for; those behind sshd are not among them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def await_settled():
    """Until what was written is older than what a snapshot taken now could mistake."""
    time.sleep(2.1)


def manifest_of(world, directory):
    """As a person prints it."""
    return world.commands.run(SNAPFERRY, "manifest", directory).expect_well().out.encode()


def check_kept(world, lane, *names):
    """That exactly these backups have a manifest, which is that of the snapshot at the NAS."""
    kept = lane.manifests
    check_equal(sorted(kept), sorted(names), "the backups with a manifest")
    for name in names:
        check_equal(zstd.unpacked(kept[name]), manifest_of(world, lane.at_nas(name)),
                    f"the manifest of {name}")


@case(needs=ALL_PROGRAMS)
def a_manifest_follows_each_backup_and_is_that_of_the_snapshot(world):
    lane = world.lane()
    data.fill(lane.source)
    first = lane.snapshot()
    said = lane.send_well()
    check_says(said.text, "the receiver keeps the manifest of " + first)
    check_kept(world, lane, first)
    place = lane.staging + ".manifests"
    check_equal(stat.S_IMODE(os.stat(place).st_mode), 0o700, "who may look into the shelf")
    lane.write("more", "more")
    second = lane.snapshot()
    lane.send_well()
    check_kept(world, lane, first, second)
    again = lane.send_well()
    check("manifest" not in again.text, f"another manifest: {again.text}")
    check_equal(sorted(os.listdir(place)), sorted(str(one.uuid) for one in lane.received.values()),
                "what is on the shelf")


@case(needs=ALL_PROGRAMS)
def what_was_sent_without_a_manifest_gets_it_later(world):
    lane = world.lane()
    names = []
    for number in range(3):
        lane.write("file", f"{number}")
        names.append(lane.snapshot())
        lane.send_well("--no-manifest")
    check_equal(lane.manifests, {}, "the manifests")
    check_says(lane.send_well("--manifest-only", "--dry-run").text, *names)
    check_equal(lane.manifests, {}, "the manifests after a dry run")
    said = lane.send_well("--manifest-only").text
    check_kept(world, lane, *names)
    places = [said.index(f"keeps the manifest of {name}") for name in names]
    check_equal(places, sorted(places, reverse=True), "the newest first")
    check_says(lane.send_well("--manifest-only").text, "no manifest is missing")


@case(needs=ALL_PROGRAMS)
def an_up_to_date_run_makes_up_for_the_manifest_of_the_newest(world):
    lane = world.lane()
    lane.write("file", "x")
    older = lane.snapshot()
    lane.send_well("--no-manifest")
    lane.write("file", "y")
    newest = lane.snapshot()
    lane.send_well("--no-manifest")
    check_says(lane.send_well("--dry-run").text, f"would then make the manifest of {newest}")
    lane.send_well()
    check_kept(world, lane, newest)
    check(older in lane.complete, "the older one is there")


@case(needs=ALL_PROGRAMS)
def a_job_can_do_without(world):
    lane = world.lane()
    lane.write("file", "x")
    lane.snapshot()
    write_file(SEND_CONFIGURATION, send_toml.receiver(world) + send_toml.job(lane, manifest="false"),
               0o600)
    world.commands.run(world.sender(), "--all").expect_well()
    check_equal(lane.manifests, {}, "the manifests")
    world.commands.run(world.sender(), "--all", "--manifest-only").expect_well()
    check_equal(len(lane.manifests), 1, "the manifests")


@case(needs=ALL_PROGRAMS)
def a_manifest_goes_with_its_backup(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        for number in range(4):
            lane.write("file", f"{number}")
            lane.snapshot()
            lane.send_well()
    check_kept(world, lane, *lane.complete)
    check_equal(len(lane.complete), 2, "the backups")


@case(needs=ALL_PROGRAMS)
def what_is_derived_shares_the_manifest(world):
    lane = world.lane()
    rules = f'[defaults]\nkeep = 1\n[tags.{lane.tag}.derive.days]\nevery = "day"\nkeep = 9\n'
    with world.receiver_configured(rules):
        lane.write("file", "x")
        name = lane.snapshot()
        lane.send_well()
        shelves = [os.path.join(world.pi.path, ".snapferry", tag + ".manifests")
                   for tag in (lane.tag, lane.tag + "-days")]
        files = [os.path.join(shelf, one) for shelf in shelves for one in os.listdir(shelf)]
        check_equal(len(files), 2, "the manifests")
        check(os.path.samefile(*files), "the derived backup has another manifest")
        lane.write("file", "y")
        lane.snapshot()
        lane.send_well()  # and the first is pruned
        check(not os.path.exists(files[0]) and os.path.exists(files[1]),
              "the manifest went with the wrong backup")
    check(name not in lane.complete, "the first is still there")


# ---- what is remembered ----------------------------------------------------------------------


def _with_files(world, count=40):
    lane = world.lane()
    for number in range(count):
        lane.write(f"file-{number}", f"{number}" * 100)
    await_settled()
    lane.name = lane.snapshot()
    return lane


def _digests(lane):
    """The file in which the sender remembers digests."""
    home = os.path.join(lane.snapshot_dir, ".snapferry")
    there = os.listdir(home) if os.path.isdir(home) else []
    found = [name for name in there if name.endswith(".digests")]
    return os.path.join(home, found[0]) if found else None


@case(needs=ALL_PROGRAMS)
def what_has_not_changed_is_not_read_again(world):
    lane = _with_files(world)
    check_equal(read_by(lane.send_well()).files, 40, "the files read at first")
    check_equal(stat.S_IMODE(os.stat(_digests(lane)).st_mode), 0o600, "who may read what is known")
    names = [lane.name]

    def read_now():
        await_settled()
        names.append(lane.snapshot())
        return read_by(lane.send_well()).files

    check_equal(read_now(), 0, "the files read with nothing changed")
    _change_seven(lane)
    check_equal(read_now(), 7, "the files read with seven changed")
    os.unlink(os.path.join(lane.source, "again"))
    check_equal(read_now(), 1, "the files read with a name less")
    check_kept(world, lane, *names)


def _change_seven(lane):
    def at(name):
        return os.path.join(lane.source, name)

    os.unlink(at("file-0"))
    lane.write("new", "new")  # 1
    os.rename(at("file-10"), at("x"))
    os.rename(at("file-11"), at("file-10"))  # 2
    os.rename(at("x"), at("file-11"))  # 3
    before = os.stat(at("file-12"))
    lane.write("file-12", "21" * 100)
    os.utime(at("file-12"), ns=(before.st_atime_ns, before.st_mtime_ns))  # 4
    os.setxattr(at("file-13"), "user.x", b"1")  # 5
    os.chmod(at("file-14"), 0o600)  # 6
    os.link(at("file-15"), at("again"))  # 7


@case(needs=ALL_PROGRAMS)
def what_is_remembered_is_believed_only_where_it_is_whole_and_of_the_same_subvolume(world):
    lane = _with_files(world)
    lane.send_well()
    with open(_digests(lane), "r+b") as file:
        file.seek(3000)
        byte = file.read(1)
        file.seek(3000)
        file.write(bytes((byte[0] ^ 1,)))
    lane.write("news", "x")
    await_settled()
    lane.snapshot()
    said = lane.send_well()
    check_says(said.text, "is damaged", "everything is read once more")
    check_equal(read_by(said).files, 41, "the files read with a damaged memory")
    os.rename(lane.source, lane.source + ".old")
    subvolume.create(lane.source)
    lane.write("file", "another")
    await_settled()
    name = lane.snapshot()
    said = lane.send_well()
    check_says(said.text, "of another subvolume than before")
    check_equal(read_by(said).files, 1, "the files read of another subvolume")
    check_equal(zstd.unpacked(lane.manifests[name]), manifest_of(world, lane.at_nas(name)),
                "its manifest")


ENDLESS = 1 << 38  # bytes of a file that is all hole: sent at once, it takes minutes to read


def _make_endless(lane):
    with open(os.path.join(lane.source, "z-endless"), "wb") as file:
        file.truncate(ENDLESS)


@case(needs=ALL_PROGRAMS)
def a_manifest_that_is_killed_goes_on_where_it_was(world):
    lane = _with_files(world)
    _make_endless(lane)
    name = lane.snapshot()
    run = lane.start()
    await_that(lambda: _digests(lane) is not None, "what was read is remembered")
    os.kill(run.pid, signal.SIGKILL)
    run.finish().expect(-signal.SIGKILL)
    check_equal(lane.complete, [name], "the backups")
    check_equal(lane.manifests, {}, "the manifests")
    os.unlink(os.path.join(lane.source, "z-endless"))
    lane.snapshot()
    check_equal(read_by(lane.send_well()).files, 0, "the files read again")


@case(needs=ALL_PROGRAMS)
def another_run_sends_while_a_manifest_is_made(world):
    lane = _with_files(world)
    _make_endless(lane)
    first = lane.snapshot()
    run = lane.start()
    await_arrival(lane, first)
    os.unlink(os.path.join(lane.source, "z-endless"))
    second = lane.snapshot()
    await_that(lambda: "is complete and on" in lane.send("--no-manifest").expect(0).text,
               "the second has arrived")
    lane.check_complete(first, second)
    check_says(lane.send().expect(0).text, "another run is making the manifests")
    run.process.send_signal(signal.SIGTERM)
    run.finish().expect(19)
    lane.send_well()
    check_kept(world, lane, second)


@case(needs=ALL_PROGRAMS)
def a_daemon_gives_up_a_manifest_for_the_next_backup_and_makes_that_ones(world):
    lane = ready_lane(world)
    _make_endless(lane)
    first = lane.snapshot()
    configure(world, lane)
    with daemon(world):
        await_arrival(lane, first)
        os.unlink(os.path.join(lane.source, "z-endless"))
        second = next_snapshot(lane, b"the second")
        await_that(lambda: second in lane.manifests, "its manifest has come")
    check_kept(world, lane, second)
    check(first in lane.complete, "the first has gone")


# ---- who takes none --------------------------------------------------------------------------

# Has a backup, by the copy of which it has told once, and refuses the manifest of it.
RECEIVER = HOW_TO_SPEAK + r'''import os

assert sys.stdin.buffer.read(13) == b"snapferry/1\r\n"
sys.stdout.buffer.write(b"snapferry/1\r\n")
assert hear()["type"] == "hello"
copy, there = "c1f6a0b2-58d3-4e17-9a4c-03b7e2d9f851", []
if os.path.exists("%(arrived)s"):
    there = [{**json.load(open("%(arrived)s")), "copy": copy, **%(of_snapshots)s}]
say(type="welcome", program="evil", tag=sys.argv[1], streams=["v1", "v2"], free_bytes=1 << 40,
    snapshots=there, macs=True, unfinished=None, **%(of_welcome)s)
heard = hear()
if heard["type"] == "goodbye":
    sys.exit(0)
if heard["type"] == "manifest":
    say(type="failed", code="no_space", message="no room on the shelf", hint="build another")
    sys.exit(16)
say(type="ready")
with open("%(arrived)s", "w") as file:
    json.dump({"name": heard["name"], "uuid": heard["uuid"]}, file)
while (heard := hear())["type"] != "stream_end":
    pass
say(type="durable", copy=copy)
say(type="result", kept=[], pruned=[], free_bytes=1 << 40)
'''


@contextlib.contextmanager
def _receiver(world, of_welcome, of_snapshots):
    """Within, it is in the receiver's place."""
    home = os.path.join(world.directory, f"receiver-{len(os.listdir(world.directory))}")
    os.makedirs(home)
    os.chmod(home, 0o777)
    program = os.path.join(home, "snapshot-receive")
    write_file(program, RECEIVER % {"arrived": os.path.join(home, "arrived"),
                                    "of_welcome": of_welcome, "of_snapshots": of_snapshots}, 0o755)
    with world.receiver_is(program):
        yield


@case(needs=ALL_PROGRAMS)
def a_manifest_that_is_refused_is_a_warning_and_the_run_a_good_one(world):
    lane = _with_files(world)
    with _receiver(world, {"manifests": True}, {"manifest": False}):
        said = lane.send().expect(0)
        check_says(said.err, "warning", lane.name, "complete", "without its manifest",
                   "no room on the shelf")
        again = lane.send("--manifest-only").expect_trouble(16)
        check_says(again.err, "no room on the shelf", "build another")


@case(needs=ALL_PROGRAMS)
def a_receiver_that_knows_no_manifests_is_asked_for_nothing(world):
    lane = _with_files(world)
    with _receiver(world, {}, {}):
        lane.send_well()
        lane.send_well()
        check_says(lane.send("--manifest-only").expect_trouble(18).err, "takes no manifests")
    check(_digests(lane) is None, "something was read for a manifest")


# ---- a large tree ----------------------------------------------------------------------------

FILES = 200_000
FILES_IN_A_DIRECTORY = 500
CHANGED = 50
MOST_SECONDS = 3.0  # of the processor, for a day's manifest and its delivery
SPARE = 4  # so many times slower may a machine be


@case(needs=ALL_PROGRAMS, long=True)
def a_daily_manifest_of_two_hundred_thousand_files_reads_the_fifty_that_changed(world):
    lane = world.lane()
    for number in range(FILES):
        directory = os.path.join(lane.source, f"d{number // FILES_IN_A_DIRECTORY}")
        if number % FILES_IN_A_DIRECTORY == 0:
            os.mkdir(directory)
        with open(os.path.join(directory, f"file-{number}"), "wb") as file:
            file.write(b"%d" % number * 20)
    await_settled()
    lane.snapshot()
    first = read_by(lane.send_well())
    check_equal(first.files, FILES, "the files read for the first manifest")
    for number in range(0, FILES, FILES // CHANGED):
        lane.write(f"d{number // FILES_IN_A_DIRECTORY}/file-{number}", b"changed")
    await_settled()
    name = lane.snapshot()
    lane.send_well("--no-manifest")
    before = processor_seconds()
    daily = read_by(lane.send_well("--manifest-only"))
    took = processor_seconds() - before
    check_equal((daily.files, daily.bytes), (CHANGED, f"{CHANGED * len(b'changed')} B"),
                "what was read for the second")
    world.notes.append(f"the second manifest took {took:.1f} s of the processor, {daily.seconds} s "
                       f"in all, and the first {first.seconds} s")
    check(took < MOST_SECONDS * SPARE, f"it took {took} s of the processor")
    check_equal(zstd.unpacked(lane.manifests[name]), manifest_of(world, lane.at_nas(name)),
                "the second manifest")
