"""What is sent: each load fills the source of a lane."""

import os

from harness import data
from harness.data import MIB

SMALL_FILES = 20_000
TINY_FILES = 300_000
IN_A_DIRECTORY = 500


def noise_in_large_and_small_files(lane, size=1024 * MIB, small_files=SMALL_FILES):
    """Photographs and videos, and the small files of a home: nothing that packs."""
    for number in range(4):
        lane.write(f"large-{number}", data.noise(size // 4, number))
    bits = data.noise(32 * MIB, 99)
    for number in range(small_files):
        directory = os.path.join(lane.source, f"{number // 200:03}")
        os.makedirs(directory, exist_ok=True)
        length = 200 + number * 7919 % 24_000  # bytes, 12 KB in the mean
        at = number * 1543 % (len(bits) - length)
        with open(os.path.join(directory, f"small-{number}"), "wb") as file:
            file.write(bits[at:at + length])


def quarter_of_that(lane):
    noise_in_large_and_small_files(lane, 256 * MIB, SMALL_FILES // 4)


def text(lane, text_source, size=768 * MIB):
    """Documents, sources, mail, logs."""
    for number in range(24):
        text_source.write(os.path.join(lane.source, f"text-{number:02}"), size // 24)


def tiny_files(lane):
    """Checkouts, mail folders, caches: a third of them empty, the others of up to 400 bytes."""
    bits = data.noise(MIB, 98)
    for number in range(TINY_FILES):
        directory = os.path.join(lane.source, f"{number // IN_A_DIRECTORY:03}")
        if number % IN_A_DIRECTORY == 0:
            os.mkdir(directory)
        length = number * 7919 % 400 if number % 3 else 0  # bytes
        with open(os.path.join(directory, f"tiny-{number}"), "wb") as file:
            file.write(bits[number:number + length])


def one_file(lane, gibibytes):
    """A disk of a virtual machine, a film that is being cut."""
    with open(os.path.join(lane.source, "large"), "wb") as file:
        for number in range(gibibytes * 4):
            file.write(data.noise(256 * MIB, number))
