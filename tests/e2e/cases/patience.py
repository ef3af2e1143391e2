"""What comes before a run, and how long it waits for a receiver that is away."""

import os
import signal
import time

from harness.case import ALL_PROGRAMS, case
from harness.daemon import await_that, daemon
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

AT_ONCE = 20  # seconds, on a slow machine


def _ready(world):
    lane = world.lane()
    lane.write("file", b"something")
    lane.name = lane.snapshot()
    return lane


def _hook(world, body):
    """A program, and the file that its body calls "$note"."""
    path = os.path.join(world.directory, f"hook {time.monotonic_ns()}")
    write_file(path, f'#!/bin/sh\nnote="{path}.note"\n{body}\n', 0o755)
    return path, f"{path}.note"


def _lines(note):
    if not os.path.exists(note):
        return []
    with open(note, encoding="utf-8") as file:
        return file.read().splitlines()


def _configure(world, lanes, hooks="", of_receiver="", extra=""):
    write_file(SEND_CONFIGURATION, receiver(world, extra=of_receiver) +
               "".join(job(lane, retries=0, extra=extra) for lane in lanes) + hooks)


@case
def a_hook_before_the_run_is_waited_for_and_told_of_which_job(world):
    lane = _ready(world)
    hook, note = _hook(world, 'sleep 0.2; echo "$SNAPFERRY_EVENT $SNAPFERRY_JOB $SNAPFERRY_RECEIVER '
                       '.$SNAPFERRY_OUTCOME. ${#SNAPFERRY_RUN}" >>"$note"')
    _configure(world, [lane], f'[hooks]\nbefore_run = ["{hook}"]\n')
    world.start_sender("--job", lane.tag, "--dry-run").finish().expect_well()
    check_equal(_lines(note), [], "what a dry run has called")
    world.start_sender("--job", lane.tag).finish().expect_well()
    lane.check_arrived(lane.name)
    check_equal(_lines(note), [f"before_run {lane.tag} 127.0.0.1 .. 36"], "what it was told")


@case
def a_hook_before_the_run_that_fails_fails_the_run_and_nobody_is_called(world):
    lane = _ready(world)
    hook, _ = _hook(world, "echo the VPN is down; exit 3")
    failed, note = _hook(world, 'echo "$SNAPFERRY_OUTCOME" >>"$note"')
    _configure(world, [lane], f'[hooks]\nbefore_run = ["{hook}"]\non_failure = ["{failed}"]\n')
    result = world.start_sender("--job", lane.tag).finish().expect_trouble(10)
    check_says(result.err, "before_run", "exit status 3", "the VPN is down", "by hand")
    check_equal(_lines(note), ["connection"], "what on_failure was told")
    check_equal(lane.complete, [], "what has arrived")


@case
def a_hook_before_the_run_that_comes_to_no_end_is_killed(world):
    lane = _ready(world)
    hook, _ = _hook(world, "sleep 1000")
    _configure(world, [lane], f'[hooks]\nbefore_run = ["{hook}"]\nhook_timeout = "1s"\n')
    check_says(world.start_sender("--job", lane.tag).finish().expect_trouble(10).err, "before_run",
               "took longer than 1 s")


@case
def a_hook_before_the_run_that_wakes_the_receiver_is_given_time_to_be_right(world):
    lane = _ready(world)
    hook, note = _hook(world, '[ -e "$note" ] || { touch "$note"; exit 1; }')
    _configure(world, [lane], f'[hooks]\nbefore_run = ["{hook}"]\n', 'retry_for = "10min"\n')
    world.start_sender("--job", lane.tag).finish().expect_well()
    lane.check_arrived(lane.name)


@case
def a_receiver_that_is_away_for_a_while_costs_no_backup_of_a_run_by_hand(world):
    lane = _ready(world)
    _configure(world, [lane], of_receiver='retry_for = "30min"\n')
    with world.pi_is_away():
        run = world.start_sender("--job", lane.tag)
        time.sleep(5)
        check(not run.ended, "it has given up")
    run.finish().expect_well()
    lane.check_arrived(lane.name)


@case
def a_run_that_waits_for_its_receiver_ends_at_once_when_it_is_stopped(world):
    lane = _ready(world)
    _configure(world, [lane], of_receiver='retry_for = "2h"\n')
    with world.pi_is_away():
        run = world.start_sender("--job", lane.tag)
        time.sleep(4)
        check(not run.ended, "it has given up")
        began = time.monotonic()
        run.process.send_signal(signal.SIGTERM)
        run.finish().expect_trouble(19)
        check(time.monotonic() - began < AT_ONCE, "it has taken its time")
        other = world.start_sender("--job", lane.tag, "--dry-run").finish()
        other.expect_trouble(10)  # a dry run does not wait


@case
def jobs_to_a_receiver_that_is_away_wait_once_for_it_and_not_each(world):
    lanes = [_ready(world), _ready(world), _ready(world)]
    _configure(world, lanes, of_receiver='retry_for = "8s"\n')
    with world.pi_is_away():
        began = time.monotonic()
        result = world.start_sender("--all").finish().expect_trouble(10)
        check(time.monotonic() - began >= 8, "it has not waited")
    check(0 < result.out.count("trying again") < 8, f"so often: {result.out}")
    last = [line for line in result.out.splitlines() if "trying again" in line]
    check(not any(lane.tag in line for line in last for lane in lanes[1:]),
          f"others have waited too: {last}")


@case(needs=ALL_PROGRAMS)
def a_daemon_waits_for_its_receiver_in_one_run(world):
    lane = _ready(world)
    _configure(world, [lane], of_receiver='retry_for = "30min"\n')
    with daemon(world):
        with world.pi_is_away():
            lane.write("file", b"changed")
            second = lane.snapshot()
            time.sleep(3)
        await_that(lambda: second in lane.complete, "it has arrived")
