"""snapferry status on both machines: each state, on screens of 80 and of 60 columns."""

import contextlib
import datetime
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

from harness import stream, subvolume, wrong_clock
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.host import PROGRAM_DIRECTORY
from harness.send_toml import job, receiver
from harness.terminal import ESCAPES, Terminal
from harness.verdict import Skipped, check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, SEND_CONFIGURATION, write_file

HISTORY = "/var/lib/snapferry/history.db"
SNAPFERRY = os.path.join(PROGRAM_DIRECTORY, "snapferry")
WELL, NEEDS_YOU = 0, 22  # exit codes of status
OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3  # those of check
DAY = 86_400  # seconds
WEEK = 7 * DAY
PATIENCE = 120.0  # seconds
WIDTHS = (80, 60)


def _fresh(world, *lanes, of_jobs="", others=""):
    """A machine without history, and a job for each lane."""
    for path in (HISTORY, SEND_CONFIGURATION):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
    write_file(SEND_CONFIGURATION, receiver(world) +
               "".join(job(lane, extra=of_jobs) for lane in lanes) + others)


def _ready(world):
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _send(world, lane, *options):
    return world.start_sender(*options, "--job", lane.tag).finish()


def _look(world, side, width):
    """What is drawn on a terminal, line by line, and the exit code."""
    terminal = Terminal(width, world.commands.environment, SNAPFERRY, "status", side)
    code, said = terminal.finish()
    check_equal(said, "", "what was said on standard error")
    lines = ESCAPES.sub("", terminal.text).replace("\r", "").split("\n")
    for line in lines:
        check(len(line) <= width, f"{line!r} is longer than {width} columns")
    return lines, code


def _status(world, side, *wanted, code):
    """The same words on every screen, whole, and the line of the verdict comes first."""
    for width in WIDTHS:
        lines, found = _look(world, side, width)
        text = re.sub(r"\s+", " ", " ".join(lines))
        check_says(text, *wanted)
        check_equal(found, code, f"the exit code at {width} columns")
        check("…" not in text, f"something is cut at {width} columns: {text}")
    return text


def _json(world, side):
    said = json.loads(world.commands.run(SNAPFERRY, "status", side, "--json").expect(0).out)
    check_equal(said["version"], 1, "the version of its form")
    return said


def _check(world, *arguments):
    return world.commands.run(SNAPFERRY, "check", *arguments)


def _age_history(seconds):
    """As if so much time had passed since."""
    with contextlib.closing(sqlite3.connect(HISTORY)) as database, database:
        database.execute(f"UPDATE run SET started = started - {seconds * 1000}, "
                         f"newest_taken = newest_taken - {seconds * 1000}")


def _history_of_every(interval, count, last):
    """As if the job's backups had been made so often, the last one so long ago."""
    with contextlib.closing(sqlite3.connect(HISTORY)) as database, database:
        (columns,) = zip(*[(row[1],) for row in database.execute("PRAGMA table_info(run)")])
        names = ", ".join(name for name in columns if name != "id")
        template = database.execute(f"SELECT {names} FROM run ORDER BY id DESC LIMIT 1").fetchone()
        row = dict(zip(names.split(", "), template))
        now = int(time.time() * 1000)
        database.execute("DELETE FROM run")
        for number in reversed(range(count)):
            row["newest_taken"] = now - (last + number * interval) * 1000
            row["started"] = row["newest_taken"] + 60_000
            database.execute(f"INSERT INTO run ({names}) VALUES ({', '.join('?' * len(row))})",
                             tuple(row.values()))


# ---- the sending machine -------------------------------------------------------------------------


@case(needs=ALL_PROGRAMS)
def a_machine_without_jobs_backs_nothing_up_and_says_so(world):
    _fresh(world)
    os.unlink(SEND_CONFIGURATION)
    said = _status(world, "--sending", code=NEEDS_YOU)
    check("Nothing is backed up" in said or "is anything still backed up?" in said, said)


@case(needs=ALL_PROGRAMS)
def jobs_that_are_well_have_never_run_or_fail_are_told_apart(world):
    good, never, bad = _ready(world), _ready(world), _ready(world)
    _fresh(world, good)
    _send(world, good).expect_well()
    said = _status(world, "--sending", "All is well: 1 job, the oldest backup is",
                   f"{good.tag} ok today ", code=WELL)
    check(re.search(r" ok today \d\d:\d\d 1 ", said), f"it does not tell how many: {said}")
    write_file(SEND_CONFIGURATION, receiver(world) + job(good) + job(never) + job(bad))
    _send(world, bad).expect_well()
    with world.pi_is_away():
        failed = _send(world, bad, "--retries", "0").expect_trouble(10)
    _status(world, "--sending", f"2 of 3 need you: {never.tag} has never run; and 1 more",
            f"{never.tag} never unknown", f"{bad.tag} failing since today ", code=NEEDS_YOU)
    said = _json(world, "--sending")
    states = {one["job"]: one["state"] for one in said["jobs"]}
    check_equal(states, {good.tag: "ok", never.tag: "never", bad.tag: "failing"}, "the states")
    check_equal((said["well"], said["receiving"]), (False, None), "the verdict for a program")
    check_says(failed.err, next(one for one in said["jobs"] if one["job"] == bad.tag)
               ["last_run"]["error"][:20])


@case(needs=ALL_PROGRAMS)
def a_job_whose_backup_is_too_old_is_stale_in_every_place(world):
    lane, other = _ready(world), _ready(world)
    _fresh(world, lane, of_jobs='max_age = "26h"\n')
    _send(world, lane).expect_well()
    _age_history(5 * DAY)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, extra='stale_after = "26h"\n') +
               job(other))
    _send(world, other).expect_well()
    day = (datetime.datetime.now() - datetime.timedelta(days=5)).strftime("%a")
    _status(world, "--sending", f"1 of 2 needs you: {lane.tag} has had no backup for 5 days",
            f"{lane.tag} stale {day} ", "too old after 1 d 2 h (max_age)", code=NEEDS_YOU)
    check_says(_check(world, "--sending").expect(CRITICAL).out, "5 d", "more than 1 d 2 h")
    check_says(_check(world, "--sending", "--max-age", "9d").expect(OK).out, "5 d")
    page = os.path.join(world.directory, "stale.html")
    world.commands.run(SNAPFERRY, "report", "--html", page).expect_well()
    with open(page, encoding="utf-8") as file:
        check_says(file.read(), "has had no backup for 5 days", ">stale<")


@case(needs=ALL_PROGRAMS)
def a_weekly_job_is_well_on_its_sixth_day_and_stale_within_twice_its_interval(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    for interval, word in ((WEEK, "7 d"), (DAY, "1 d"), (3600, "1 h")):
        count = 12 + 10 * DAY // interval
        _history_of_every(interval, count, last=interval * 6 // 7)
        check_says(_check(world, "--sending").expect(OK).out, "SNAPFERRY OK")
        _status(world, "--sending", "All is well: 1 job", code=WELL)
        _history_of_every(interval, count, last=2 * interval - 60)
        check_says(_check(world, "--sending").expect(CRITICAL).out, f"(a snapshot every {word})")
        _status(world, "--sending", "has had no backup for", f"(a snapshot every {word})",
                code=NEEDS_YOU)


@case(needs=ALL_PROGRAMS)
def while_nobody_knows_how_often_a_backup_is_made_that_is_said(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    _age_history(3 * DAY)
    check_says(_check(world, "--sending").expect(WARNING).out, "is not known yet")
    _status(world, "--sending", "is not known yet how often one is made", f"{lane.tag} doubtful",
            code=NEEDS_YOU)
    _age_history(6 * DAY)
    _check(world, "--sending").expect(CRITICAL)
    for day in range(10, 60, 7):  # what rotation has left of a weekly series
        date = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=day)
        os.mkdir(lane.at_nas(date.strftime("%Y-%m-%dT%H:%M:%S+00:00-@daily")))
    check_says(_check(world, "--sending", "--max-age", "8d").expect(CRITICAL).out, "more than 8 d")
    said = _json(world, "--sending")["jobs"][0]["max_age"]
    check_equal((said["from"], said["interval_seconds"]), ("learnt", WEEK), "what is learnt")


@case(needs=ALL_PROGRAMS)
def a_run_is_seen_whoever_runs_it_and_a_killed_one_is_not_believed(world):
    lane = world.lane()
    lane.write("file", noise(96 * MIB))
    lane.snapshot()
    _fresh(world, lane)
    run = world.start_sender("--job", lane.tag)
    world.link.rate = 2 * MIB  # all of it may not be through by when the receiver is asked
    _await(world, "--sending", f"{lane.tag} sending")
    _await(world, "--receiving", f"{lane.tag} receiving")
    said = _json(world, "--sending")["jobs"][0]["under_way"]
    check_equal(said["phase"], "sending", "what it does")
    check(0 < said["done_bytes"] <= 97 * MIB, f"{said['done_bytes']} bytes are told")
    os.kill(run.process.pid, signal.SIGKILL)
    run.finish()
    world.await_quiet()
    check_equal(_json(world, "--sending")["jobs"][0]["under_way"], None, "what a killed run left")
    for one in _json(world, "--receiving")["receiving"]["tags"]:
        check_equal(one["under_way"], None, "what a receive that broke off left")
    daemon = world.start_sender("--daemon")
    world.link.rate = MIB
    _await(world, "--sending", f"{lane.tag} sending")
    terminal = Terminal(80, world.commands.environment, SNAPFERRY, "status", "--sending", "--watch")
    terminal.read_until("sending")
    world.link.rate = None
    terminal.read_until("All is well")
    terminal._process.terminate()
    terminal.finish()
    daemon.process.terminate()
    daemon.finish().expect(0)
    lane.check_arrived(lane.complete[0])


def _await(world, side, words):
    deadline = time.monotonic() + PATIENCE
    while True:
        lines, _ = _look(world, side, 60)
        text = re.sub(r"\s+", " ", " ".join(lines))
        if words in text:
            return
        check(time.monotonic() < deadline, f"{words!r} was never told: {text}")
        time.sleep(0.2)


@case(needs=ALL_PROGRAMS)
def a_job_that_is_paused_is_said_to_be(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    pauses = "/var/lib/snapferry/paused"
    os.makedirs(pauses, 0o700, exist_ok=True)
    write_file(os.path.join(pauses, lane.tag), f"{int(time.time())}\ntried out\n")
    try:
        _status(world, "--sending", f"1 of 1 needs you: {lane.tag} is paused", "tried out",
                f"snapferry resume {lane.tag}", code=NEEDS_YOU)
    finally:
        os.unlink(os.path.join(pauses, lane.tag))


@case(needs=ALL_PROGRAMS)
def a_receiver_that_has_lost_its_backups_is_told_of(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    subprocess.run(["btrfs", "subvolume", "delete", lane.at_pi(lane.name)], check=True,
                   stdout=subprocess.DEVNULL)
    _send(world, lane, "--incremental-only").expect_trouble(3)
    _status(world, "--sending", f"{lane.tag} has no backup at the receiver",
            f"{lane.tag} no backup none 0", code=NEEDS_YOU)
    _status(world, "--receiving", f"{lane.tag}: there is no backup any more, though some have arrived",
            code=NEEDS_YOU)
    os.unlink(os.path.join(world.pi.path, ".snapferry", f"{lane.tag}.arrivals"))
    check(lane.tag not in _status(world, "--receiving", "TAG", code=NEEDS_YOU).split(), "it is told of still")


@case(needs=ALL_PROGRAMS)
def a_receiver_that_says_it_has_nothing_is_believed_before_all_has_been_sent_again(world):
    lane = world.lane()
    lane.write("file", noise(64 * MIB))
    lane.name = lane.snapshot()
    _fresh(world, lane)
    _send(world, lane).expect_well()
    subprocess.run(["btrfs", "subvolume", "delete", lane.at_pi(lane.name)], check=True,
                   stdout=subprocess.DEVNULL)
    check("OK" in _check(world, "--sending").expect(OK).out, "nobody could know of it yet")
    run = world.start_sender("--job", lane.tag)
    world.link.rate = 2 * MIB
    _await(world, "--sending", f"{lane.tag} sending")
    check_says(_check(world, "--sending").expect(CRITICAL).out, "the receiver has no backup of what is here")
    os.kill(run.process.pid, signal.SIGKILL)
    run.finish()
    world.await_quiet()
    _status(world, "--sending", f"{lane.tag} has no backup at the receiver", code=NEEDS_YOU)
    world.link.reset()
    _send(world, lane).expect_well()
    _status(world, "--sending", "All is well", code=WELL)


@case(needs=ALL_PROGRAMS)
def where_runs_cannot_be_noted_it_is_not_known_how_the_jobs_are(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    state = os.path.dirname(HISTORY)
    subprocess.run(["mount", "--bind", state, state], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", state], check=True)
        with world.pi_is_away():
            check_says(_send(world, lane, "--retries", "0").expect_trouble(10).err, "history")
        check_says(_check(world, "--sending").expect(UNKNOWN).out, "could not be noted")
        _status(world, "--sending", "This needs you: what the runs came to since", "could not be noted",
                code=NEEDS_YOU)
    finally:
        subprocess.run(["umount", state], check=True)
    _send(world, lane).expect_well()
    _status(world, "--sending", "All is well", code=WELL)


@case(needs=ALL_PROGRAMS)
def the_check_at_the_nas_tells_what_the_pi_said_of_its_disk(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    check_says(_check(world, "--sending").expect(OK).out, "127.0.0.1 said", "in reserve",
               "no device is missing or has counted errors")
    with world.receiver_configured('reserve = "1900MiB"\n[defaults]\nkeep = 7\n'):
        _send(world, lane).expect_well()
        check_says(_check(world, "--sending").expect(WARNING).out, "127.0.0.1 said",
                   "make room, or keep fewer snapshots")
        _status(world, "--sending", "This needs you: 127.0.0.1 said", "make room", code=NEEDS_YOU)
    _send(world, lane).expect_well()
    _status(world, "--sending", "All is well", code=WELL)


@case(needs=ALL_PROGRAMS)
def an_alarm_at_the_pi_is_told_at_the_nas_after_the_same_run(world):
    lane = world.lane()
    for number in range(60):
        lane.write(f"photograph {number}", f"sea {number}" * 100)
    with world.receiver_configured("[alarm]\n"):
        lane.snapshot()
        _fresh(world, lane)
        _send(world, lane).expect_well()
        for number in range(40):
            lane.write(f"photograph {number}", f"ENCRYPTED {number}" * 100)
        lane.snapshot()
        _send(world, lane).expect(0)
        check_says(_check(world, "--sending").expect(CRITICAL).out, "127.0.0.1 said", "ALARM",
                   f"clear-alarm {lane.tag}")
        _status(world, "--sending", "This needs you: ", "ALARM", code=NEEDS_YOU)
        _scrub(world)
        _status(world, "--receiving", f"{lane.tag} ALARM",
                f"{lane.tag} has an ALARM: nothing of it is pruned", code=NEEDS_YOU)
        world.commands.run(SNAPFERRY, "clear-alarm", lane.tag).expect_well()
        _send(world, lane).expect_well()
        _status(world, "--sending", "All is well", code=WELL)


@case(needs=ALL_PROGRAMS)
def snapshots_that_are_made_here_are_told_of_as_they_lie_there(world):
    """Not by what a daemon said: there is none."""
    lane = world.lane()
    _fresh(world, others=f'[snapshots.data]\nsubvolume = "{lane.source}"\nkeep = 3\ntag = "daily"\n'
                         f'snapshot_dir = "{lane.snapshot_dir}"\ncalendar = "daily"\n')
    said = _status(world, "--sending", "This needs you: snapshots.data: none has been made yet",
                   "data none - tomorrow",
                   code=NEEDS_YOU)
    check_says(_check(world, "--sending").expect(WARNING).out, "snapshots.data: no snapshot of")
    late = lane.at_nas("2021-08-17T07:00:01+00:00-@daily")
    subvolume.snapshot(lane.source, late)
    _status(world, "--sending", "snapshots.data: one was due", "data late 2021-08-17 tomorrow",
            "is snapferry-send running?", code=NEEDS_YOU)
    check_says(_check(world, "--sending").expect(WARNING).out, "snapshots.data: a snapshot of", "was due")
    (told,) = _json(world, "--sending")["snapshots"]
    check_equal((told["name"], told["state"], told["needs_you"]), ("data", "late", True), "what JSON tells of it")
    world.commands.run(SNAPFERRY, "rotate", "data").expect_well()
    said = _status(world, "--sending", "data ok today", code=NEEDS_YOU)  # nothing is sent
    check("snapshots.data" not in said, f"it tells of trouble: {said}")
    hidden = lane.source + "-hidden"
    os.rename(lane.source, hidden)
    _status(world, "--sending", "data unknown - -", "is no btrfs subvolume, or is not there", code=NEEDS_YOU)
    check_says(_check(world, "--sending").expect(UNKNOWN).out, "is no btrfs subvolume")
    os.rename(hidden, lane.source)


# ---- the receiving machine -----------------------------------------------------------------------


def _scrub(world):
    subprocess.run(["btrfs", "scrub", "start", "-B", world.pi.path], check=True,
                   stdout=subprocess.DEVNULL)


def _received(world, *names):
    lane = world.lane()
    for name in names:
        lane.receive(bytes(stream.small(name))).expect_well()
    return lane


def _tag(world, lane):
    tags = _json(world, "--receiving")["receiving"]["tags"]
    return next(one for one in tags if one["tag"] == lane.tag)


@case(needs=ALL_PROGRAMS)
def at_the_pi_each_tag_and_the_disk_are_told_of(world):
    lane = _received(world, "one", "two")
    _scrub(world)
    text = _status(world, "--receiving", f"{lane.tag} ok today ", "Disk: ", "in reserve",
                   "was last scrubbed", "no device is missing or has counted errors",
                   code=_code_of_check(world))
    check(re.search(rf"{lane.tag} ok today \d\d:\d\d 2", text), f"how many are kept: {text}")
    said = _tag(world, lane)
    check_equal((said["kept"], said["alarm"], said["under_way"], said["verified_seconds_ago"]),
                (2, False, None, None), "what is said of it")
    disk = _json(world, "--receiving")["receiving"]["disk"]
    check(0 < disk["free_bytes"] < disk["total_bytes"], f"the disk: {disk}")


def _code_of_check(world):
    """Status is well exactly where check is: keys and rules of this machine are looked at too."""
    return WELL if _check(world, "--receiving").code == OK else NEEDS_YOU


@case(needs=ALL_PROGRAMS)
def at_the_pi_what_is_missing_needs_somebody(world):
    lane = _received(world, "one")
    _scrub(world)
    with world.receiver_configured("[tags.music]\nkeep = 7\n"):
        _status(world, "--receiving", "music: there is no backup", "music never none 0",
                code=NEEDS_YOU)
    check_equal(_tag(world, lane)["needs_you"], False, "whether a tag that is well needs somebody")


@case(needs=ALL_PROGRAMS)
def at_the_pi_a_tag_whose_backups_stopped_is_stale(world):
    if not wrong_clock.library():
        raise Skipped("libfaketime is not installed")
    lane = _received(world, "one")
    _scrub(world)
    for offset, state in (("+20h", "ok"), ("+3d", "see below"), ("+9d", "stale")):
        said = _later(world, offset)
        check(re.search(rf"^{lane.tag} +{state} ", said.out, re.MULTILINE), said.out)


def _later(world, offset):
    environment = {"LD_PRELOAD": wrong_clock.library(), "FAKETIME": offset,
                   "DONT_FAKE_MONOTONIC": "1"}
    return world.commands.run(SNAPFERRY, "status", "--receiving", env=environment)


@case(needs=ALL_PROGRAMS)
def at_the_pi_a_disk_that_is_not_there_is_no_ok(world):
    _received(world, "one")
    with world.pi_is("/nowhere"):
        said = world.commands.run(SNAPFERRY, "status", "--receiving").expect(NEEDS_YOU)
    check_says(said.out, "needs you")


@case(needs=ALL_PROGRAMS)
def a_machine_that_is_both_shows_both(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    both = json.loads(world.commands.run(SNAPFERRY, "status", "--json").expect(0).out)
    check_equal(([one["job"] for one in both["jobs"]], lane.tag in
                 [one["tag"] for one in both["receiving"]["tags"]]), ([lane.tag], True), "both")


@case(needs=ALL_PROGRAMS)
def what_is_wrong_with_one_side_does_not_hide_the_other(world):
    lane = _ready(world)
    _fresh(world, lane)
    _send(world, lane).expect_well()
    good = open(SEND_CONFIGURATION, encoding="utf-8").read()
    write_file(SEND_CONFIGURATION, "[jobs.x\n")
    try:
        said = json.loads(world.commands.run(SNAPFERRY, "status", "--json").expect(0).out)
        check(lane.tag in [one["tag"] for one in said["receiving"]["tags"]], "the tags are hidden")
        check_says(json.dumps(said["others"]), "send.toml", "unknown")
        check(not said["well"], "half of it is not known, and all is well")
        page = os.path.join(world.directory, "both.html")
        world.commands.run(SNAPFERRY, "report", "--html", page).expect_well()
    finally:
        write_file(SEND_CONFIGURATION, good)
    away = RECEIVE_CONFIGURATION + ".away"
    os.rename(RECEIVE_CONFIGURATION, away)
    try:
        check_says(_check(world).expect(UNKNOWN).out, "backups were received here", RECEIVE_CONFIGURATION)
        _status(world, "--sending", "All is well", code=WELL)
        said = json.loads(world.commands.run(SNAPFERRY, "status", "--json").expect(0).out)
        check(not said["well"], "nothing can be received any more, and all is well")
    finally:
        os.rename(away, RECEIVE_CONFIGURATION)
