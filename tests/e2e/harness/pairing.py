"""A NAS that is to be paired with a bare Pi, by a person's login there."""

import contextlib
import os
import shutil
import stat
import subprocess

from .bare_pi import BarePi
from .person import Person
from .world import RECEIVE_CONFIGURATION, SEND_CONFIGURATION, write_file

DIRECTORY = os.path.dirname(SEND_CONFIGURATION)
KEYS, KNOWN_HOSTS = os.path.join(DIRECTORY, "keys"), os.path.join(DIRECTORY, "known_hosts")
SNAPFERRY = "/usr/local/sbin/snapferry"


class Pairing:
    """A context. The Pi's disk has an empty btrfs."""

    def __init__(self, world):
        self.world = world

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            stack.callback(self.forget_nas)
            self.pi = stack.enter_context(BarePi(self.world))
            self.pia = stack.enter_context(Person(self.world))
            self.forget_nas()
            self.pi.make_btrfs()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def forget_nas(self):
        shutil.rmtree(KEYS, ignore_errors=True)
        for path in (SEND_CONFIGURATION, KNOWN_HOSTS):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def make_bare(self):
        """Both, as at the beginning."""
        self.forget_nas()
        self.pi.make_bare()
        self.pi.make_btrfs()

    def words(self, *arguments):
        """The sshd that the sender uses is not the person's own, as it is on a real Pi."""
        return ("pair", self.pia.address, "--port", str(self.world.ssh.port), *arguments)

    def run(self, *arguments, **how):
        return self.pia.run(*self.words(*arguments), **how)

    def at_terminal(self, *arguments):
        return self.pia.at_terminal(*self.words(*arguments))

    def pair(self, lane, *arguments, **how):
        return self.run("--tag", lane.tag, "--snapshots", lane.snapshot_dir, "--disk",
                        self.pi.device, "--yes", *arguments, **how)

    def send(self, tag):
        return self.world.commands.run("/usr/local/sbin/snapshot-send", "--job", tag)

    def state(self):
        """All that pairing changes, at both machines."""
        return self.pi.state(), self.state_of_nas()

    @staticmethod
    def state_of_nas():
        found = {}
        for directory, _, names in os.walk(DIRECTORY):
            for path in (os.path.join(directory, name) for name in names):
                if path == RECEIVE_CONFIGURATION:
                    continue
                data = os.lstat(path)
                with open(path, "rb") as file:
                    found[path] = data.st_uid, stat.S_IMODE(data.st_mode), file.read()
        return found


def key_of(tag):
    """The public half, as the NAS's key file has it."""
    return subprocess.run(["ssh-keygen", "-y", "-f", os.path.join(KEYS, tag)], check=True,
                          capture_output=True, text=True).stdout.split()[1]


def write_send_toml(text):
    os.makedirs(DIRECTORY, exist_ok=True)
    write_file(SEND_CONFIGURATION, text, 0o600)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
