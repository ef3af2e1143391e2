#!/usr/bin/python3
"""The benchmark of going on: a full send is broken off at nine tenths, and run again.

Twice each size: once as it comes, and once with the sender's secret of the stream forgotten, so that all that
has arrived is read again and compared. Tells how long it took from the start to the first new byte on the line,
and what had been read from the NAS's disk by then. Needs root, and three times the largest size on the disk of
--directory.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
E2E = os.path.join(os.path.dirname(HERE), "e2e")  # the harness is shared
sys.path[:0] = [HERE, E2E]
sys.dont_write_bytecode = True  # root must leave nothing in somebody's checkout

from bench.place import PROGRAMS, Place  # noqa: E402
from bench.contenders import Snapferry  # noqa: E402
from harness import data, mounts, namespace, processes, requirements  # noqa: E402
from harness.data import MIB  # noqa: E402
from harness.host import Host  # noqa: E402
from harness.world import GIB  # noqa: E402

FILE = 64 * MIB
RATE = 20_000  # Mbit/s: the line holds nothing up
GREETING = MIB // 2  # bytes on the line, at most, before the first of the stream
PATIENCE = 900  # seconds
TIME, READ = 0.10, 0.02  # at most, of the time of reading again, and of what had arrived


def main():
    options = _options()
    if reason := requirements.missing_before_namespaces():
        print(f"cannot run: {reason}")
        return 2
    base = tempfile.mkdtemp(prefix="snapferry-bench.", dir=options.directory)
    os.chmod(base, 0o755)
    try:
        status, = namespace.run_in_namespaces(lambda: _measure_all(options, base))
        return status
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[3, 12], help="GiB (default: 3 12)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--directory", default="/var/tmp", help="for the images (default: /var/tmp)")
    parser.add_argument("--bin", default=os.path.join(HERE, "..", "..", "build", "release", "bin"))
    return parser.parse_args()


def _measure_all(options, base):
    work = os.path.join(base, "work")
    os.mkdir(work, 0o755)
    mounts.mount("tmpfs", work, "tmpfs", 0, "mode=755")
    programs = {name: shutil.copy(os.path.join(options.bin, name), os.path.join(work, name))
                for name in PROGRAMS}
    print("| GiB | way | first new byte after, s | read from the disk by then, MiB | of what had arrived |\n"
          "|---|---|---|---|---|")
    for size in options.sizes:
        images = os.path.join(base, f"images-{size}")
        os.mkdir(images)
        disk = size * GIB + 2 * GIB
        with contextlib.closing(Place(Host(work), os.path.join(work, str(size)), images, programs,
                                      rate=RATE, disk_size=disk)) as place:
            _measure(place, size, options.rounds)
        shutil.rmtree(images)
    return 0


def _measure(place, size, rounds):
    lane = place.world.lane()
    for number in range(size * GIB // FILE):
        lane.write(f"photographs-{number:04}", data.noise(FILE, number))
    ours = Snapferry(place, [lane])
    ours.take_snapshots()
    for _ in range(rounds):
        figures = {way: _go_on(place, ours, lane, size, forgets)
                   for way, forgets in (("goes on unread", False), ("reads again", True))}
        for way, (seconds, read, arrived) in figures.items():
            print(f"| {size} | {way} | {seconds:.2f} | {read / MIB:.0f} | {read / arrived:.3f} |", flush=True)
        unread, again = figures["goes on unread"], figures["reads again"]
        print(f"\n{size} GiB: {unread[0] / again[0]:.3f} of the time of reading again"
              f"{'' if unread[0] <= TIME * again[0] else ', which is missed'}; "
              f"{unread[1] / unread[2]:.4f} of what had arrived was read"
              f"{'' if unread[1] <= READ * unread[2] else ', which is missed'}\n", flush=True)


def _go_on(place, ours, lane, size, forgets):
    """Seconds until the first new byte, bytes read from the disk by then, bytes that had arrived."""
    arrived = size * GIB * 9 // 10
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
    figures = time.monotonic() - begin, _bytes_read(place.world.nas) - read, arrived
    run.finish(patience=PATIENCE).expect_well()
    ours.forget()
    return figures


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


if __name__ == "__main__":
    sys.exit(main())
