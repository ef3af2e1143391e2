"""A disk at the NAS itself, for a receiver with `local = true`."""

import contextlib
import os

from . import mounts, send_toml, subvolume
from .filesystem import Filesystem
from .world import SEND_CONFIGURATION, write_file

GIB = 1 << 30
EVERYTHING = 1 << 50  # bytes
QUIET = '[defaults]\nkeep = 7\nmin_age = "0s"\n[alarm]\narrivals = 1000000\nfiles = 1000000\n'


class UsbDisk:
    """A context: mounted within, at a mount point that others may share."""

    def __init__(self, world, name, mount_point="usb", may_fail=False):
        self.world = world
        self.path = os.path.join(world.directory, mount_point)
        self._disk = Filesystem(os.path.join(world.directory, f"{name}.img"), self.path, GIB,
                                world.nodes, mounts.NOSUID | mounts.NODEV, may_fail)
        self._disk.unmount()

    def __enter__(self):
        self.mount()
        return self

    def __exit__(self, *_):
        if mounts.is_mounted(self.path):
            self.unmount()

    def mount(self):
        self._disk.mount()

    def unmount(self):
        self._disk.unmount()

    @contextlib.contextmanager
    def pulled(self):
        """Within, nothing can be written to it any more, whoever uses it."""
        with self._disk.failing.losing(EVERYTHING, data_only=False):
            yield
            self._disk.unmount()

    def complete(self, tag):
        """The names of the finished backups of a tag, in order."""
        found = subvolume.inside(os.path.join(self.path, tag))
        return [name for name, backup in found.items() if backup.complete]

    def backup(self, tag, name):
        return os.path.join(self.path, tag, name)

    def close(self):
        self._disk.close()


class LocalJob:
    """A lane's job to whatever is mounted at a place of the NAS."""

    def __init__(self, lane, path, name="usb", settings="", lines=QUIET, extra=""):
        self.lane, self.path, self.name = lane, path, name
        self.config = f"/etc/snapferry/receive-{name}.toml"
        write_file(self.config, f'target_dir = "{path}"\n{settings}\n{lines}', 0o600)
        self.text = (f'[receivers.{name}]\nlocal = true\nconfig = "{self.config}"\n'
                     + send_toml.job(lane, name=name, to=f'"{name}"', extra=extra))
        write_file(SEND_CONFIGURATION, self.text, 0o600)

    def start(self, *options):
        return self.lane.world.start_sender(*options, "--job", self.name)

    def send(self, *options):
        return self.start(*options).finish()


@contextlib.contextmanager
def usb_disks(world, *names, **how):
    """Disks of these names; each is in only within itself."""
    with contextlib.ExitStack() as open_disks:
        made = []
        for name in names:
            disk = UsbDisk(world, name, **how)
            open_disks.callback(disk.close)
            made.append(disk)
        yield made[0] if len(made) == 1 else made
