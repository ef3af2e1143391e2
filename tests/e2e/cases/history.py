"""What runs of snapshot-send came to, and what snapferry says of it."""

import contextlib
import datetime
import json
import os
import shutil
import time

from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.host import PROGRAM_DIRECTORY
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

HISTORY = "/var/lib/snapferry/history.db"
PATIENCE = 180.0  # seconds
FAR_FROM_ALL = 1 << 30  # bytes; more than any send of these tests


def _snapferry(world, *arguments, **how):
    return world.commands.run(os.path.join(PROGRAM_DIRECTORY, "snapferry"), *arguments, **how)


def _fresh(world):
    """A lane with a first snapshot, and a machine that has no history and no jobs."""
    for path in (HISTORY, SEND_CONFIGURATION):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _send(world, *arguments):
    return world.start_sender(*arguments).finish()


def _runs(world, *arguments):
    return json.loads(_snapferry(world, "history", "--json", *arguments).expect_well().out)["runs"]


def _status(world):
    """{name: what is said of the job}"""
    jobs = json.loads(_snapferry(world, "status", "--json").expect_well().out)["jobs"]
    return {one["job"]: one for one in jobs}


@case(needs=ALL_PROGRAMS)
def a_good_run_is_recorded_with_what_it_sent(world):
    lane = _fresh(world)
    lane.send_well()
    lane.write("file", "changed")
    second = lane.snapshot()
    lane.send_well()
    increment, full = _runs(world)
    for run, name, parent in ((full, lane.name, None), (increment, second, lane.name)):
        check_equal((run["job"], run["exit_code"], run["error"]), (lane.tag, 0, None), "the run")
        check_equal((run["snapshot"], run["parent"], run["newest"]), (name, parent, name),
                    "its snapshots")
        size = lane.increment_size(name, parent)
        check(abs(run["stream_bytes"] - size) <= size // 10 + 100,
              f"{run['stream_bytes']} bytes are recorded of a stream of {size}")
        check(0 < run["wire_bytes"] < FAR_FROM_ALL, "no bytes on the line are recorded")
        started = datetime.datetime.fromisoformat(run["started"])
        age = datetime.datetime.now(datetime.timezone.utc) - started
        check(datetime.timedelta(0) <= age + datetime.timedelta(seconds=1) <
              datetime.timedelta(minutes=10), f"it is said to have begun at {run['started']}")
    check_equal(oct(os.stat(HISTORY).st_mode & 0o777), oct(0o600), "the mode of the history")
    check_equal(oct(os.stat(os.path.dirname(HISTORY)).st_mode & 0o777), oct(0o700),
                "the mode of its directory")


@case(needs=ALL_PROGRAMS)
def a_run_without_news_is_recorded_and_changes_nothing_that_is_told(world):
    lane = _fresh(world)
    lane.send_well()
    before = _status(world)[lane.tag]
    lane.send_well()
    after = _status(world)[lane.tag]
    check_equal(len(_runs(world)), 2, "the runs")
    check_equal(_runs(world)[0]["stream_bytes"], 0, "what the second one sent")
    check(after["last_run"]["run"] != before["last_run"]["run"], "the last run is still the first")
    for key in ("last_send", "kept"):
        check_equal(after[key], before[key], key)
    check_equal(after["newest"]["taken"], before["newest"]["taken"], "when the newest was taken")


@case(needs=ALL_PROGRAMS)
def the_newest_backup_is_as_old_as_its_snapshot_and_not_as_its_pin(world):
    before = int(time.time())
    lane = _fresh(world)
    after = time.time()
    time.sleep(1.5)  # so that the pin is made in another second
    lane.send_well()
    newest = _status(world)[lane.tag]["newest"]
    taken = datetime.datetime.fromisoformat(newest["taken"]).timestamp()
    check(before <= taken <= after, f"taken {taken}, made between {before} and {after}")
    check(newest["age_seconds"] >= 1, f"it is said to be {newest['age_seconds']} s old")


@case(needs=ALL_PROGRAMS)
def a_failed_run_is_recorded_with_its_error_and_the_last_backup_stays_known(world):
    lane = _fresh(world)
    lane.send_well()
    lane.write("file", "changed")
    lane.snapshot()
    with world.pi_is_away():
        failed = lane.send("--retries", "0").expect_trouble(10)
    run = _runs(world)[0]
    check_equal(run["exit_code"], failed.code, "the exit code of the run")
    check(run["error"] and run["error"] in failed.err, f"{run['error']!r} is not what was said")
    state = _status(world)[lane.tag]
    check_equal(state["newest"]["name"], lane.name, "the newest backup")
    check_equal(state["kept"], [lane.name], "what is kept")
    check_says(_snapferry(world, "status", "--sending").expect(22).out,
               f"1 of 1 needs you: {lane.tag} fails", "failing since today", run["error"])


@case(needs=ALL_PROGRAMS)
def a_broken_run_is_recorded_with_what_had_gone(world):
    lane = _fresh(world)
    lane.write("file", noise(8 * MIB))
    lane.snapshot()
    lane.interrupt(2 * MIB, 4 * MIB)
    run = _runs(world)[0]
    check(run["exit_code"] != 0, "a broken run is recorded as a good one")
    check(MIB < run["stream_bytes"] < 9 * MIB, f"{run['stream_bytes']} bytes are recorded")
    check_equal(_status(world)[lane.tag]["newest"], None, "the newest backup")


@case(needs=ALL_PROGRAMS)
def a_run_that_a_signal_stops_is_recorded_as_interrupted(world):
    lane = _fresh(world)
    lane.write("file", noise(8 * MIB))
    name = lane.snapshot()
    run = lane.start()
    world.link.rate = 4 * MIB
    world.link.await_sent(2 * MIB)
    run.process.terminate()
    run.finish().expect(19)
    world.await_quiet()
    recorded = _runs(world)
    check_equal([(one["exit_code"], one["snapshot"]) for one in recorded], [(19, name)], "the runs")
    check(recorded[0]["stream_bytes"] > MIB, f"{recorded[0]['stream_bytes']} bytes are recorded")
    lane.send_well()
    check_equal(_runs(world)[0]["exit_code"], 0, "the exit code of the next run")


@case(needs=ALL_PROGRAMS)
def a_dry_run_is_not_recorded(world):
    lane = _fresh(world)
    lane.send_well("--dry-run")
    check(not os.path.exists(HISTORY) or not _runs(world), "a dry run is in the history")


@case(needs=ALL_PROGRAMS)
def all_jobs_are_recorded_and_those_that_never_ran_are_shown(world):
    lane = _fresh(world)
    other = world.lane()
    other.snapshot()
    both = receiver(world) + job(lane, "documents") + job(other, "photos", snapshot_dir='"/nowhere"')
    never = job(other, "never", dest_tag='"never"')
    write_file(SEND_CONFIGURATION, both + never)
    _send(world, "--job", "documents").expect_well()
    check_says(_snapferry(world, "status", "--sending").expect(22).out, "never run")
    write_file(SEND_CONFIGURATION, both)
    _send(world, "--all").expect_trouble(2)
    write_file(SEND_CONFIGURATION, both + never)
    states = _status(world)
    check_equal(sorted(states), ["documents", "never", "photos"], "the jobs")
    check_equal(states["documents"]["last_run"]["exit_code"], 0, "documents")
    check_equal(states["photos"]["last_run"]["exit_code"], 2, "photos")
    check_equal(states["never"]["last_run"], None, "never")
    check_equal(len(_runs(world, "documents")), 2, "the runs of documents")
    check_equal(len(_runs(world, "--limit", "1")), 1, "the runs within a limit of one")


@case(needs=ALL_PROGRAMS)
def what_a_daemon_sends_is_recorded(world):
    lane = _fresh(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane))
    daemon = world.start_sender("--daemon")
    deadline = time.monotonic() + PATIENCE
    while not (os.path.exists(HISTORY) and _runs(world)):
        check(time.monotonic() < deadline, "the daemon's run is not in the history")
        time.sleep(0.1)
    daemon.process.terminate()
    daemon.finish().expect(0)
    run = _runs(world)[0]
    check_equal((run["job"], run["exit_code"], run["newest"]), (lane.tag, 0, lane.name), "the run")


@case(needs=ALL_PROGRAMS)
def a_check_tells_young_backups_from_old_failed_and_missing_ones(world):
    lane = _fresh(world)
    check_says(_snapferry(world, "check", "--sending").expect(3).out, "UNKNOWN")
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane))
    check_says(_snapferry(world, "check", "--sending").expect(2).out, "CRITICAL", lane.tag, "never run")
    _send(world, "--job", lane.tag).expect_well()
    check_says(_snapferry(world, "check", "--sending").expect_well().out, "SNAPFERRY OK", lane.tag,
               f"'{lane.tag}_age'=")
    with world.pi_is_away():
        _send(world, "--retries", "0", "--job", lane.tag).expect_trouble(10)
    check_says(_snapferry(world, "check", "--sending").expect(1).out, "WARNING", "failed")
    time.sleep(1.1)
    check_says(_snapferry(world, "check", "--sending", "--max-age", "0s").expect(2).out, "CRITICAL")


@case(needs=ALL_PROGRAMS)
def a_check_that_cannot_look_is_unknown_and_says_why(world):
    lane = _fresh(world)
    lane.send_well()
    check_says(_snapferry(world, "check", "--sending", "--max-age", "soon").expect(3).out, "UNKNOWN", "max-age")
    check_says(_snapferry(world, "check", "--sending", "--nonsense").expect(3).out, "UNKNOWN", "nonsense")
    write_file(SEND_CONFIGURATION, "jobs = 1\n")
    check_says(_snapferry(world, "check", "--sending").expect(3).out, "UNKNOWN", SEND_CONFIGURATION)
    os.unlink(SEND_CONFIGURATION)
    write_file(HISTORY, "no database at all\n" * 1000)
    check_says(_snapferry(world, "check", "--sending").expect(3).out, "UNKNOWN", HISTORY)


@case(needs=ALL_PROGRAMS)
def a_job_that_is_no_more_can_be_forgotten(world):
    lane, other = _fresh(world), world.lane()
    other.snapshot()
    lane.send_well()
    other.send_well()
    _snapferry(world, "forget", lane.tag).expect_well()
    check_equal(list(_status(world)), [other.tag], "the jobs")
    check_equal(lane.complete, [lane.name], "its backups")
    check_says(_snapferry(world, "forget", lane.tag).expect_trouble(1).err, lane.tag)


@case(needs=ALL_PROGRAMS)
def a_report_is_written_whole_and_tells_of_each_job(world):
    lane = _fresh(world)
    lane.send_well()
    with world.pi_is_away():
        lane.send("--retries", "0", "--force").expect_trouble(10)
    page = os.path.join(world.directory, "report.html")
    write_file(page, "an older one")
    _snapferry(world, "report", "--html", page).expect_well()
    with open(page, encoding="utf-8") as file:
        text = file.read()
    check(text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n"), "it is not whole")
    check_says(text, f"<h2>{lane.tag}</h2>", lane.name, "<svg", _runs(world)[0]["error"][:20])
    check_equal(os.path.exists(page + ".new"), False, "a remnant of writing it")
    nowhere = os.path.join(world.directory, "no", "such", "report.html")
    check_says(_snapferry(world, "report", "--html", nowhere).expect_trouble(1).err, nowhere)


@case(needs=ALL_PROGRAMS)
def a_history_that_cannot_be_written_is_a_warning_and_the_backup_is_safe(world):
    def damaged():
        write_file(HISTORY, "no database at all\n" * 1000)

    def a_directory_in_its_place():
        os.unlink(HISTORY)
        os.mkdir(HISTORY)

    lane = _fresh(world)
    lane.send_well()
    for spoil in (damaged, a_directory_in_its_place):
        spoil()
        lane.write("file", spoil.__name__)
        name = lane.snapshot()
        result = lane.send().expect(0)
        check_says(result.err, "history", HISTORY)
        lane.check_arrived(name)
    os.rmdir(HISTORY)
    lane.send_well()
    check_equal(len(_runs(world)), 1, "the runs of the new history")


@case(needs=ALL_PROGRAMS)
def a_state_directory_that_cannot_be_made_is_a_warning_and_another_can_be_named(world):
    lane = _fresh(world)
    check_says(lane.send("--state-dir", "/proc/nowhere").expect(0).err, "/proc/nowhere")
    lane.check_arrived(lane.name)
    elsewhere = os.path.join(world.directory, "state")
    lane.send_well("--state-dir", elsewhere)
    check_equal(_runs(world), [], "the runs of the usual history")
    check_equal(len(_runs(world, "--state-dir", elsewhere)), 1, "the runs of the other history")
    shutil.rmtree(elsewhere)


@case(needs=ALL_PROGRAMS)
def who_is_not_root_is_told_so(world):
    lane = _fresh(world)
    lane.send_well()
    for command in ("status", "history"):
        check_says(_snapferry(world, command, user=world.login).expect_trouble(5).err, "root")
    check_says(_snapferry(world, "check", "--sending", user=world.login).expect(3).out, "UNKNOWN", "root")


@case(needs=ALL_PROGRAMS)
def names_with_odd_characters_are_shown_escaped(world):
    lane = _fresh(world)
    odd = "2021-09-01T07:00:01+00:00-<b>&\\'\"-@daily"
    os.rename(lane.at_nas(lane.name), lane.at_nas(odd))
    lane.send_well()
    check_equal(_status(world)[lane.tag]["newest"]["name"], odd, "the newest backup")
    page = os.path.join(world.directory, "odd.html")
    _snapferry(world, "report", "--html", page).expect_well()
    with open(page, encoding="utf-8") as file:
        text = file.read()
    check("<b>" not in text, "a name became part of the page")
    check_says(text, "&lt;b&gt;&amp;")


@case(needs=ALL_PROGRAMS)
def what_is_no_terminal_gets_no_colours_and_is_not_redrawn(world):
    lane = _fresh(world)
    lane.send_well()
    for command in (("status", "--sending"), ("history",)):
        check("\x1b" not in _snapferry(world, *command).expect_well().out, f"{command} has escapes")
    check_says(_snapferry(world, "status", "--watch").expect_trouble(1).err, "terminal")
