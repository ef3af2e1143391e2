"""Which contenders carry which load, and the measuring of them in alternation."""

import contextlib
import os
from dataclasses import dataclass, field

from harness.world import GIB

from . import contenders as c
from . import going_on, loads
from .measure import measure as measure_run
from .measure import summary
from .place import Place
from .text import Text


@dataclass(frozen=True)
class Bound:
    """A ratio of two medians and what it may be at most."""

    of: str
    against: str
    figure: str  # a field of measure.Run
    most: float


@dataclass(frozen=True)
class Load:
    title: str
    fill: callable
    contenders: tuple
    bounds: tuple
    place: dict = field(default_factory=dict)
    lanes: int = 1
    change: callable = None  # what happens to the source between runs; None: the same again
    rounds: int = 100  # at most, where each takes long
    on_disk: bool = False  # the images are larger than the memory of many machines


def _bound(against, most, figure="wall", of="snapferry"):
    return Bound(of, against, figure, most)


def _fill_with_text(lane):
    loads.text(lane, Text())


def _fill_with_one_file(lane):
    loads.one_file(lane, LARGE)


def _change_one_file(lane, count):
    lane.write("large-0-note", f"one line more: {count}\n")


LARGE = 20  # GiB
LOADS = {
    "a": Load("1 GiB of noise in 4 files, 20,000 small files", loads.noise_in_large_and_small_files,
              (c.Pipe, c.Pipeline, c.Btrbk, c.Snapferry),
              (_bound("plain pipeline", 0.70), _bound("local pipe", 1.15), _bound("btrbk", 0.58),
               _bound("plain pipeline", 0.80, "receiving_cpu"))),
    "b": Load("768 MiB of text, both filesystems compress with zstd", _fill_with_text,
              (c.Pipe, c.Pipeline, c.Btrbk, c.BtrbkCompressed, c.Snapferry),
              (_bound("plain pipeline", 0.15), _bound("btrbk, v2 compressed", 0.29)),
              place={"compress": True}),
    "c": Load("an increment: one file of the 20,000 changed", loads.noise_in_large_and_small_files,
              (c.Pipe, c.Pipeline, c.Btrbk, c.Snapferry), (_bound("btrbk", 0.10),),
              change=_change_one_file),
    "d": Load("768 MiB of text over 100 Mbit/s, nothing compresses", _fill_with_text,
              (c.Pipeline, c.Snapferry, c.SnapferryAgain),
              (_bound("plain pipeline", 0.37),
               _bound("plain pipeline", 0.06, of="snapferry, second run")),
              place={"rate": 100}),
    "f": Load("four tags at once, each a quarter of (a)", loads.quarter_of_that,
              (c.Pipeline, c.SnapferryAtOnce), (_bound("plain pipeline", 0.58),), lanes=4),
    "h": Load("300,000 empty and tiny files", loads.tiny_files,
              (c.Pipe, c.Pipeline, c.Btrbk, c.Snapferry), (_bound("plain pipeline", 1.00),), rounds=3),
    "i": Load(f"one file of {LARGE} GiB", _fill_with_one_file, (c.Pipe, c.Pipeline, c.Snapferry),
              (_bound("plain pipeline", 0.75),), place={"disk_size": (LARGE + 2) * GIB}, rounds=3,
              on_disk=True),
    "j": Load("(a) to a Pi with the processors of a Pi 4", loads.noise_in_large_and_small_files,
              (c.Pipeline, c.Snapferry), (_bound("plain pipeline", 0.75),), place={"pi4": True}, rounds=3),
}
MEMORY = 64  # MiB that each of our programs may take


GOING_ON = "g"
LETTERS = sorted([*LOADS, GOING_ON])


@dataclass(frozen=True)
class Room:
    """Directories: for the images of ordinary loads, in memory; for large ones; for all else."""

    in_memory: str
    on_disk: str
    work: str


def measure(options, host, room, programs):
    """Returns what page.table() shows: the loads by their letters, and how runs went on."""
    measured = {"loads": {}, "going_on": []}
    for letter in options.loads:
        if letter == GOING_ON:
            measured["going_on"] = going_on.measure(options.sizes, options.rounds, host, room, programs)
        else:
            measured["loads"][letter] = _measure_load(letter, options, host, room, programs)
    return measured


def _measure_load(letter, options, host, room, programs):
    load = LOADS[letter]
    rounds = min(options.rounds, load.rounds)
    print(f"({letter}) {load.title}", flush=True)
    with contextlib.closing(Place(host, os.path.join(room.work, letter),
                                  room.on_disk if load.on_disk else room.in_memory, programs,
                                  **load.place)) as place:
        lanes = [place.world.lane() for _ in range(load.lanes)]
        for lane in lanes:
            load.fill(lane)
        wanted = [kind(place, lanes) for kind in load.contenders
                  if not options.only or kind.name in options.only]
        runs = {contender.name: [] for contender in wanted}
        _take_first_snapshots(load, wanted, place)
        print("    to warm up:", flush=True)  # the first to write pays for the images' memory
        _run_once(load, wanted[-1], place, rounds)
        for number in range(rounds):
            for contender in wanted:
                runs[contender.name].append(_run_once(load, contender, place, number))
        return {"title": load.title, "medians": {name: summary(each) for name, each in runs.items()}}


def _take_first_snapshots(load, contenders, place):
    """For an increment, everything has gone across once before."""
    for contender in contenders:
        contender.take_snapshots()
        if load.change:
            place.run_to_the_end(contender.command())


def _run_once(load, contender, place, number):
    if load.change:
        for lane in contender.lanes:
            load.change(lane, number)
        contender.take_snapshots()
    contender.before_run()
    place.cool_down()
    run = measure_run(contender.command(), place.environment, place.ssh.pid, place.until_durable)
    print(f"    {contender.name:24} {run.wall:7.2f} s  CPU {run.sending_cpu:5.2f} + "
          f"{run.receiving_cpu:5.2f} s  peak {run.sending_peak:3.0f} + {run.receiving_peak:3.0f} MiB",
          flush=True)
    if not load.change:
        contender.forget()
    return run
