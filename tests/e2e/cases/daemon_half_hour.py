"""Half an hour of a daemon's life: a snapshot a minute, old ones deleted, and all that goes wrong."""

import json
import os
import signal
import time

from harness import mounts, processes, prometheus, subvolume, wrong_clock
from harness.case import case
from harness.data import MIB, noise
from harness.growth import QUIET_ALLOCATOR, Growth
from harness.send_toml import job, receiver
from harness.verdict import Failed, Skipped, check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

MINUTES = 30
KEPT = 4  # snapshots at the NAS
ANALYZE = "/usr/bin/systemd-analyze"
METRICS = "/etc/snapferry/snapferry.prom"


@case(long=True, needs=("snapshot-send", "snapshot-receive", "snapferry"))
def thirty_snapshots_arrive_whatever_happens_and_nothing_grows(world):
    if not wrong_clock.library():
        raise Skipped("libfaketime is not installed")
    lane = world.lane()
    lane.write("file", noise(4 * MIB))
    _configure(world, lane)
    names = [lane.snapshot()]
    run = world.start_sender("--daemon",
                             env={**QUIET_ALLOCATOR, **_with_a_clock_that_can_be_set(world)})
    growth = Growth(run.pid)
    try:
        _await_arrival(world, lane, names[-1], run)
        growth.note()
        begin = time.monotonic()
        for minute in range(1, MINUTES + 1):
            _trouble(world, lane, run, minute)
            lane.write("file", noise(4 * MIB, minute))
            names.append(lane.snapshot())
            for old in names[:-KEPT]:
                if os.path.exists(lane.at_nas(old)):
                    subvolume.delete(lane.at_nas(old))
            _await_arrival(world, lane, names[-1], run)
            _check_truth(world, lane, names[-1])
            growth.note()
            time.sleep(max(0.0, begin + minute * 60 - time.monotonic()))
    finally:
        run.process.send_signal(signal.SIGTERM)
        result = run.finish(patience=180)
    result.expect(0)
    check_says(result.err, "cannot ask systemd-analyze")
    check_says(result.out, "the clock was set back by", "the clock was set ahead by")
    world.notes.append(str(growth))
    growth.check()
    lane.check_arrived(names[-1])
    check(set(names[-6:]) <= set(lane.complete), "a snapshot that was the newest is not there")


def _configure(world, lane, **keys):
    write_file(SEND_CONFIGURATION, f'metrics_file = "{METRICS}"\n' + receiver(world) +
               job(lane, settle='"2s"', **keys))


def _trouble(world, lane, run, minute):
    """What happens in that minute."""
    if minute in (5, 12):
        world.link.rate = 2 * MIB  # so that the cut comes amid the send: see _await_arrival
    if minute == 8:
        world.ssh.stop()
        world.ssh.start()
    if minute == 10:
        write_file(SEND_CONFIGURATION, "this is no configuration")
        run.process.send_signal(signal.SIGHUP)
        time.sleep(5)
        _configure(world, lane)  # for whoever else reads it; the daemon is not told
    if minute == 11:
        _configure(world, lane, retries=5)
        run.process.send_signal(signal.SIGHUP)
    if minute == 16:
        _reboot_the_pi(world)
    if minute == 20:
        _calendars_fail(world, True)
        _configure(world, lane, retries=5, calendar='"hourly"')
        run.process.send_signal(signal.SIGHUP)  # amid whatever it does, and nobody can read it
    if minute == 22:
        _calendars_fail(world, False)
    if minute == 24:
        _set_the_clock(world, "-3000d")
    if minute == 26:
        _set_the_clock(world, "+0")


def _calendars_fail(world, fail):
    if fail:
        path = os.path.join(world.directory, "systemd-analyze")
        write_file(path, "#!/bin/sh\nexit 1\n", 0o755)
        mounts.mount(path, ANALYZE, None, mounts.BIND)
    else:
        mounts.unmount(ANALYZE)


def _set_the_clock(world, offset):
    """Of the daemon alone: libfaketime reads this file anew again and again."""
    write_file(os.path.join(world.directory, "clock"), f"{offset}\n")


def _with_a_clock_that_can_be_set(world):
    """The environment of a program whose wall clock _set_the_clock() sets."""
    _set_the_clock(world, "+0")
    return {"LD_PRELOAD": wrong_clock.library(), "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_TIMESTAMP_FILE": os.path.join(world.directory, "clock")}


def _reboot_the_pi(world):
    world.ssh.stop()
    world.link.cut()
    for program in (processes.RECEIVER, processes.BTRFS):
        processes.kill(program)
    time.sleep(2)
    world.pi.unmount()
    time.sleep(10)
    world.pi.mount()
    world.ssh.start()


def _await_arrival(world, lane, name, run):
    deadline = time.monotonic() + 300
    while name not in lane.complete or processes.running(processes.RECEIVER):
        if run.ended or time.monotonic() > deadline:
            raise Failed(f"{name} has not arrived, or the daemon has ended")
        if (name not in lane.complete and world.link.rate
                and processes.running(processes.BTRFS)):
            time.sleep(0.3)
            world.link.cut()
            world.link.rate = None
        time.sleep(0.1)


def _check_truth(world, lane, name):
    """What status and numbers say, as soon as the run has ended."""
    deadline = time.monotonic() + 120
    while True:
        told = world.commands.run("/usr/local/sbin/snapferry", "status", "--json").expect_well()
        state, = json.loads(told.out)["jobs"]
        if state["newest"] and state["newest"]["name"] == name:
            break
        if time.monotonic() > deadline:
            raise Failed(f"status says that {state['newest']} is the newest, not {name}")
        time.sleep(0.2)
    check_equal(state["last_run"]["exit_code"], 0, "the exit code in the status")
    check(name in state["kept"], "the newest is not among the kept in the status")
    with open(METRICS, encoding="utf-8") as file:
        text = file.read()
    numbers = prometheus.read(text)
    of_this = frozenset({("backup", lane.tag)})
    check_equal(numbers["snapferry_last_run_exit_code", of_this], 0, "the exit code in the numbers")

