"""A daemon whose surroundings go wrong: calendars, clocks, hooks, receivers, directories."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time

from harness import mounts, processes, stream, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.daemon import (QUICK, await_arrival, await_that, configure, daemon, next_snapshot,
                            ready_lane)
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.service_manager import ServiceManager
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

ANALYZE = "/usr/bin/systemd-analyze"


def _outcomes(world, name):
    """The exit codes of all runs of a job of this world that have ended, in their order."""
    told = world.commands.run("/usr/local/sbin/snapferry", "history", "--json", "--limit", "100")
    runs = json.loads(told.expect_well().out)["runs"]
    return [run["exit_code"] for run in reversed(runs)
            if run["dest_tag"] == name and (run["snapshot_dir"] or "").startswith(world.directory)]


def _await_runs(world, name, count):
    await_that(lambda: len(_outcomes(world, name)) >= count, f"{count} runs of {name}")


@contextlib.contextmanager
def _systemd_analyze(world, script):
    """Within, the program does what the script says."""
    path = os.path.join(world.directory, "systemd-analyze")
    write_file(path, f"#!/bin/sh\n{script}\n", 0o755)
    mounts.mount(path, ANALYZE, None, mounts.BIND)
    try:
        yield
    finally:
        mounts.unmount(ANALYZE)


@case
def a_calendar_that_nobody_can_read_ends_nothing_at_the_start_or_in_a_reload(world):
    lane, other = ready_lane(world), ready_lane(world)
    with ServiceManager(world.directory) as manager:
        with _systemd_analyze(world, "exit 1"):
            configure(world, lane, calendar='"03:00"')
            with daemon(world, env=manager.environment) as run:
                await_arrival(lane, lane.name)
                configure(world, lane, other, calendar='"hourly"')
                run.process.send_signal(signal.SIGHUP)
                manager.await_told("RELOADING=1", run)
                manager.await_told("READY=1", run)
                await_arrival(other, other.name)
                await_arrival(lane, next_snapshot(lane, b"the second"))
    check_says(run.result.err, "cannot ask systemd-analyze")


@case
def a_calendar_that_names_a_past_year_is_told_of(world):
    lane = ready_lane(world)
    configure(world, lane, calendar='"2020-01-01"')
    with daemon(world):
        await_arrival(lane, lane.name)
    run = world.commands.transcript[-1]
    check_says(run.err, "names no time that is still to come", "2020-01-01")


@case(needs=ALL_PROGRAMS)
def a_job_that_is_changed_while_it_runs_is_run_again_with_its_new_settings(world):
    lane = ready_lane(world, noise(8 * MIB))
    configure(world, lane, on_change="false", every='"24h"')
    with ServiceManager(world.directory) as manager:
        with daemon(world, env=manager.environment) as run:
            world.link.rate = 4 * MIB
            world.link.await_sent(2 * MIB)
            configure(world, lane, on_change="false", every='"24h"', retries=7)
            run.process.send_signal(signal.SIGHUP)
            manager.await_told("READY=1", run)
            world.link.rate = None
            _await_runs(world, lane.tag, 2)
    check_equal(_outcomes(world, lane.tag)[:2], [0, 0], "the runs")


@case(needs=ALL_PROGRAMS)
def a_raw_job_runs_when_there_is_something_new_and_not_all_the_time(world):
    lane, other = ready_lane(world), ready_lane(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, protocol='"raw"', **QUICK) +
               job(other, **QUICK))
    with daemon(world):
        await_arrival(lane, lane.name)
        _await_runs(world, lane.tag, 1)
    with daemon(world):  # it finds nothing to send
        _await_runs(world, lane.tag, 2)
        for again in range(3):  # seconds pass
            await_arrival(other, next_snapshot(other, noise(100, again)))
    check_equal(len(_outcomes(world, lane.tag)), 2, "the runs of one snapshot and two starts")


@case(needs=ALL_PROGRAMS)
def a_receiver_that_is_busy_is_told_of_and_asked_again_later(world):
    lane = ready_lane(world)
    configure(world, lane)
    with daemon(world) as run:
        await_arrival(lane, lane.name)
        _await_runs(world, lane.tag, 1)
        held = bytes(stream.small("held", noise(30_000)))
        busy = world.commands.start(world.receiver(), lane.tag, stdin=subprocess.PIPE)
        busy.process.stdin.write(held[:100])
        busy.process.stdin.flush()
        processes.await_running(processes.BTRFS)
        next_snapshot(lane, b"the second")
        _await_runs(world, lane.tag, 2)
        busy.finish(held[100:])
    check_equal(_outcomes(world, lane.tag)[1], 15, "the outcome")
    check_says(run.result.err, "trying again in")


@case(needs=ALL_PROGRAMS)
def receivers_that_are_away_keep_nobody_elses_jobs_waiting(world):
    lane, away = ready_lane(world), [ready_lane(world) for _ in range(2)]
    with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:  # it never says a word
        deaf = receiver(world, "deaf", port=silent.getsockname()[1], parallel=4)
        write_file(SEND_CONFIGURATION, "max_jobs = 1\n" + receiver(world) + deaf +
                   "".join(job(each, name=f"a{each.tag}", to='"deaf"') for each in away) +
                   job(lane, name="z", **QUICK))
        with daemon(world):
            await_arrival(lane, lane.name)
            for number in range(2):
                await_arrival(lane, next_snapshot(lane, noise(100, number)))
            check_equal([_outcomes(world, f"a{each.tag}") for each in away], [[], []],
                        "the runs that wait for a receiver")


HANGING = '["/bin/sh", "-c", "echo $$ >>{note}; sleep 1000 & echo $! >>{note}; wait"]'


def _hanging_hook(world):
    note = os.path.join(world.directory, f"hook-{time.monotonic_ns()}")
    return note, f'[hooks]\non_success = {HANGING.format(note=note)}\nhook_timeout = "1h"\n'


def _pids(note):
    if not os.path.exists(note):
        return []
    with open(note, encoding="ascii") as file:
        return [int(line) for line in file]


def _await_death(pids):
    await_that(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), "they have ended")


@case(needs=ALL_PROGRAMS)
def a_hook_that_hangs_stops_neither_the_next_runs_nor_the_watchdog_nor_the_end(world):
    lane = ready_lane(world)
    note, hooks = _hanging_hook(world)
    with ServiceManager(world.directory, watchdog=3) as manager:
        write_file(SEND_CONFIGURATION, receiver(world) + job(lane, **QUICK) + hooks)
        with daemon(world, env=manager.environment) as run:
            await_that(lambda: len(_pids(note)) == 2, "the hook hangs")
            for number in range(2):
                await_arrival(lane, next_snapshot(lane, noise(100, number)))
                manager.await_told("WATCHDOG=1", run)
            _await_runs(world, lane.tag, 3)
    check_equal(_outcomes(world, lane.tag), [0, 0, 0], "the runs")
    check_says(run.result.err, "stopped before it was told how the run of", "or not to the end")
    _await_death(_pids(note))


@case(needs=ALL_PROGRAMS)
def a_run_by_hand_that_is_stopped_amid_a_hook_stays_a_good_one(world):
    lane = ready_lane(world)
    note, hooks = _hanging_hook(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane) + hooks)
    run = world.start_sender("--job", lane.tag)
    await_that(lambda: len(_pids(note)) == 2, "the hook hangs")
    check_equal(_outcomes(world, lane.tag), [0], "the history while the hook hangs")
    run.process.send_signal(signal.SIGTERM)
    result = run.finish().expect_trouble(19)
    check_says(result.err, "stopped before it was told how the run of")
    check_equal(_outcomes(world, lane.tag), [0], "the history after it")
    _await_death(_pids(note))


@case
def under_nohup_the_end_of_a_terminal_is_nothing_to_it(world):
    lane, later = ready_lane(world), ready_lane(world)
    configure(world, lane)
    old = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which a child inherits
    try:
        with daemon(world) as run:
            await_arrival(lane, lane.name)
            configure(world, lane, later)
            run.process.send_signal(signal.SIGHUP)
            await_arrival(lane, next_snapshot(lane, b"the second"))
    finally:
        signal.signal(signal.SIGHUP, old)
    check_equal(later.all_received, [], "what a job has sent that was not there at the start")


@case(needs=ALL_PROGRAMS)
def fifty_events_a_second_cost_little(world):
    lane = ready_lane(world)
    configure(world, lane, settle='"10s"')
    seconds, a_second = 4, 50
    with daemon(world) as run:
        await_arrival(lane, lane.name)
        _await_runs(world, lane.tag, 1)
        for number in range(100):
            subvolume.snapshot(lane.source, lane.at_nas(f"snapshot-{number}@weekly"))
        before = _processor_time(run.pid)
        for number in range(seconds * a_second):
            write_file(lane.at_nas("somebody-elses"), f"{number}")
            os.unlink(lane.at_nas("somebody-elses"))
            time.sleep(1 / a_second)
        used = _processor_time(run.pid) - before
        world.notes.append(f"{used / seconds * 100:.1f} % of a processor")
    check(used < 0.05 * seconds, f"{used:.2f} s of a processor in {seconds} s")


def _processor_time(pid):
    """Seconds, of all its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
