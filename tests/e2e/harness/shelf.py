"""Manifests beside the backups at the Pi, as the receiver keeps them."""

import os

from . import zstd

SNAPFERRY = "/usr/local/sbin/snapferry"


def place_of(lane, name):
    """The file of the backup's manifest: it is named by the copy."""
    copy = str(lane.received[name].uuid)
    return os.path.join(lane.world.pi.path, ".snapferry", lane.tag + ".manifests", copy)


def text_of(world, directory):
    """What snapferry says that a directory holds, as bytes."""
    return world.commands.run(SNAPFERRY, "manifest", directory).expect_well().bytes_out


def put(lane, name, text, packed=True):
    """Gives a backup a manifest of this text."""
    place = place_of(lane, name)
    os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
    with open(place, "wb") as file:
        file.write(zstd.frame(text) if packed else text)
    os.chmod(place, 0o600)
    return place


def put_of_source(lane, name):
    """Gives a backup the manifest of the snapshot that it came from."""
    return put(lane, name, text_of(lane.world, lane.at_nas(name)))
