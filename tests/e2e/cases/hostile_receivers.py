"""A Pi that somebody has taken over asks for what is not its own, and for no end."""

import os

from harness import subvolume
from harness.case import case
from harness.data import noise
from harness.spoken import HOW_TO_SPEAK
from harness.verdict import check, check_equal, check_says
from harness.world import write_file

NEEDS = ("snapshot-send",)

# Says each time that it has an interrupted send of something, and takes whatever comes.
RECEIVER = HOW_TO_SPEAK + r'''def note(word):
    with open("%(notes)s", "a") as file:
        file.write(word + "\n")

assert sys.stdin.buffer.read(13) == b"snapferry/1\r\n"
sys.stdout.buffer.write(b"snapferry/1\r\n")
assert hear()["type"] == "hello"
note("asked")
say(type="welcome", program="evil", tag=sys.argv[1], streams=["v1", "v2"], free_bytes=1 << 40,
    snapshots=%(snapshots)s, macs=True,
    unfinished={"name": "x", "uuid": "%(uuid)s", "parent": %(parent)s, "stream": "v1",
                "shares": []})
heard = hear()
if heard["type"] == "goodbye":
    sys.exit(0)
note("announced " + heard["name"] + " from " + str(heard["parent"]))
say(type="ready")
while (heard := hear())["type"] != "stream_end":
    pass
say(type="durable")
say(type="result", kept=[], pruned=[], free_bytes=1 << 40)
'''


class _Pi:
    """Is in the receiver's place within a `with`."""

    def __init__(self, world, uuid, parent="None", snapshots="[]"):
        home = os.path.join(world.directory, "evil", str(len(os.listdir(world.directory))))
        os.makedirs(home, exist_ok=True)
        self._notes = os.path.join(home, "notes")
        write_file(self._notes, "", 0o666)
        path = os.path.join(home, "snapshot-receive")
        write_file(path, RECEIVER % {"notes": self._notes, "uuid": uuid, "parent": parent,
                                     "snapshots": snapshots}, 0o755)
        self._place = world.receiver_is(path)

    def __enter__(self):
        self._place.__enter__()
        return self

    def __exit__(self, *how):
        return self._place.__exit__(*how)

    @property
    def notes(self):
        with open(self._notes, encoding="utf-8") as file:
            lines = file.read().splitlines()
        os.truncate(self._notes, 0)
        return lines


def _lane_with_secret(world):
    lane = world.lane()
    lane.write("file", noise(100_000))
    lane.name = lane.snapshot()
    lane.secret = "2021-08-17T06:00:00+00:00-@private"
    subvolume.snapshot(lane.source, lane.at_nas(lane.secret))
    lane.secret_uuid = subvolume.inspect(lane.at_nas(lane.secret)).uuid
    return lane


@case(needs=NEEDS)
def a_snapshot_of_another_tag_is_not_sent_whatever_the_pi_asks_for(world):
    lane = _lane_with_secret(world)
    with _Pi(world, lane.secret_uuid) as pi:
        result = lane.send()
        check_equal(pi.notes, ["asked", f"announced {lane.name} from None"], "what was sent")
        check_says(result.out, "is given up", "no longer here")


@case(needs=NEEDS)
def a_snapshot_of_another_tag_is_built_on_by_nothing(world):
    lane = _lane_with_secret(world)
    there = f'[{{"name": "{lane.secret}", "uuid": "{lane.secret_uuid}"}}]'
    with _Pi(world, subvolume.inspect(lane.at_nas(lane.name)).uuid, f'"{lane.secret_uuid}"',
             there) as pi:
        lane.send()
        check_equal(pi.notes, ["asked", f"announced {lane.name} from None"], "what was sent")


@case(needs=NEEDS)
def what_has_arrived_is_sent_no_second_time_in_a_run_however_often_it_is_asked_for(world):
    lane = world.lane()
    lane.write("file", noise(100_000))
    first = lane.snapshot()
    lane.write("file", noise(100_000))
    second = lane.snapshot()
    with _Pi(world, subvolume.inspect(lane.at_nas(first)).uuid) as pi:
        result = lane.send()
        notes = pi.notes
        check_says(result.err, "it has arrived in this run")
        check_equal([note for note in notes if note != "asked"],
                    [f"announced {first} from None", f"announced {second} from None"],
                    "what was sent")
        check(len(notes) < 10, f"it went on and on: {notes}")
