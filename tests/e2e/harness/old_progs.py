"""A receiver whose btrfs-progs are too old for any stream but version 1."""

from .other_btrfs import other_btrfs


def old_progs():
    """A context within which `btrfs` says that it is old, and does everything as before."""
    return other_btrfs('[ "$1" = --version ] && { echo btrfs-progs v5.10.1; exit 0; }')
