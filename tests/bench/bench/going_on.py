"""Load g: a full send is broken off at nine tenths, and run again.

Twice each size: once as it comes, and once with the sender's secret of the stream forgotten, so that all that
has arrived is read again and compared. How long it takes from the start to the first new byte on the line, and
what has been read from the NAS's disk by then.
"""

import contextlib
import json
import os
import statistics
import time
from dataclasses import asdict, dataclass

from harness import data
from harness.data import MIB
from harness.world import GIB

from .contenders import Snapferry
from .place import Place

FILE = 64 * MIB
RATE = 20_000  # Mbit/s: the line holds nothing up
GREETING = MIB // 2  # bytes on the line, at most, before the first of the stream
PATIENCE = 900  # seconds
ROUNDS = 3  # at most: each breaks a send off twice, and carries it to its end twice
TIME, READ = 0.10, 0.02  # at most, of the time of reading again, and of what had arrived


@dataclass(frozen=True)
class Start:
    """Of a run that goes on. Medians, where there were several."""

    seconds: float  # until the first new byte
    read: float  # bytes, from the NAS's disk, by then


@dataclass(frozen=True)
class GoingOn:
    gibibytes: int
    unread: Start  # as it comes
    again: Start  # where all that has arrived is read again

    @property
    def arrived(self):
        """Bytes, before the second run."""
        return self.gibibytes * GIB * 9 // 10


def measure(sizes, rounds, host, room, programs):
    """Returns what rows() reads, in plain types. `sizes`: GiB each; two images as large are on the disk."""
    return [asdict(_measure_size(size, min(rounds, ROUNDS), host, room, programs)) for size in sizes]


def rows(measured):
    """The table, as lines of Markdown."""
    yield "| load | GiB | way | first new byte after, s | read from the NAS's disk by then, MiB |"
    yield "|---|---|---|---|---|"
    for each in _read(measured):
        for way, start in (("snapferry", each.unread), ("snapferry, its secret forgotten", each.again)):
            yield f"| g | {each.gibibytes} | {way} | {start.seconds:.2f} | {start.read / MIB:.0f} |"


def verdicts(measured):
    """(what, at most, measured) of each promise."""
    for each in _read(measured):
        yield (f"time to the first new byte, {each.gibibytes} GiB ÷ the same with all read again", TIME,
               each.unread.seconds / each.again.seconds)
        yield (f"read from the disk before it, {each.gibibytes} GiB ÷ what had arrived", READ,
               each.unread.read / each.arrived)


def _read(measured):
    return [GoingOn(each["gibibytes"], Start(**each["unread"]), Start(**each["again"])) for each in measured]


def _measure_size(size, rounds, host, room, programs):
    print(f"(g) {size} GiB in files of 64 MiB, broken off at nine tenths", flush=True)
    with contextlib.closing(Place(host, os.path.join(room.work, f"g-{size}"), room.on_disk, programs,
                                  rate=RATE, disk_size=(size + 2) * GIB)) as place:
        lane = place.world.lane()
        for number in range(size * GIB // FILE):
            lane.write(f"photographs-{number:04}", data.noise(FILE, number))
        ours = Snapferry(place, [lane])
        ours.take_snapshots()
        starts = {forgets: [] for forgets in (False, True)}
        for _ in range(rounds):
            for forgets, each in starts.items():
                each.append(_go_on(place, ours, lane, size * GIB * 9 // 10, forgets))
        return GoingOn(size, _median(starts[False]), _median(starts[True]))


def _median(starts):
    return Start(statistics.median(start.seconds for start in starts),
                 statistics.median(start.read for start in starts))


def _go_on(place, ours, lane, arrived, forgets):
    place.break_off(ours.command(), arrived)
    if forgets:
        _forget_secrets(os.path.join(lane.snapshot_dir, ".snapferry"))
    place.cool_down()
    sent, read = place.network.sent, _bytes_read(place.world.nas)
    begin = time.monotonic()
    run = place.world.commands.start(*ours.command())
    while place.network.sent < sent + GREETING:
        if run.ended or time.monotonic() > begin + PATIENCE:
            raise RuntimeError("it does not go on")
        time.sleep(0.005)
    start = Start(time.monotonic() - begin, _bytes_read(place.world.nas) - read)
    run.finish(patience=PATIENCE).expect_well()
    ours.forget()
    way = "read again" if forgets else "unread"
    print(f"    {way:24} {start.seconds:7.2f} s  {start.read / MIB:7.0f} MiB read", flush=True)
    return start


def _forget_secrets(directory):
    """What the sender remembers of the streams that it has begun."""
    found = 0
    for name in os.listdir(directory):
        path = os.path.join(directory, name)
        if not name.endswith(".memory.json"):
            continue
        with open(path, encoding="utf-8") as file:
            memory = json.load(file)
        found += '"secret"' in json.dumps(memory)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(_without_begun(memory), file)
    if not found:
        raise RuntimeError("the sender remembers no secret")


def _without_begun(value):
    if isinstance(value, dict):
        return {key: _without_begun(one) for key, one in value.items() if key != "begun"}
    if isinstance(value, list):
        return [_without_begun(one) for one in value]
    return value


def _bytes_read(filesystem):
    """From the device behind it, by anybody. proc(5), /sys/block: sectors of 512 bytes."""
    name = os.path.basename(filesystem.device)
    with open(f"/sys/block/{name}/stat", encoding="ascii") as file:
        return int(file.read().split()[2]) * 512
