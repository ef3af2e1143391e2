"""A NAS whose disk is gone: the whole backup comes back with one command, and the next one goes on
from it."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import uuid

from harness import data, person, send_toml, stream, subvolume, wire
from harness.case import ALL_PROGRAMS, case
from harness.daemon import await_arrival, configure, daemon, next_snapshot, ready_lane
from harness.data import MIB, noise
from harness.free_space import free
from harness.killing import require_strace
from harness.lane import check_same_tree
from harness.link import Link
from harness.person import Person
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

SIZE = 24 * MIB
RATE = 16 * MIB  # bytes a second on the way back
CAME = 6 * MIB  # after which a run is broken


class Wiped:
    """A lane that has sent a full backup and an increment, and whose disk was wiped since."""

    def __init__(self, world, size=SIZE, **how):
        self.world, self.lane = world, world.lane(**how)
        lane = self.lane
        data.fill(lane.source)
        lane.write("large", noise(size))
        lane.snapshot()
        lane.send_well()
        lane.write("diary", "the second day")
        self.name = lane.snapshot()
        lane.send_well()
        lane.check_arrived(self.name)
        lane.wipe()

    def restore(self, pia, *options):
        return self.world.commands.start(
            "/usr/local/sbin/snapferry", *self.arguments(pia, *options))

    def arguments(self, pia, *options):
        return ("restore", self.lane.tag, "--all", "--from", pia.address, "--into",
                self.lane.snapshot_dir, "--as", self.lane.source, *options)

    def check_is_back(self):
        lane = self.lane
        check_equal(list(subvolume.inside(lane.snapshot_dir)), [self.name], "the snapshots")
        check(subvolume.inspect(lane.at_nas(self.name)).complete, "the snapshot is not read-only")
        check_same_tree(lane.at_pi(self.name), lane.at_nas(self.name))
        check_same_tree(lane.at_pi(self.name), lane.source)
        check(not subvolume.inspect(lane.source).read_only, "the copy is not writable")
        check_equal(subvolume.inspect(lane.source).received_uuid, subvolume.NO_UUID,
                    "the received uuid of the copy")
        check_equal(list(lane.pins), [self.name], "the pins")
        check(not [name for name in os.listdir(os.path.join(lane.snapshot_dir, ".snapferry"))
                   if name.startswith(".restore")], "something is left of the restore")

    def check_goes_on(self):
        """Paused, until a person says so; then incrementally."""
        lane, world = self.lane, self.world
        lane.write("diary", "the day after")
        lane.let_days_pass(1)
        name = lane.snapshot()
        paused = lane.send().expect_trouble(15)
        check_says(paused.err, "paused since", f"snapferry resume {lane.tag}")
        check(name not in lane.complete, "it was sent all the same")
        check_says(lane.send("--dry-run").expect(0).out, f"incrementally from {self.name}")
        world.commands.run("/usr/local/sbin/snapferry", "resume", lane.tag).expect_well()
        sent = lane.send_well()
        check_says(sent.out, f"incrementally from {self.name}")
        check("nothing here remembers" not in sent.out, "it was not remembered")
        lane.check_sent_only(lane.increment_size(name, self.name))
        lane.check_arrived(name)


@contextlib.contextmanager
def person_by_link(world):
    """A person whose way to the Pi can be slowed down and cut."""
    with Person(world) as pia:
        link = Link(pia.ssh.port)
        known = pia.ssh.known_hosts
        pia.ssh.known_hosts = lambda *ports: known(link.port, *ports)
        pia.trust()
        pia.configure_ssh(port=link.port)
        try:
            yield pia, link
        finally:
            link.close()


def answering():
    """The pids of those that give a backup back at the Pi."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:
            words = [os.path.basename(word) for word in file.read().split(b"\0")]
            if words[:2] == [b"snapferry", b"answer"]:
                found.append(int(pid))
    return found


def kill_answering():
    pids = answering()
    check(pids, "nobody answers at the Pi")
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # sudo's child may have gone with it
            os.kill(pid, signal.SIGKILL)


@case(needs=ALL_PROGRAMS)
def a_wiped_nas_comes_back_with_one_command_that_was_killed_three_times(world):
    wiped = Wiped(world)
    with person_by_link(world) as (pia, link):
        for what in ("cut", "the Pi's side", "the NAS's side"):
            link.reset()
            link.rate_back = RATE
            run = wiped.restore(pia)
            link.await_came(CAME, run)
            if what == "cut":
                link.cut()
            elif what == "the Pi's side":
                kill_answering()
            else:
                run.process.kill()
            result = run.finish()
            check(result.code != 0, f"{what} was broken, and all is said to be well")
            check_equal(wiped.lane.snapshots, [], f"what looks whole after {what} was broken")
            check(not os.path.exists(wiped.lane.source), "there is a copy already")
            world.await_quiet()
        link.reset()
        result = wiped.restore(pia).finish().expect_well()
        check_says(pia.run("status", "--sending").expect(22).out, f"{wiped.lane.tag} is paused since")
        check_says(pia.run("check", "--sending").expect(1, 2, 3).out, "paused since")
        check_says(result.out, f"going on with {wiped.name}", f"incrementally from {wiped.name}",
                   f"snapferry resume {wiped.lane.tag}")
        check(link.came < SIZE, f"{link.came} bytes came in the last run alone")
    wiped.check_is_back()
    wiped.check_goes_on()


@case(needs=ALL_PROGRAMS)
def sudo_at_the_pi_asks_for_a_password_and_send_toml_knows_the_job(world):
    wiped = Wiped(world, MIB)
    lane = wiped.lane
    write_file(SEND_CONFIGURATION, send_toml.receiver(world) + send_toml.job(lane))
    try:
        with Person(world) as pia:
            pia.may(person.ANYTHING)
            run = pia.at_terminal(*wiped.arguments(pia))
            run.await_question("password for sudo at pi.lan: ")
            run.type(person.PASSWORD + "\n")
            code, out, err = run.finish()
            check_equal((code, run.asked.count("password")), (0, 1), f"the end: {out} {err}")
        wiped.check_is_back()
        check(os.path.exists(lane.memory), "the job remembers nothing")
        status = pia.run("status", "--sending").expect(22)
        check_says(status.out, "paused since")
        check_says(pia.run("check", "--sending").expect(1, 2).out, "paused since")
        wiped.check_goes_on()
        check("paused" not in pia.run("status", "--sending").expect(0).out, "it is still paused")
    finally:
        os.unlink(SEND_CONFIGURATION)


@case(needs=ALL_PROGRAMS)
def what_comes_back_is_compared_with_its_manifest(world):
    wiped = Wiped(world, MIB)
    lane = wiped.lane
    backup = subvolume.inspect(lane.at_pi(wiped.name))
    manifest = os.path.join(world.pi.path, ".snapferry", f"{lane.tag}.manifests", str(backup.uuid))
    os.makedirs(os.path.dirname(manifest), 0o700, exist_ok=True)
    said = world.commands.run("/usr/local/sbin/snapferry", "manifest",
                              lane.at_pi(wiped.name)).expect_well().out
    with Person(world) as pia:
        for text, code in ((said.replace("./diary", "./diary2"), 14), (said, 0)):
            write_file(manifest, manifest_with_its_digest(text))
            result = wiped.restore(pia).finish().expect(code)
            if code:
                check_says(result.err, "differs from the manifest", "diary: extra",
                           "diary2: missing")
            else:
                check_says(result.out, "it is what the manifest says", "is here already")
    wiped.check_is_back()


def manifest_with_its_digest(text):
    lines = text.splitlines()[:-1]
    digest = hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()
    return "\n".join([*lines, f"#end {len(lines) - 2} {digest}", ""])


@case(needs=ALL_PROGRAMS)
def an_older_backup_comes_back_by_its_name(world):
    wiped = Wiped(world, MIB)
    older = wiped.lane.complete[0]
    with Person(world) as pia:
        missing = wiped.restore(pia, "--at", "2001-01-01").finish().expect_trouble(1)
        check_says(missing.err, "has no backup that was taken by 2001-01-01")
        check_says(wiped.restore(pia, "--at", older).finish().expect_well().out, older)
    check_same_tree(wiped.lane.at_pi(older), wiped.lane.source)


@case(needs=ALL_PROGRAMS)
def nothing_that_is_there_is_overwritten(world):
    wiped = Wiped(world, MIB)
    lane = wiped.lane
    subvolume.create(lane.source)
    lane.write("precious", "mine")
    with Person(world) as pia:
        said = wiped.restore(pia).finish().expect_trouble(1).err
        check_says(said, lane.source, "is there already, and is left alone")
        check_equal(os.listdir(lane.source), ["precious"], "what was there")
        subvolume.delete(lane.source)
        os.mkdir(lane.source)
        subvolume.create(lane.at_nas(wiped.name))
        said = wiped.restore(pia).finish().expect_trouble(1).err
        check_says(said, wiped.name, "is there already, and is not that backup")
        subvolume.delete(lane.at_nas(wiped.name))
        wiped.restore(pia).finish().expect_well()
        lane.write("diary", "written since")
        said = wiped.restore(pia).finish().expect_well().out
        check_says(said, "is here already", "stays as it is")
        with open(os.path.join(lane.source, "diary"), encoding="ascii") as file:
            check_equal(file.read(), "written since", "what was written into the copy")


@case(needs=ALL_PROGRAMS)
def a_place_that_cannot_do_is_refused_before_anything_is_paused(world):
    wiped = Wiped(world, MIB)
    lane = wiped.lane
    elsewhere = os.path.join(world.directory, "no-btrfs")
    os.makedirs(elsewhere, exist_ok=True)
    writable, sealed = (os.path.join(world.nas.path, name) for name in ("writable", "sealed"))
    subvolume.create(writable)
    subvolume.snapshot(writable, sealed, read_only=True)
    places = ((sealed, lane.source, 2, "nothing can be written into"),
              (elsewhere, lane.source, 2, "is not on btrfs"),
              (lane.snapshot_dir + "/nothing", lane.source, 2, "is no directory"),
              (lane.snapshot_dir, lane.snapshot_dir + "/copy", 1, "lies among the snapshots"),
              (lane.snapshot_dir, os.path.join(world.pi.path, "copy"), 1, "two filesystems"),
              ("snapshots", lane.source, 1, "absolute path"))
    with Person(world) as pia:
        for into, copy, code, words in places:
            said = pia.run("restore", lane.tag, "--all", "--from", pia.address, "--into", into,
                           "--as", copy).expect_trouble(code).err
            check_says(said, words)
    check(not os.path.exists("/var/lib/snapferry/paused"), "something is paused")


@case(needs=ALL_PROGRAMS)
def what_does_not_fit_is_refused_before_it_travels(world):
    wiped = Wiped(world)
    lane = wiped.lane
    ballast = os.path.join(world.nas.path, "ballast")
    subvolume.await_cleaned(world.nas.path)
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, free(world.nas.path) - 90 * MIB)
    try:
        with person_by_link(world) as (pia, link):
            said = wiped.restore(pia).finish().expect_trouble(16).err
            check(said.count("\n") == 1, f"more than a line: {said}")
            check(link.came < MIB, f"{link.came} bytes have come")
        check_equal(lane.snapshots, [], "the snapshots")
    finally:
        os.unlink(ballast)
    with Person(world) as pia:
        wiped.restore(pia).finish().expect_well()
    wiped.check_is_back()


@case(needs=ALL_PROGRAMS)
def of_two_restores_of_one_tag_one_is_refused(world):
    wiped = Wiped(world)
    with person_by_link(world) as (pia, link):
        link.rate_back = RATE
        first = wiped.restore(pia)
        link.await_came(CAME, first)
        check_says(wiped.restore(pia).finish().expect_trouble(15).err, "another restore")
        link.rate_back = None
        first.finish().expect_well()
    wiped.check_is_back()


@case(needs=ALL_PROGRAMS)
def killed_at_any_of_its_steps_it_is_finished_by_the_next(world):
    require_strace()
    wiped = Wiped(world, MIB)
    with Person(world) as pia:
        hits = 0
        for number in (*range(5, 60, 11), *range(60, 300, 30)):
            killed = world.commands.run(
                "strace", "-qq", "-o", "/dev/null", "-e", "trace=ioctl", "-e",
                f"inject=ioctl:signal=KILL:when={number}", "/usr/local/sbin/snapferry",
                *wiped.arguments(pia))
            if killed.code != -signal.SIGKILL:  # it has not so many calls
                break
            hits += 1
            world.await_quiet()
        check(hits > 3, f"only {hits} runs were hit")
        wiped.restore(pia).finish().expect_well()
    wiped.check_is_back()
    wiped.check_goes_on()


@case(needs=ALL_PROGRAMS)
def what_was_derived_comes_back_and_its_origin_is_paused(world):
    lane = world.lane()
    rule = f'[tags.{lane.tag}.derive.weekly]\nevery = "week"\nkeep = 8\n'
    derived = f"{lane.tag}-weekly"
    with world.receiver_configured(f"[defaults]\nkeep = 7\n{rule}"):
        lane.write("diary", "the first day")
        name = lane.snapshot()
        lane.send_well()
        check(os.path.isdir(os.path.join(world.pi.path, derived, name)), "nothing was derived")
        lane.wipe()
        with Person(world) as pia:
            pia.run("restore", derived, "--all", "--from", pia.address, "--into",
                    lane.snapshot_dir, "--as", lane.source).expect_well()
        lane.write("diary", "the second day")
        second = lane.snapshot()
        check_says(lane.send().expect_trouble(15).err, f"snapferry resume {lane.tag}")
        for tag in (lane.tag, derived):
            world.commands.run("/usr/local/sbin/snapferry", "resume", tag).expect_well()
        check_says(lane.send_well().out, f"incrementally from {name}")
        lane.check_arrived(second)


@case(needs=ALL_PROGRAMS)
def a_daemon_says_once_that_a_job_is_paused_and_sends_the_others(world):
    paused, other = ready_lane(world), ready_lane(world)
    note = f"/var/lib/snapferry/paused/{paused.tag}"
    write_file(note, "damaged")
    configure(world, paused, other)
    with daemon(world) as run:
        await_arrival(other, other.name)
        next_snapshot(paused, b"the second")
        await_arrival(other, next_snapshot(other, b"the second"))
    check_equal(paused.all_received, [], "what has come of the paused job")
    check_equal(run.result.err.count(f"{paused.tag} is paused"), 1, "how often that was said")
    unknown = world.commands.run("/usr/local/sbin/snapferry", "resume", "another")
    check_says(unknown.expect_trouble(1).err, "another is not paused", paused.tag)
    world.commands.run("/usr/local/sbin/snapferry", "resume", paused.tag).expect_well()
    check(not os.path.exists(note), "it is still paused")
    paused.send_well()
    os.unlink(SEND_CONFIGURATION)


NAME = "2021-08-17T07:00:01+00:00-@daily"
OWN, OTHER = uuid.UUID(int=1 << 120), uuid.UUID(int=2 << 120)
FALSE_PATIENCE = 2  # seconds that it hears nothing
FALSE_PI = """#!/usr/bin/python3
import os, select, sys
os.write(1, b"\\nsnapferry answers 1\\n")
while os.read(0, 1) not in (b"\\n", b""):
    pass
sys.stdout.buffer.write(open({!r}, "rb").read())
sys.stdout.buffer.flush()
while select.select([0], [], [], {})[0] and os.read(0, 65536):
    pass
"""


FLOODING_PI = """#!/usr/bin/python3
import os
os.write(1, b"\\nsnapferry answers 1\\n")
os.read(0, 1)
while True:
    os.write(1, b"x" * 65536)
"""


def offered(tag, name=NAME, **fields):
    backup = {"name": name, "uuid": str(OWN), "copy": str(OTHER)}
    return json.dumps({"tag": tag, "backup": backup, "all": [backup], "manifest": False,
                       **fields}).encode() + b"\n"


def sent(name=NAME, own=OWN, contents=b"x", said=None):
    """A sender's side of the conversation: all that it says, without an answer."""
    whole = bytes(stream.Stream(own=own).subvol(said or name).mkfile("file")
                  .write("file", contents).end())
    return (wire.hello() + wire.announce(name, own) + wire.data(whole) + wire.stream_end(whole))


@contextlib.contextmanager
def false_pi(world):
    """Within, whoever logs in at the Pi is answered with what the yielded function was given."""
    said = os.path.join(world.directory, "said")
    program = os.path.join(world.directory, "false", "snapferry")
    write_file(program, FALSE_PI.format(said, FALSE_PATIENCE), 0o755)
    world.host.install(program)

    def says(words):
        with open(said, "wb") as file:
            file.write(words)

    try:
        yield says
    finally:
        world.host.install(world.programs["snapferry"])


@case(needs=ALL_PROGRAMS)
def whatever_a_false_pi_says_is_refused_with_one_line_and_nothing_is_made(world):
    lane = world.lane()
    subvolume.delete(lane.source)
    sayings = {
        "nothing": b"",
        "no offer": b"hello\n",
        "an offer without an end": b"[" * (3 * MIB),
        "lists in lists": b"[" * 100_000 + b"\n",
        "another tag": offered("another"),
        "a name that leads out": offered(lane.tag, "../../etc"),
        "no name": offered(lane.tag, ""),
        "a list of numbers": offered(lane.tag, all=[1, 2]),
        "too many backups": offered(lane.tag, all=[json.loads(offered(lane.tag))["backup"]] * 3000),
        "a tag that leads out": offered(lane.tag, derived_from="../x"),
        "no conversation": offered(lane.tag) + b"nothing that greets" * 100,
        "another backup": offered(lane.tag) + sent("another"),
        "another uuid": offered(lane.tag) + sent(own=OTHER),
        "another name in the stream": offered(lane.tag) + sent(said="another"),
        "a stream that is cut": offered(lane.tag) + sent()[:-150],
        "an endless message": offered(lane.tag) + wire.hello() + wire.frame(wire.MESSAGE, b"",
                                                                           length=1 << 31),
    }
    with Person(world) as pia, false_pi(world) as says:
        for what, words in sayings.items():
            with told_of_failures(what):
                says(words)
                run = world.commands.run(
                    world.programs["snapferry"], "restore", lane.tag, "--all", "--from",
                    pia.address, "--into", lane.snapshot_dir, "--as", lane.source)
                run.expect_trouble(*range(10, 21))
                check_equal(run.err.count("\n"), 1, f"lines of {run.err}")
                check_equal(lane.snapshots, [], "the snapshots")
                check(not os.path.exists(lane.source), "there is a copy")
        says(offered(lane.tag, manifest=True) + sent() + b"99999999999999999999\n")
        run = world.commands.run(
            world.programs["snapferry"], "restore", lane.tag, "--all", "--from", pia.address,
            "--into", lane.snapshot_dir, "--as", lane.source)
        check_says(run.expect_trouble(18).err, "no manifest, or too long a one")
    check_equal(lane.snapshots, [lane.at_nas(NAME)], "the snapshots")


@case(needs=ALL_PROGRAMS)
def a_false_pi_that_never_stops_talking_is_not_waited_for(world):
    lane = world.lane()
    subvolume.delete(lane.source)
    with Person(world) as pia, false_pi(world):
        program = os.path.join(world.directory, "false", "snapferry")
        write_file(program, FLOODING_PI, 0o755)
        world.host.install(program)
        run = world.commands.run(
            world.programs["snapferry"], "restore", lane.tag, "--all", "--from", pia.address,
            "--into", lane.snapshot_dir, "--as", lane.source)
        check_says(run.expect_trouble(18).err, "says more than there can be to say")


@case(needs=ALL_PROGRAMS)
def a_copy_takes_no_place_where_something_is_mounted(world):
    lane = world.lane()
    subvolume.delete(lane.source)
    os.mkdir(lane.source)
    subprocess.run(["mount", "-t", "tmpfs", "none", lane.source], check=True)
    try:
        with Person(world) as pia:
            said = pia.run("restore", lane.tag, "--all", "--from", pia.address, "--into",
                           lane.snapshot_dir, "--as", lane.source).expect_trouble(1).err
        check_says(said, "something is mounted at", "give --as another path")
        check(not os.path.exists(f"/var/lib/snapferry/paused/{lane.tag}"), "it is paused")
    finally:
        subprocess.run(["umount", lane.source], check=True)
