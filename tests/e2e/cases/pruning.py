"""The receiver keeps as many as it is told, and touches nothing that is not its own."""

import os

from harness import stream, subvolume
from harness.case import case
from harness.verdict import check, check_equal, check_says


def _send_days(lane, count):
    """Takes and sends so many snapshots, each with a change; returns their names."""
    names = []
    for day in range(count):
        lane.write("diary", f"day {day}")
        names.append(lane.snapshot())
        lane.send_well()
    return names


@case
def only_the_newest_are_kept(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        names = _send_days(lane, 4)
    lane.check_complete(*names[-2:])
    for name in names[-2:]:
        lane.check_arrived(name)


@case
def a_tag_may_keep_another_number_than_the_others(world):
    lane, other = world.lane(), world.lane()
    with world.receiver_configured(f"[defaults]\nkeep = 1\n[tags.{lane.tag}]\nkeep = 3\n"):
        names, others = _send_days(lane, 4), _send_days(other, 2)
    lane.check_complete(*names[-3:])
    other.check_complete(others[-1])


@case
def what_was_kept_before_goes_once_the_number_is_lowered(world):
    lane = world.lane()
    names = _send_days(lane, 4)
    lane.check_complete(*names)
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        names += _send_days(lane, 1)
    lane.check_complete(*names[-2:])


@case
def what_the_receiver_did_not_make_is_neither_counted_nor_deleted(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        names = _send_days(lane, 1)
        foreign = _put_foreign_things(lane)
        names += _send_days(lane, 3)
    check_equal(lane.all_received, sorted([*foreign, *names[-2:]]), f"the contents of {lane.tag}/")
    check_equal(lane.complete, names[-2:], "the complete backups")
    with open(lane.at_pi("a-directory/inside"), encoding="ascii") as file:
        check_equal(file.read(), "mine", "a file in a foreign directory")


def _put_foreign_things(lane):
    """Things with names around those of the backups; returns the names."""
    os.mkdir(lane.at_pi("a-directory"))
    with open(lane.at_pi("a-directory/inside"), "w", encoding="ascii") as file:
        file.write("mine")
    os.mkdir(lane.at_pi("2021-08-17T00:00:00+00:00-@daily"))
    with open(lane.at_pi("2021-01-01-file"), "w", encoding="ascii"):
        pass
    os.symlink(lane.complete[0], lane.at_pi("2021-01-02-link"))
    subvolume.create(lane.at_pi("2021-01-03-writable"))
    subvolume.snapshot(lane.at_pi("2021-01-03-writable"), lane.at_pi("2021-01-04-read-only"))
    subvolume.snapshot(lane.at_pi(lane.complete[0]), lane.at_pi("2021-01-05-restored"),
                       read_only=False)
    return ["a-directory", "2021-08-17T00:00:00+00:00-@daily", "2021-01-01-file",
            "2021-01-02-link", "2021-01-03-writable", "2021-01-04-read-only",
            "2021-01-05-restored"]


@case
def the_last_to_arrive_stays_whatever_its_name(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        for name in ("2099-12-31-@daily", "1970-01-01-@daily"):
            lane.receive(bytes(stream.small(name))).expect_well()
    lane.check_complete("1970-01-01-@daily")


@case
def nothing_younger_than_the_least_age_is_pruned(world):
    lane = world.lane()
    with world.receiver_configured('[defaults]\nkeep = 1\nmin_age = "1h"\n'):
        names = _send_days(lane, 3)
    lane.check_complete(*names)
    with world.receiver_configured('[defaults]\nkeep = 1\nmin_age = "0s"\n'):
        names += _send_days(lane, 1)
    lane.check_complete(names[-1])


@case
def nothing_of_the_last_five_days_is_pruned_unless_that_is_said(world):
    lane = world.lane()
    with world.receiver_configured('[defaults]\nkeep = 1\n# min_age = "0s"\n'):
        lane.check_complete(*_send_days(lane, 3))


@case
def a_policy_that_would_delete_most_of_a_tag_deletes_nothing_and_is_told_of(world):
    lane = world.lane()
    names = _send_days(lane, 5)
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        lane.write("diary", "another")
        names.append(lane.snapshot())
        result = lane.send().expect_trouble(0)
        check_says(result.err, "5 of 6 backups", f"sudo snapferry prune {lane.tag}")
    lane.check_complete(*names)


@case
def one_tags_pruning_leaves_the_others_alone(world):
    lane, other = world.lane(), world.lane()
    others = _send_days(other, 3)
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        names = _send_days(lane, 2)
    lane.check_complete(names[-1])
    other.check_complete(*others)


@case
def what_is_pruned_is_said(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        first = _send_days(lane, 1)[0]
        lane.write("diary", "another")
        lane.snapshot()
        result = lane.send_well()
    check_says(result.out, first, "prune")


@case
def a_pruned_backup_is_not_back_after_a_power_cut(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        names = _send_days(lane, 3)
    with world.power_cut_at_pi() as pi:
        left = os.listdir(os.path.join(pi, lane.tag))
        check_equal(left, names[-1:], "what a power cut leaves")


@case
def nothing_stays_behind_in_the_receivers_own_directory(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 1\n"):
        _send_days(lane, 3)
    own = os.path.join(world.pi.path, ".snapferry")
    state = os.stat(own)
    check_equal((state.st_uid, oct(state.st_mode & 0o777)), (0, "0o700"), "who may look into it")
    left = [os.path.join(directory, name) for directory, below, files in os.walk(own)
            for name in below + files if os.path.join(directory, name).startswith(
                os.path.join(own, lane.tag))]
    check(all(not subvolume.is_subvolume(path) or path == os.path.join(own, lane.tag)
              for path in left), f"left behind: {left}")
