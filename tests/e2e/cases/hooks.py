"""before_receive and after_receive: what the receiver has run for its disk, and what comes of it."""

import contextlib
import os
import re
import subprocess
import time

from harness import processes, stream, wire
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.usb_disk import LocalJob, usb_disks
from harness.verdict import Failed, check, check_equal, check_says
from harness.world import write_file

RAW = ("snapshot-receive",)
OPERATIONS = os.path.join(os.path.dirname(__file__), "../../../docs/operations.md")
PATIENCE = 60.0  # seconds; for what happens at once
ON_DEMAND = """\
case $SNAPFERRY_HOOK in
before_receive)
    mountpoint -q "$SNAPFERRY_MOUNT_POINT" || mount -t btrfs {device} "$SNAPFERRY_MOUNT_POINT" ;;
after_receive)
    [ "$SNAPFERRY_OTHERS" -gt 0 ] || umount "$SNAPFERRY_MOUNT_POINT" ;;
esac
"""


class Hooks:
    """Both hooks of receive.toml as one shell script, and a diary in which it can write."""

    def __init__(self, world, script, more=""):
        self._world, self._more = world, more
        self.program = os.path.join(world.directory, "hook")
        self.diary_file = os.path.join(world.directory, "diary")
        write_file(self.diary_file, "")
        self.write(script)

    def write(self, script):
        write_file(self.program, f"#!/bin/sh\nDIARY={self.diary_file}\n{script}", 0o755)

    def configured(self):
        """A context: receive.toml has both."""
        return self._world.receiver_configured(
            f'before_receive = ["{self.program}"]\nafter_receive = ["{self.program}"]\n{self._more}')

    @property
    def diary(self):
        with open(self.diary_file, encoding="utf-8") as file:
            return file.read().splitlines()

    def await_lines(self, count):
        deadline = time.monotonic() + PATIENCE
        while len(self.diary) < count:
            if time.monotonic() > deadline:
                raise Failed(f"{self.diary} instead of {count} lines in the diary")
            time.sleep(processes.POLL)


NOTE = 'echo "$SNAPFERRY_HOOK $SNAPFERRY_TAG $SNAPFERRY_OUTCOME" >>$DIARY\n'


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _check_untouched(lane):
    check_equal(lane.all_received, [], "the tag's directory")
    check_equal(lane.last_sent, None, "the note")


def _is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def _await_death(pid):
    deadline = time.monotonic() + PATIENCE
    while _is_alive(pid):
        check(time.monotonic() < deadline, f"process {pid} lives")
        time.sleep(processes.POLL)


@contextlib.contextmanager
def _held_receiver(world, lane):
    """A receiver in the middle of a raw stream; ends it well when the test has not."""
    whole = bytes(stream.small("held", noise(30_000)))
    run = world.commands.start(world.receiver(), lane.tag, stdin=subprocess.PIPE)
    run.process.stdin.write(whole[:100])
    run.process.stdin.flush()
    yield run, whole[100:]


@case
def both_hooks_run_around_the_receive(world):
    lane = _ready(world)
    hooks = Hooks(world, f'echo "$SNAPFERRY_HOOK: $(ls {lane.received_dir} 2>/dev/null)" >>$DIARY\n')
    with hooks.configured():
        lane.send_well("--no-manifest")
    check_equal(hooks.diary, ["before_receive: ", f"after_receive: {lane.name}"], "the diary")
    lane.check_arrived(lane.name)


@case
def both_hooks_run_around_a_manifest_too(world):
    lane = _ready(world)
    hooks = Hooks(world, 'echo "$SNAPFERRY_HOOK" >>$DIARY\n')
    with hooks.configured():
        lane.send_well()
    check_equal(hooks.diary, ["before_receive", "after_receive"] * 2, "the diary")
    check_equal(list(lane.manifests), [lane.name], "the manifests")


@case
def a_hook_has_a_clean_environment_and_nothing_else_of_the_receivers(world):
    lane = _ready(world)
    hooks = Hooks(world, "")
    look = ("ls -m /proc/$$/fd; readlink /proc/$$/fd/0 /proc/$$/fd/1; pwd; "
            "tr '\\\\0' '\\\\n' </proc/$$/environ | sort")
    arguments = f'["/bin/sh", "-c", "({look}) >>{hooks.diary_file}"]'
    with world.receiver_configured(f"before_receive = {arguments}\nafter_receive = {arguments}\n"):
        lane.send_well("--verbose", "--no-manifest")
    common = ["LANG=C", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    target = [f"SNAPFERRY_TAG={lane.tag}", f"SNAPFERRY_TARGET_DIR={world.pi.path}"]
    point = f"SNAPFERRY_MOUNT_POINT={world.pi.path}"
    rest = ["0, 1, 2", "/dev/null", "/dev/null", "/"]
    check_equal(hooks.diary, [
        *rest, *common, "SNAPFERRY_HOOK=before_receive", point, "SNAPFERRY_OTHERS=0", *target,
        *rest, *common, "SNAPFERRY_HOOK=after_receive", point, "SNAPFERRY_OTHERS=0",
        "SNAPFERRY_OUTCOME=done", *target], "what the hooks see")


@case
def a_hook_that_fails_before_refuses_the_receive_and_says_why(world):
    lane = _ready(world)
    hooks = Hooks(world, NOTE + "printf 'one\\ntwo\\nthe disk is \\033[1masleep\\n' >&2\nexit 3\n")
    with hooks.configured():
        for result in (lane.send(), lane.receive(bytes(stream.small("small")))):
            result.expect_trouble(2)
            check_says(result.err, "before_receive", "exit status 3",
                       "one; two; the disk is ", "x1b[1masleep", "receive.toml")
            check("\033" not in result.err, "control characters are shown as they are")
    check_equal(hooks.diary, [f"before_receive {lane.tag} "] * 2, "the diary")
    _check_untouched(lane)
    lane.send_well()


@case
def a_hook_that_a_signal_ends_has_failed(world):
    lane = _ready(world)
    with Hooks(world, "kill -9 $$\n").configured():
        check_says(lane.send().expect_trouble(2).err, "before_receive", "signal 9")
    _check_untouched(lane)


@case
def a_hook_that_takes_too_long_is_killed_with_all_that_it_started(world):
    lane = _ready(world)
    hooks = Hooks(world, "echo thinking >&2\nsleep 300 &\necho $$ $! >>$DIARY\nwait\n",
                  'hook_timeout = "1s"\n')
    with hooks.configured():
        result = lane.send().expect_trouble(2)
    check_says(result.err, "before_receive", "longer than 1 s", "thinking")
    pids = hooks.diary[0].split()
    check_equal(len(pids), 2, "processes of the hook")
    for pid in pids:
        _await_death(pid)
    _check_untouched(lane)


@case
def a_hook_that_is_missing_or_that_others_may_write_is_not_run(world):
    lane = _ready(world)
    hooks = Hooks(world, NOTE)
    with hooks.configured():
        for mode, owner in ((0o775, 0), (0o757, 0), (0o755, 1000)):
            os.chmod(hooks.program, mode)
            os.chown(hooks.program, owner, 0)
            check_says(lane.send().expect_trouble(1).err, hooks.program, "others than root")
        os.unlink(hooks.program)
        check_says(lane.send().expect_trouble(1).err, "before_receive", hooks.program)
    check_equal(hooks.diary, [], "the diary")
    _check_untouched(lane)


@case
def a_hook_that_is_no_program_refuses_the_receive(world):
    lane = _ready(world)
    hooks = Hooks(world, NOTE)
    os.chmod(hooks.program, 0o644)
    with hooks.configured():
        check_says(lane.send().expect_trouble(2).err, "before_receive", "cannot execute")
    _check_untouched(lane)


@case
def after_receive_runs_whatever_has_come_of_it_and_is_told(world):
    lane = _ready(world)
    hooks = Hooks(world, NOTE)
    good, bad = bytes(stream.small("small")), bytearray(bytes(stream.small("bad")))
    bad[200] ^= 1
    with hooks.configured():
        lane.receive(good).expect_well()
        lane.receive(bytes(bad)).expect_trouble(17)
        world.receive(lane.tag, stream=wire.hello() + wire.message("goodbye")).expect_well()
        world.receive(lane.tag, stream=wire.hello()).expect(10)
        world.receive(lane.tag, stream=wire.hello() + wire.message("keep_alive") +
                      wire.message("nonsense")).expect(18)
        with world.pi.away():
            lane.receive(good).expect_trouble(2)
    before = f"before_receive {lane.tag} "
    outcomes = ("done", "refused_stream", "done", "connection", "protocol", "directory_missing")
    check_equal(hooks.diary, [line for outcome in outcomes
                              for line in (before, f"after_receive {lane.tag} {outcome}")],
                "the diary")


@case
def after_receive_runs_when_the_connection_breaks(world):
    lane = world.lane()
    lane.write("file", noise(8 * MIB))
    lane.snapshot()
    hooks = Hooks(world, NOTE)
    with hooks.configured():
        lane.interrupt(2 * MIB, 4 * MIB)
        hooks.await_lines(2)
        check_equal(hooks.diary[1], f"after_receive {lane.tag} connection", "the diary")
        lane.send_well()


@case
def when_after_receive_fails_the_backup_is_good_and_the_sender_is_warned(world):
    lane = _ready(world)
    hooks = Hooks(world, "[ $SNAPFERRY_HOOK = before_receive ] && exit\n"
                         "echo the disk is busy >&2\nexit 32\n")
    with hooks.configured():
        result = lane.send().expect(0)
        check_says(result.err, "after_receive", "exit status 32", "the disk is busy")
        result = lane.receive(bytes(stream.small("small"))).expect(0)
        check_says(result.err, "after_receive", "exit status 32", "the disk is busy")
    lane.check_arrived(lane.name)
    check("small" in lane.complete, "the raw stream did not arrive")
    check_equal(lane.last_sent, lane.name, "the note")


@case
def when_after_receive_takes_too_long_it_is_killed_and_the_backup_is_good(world):
    lane = _ready(world)
    hooks = Hooks(world, "[ $SNAPFERRY_HOOK = before_receive ] && exit\n"
                         "sleep 300 &\necho $! >>$DIARY\nwait\n", 'hook_timeout = "1s"\n')
    with hooks.configured():
        check_says(lane.send().expect(0).err, "after_receive", "longer than 1 s")
    _await_death(hooks.diary[0])
    lane.check_arrived(lane.name)


@case
def what_a_hook_prints_does_not_reach_the_wire(world):
    lane = _ready(world)
    hooks = Hooks(world, "printf 'btrfs-stream\\0'; head -c 1000000 /dev/urandom\n"
                         "head -c 1000000 /dev/urandom >&2\n")
    with hooks.configured():
        lane.send_well()
        conversation = wire.hello() + wire.message("goodbye")
        said = world.receive(lane.tag, stream=conversation).expect_well().bytes_out
    wire.Answer.of(said)  # frames from its first byte to its last
    lane.check_arrived(lane.name)


@case(needs=RAW)
def while_a_hook_is_at_work_the_sender_hears_that_the_receiver_lives(world):
    lane = world.lane()
    with Hooks(world, "[ $SNAPFERRY_HOOK = before_receive ] && sleep 6\nexit 0\n").configured():
        result = world.receive(lane.tag, stream=wire.hello() + wire.message("goodbye"))
    check_says(result.expect_well().out, "waiting for before_receive")


@case(long=True)
def a_disk_that_takes_longer_to_wake_than_a_sender_is_patient_costs_no_backup(world):
    lane = world.lane()
    lane.write("file", noise(8 * MIB))  # more than the line holds
    lane.name = lane.snapshot()
    hooks = Hooks(world, "[ $SNAPFERRY_HOOK = before_receive ] && sleep 130\nexit 0\n",
                  'hook_timeout = "5min"\n')
    with hooks.configured():
        lane.start("--retries", "0").finish(patience=400).expect_well()
        lane.write("more", noise(8 * MIB))
        lane.snapshot()
        lane.start("--retries", "0", "--protocol", "raw").finish(patience=400).expect_well()
    check_equal(len(lane.complete), 2, "backups")


@case
def a_disk_that_is_mounted_on_demand_receives_and_goes_again(world):
    lane = _ready(world)
    with Hooks(world, ON_DEMAND.format(device=world.pi.device)).configured(), world.pi.away():
        for send in (lane.send, lambda: lane.send("--protocol", "raw")):
            send().expect_well()
            check(not os.path.ismount(world.pi.path), "the disk is still mounted")
            check_equal(os.listdir(world.pi.path), [], "beneath the mount point")
            lane.write("more", noise(1000))
            lane.snapshot()
    check_equal(len(lane.complete), 2, "backups")
    lane.check_arrived(lane.name)


@case
def the_script_of_the_documentation_mounts_and_unmounts(world):
    lane = _ready(world)
    with open(OPERATIONS, encoding="utf-8") as file:
        told = file.read().partition("## A disk that sleeps")[2]
    scripts = re.findall(r"^```sh\n(#!/bin/sh\n.*?)^```$", told, re.M | re.S)
    check_equal(len(scripts), 3, "scripts: one to mount, one for LUKS, one that goes down")
    hooks = Hooks(world, "")
    write_file(hooks.program, scripts[0], 0o755)
    write_file("/etc/fstab", f"{world.pi.device} {world.pi.path} btrfs "
                             "noauto,nofail,nosuid,nodev,noexec 0 0\n")
    with hooks.configured(), world.pi.away():
        lane.send_well()
        check(not os.path.ismount(world.pi.path), "the disk is still mounted")
    lane.check_arrived(lane.name)
    subprocess.run(["sh", "-n"], input=scripts[1].encode(), check=True)


@case(needs=RAW)
def a_receiver_that_ends_does_not_take_the_disk_from_another(world):
    slow, quick = world.lane(), world.lane()
    hooks = Hooks(world, ON_DEMAND.format(device=world.pi.device) +
                  'echo "$SNAPFERRY_HOOK $SNAPFERRY_OTHERS" >>$DIARY\n')
    with hooks.configured(), world.pi.away():
        with _held_receiver(world, slow) as (run, rest):
            hooks.await_lines(1)
            quick.receive(bytes(stream.small("quick"))).expect_well()
            check(os.path.ismount(world.pi.path), "the disk was taken away")
            run.finish(rest).expect_well()
        check(not os.path.ismount(world.pi.path), "the disk is still mounted")
    check_equal(hooks.diary, ["before_receive 0", "before_receive 1", "after_receive 1",
                              "after_receive 0"], "the diary")
    check_equal((slow.complete, quick.complete), (["held"], ["quick"]), "the backups")


@case(needs=ALL_PROGRAMS)
def a_receiver_at_work_on_another_disk_is_not_counted(world):
    held, lane = world.lane(), world.lane()
    hooks = Hooks(world, 'echo "$SNAPFERRY_MOUNT_POINT $SNAPFERRY_OTHERS" >>$DIARY\n')
    with hooks.configured(), usb_disks(world, "usb") as disk, disk:
        job = LocalJob(lane, disk.path, settings=f'after_receive = ["{hooks.program}"]\n')
        lane.snapshot()
        with _held_receiver(world, held) as (run, rest):
            hooks.await_lines(1)
            job.send("--no-manifest").expect_well()
            run.finish(rest).expect_well()
    check_equal(hooks.diary, [f"{world.pi.path} 0", f"{disk.path} 0", f"{world.pi.path} 0"],
                "the diary")


@case(needs=RAW)
def a_receiver_that_was_killed_is_not_counted(world):
    killed, other = world.lane(), world.lane()
    hooks = Hooks(world, 'echo "$SNAPFERRY_HOOK $SNAPFERRY_OTHERS" >>$DIARY\n')
    with hooks.configured(), _held_receiver(world, killed) as (run, _):
        hooks.await_lines(1)
        os.kill(run.pid, 9)
        run.finish().expect(-9)
        world.await_quiet()  # what it was about to start holds its locks a moment longer
        other.receive(bytes(stream.small("small"))).expect_well()
    check_equal(hooks.diary, ["before_receive 0", "before_receive 0", "after_receive 0"],
                "the diary")


@case(needs=RAW)
def one_hook_runs_at_a_time(world):
    lanes = [world.lane() for _ in range(4)]
    hooks = Hooks(world, "echo begin >>$DIARY\nsleep 0.3\necho end >>$DIARY\n")
    with hooks.configured():
        runs = [world.commands.start(world.receiver(), lane.tag, stdin=subprocess.PIPE)
                for lane in lanes]
        for run in runs:
            run.process.stdin.write(bytes(stream.small("small")))
            run.process.stdin.flush()
        for run in runs:
            run.finish(b"").expect_well()
    check_equal(hooks.diary, ["begin", "end"] * 2 * len(lanes), "the diary")


@case(needs=RAW)
def what_a_hook_leaves_running_holds_nothing_up(world):
    lane = world.lane()
    hooks = Hooks(world, "sleep 300 &\necho $! >>$DIARY\n")  # with the hook's own stderr
    with hooks.configured():
        for name in ("first", "second"):
            lane.receive(bytes(stream.small(name))).expect_well()
    check_equal(len(hooks.diary), 4, "hooks run")
    for pid in hooks.diary:
        check(_is_alive(pid), f"process {pid} was ended")
        open_files = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        check(not any("snapferry/" in file for file in open_files), f"it has {open_files}")
        os.kill(int(pid), 9)
    lane.check_complete("first", "second")
