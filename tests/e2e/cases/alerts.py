"""Hooks after runs, and the file of numbers for Prometheus."""

import os
import time

from harness import processes, prometheus
from harness.case import case
from harness.data import MIB, noise
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C"}
OF_THE_SHELL = {"PWD", "OLDPWD", "SHLVL", "_"}
NO_PORT = 1  # nobody listens there


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _run(world, *arguments, **how):
    return world.start_sender(*arguments, **how).finish()


# ---- hooks ---------------------------------------------------------------------------------------


class Hooks:
    """Programs that note how they were called, for the table [hooks]."""

    def __init__(self, world):
        self.directory = os.path.join(world.directory, f"hooks {time.monotonic_ns()}")
        self._program = os.path.join(self.directory, "hook")
        write_file(self._program, '#!/bin/sh\nenv -0 >"$1"\nprintf %s "$2" >"$1.second"\n', 0o755)

    def keys(self, **changed):
        keys = {f"on_{event}": f'["{self._program}", "{self._note(event)}", "a b; $HOME"]'
                for event in ("success", "failure", "stale", "fresh")}
        if not {"stale_after", "max_age"} & set(changed):
            del keys["on_fresh"]
        return "".join(f"{key} = {value}\n" for key, value in {**keys, **changed}.items())

    def told(self, event):
        """What the hook had in its environment; None where it was not called."""
        if not os.path.exists(self._note(event)):
            return None
        with open(self._note(event), encoding="utf-8") as file:
            return dict(entry.split("=", 1) for entry in file.read().split("\0") if entry)

    def second_argument(self, event):
        with open(self._note(event) + ".second", encoding="utf-8") as file:
            return file.read()

    def check_called(self, *events):
        called = [event for event in ("success", "failure", "stale", "fresh") if self.told(event)]
        check_equal(called, list(events), "the hooks that were called")

    def _note(self, event):
        return os.path.join(self.directory, event)


def _configure(world, lane, hooks, of_job="", **changed):
    write_file(SEND_CONFIGURATION,
               receiver(world, **changed) + job(lane, extra=of_job) + "[hooks]\n" + hooks)


@case
def a_run_that_goes_well_calls_its_hook_with_what_was_sent(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys())
    _run(world, "--job", lane.tag).expect_well()
    lane.write("file", "changed")
    second = lane.snapshot()
    _run(world, "--job", lane.tag, env={"SECRET": "x"}).expect_well()
    hooks.check_called("success")
    told = hooks.told("success")
    wanted = {"EVENT": "success", "JOB": lane.tag, "TAG": lane.tag, "RECEIVER": "127.0.0.1",
              "OUTCOME": "done", "EXIT_CODE": "0", "ERROR": "", "SNAPSHOT": second,
              "PARENT": lane.name, "NEWEST": second, "KEPT": "2"}
    check_equal({name: told[f"SNAPFERRY_{name}"] for name in wanted}, wanted, "what it was told")
    for name in ("BYTES", "WIRE_BYTES", "STARTED", "NEWEST_TAKEN", "FREE_BYTES"):
        check(int(told[f"SNAPFERRY_{name}"]) > 0, f"{name} is {told[f'SNAPFERRY_{name}']!r}")
    check(0 <= int(told["SNAPFERRY_AGE"]) < 3600, f"the age is {told['SNAPFERRY_AGE']}")
    others = {name: value for name, value in told.items()
              if not name.startswith("SNAPFERRY_") and name not in OF_THE_SHELL}
    check_equal(others, CLEAN, "the rest of its environment")
    check_equal(hooks.second_argument("success"), "a b; $HOME", "its argument")


@case
def a_run_that_fails_calls_its_hook_with_the_reason(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(), of_job="retries = 0\n", port=NO_PORT)
    error = _run(world, "--job", lane.tag).expect_trouble(10).err
    hooks.check_called("failure")
    told = hooks.told("failure")
    check_equal((told["SNAPFERRY_EVENT"], told["SNAPFERRY_OUTCOME"], told["SNAPFERRY_EXIT_CODE"]),
                ("failure", "connection", "10"), "what it was told")
    check(told["SNAPFERRY_ERROR"] and told["SNAPFERRY_ERROR"] in error,
          f"another error than in the log: {told['SNAPFERRY_ERROR']!r}")


def _await_age(seconds):
    """Until a snapshot that is there now is older than that."""
    time.sleep(seconds + 1.1)  # times of snapshots are told to the second


@case
def a_backup_that_is_too_old_is_told_even_where_the_receiver_cannot_be_asked(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(), of_job='stale_after = "1h"\n')
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called("success")
    _await_age(1)
    lane.snapshot()
    _configure(world, lane, hooks.keys(), of_job='retries = 0\nstale_after = "1s"\n')
    with world.pi_is_away():
        _run(world, "--job", lane.tag).expect_trouble(10)
    hooks.check_called("success", "failure", "stale")
    told = hooks.told("stale")
    check_equal((told["SNAPFERRY_EVENT"], told["SNAPFERRY_OUTCOME"]), ("stale", "connection"),
                "what it was told")
    check(int(told["SNAPFERRY_AGE"]) >= 2, f"the age is {told['SNAPFERRY_AGE']}")


@case
def a_run_that_goes_well_and_finds_nothing_newer_tells_that_the_backup_is_too_old(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(), of_job='stale_after = "1s"\n')
    _run(world, "--job", lane.tag)
    _await_age(1)
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called("success", "stale")
    check_equal(hooks.told("stale")["SNAPFERRY_NEWEST"], lane.name, "the newest")


@case
def a_backup_that_is_too_old_is_told_where_the_directory_of_the_snapshots_is_missing(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(stale_after='"1s"'))
    _run(world, "--job", lane.tag).expect_well()
    _await_age(1)
    away = lane.snapshot_dir + ".away"
    os.rename(lane.snapshot_dir, away)
    try:
        _run(world, "--job", lane.tag).expect_trouble(2)
    finally:
        os.rename(away, lane.snapshot_dir)
    told = hooks.told("stale")
    check(told, "nobody was told")
    check_equal(told["SNAPFERRY_OUTCOME"], "directory_missing", "the outcome")
    check(int(told["SNAPFERRY_AGE"]) >= 2, f"the age is {told['SNAPFERRY_AGE']}")


@case
def a_service_that_waits_for_a_ping_hears_only_of_a_backup_that_is_young(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(stale_after='"1h"'))
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called("success", "fresh")
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(stale_after='"1s"'))
    _await_age(1)
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called("success", "stale")
    lane, hooks = _ready(world), Hooks(world)  # nobody says how old it may be: a day is young
    _configure(world, lane, hooks.keys(max_age='"26h"'))
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called("success", "fresh")


@case
def a_failure_after_the_receiver_has_greeted_knows_the_newest_backup(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys())
    _run(world, "--job", lane.tag).expect_well()
    lane.write("file", noise(MIB))
    lane.snapshot()
    os.unlink(lane.last_sent_file)
    with world.receiver_configured('reserve = "4GiB"\n'):
        _run(world, "--job", lane.tag).expect_trouble(16)
    told = hooks.told("failure")
    check_equal((told["SNAPFERRY_OUTCOME"], told["SNAPFERRY_NEWEST"]), ("no_space", lane.name),
                "what the hook was told")
    check(told["SNAPFERRY_AGE"], "the age is not known")


@case
def a_hook_that_fails_is_a_warning_and_nothing_else(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(
        on_success='["/bin/sh", "-c", "echo no route to the mail; exit 7"]'))
    result = _run(world, "--job", lane.tag).expect_trouble(0)
    check_says(result.err, "warning: the hook on_success, /bin/sh, failed: exit status 7: "
               "no route to the mail")
    lane.check_arrived(lane.name)
    _configure(world, lane, hooks.keys(on_success='["/nonexistent"]'))
    check_says(_run(world, "--job", lane.tag).expect_trouble(0).err, "/nonexistent")


@case
def a_hook_that_takes_too_long_is_killed_with_what_it_has_started(world):
    lane, hooks = _ready(world), Hooks(world)
    note = os.path.join(hooks.directory, "pid")
    script = f"sleep 1000 & echo $! >'{note}'; wait"
    _configure(world, lane, hooks.keys(on_success=f'["/bin/sh", "-c", "{script}"]',
                                       hook_timeout='"1s"'))
    result = _run(world, "--job", lane.tag).expect_trouble(0)
    check_says(result.err, "killed after 1 s")
    with open(note, encoding="ascii") as file:
        pid = int(file.read())
    deadline = time.monotonic() + 120
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
        time.sleep(processes.POLL)
    check(not os.path.exists(f"/proc/{pid}"), "what the hook has started still runs")


@case
def a_job_can_have_other_hooks_than_the_rest_or_none(world):
    lane, hooks, own = _ready(world), Hooks(world), Hooks(world)
    _configure(world, lane, hooks.keys(), of_job=own.keys())
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called()
    own.check_called("success")
    _configure(world, lane, hooks.keys(), of_job="on_success = []\n")
    _run(world, "--job", lane.tag).expect_well()
    hooks.check_called()


@case
def a_dry_run_calls_no_hook_and_writes_no_numbers(world):
    lane, hooks = _ready(world), Hooks(world)
    numbers = os.path.join(hooks.directory, "snapferry.prom")
    write_file(SEND_CONFIGURATION, f'metrics_file = "{numbers}"\n' + receiver(world) + job(lane) +
               "[hooks]\n" + hooks.keys())
    _run(world, "--dry-run", "--job", lane.tag).expect_well()
    hooks.check_called()
    check(not os.path.exists(numbers), "a dry run has written numbers")


@case
def a_daemon_tells_of_a_backup_that_nothing_new_comes_after(world):
    lane, hooks = _ready(world), Hooks(world)
    _configure(world, lane, hooks.keys(stale_after='"4s"', on_fresh="[]"))
    run = world.start_sender("--daemon")
    deadline = time.monotonic() + 180
    while not hooks.told("stale") and time.monotonic() < deadline and not run.ended:
        time.sleep(0.05)
    run.process.terminate()
    run.finish().expect_well()
    hooks.check_called("success", "stale")
    told = hooks.told("stale")
    check_equal(told["SNAPFERRY_JOB"], lane.tag, "the job")
    check(int(told["SNAPFERRY_AGE"]) >= 4, f"the age is {told['SNAPFERRY_AGE']}")


# ---- numbers -------------------------------------------------------------------------------------


class Numbers:
    """The file of numbers."""

    def __init__(self, world):
        self.directory = os.path.join(world.directory, f"numbers {time.monotonic_ns()}")
        self.file = os.path.join(self.directory, "snapferry.prom")
        self.key = f'metrics_file = "{self.file}"\n'
        os.mkdir(self.directory)

    def read(self):
        """{(name, job, outcome or None): value}"""
        with open(self.file, encoding="utf-8") as file:
            samples = prometheus.read(file.read())
        return {(name, dict(labels)["backup"], dict(labels).get("outcome")): value
                for (name, labels), value in samples.items()}

    def of(self, name):
        """{name without snapferry_: value} of a job, without the runs by outcome."""
        return {sample.removeprefix("snapferry_"): value
                for (sample, backup, outcome), value in self.read().items()
                if backup == name and outcome is None}


@case
def numbers_are_written_after_each_run_well_or_not(world):
    lane, numbers = _ready(world), Numbers(world)
    write_file(SEND_CONFIGURATION, numbers.key + receiver(world) + job(lane))
    _run(world, "--job", lane.tag).expect_well()
    first = numbers.of(lane.tag)
    check_equal((first["last_run_exit_code"], first["kept_backups"], first["failed_runs_total"]),
                (0, 1, 0), "exit code, kept, failures")
    check(first["last_run_stream_bytes"] > MIB and first["last_run_wire_bytes"] > MIB,
          f"bytes of a run that sent a MiB: {first}")
    check(first["receiver_free_bytes"] > MIB, "nothing is free at the receiver")
    check(0 <= first["last_success_timestamp_seconds"] - first["newest_backup_timestamp_seconds"]
          < 3600, "the backup is newer than the run, or old")
    check_equal(os.stat(numbers.file).st_mode & 0o777, 0o644, "the mode")
    check_equal([name for name in os.listdir(numbers.directory) if name.endswith(".prom")],
                ["snapferry.prom"], "what the collector would read")

    write_file(SEND_CONFIGURATION, numbers.key + receiver(world, port=NO_PORT) +
               job(lane, retries=0))
    _run(world, "--job", lane.tag).expect_trouble(10)
    second = numbers.of(lane.tag)
    check_equal((second["last_run_exit_code"], second["failed_runs_total"]), (10, 1),
                "exit code and failures")
    for kept in ("last_success_timestamp_seconds", "newest_backup_timestamp_seconds",
                 "kept_backups"):
        check_equal(second[kept], first[kept], kept)
    check(second["last_run_timestamp_seconds"] > first["last_run_timestamp_seconds"],
          "the failed run has no time")
    runs = {outcome: value for (name, _, outcome), value in numbers.read().items()
            if name == "snapferry_runs_total"}
    check_equal(runs, {"done": 1, "connection": 1}, "the runs by outcome")


@case
def jobs_that_run_apart_or_at_once_share_the_file_of_numbers(world):
    lanes, numbers = [_ready(world), _ready(world), _ready(world)], Numbers(world)
    write_file(SEND_CONFIGURATION, numbers.key + receiver(world, parallel=2) +
               "".join(map(job, lanes)))
    for lane in lanes:
        _run(world, "--job", lane.tag).expect_well()
    at_once = [world.start_sender("--job", lane.tag) for lane in lanes]
    for running in at_once:
        running.finish().expect_well()
    _run(world, "--all").expect_well()
    runs = {(backup, outcome): value for (name, backup, outcome), value in numbers.read().items()
            if name == "snapferry_runs_total"}
    check_equal(runs, {(lane.tag, "done"): 3 for lane in lanes}, "the runs")


@case
def numbers_that_cannot_be_written_are_a_warning_and_nothing_else(world):
    lane = _ready(world)
    write_file(SEND_CONFIGURATION, 'metrics_file = "/nonexistent/snapferry.prom"\n' +
               receiver(world) + job(lane))
    result = _run(world, "--job", lane.tag).expect_trouble(0)
    check_says(result.err, "warning: ", "/nonexistent/snapferry.prom")
    lane.check_arrived(lane.name)
