"""Weekly and monthly backups that the Pi makes of the daily ones, without anything being sent."""

import datetime
import os

from harness import stream, subvolume, wire, wrong_clock
from harness.case import case
from harness.verdict import Skipped, check_equal, check_says

NEEDS = ("snapshot-receive", "snapferry")
BAD_TAG = 4  # exit code
FIRST_DAY = datetime.date(2027, 1, 5)  # a Tuesday
DAYS = 60
POLICY = """[alarm]
arrivals = 1000
[defaults]
min_age = "0s"
[tags.{tag}]
keep = "7 14d 8w 12m"
[tags.{tag}.derive.weekly]
every = "week"
keep = 5
[tags.{tag}.derive.monthly]
every = "month"
keep = 12
"""
DAILY = """[tags.{tag}]
keep = 1
min_age = "0s"
[tags.{tag}.derive.days]
every = "day"
keep = 9
"""


def _on(world, day):
    """Within, it is noon of that day at the Pi."""
    if wrong_clock.library() is None:
        raise Skipped("libfaketime is not installed")
    return wrong_clock.receiver_at(world, f"@{day.isoformat()} 12:00:00")


def _name(day):
    return f"{day.isoformat()}T07:00:01+00:00-@daily"


def _firsts(days, period, count):
    """The first of each of the last periods."""
    first = {}
    for day in days:
        first.setdefault(period(day), day)
    return set(list(first.values())[-count:])


def _week(day):
    return day.isocalendar()[:2]


def _month(day):
    return (day.year, day.month)


def _derived(world, lane, rule):
    directory = os.path.join(world.pi.path, f"{lane.tag}-{rule}")
    return sorted(subvolume.inside(directory)) if os.path.isdir(directory) else []


def _nothing_new(lane):
    lane.receive(wire.hello() + wire.message("goodbye", up_to_date=True)).expect(0)


@case(needs=NEEDS)
def sixty_days_leave_exactly_what_the_rules_say(world):
    lane = world.lane()
    days = [FIRST_DAY + datetime.timedelta(days=number) for number in range(DAYS)
            if number % 19 not in (3, 4)]  # the Pi was off now and then
    with world.receiver_configured(POLICY.format(tag=lane.tag)):
        for day in days:
            with _on(world, day):
                lane.receive(bytes(stream.small(_name(day)))).expect(0)
        wanted = (set(days[-7:]) | set(days[-14:]) | _firsts(days, _week, 8)
                  | _firsts(days, _month, 12))
        lane.check_complete(*(_name(day) for day in wanted))
        for rule, period, count in (("weekly", _week, 5), ("monthly", _month, 12)):
            firsts = sorted(_firsts(days, period, count))
            check_equal(_derived(world, lane, rule), [_name(day) for day in firsts], rule)
        text = world.commands.run("/usr/local/sbin/snapferry", "list").expect_well().out
        check_says(text, f"{lane.tag}-weekly: 5 backups", "derived")


@case
def an_increment_builds_on_a_derived_backup_when_the_daily_ones_are_gone(world):
    lane = world.lane()
    with world.receiver_configured(DAILY.format(tag=lane.tag)):
        for number in range(3):
            lane.write("diary", f"day {number}" * 1000)
            lane.snapshot()
            with _on(world, FIRST_DAY + datetime.timedelta(days=number)):
                lane.send().expect(0)
        first, *others = sorted(subvolume.inside(lane.snapshot_dir))
        lane.check_complete(others[-1])
        check_equal(len(_derived(world, lane, "days")), 3, "how many were derived")
        for name in others:
            subvolume.delete(lane.at_nas(name))
        for pin in lane.pins.values():
            subvolume.delete(pin.path)
        lane.write("diary", "the day after")
        last = lane.snapshot()
        with _on(world, FIRST_DAY + datetime.timedelta(days=3)):
            result = lane.send().expect(0)
        check_says(result.out, f"incrementally from {first}")
        lane.check_arrived(last)
        lane.write("diary", "and the next")
        lane.snapshot()
        check_says(lane.send().expect(0).out, f"incrementally from {last}")


@case(needs=NEEDS)
def nobody_sends_into_a_derived_tag_and_no_rule_deletes_by_going(world):
    lane = world.lane()
    other = world.lane(f"{lane.tag}-days")
    with world.receiver_configured(DAILY.format(tag=lane.tag)):
        lane.receive(bytes(stream.small("one"))).expect(0)
        refused = other.receive(bytes(stream.small("junk"))).expect_trouble(BAD_TAG)
        check_says(refused.err, f"derived from those of {lane.tag}", f"send into {lane.tag}")
        said = wire.Answer.of(other.receive(wire.hello()).expect(BAD_TAG).bytes_out).last
        check_says(said["message"], "derived")
    lane.receive(bytes(stream.small("two"))).expect(0)
    other.check_complete("one")
    other.receive(bytes(stream.small("junk"))).expect_trouble(BAD_TAG)
    other.check_complete("one")


@case(needs=NEEDS)
def a_rule_is_carried_out_for_backups_that_were_there_before_it(world):
    lane = world.lane()
    days = [FIRST_DAY + datetime.timedelta(days=number) for number in range(3)]
    for day in days:
        with _on(world, day):
            lane.receive(bytes(stream.small(_name(day)))).expect(0)
    with world.receiver_configured(DAILY.format(tag=lane.tag)):
        _nothing_new(lane)
        check_equal(_derived(world, lane, "days"), [_name(day) for day in days], "what is derived")
        lane.check_complete(_name(days[-1]))
        with world.receiver_configured(DAILY.format(tag=lane.tag).replace("keep = 9", "keep = 2")):
            _nothing_new(lane)
            _nothing_new(lane)
            check_equal(_derived(world, lane, "days"), [_name(day) for day in days[1:]],
                        "what is left of it")


@case(needs=NEEDS)
def a_derived_tag_is_locked_pruned_and_checked_like_any(world):
    lane = world.lane()
    tag = f"{lane.tag}-days"
    days = [FIRST_DAY + datetime.timedelta(days=number) for number in range(3)]
    with world.receiver_configured(DAILY.format(tag=lane.tag)):
        for day in days:
            with _on(world, day):
                lane.receive(bytes(stream.small(_name(day)))).expect(0)
        world.commands.run("/usr/local/sbin/snapferry", "lock", tag, _name(days[0])).expect_well()
    with world.receiver_configured(DAILY.format(tag=lane.tag).replace("keep = 9", "keep = 1")):
        world.commands.run("/usr/local/sbin/snapferry", "prune", tag, "--yes").expect(0)
        check_equal(_derived(world, lane, "days"), [_name(days[0]), _name(days[2])], "what is left")
        said = world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving", "--max-age",
                                  "0s", tag).text
        check_equal(f"{tag}: the newest" in said, False, "whether its age is complained of")
