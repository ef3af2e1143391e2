"""The sender's log: text for people, JSON for programs, the journal under systemd."""

import json
import os
import re
import subprocess

from harness.case import case
from harness.data import MIB, noise
from harness.journal import Journal
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_PORT = 1  # nobody listens there


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _configure(world, *jobs):
    write_file(SEND_CONFIGURATION, receiver(world) + "".join(jobs))


def _lines(text):
    """The objects of a log in JSON: every line of it must be one."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        check(TIME.fullmatch(line["time"]), f"no time in {line}")
        check(line["severity"] in ("debug", "info", "warning", "error"), f"no severity in {line}")
        check(line["message"], f"no message in {line}")
    return lines


@case
def a_log_in_json_is_an_object_a_line_with_job_tag_snapshot_and_run(world):
    lane = _ready(world)
    _configure(world, job(lane, "documents"))
    result = world.start_sender("--log-format", "json", "--verbose", "--job",
                                "documents").finish().expect_well()
    lines = _lines(result.out)
    check_equal({line["job"] for line in lines}, {"documents"}, "the jobs")
    check_equal({line["tag"] for line in lines}, {lane.tag}, "the tags")
    check_equal({line["severity"] for line in lines}, {"debug", "info"}, "the severities")
    runs = {line["run"] for line in lines}
    check(len(runs) == 1 and UUID.fullmatch(*runs), f"not one run: {runs}")
    sent = [line for line in lines if line["message"].startswith("sent ")]
    check_equal([line["snapshot"] for line in sent], [lane.name], "the snapshot that was sent")


@case
def a_failure_is_told_in_json_too_and_on_stderr(world):
    lane = _ready(world)
    _configure(world, job(lane, snapshot_dir='"/no\\\\where"'))
    result = world.start_sender("--log-format", "json", "--job", lane.tag).finish()
    error, = _lines(result.expect_trouble(2).err)
    check_equal(_lines(result.out), [], "stdout")
    check_equal((error["severity"], error["job"], error["tag"]), ("error", lane.tag, lane.tag),
                "what the error is about")
    check_says(error["message"], "/no\\\\where")


@case
def a_configuration_that_cannot_be_used_is_told_in_json_too(world):
    for text, code, words in (("[jobs.", 1, "TOML"), ("", 1, "[jobs.home]")):
        write_file(SEND_CONFIGURATION, text)
        result = world.start_sender("--log-format", "json", "--job", "home").finish()
        error, = _lines(result.expect_trouble(code).err)
        check_equal((error["severity"], error.get("run")), ("error", None), "the error")
        check_says(error["message"], words)
        check_equal(result.out, "", "stdout")


@case
def a_signal_is_told_in_json_too(world):
    lane = _ready(world)
    lane.write("more", noise(64 * MIB))
    lane.snapshot()
    _configure(world, job(lane))
    running = world.start_sender("--log-format", "json", "--job", lane.tag)
    world.link.rate = MIB
    world.link.await_sent(MIB)
    running.process.terminate()
    error, = _lines(running.finish().expect_trouble(19).err)
    check_says(error["message"], "signal")


@case
def what_several_jobs_say_in_json_is_told_apart(world):
    lanes = [_ready(world), _ready(world)]
    _configure(world, *map(job, lanes), job(lanes[0], "broken", dest_tag='"broken"',
                                                  snapshot_dir='"/nowhere"'))
    result = world.start_sender("--log-format", "json", "--all").finish().expect_trouble(2)
    for lane in lanes:
        lines = [line for line in _lines(result.out) if line["job"] == lane.tag]
        check_equal(len({line["run"] for line in lines}), 1, "runs of a job")
        check(any(lane.name in line["message"] for line in lines), f"{lane.tag} has not sent")
        check(not any(line["message"].startswith(f"{lane.tag}:") for line in lines),
              "a message has its job's name in front")
    check_equal([line["job"] for line in _lines(result.err)], ["broken"], "the jobs that failed")


@case
def text_names_the_job_only_where_all_are_run_and_trouble_as_such(world):
    lane = _ready(world)
    _configure(world, job(lane, "documents"),
               job(lane, "broken", dest_tag='"broken"', snapshot_dir='"/nowhere"'))
    one = world.start_sender("--job", "documents").finish().expect_well()
    check("documents: " not in one.out, f"a job alone is named: {one.out!r}")
    every = world.start_sender("--all").finish().expect_trouble(2)
    check_says(every.out, " documents: nothing to send")
    check_says(every.err, " broken: error: ")


@case
def a_format_that_is_none_is_refused(world):
    check_says(world.lane().send("--log-format", "xml").expect_trouble(1).err, "xml",
               "auto, text, json or journal")


@case
def the_journal_gets_the_lines_with_their_fields(world):
    lane = _ready(world)
    _configure(world, job(lane, "documents"))
    with Journal() as journal:
        result = world.start_sender("--log-format", "journal", "--job",
                                    "documents").finish().expect_well()
    check_equal(result.out, "", "stdout")
    entries = journal.of("snapshot-send")
    for entry in entries:
        check_equal((entry["PRIORITY"], entry["SYSLOG_IDENTIFIER"], entry["SNAPFERRY_JOB"],
                     entry["SNAPFERRY_TAG"]), ("6", "snapshot-send", "documents", lane.tag),
                    "the fields of an entry")
        check(UUID.fullmatch(entry["SNAPFERRY_RUN"]), f"no run in {entry}")
    sent, = [entry for entry in entries if entry["MESSAGE"].startswith("sent ")]
    check_equal(sent["SNAPFERRY_SNAPSHOT"], lane.name, "the snapshot that was sent")


@case
def a_failure_gets_into_the_journal_as_an_error(world):
    lane = _ready(world)
    _configure(world, job(lane, snapshot_dir='"/nowhere"'))
    with Journal() as journal:
        result = world.start_sender("--log-format", "journal", "--job", lane.tag).finish()
    check_equal((result.code, result.text), (2, ""), "the exit code, and what is said beside")
    entry, = journal.of("snapshot-send")
    check_equal((entry["PRIORITY"], entry["SNAPFERRY_JOB"]), ("3", lane.tag), "the entry")


@case
def without_a_journal_it_is_an_error_to_demand_it(world):
    lane = _ready(world)
    result = lane.send("--log-format", "journal").expect_trouble(1)
    check_says(result.err, "journal")
    check_equal(lane.all_received, [], "what was sent")


def _send_under_systemd(world, lane, output, errors):
    """As systemd starts a service: JOURNAL_STREAM names the socket that `output` is here."""
    stat = os.fstat(output.fileno())
    environment = {**world.commands.environment, "JOURNAL_STREAM": f"{stat.st_dev}:{stat.st_ino}"}
    with Journal() as journal:
        subprocess.run([world.sender(), *lane.arguments()], env=environment, check=True,
                       stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
    return journal.of("snapshot-send")


@case
def under_systemd_the_log_goes_to_the_journal_by_itself(world):
    lane = _ready(world)
    with open(os.path.join(world.directory, "stream"), "w+", encoding="utf-8") as stream:
        entries = _send_under_systemd(world, lane, stream, stream)
        check(any(entry["MESSAGE"].startswith("sent ") for entry in entries), "nothing was logged")
        check_equal(stream.seek(0, os.SEEK_END), 0, "bytes of stdout and stderr")


@case
def what_is_led_elsewhere_under_systemd_stays_there(world):
    lane = _ready(world)
    with (open(os.path.join(world.directory, "out"), "w+", encoding="utf-8") as output,
          open(os.path.join(world.directory, "err"), "w+", encoding="utf-8") as errors):
        check_equal(_send_under_systemd(world, lane, output, errors), [], "the journal's entries")
        output.seek(0)
        check_says(output.read(), f"sent {lane.name}")
