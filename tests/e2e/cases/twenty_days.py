"""Three weeks of a person's life with it."""

import os

from harness.case import case
from harness.data import KIB, MIB, Tree
from harness.verdict import check_equal

DAYS, KEEP = 20, 7


@case
def twenty_daily_snapshots_each_go_as_an_increment_and_the_newest_seven_stay(world):
    lane = world.lane()
    content = Tree(lane.source)
    content.directory("photos")
    content.noise("mailbox", 3 * MIB)
    names = []
    with world.receiver_configured(f"[defaults]\nkeep = {KEEP}\n"):
        for day in range(DAYS):
            _live_one_day(content, day)
            names.append(lane.snapshot())
            lane.send_well()
            lane.check_arrived(names[-1])
            if day > 0:
                lane.check_sent_only(lane.increment_size(names[-1], names[-2]))
            check_equal(len(lane.complete), min(day + 1, KEEP), f"backups after day {day}")
    lane.check_complete(*names[-KEEP:])
    for name in names[-KEEP:]:
        lane.check_arrived(name)


def _live_one_day(content, day):
    content.noise(f"photos/{day:02}", 200 * KIB)
    content.change("mailbox", day * 100 * KIB, content.random.randbytes(20 * KIB))
    content.file("diary", b"day %d\n" % day)
    if day % 3 == 2:
        content.remove(f"photos/{day - 2:02}")
        content.rename(f"photos/{day - 1:02}", f"photos/best of {day - 1:02}")
    if day % 5 == 4:
        os.truncate(content.path("mailbox"), 3 * MIB - day)
        content.reflink("mailbox", f"mailbox of {day}")
