"""What is newer than what is sent is never passed over in silence; the good one goes all the same."""

import contextlib
import os

from harness import subvolume
from harness.case import ALL_PROGRAMS, case
from harness.send_toml import job, receiver
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

HISTORY = "/var/lib/snapferry/history.db"


def _with_good_one(world):
    lane = world.lane()
    lane.write("file", "the one")
    lane.name = lane.snapshot()
    return lane


def _forget_all():
    """As on a machine that has no history and no configuration."""
    for path in (HISTORY, SEND_CONFIGURATION):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _add(lane, name, read_only=True):
    subvolume.snapshot(lane.source, lane.at_nas(name), read_only)


def _check_fails_after_sending(lane, name, *words):
    result = lane.send().expect_trouble(13)
    check_says(result.err, name, "is the newest in", *words)
    lane.check_complete(lane.name)
    result = lane.send().expect_trouble(13)  # each run says it, also with nothing to send
    check_says(result.err, name, *words)


@case
def a_newest_that_cannot_be_sent_fails_the_run_after_the_good_one_was_sent(world):
    for name, shown, writable, why in (
            ("2021-08-18T07:00:01+00:00-@daily", "2021-08-18", True, "it is writable"),
            (b"\xff\xfe-@daily", r"\xff\xfe-@daily", False, "not UTF-8"),
            ("n" * 210 + "-@daily", "nnn", False, "longer than 200 bytes"),
            (".hidden-@daily", ".hidden-@daily", False, "begins with a dot"),
            ("two\nlines-@daily", r"two\x0alines-@daily", False, "control character"),
            ("before-upgrade-@daily", "before-upgrade-@daily", False, "does not begin with a time"),
            ("2099-01-01T00:00:00+00:00-@daily", "2099-01-01", False, "yet to come")):
        with told_of_failures(shown):
            lane = _with_good_one(world)
            path = os.path.join(os.fsencode(lane.snapshot_dir), os.fsencode(name))
            subvolume.snapshot(lane.source, path, not writable)
            _check_fails_after_sending(lane, shown, why)


@case
def once_a_newer_one_can_be_sent_what_was_passed_over_is_at_most_a_warning(world):
    lane = _with_good_one(world)
    _add(lane, "before-upgrade-@daily")
    lane.write("file", "another")
    second = lane.snapshot()
    lane.send_well()
    lane.check_arrived(second)
    _add(lane, "2099-01-01T00:00:00+00:00-@daily")
    third = lane.snapshot()
    result = lane.send().expect(0)
    check_says(result.err, "warning", "2099-01-01", "yet to come")
    lane.check_arrived(third)


@case
def what_is_made_read_only_while_the_run_is_under_way_is_no_failure(world):
    lane = world.lane()
    lane.write("file", os.urandom(1 << 20))
    lane.snapshot()
    name = "2021-08-18T07:00:01+00:00-@daily"
    _add(lane, name, read_only=False)
    run = lane.start()
    world.link.rate = 1 << 20  # bytes a second
    world.link.await_sent(200_000, run)
    subvolume.set_read_only(lane.at_nas(name), True)
    world.link.rate = None
    run.finish().expect(0)
    lane.send_well()
    lane.check_arrived(name)


@case
def the_night_in_which_an_hour_comes_twice_sends_the_later_one(world):
    lane = world.lane()
    _add(lane, "2020-10-25T02:45:00+02:00-@daily")
    _add(lane, "2020-10-25T02:15:00+01:00-@daily")
    lane.send_well()
    lane.check_arrived("2020-10-25T02:15:00+01:00-@daily")


@case
def names_of_local_time_and_of_utc_are_in_one_order(world):
    lane = world.lane()
    _add(lane, "2021-08-18--05-00-00-@daily")  # in Tokyo: eight o'clock in the evening in London
    _add(lane, "2021-08-17T20:01:00+00:00-@daily")
    lane.send_well(env={"TZ": "Asia/Tokyo"})
    lane.check_arrived("2021-08-17T20:01:00+00:00-@daily")


@case
def a_wrong_tag_is_told_with_those_that_are_there(world):
    lane = _with_good_one(world)
    _add(lane, "2021-08-17T08:00:01+00:00-@hourly")
    lane.source_tag = "dayly"
    result = lane.send().expect_trouble(4)
    check_says(result.err, "@dayly", "@daily (1)", "@hourly (1)")


@case
def a_wrong_job_is_told_with_the_one_that_was_meant(world):
    lane = _with_good_one(world)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, "home"))
    result = world.start_sender("--job", "hoem").finish().expect_trouble(1)
    check_says(result.err, "[jobs.hoem]", 'did you mean "home"?')
    result = world.start_sender("--job", "music").finish().expect_trouble(1)
    check_says(result.err, "there are: home")


@case
def an_older_one_is_not_sent_where_the_newest_was_deleted_here(world):
    for pins in ((), ("--no-pin",)):
        lane = world.lane()
        lane.write("file", "old")
        old = lane.snapshot()
        lane.write("file", "new")
        new = lane.snapshot()
        lane.send_well(*pins)
        subvolume.delete(lane.at_nas(new))
        for _run in range(2):
            result = lane.send(*pins).expect(0)
            check_says(result.err, "warning", old, "is older than", new, "--force")
            lane.check_complete(new)
        lane.write("file", "newer")
        newer = lane.snapshot()
        lane.send_well(*pins)
        lane.check_arrived(newer)
        subvolume.delete(lane.at_nas(newer))
        lane.send("--force", *pins).expect(0)
        lane.check_arrived(old)


@case
def what_is_dated_back_by_a_clock_that_was_set_right_is_sent(world):
    lane = world.lane()
    lane.let_days_pass(30)
    lane.write("file", "under a clock that is ahead")
    ahead = lane.snapshot()
    lane.send_well()
    subvolume.delete(lane.at_nas(ahead))
    lane.let_days_pass(-20)
    lane.write("file", "under the right one")
    name = lane.snapshot()
    lane.send_well()
    lane.check_arrived(name)


@case(needs=ALL_PROGRAMS)
def nested_subvolumes_are_named_in_the_log_in_status_and_in_check(world):
    _forget_all()
    lane = _with_good_one(world)
    for name in ("machines", "photos/raw"):
        os.makedirs(os.path.dirname(os.path.join(lane.source, name)), exist_ok=True)
        subvolume.create(os.path.join(lane.source, name))
    subvolume.create(os.path.join(lane.source, "machines", "deeper"))
    subvolume.snapshot(lane.source, os.path.join(lane.source, "snapshot-in-it"))
    lane.name = lane.snapshot()
    result = lane.send().expect(0)
    words = "machines, photos/raw are subvolumes of their own and are NOT in this backup"
    check_says(result.err, "warning", words)
    check_equal(result.err.count("NOT in this backup"), 1, "how often it is said")
    for command, code in ((("status", "--sending"), 22), (("check", "--sending"), 1)):
        said = world.commands.run("/usr/local/sbin/snapferry", *command)
        check_says(" ".join(said.expect(code).out.split()), words)
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane, extra='nested = "ignore"\n'))
    world.start_sender("--job", lane.tag).finish().expect_well()
    os.unlink(SEND_CONFIGURATION)


@case
def the_snapshots_own_place_is_no_nested_subvolume_that_is_missing(world):
    for place, make in ((".snapshots", subvolume.create), ("var/snapshots", os.makedirs)):
        lane = world.lane()
        lane.snapshot_dir = os.path.join(lane.source, place)
        os.makedirs(os.path.dirname(lane.snapshot_dir), exist_ok=True)
        make(lane.snapshot_dir)
        for _day in range(2):
            lane.write("file", os.urandom(1000))
            name = lane.snapshot()
            lane.send_well()
            check(name in lane.complete, f"{name} has not arrived")


@case
def a_user_owned_subvolume_is_sent_with_the_capabilities_of_the_units(world):
    units = os.path.join(os.path.dirname(__file__), "..", "..", "..", "systemd")
    for unit in ("snapferry-send.service", "snapferry-send@.service"):
        with open(os.path.join(units, unit), encoding="utf-8") as file:
            bounds = [line.split("=", 1)[1].split() for line in file
                      if line.startswith("CapabilityBoundingSet=")]
        check_equal(len(bounds), 1, f"the sets in {unit}")
        kept = ",".join("+" + name[len("CAP_"):].lower() for name in bounds[0])
        lane = world.lane()
        lane.write("file", "a user's")
        os.chown(lane.source, 1234, 1234)
        name = lane.snapshot()
        result = world.commands.run(
            "setpriv", "--bounding-set", f"-all,{kept}", "--inh-caps", "-all", world.sender(),
            *lane.arguments())
        result.expect_well()
        lane.check_arrived(name)
        check_equal(list(lane.pins), [name], "the pins")


@case
def a_forced_send_says_what_made_it_one_and_goes_on_where_it_was_cut(world):
    lane = world.lane()
    lane.write("base", os.urandom(6 << 20))
    name = lane.snapshot()
    lane.send_well()
    result = lane.interrupt(4 << 20, 8 << 20, "--force")
    check_says(result.out, "forced send, by --force")
    check(lane.held > 0, "nothing of the interrupted send is held")
    held = lane.held
    result = lane.send(env={"FORCE_SEND": "0"}).expect(0)
    check_says(result.out, "forced send, by FORCE_SEND in the environment", "is finished first")
    lane.check_sent_only((6 << 20) - held)
    lane.check_complete(name, f"{name}.replaced-1")


@case
def an_interrupted_full_send_is_not_finished_where_only_an_increment_is_demanded(world):
    lane = world.lane()
    lane.write("base", os.urandom(6 << 20))
    lane.snapshot()
    lane.interrupt(4 << 20, 8 << 20)
    held = lane.held
    check(held > 0, "nothing of the interrupted send is held")
    result = lane.send("--incremental-only").expect_trouble(3)
    check_says(result.out + result.err, "only an increment is demanded")
    check_equal(lane.held, held, "what is held")
    lane.send_well()


@case(needs=ALL_PROGRAMS)
def a_full_send_of_next_to_nothing_fails_check_until_it_is_forced(world):
    _forget_all()
    lane = world.lane()
    lane.write("photographs", os.urandom(70 << 20))
    lane.snapshot()
    lane.send_well()
    for subvolumes in (subvolume.inside(lane.snapshot_dir), lane.pins):
        for found in subvolumes.values():
            subvolume.delete(found.path)
    os.unlink(os.path.join(lane.source, "photographs"))
    name = lane.snapshot()
    words = ("was sent in full and came to", "where a full send before came to 70")
    check_says(lane.send("--no-pin").expect(0).err, "warning", name, *words)
    check_says(lane.send("--no-pin").expect(0).err, "warning", *words)
    check_command = ("/usr/local/sbin/snapferry", "check", "--sending")
    check_says(world.commands.run(*check_command).expect(2).out, lane.tag, *words)
    lane.send("--no-pin", "--force").expect_well()
    world.commands.run(*check_command).expect(0)
