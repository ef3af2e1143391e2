"""People with accounts and passwords at the machines, and the terminals they sit at."""

import os
import subprocess

from harness.person import AtTerminal
from harness.verdict import Failed

from . import network


class Person:
    """An account with a password and sudo, as the person who set the machine up has."""

    def __init__(self, machine, name, password):
        self.machine, self.name, self.password = machine, name, password
        hashed = subprocess.run(["openssl", "passwd", "-6", "-stdin"], check=True, text=True,
                                input=password, capture_output=True).stdout.strip()
        machine.prepare("useradd", "--create-home", "--shell", "/bin/bash", "--groups", "sudo",
                        "--password", hashed, name)
        self._key = os.path.join(machine.directory, f"key-of-{name}")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self._key], check=True)
        self._own("/.ssh", 0o700)
        self._own("/.ssh/authorized_keys", 0o600, open(f"{self._key}.pub", encoding="ascii").read())

    @property
    def home(self):
        return f"/home/{self.name}"

    def sits_down_to(self, command):
        """A terminal on which a command line runs in this person's shell, by SSH from outside."""
        return AtTerminal(
            dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8"), "ssh", "-tt", "-F", "none",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-i", self._key,
            f"{self.name}@{self.machine.address}", command)

    def _own(self, path, mode, text=None):
        outside = self.machine.outside(self.home + path)
        if text is None:
            os.mkdir(outside)
        else:
            with open(outside, "w", encoding="ascii") as file:
                file.write(text)
        os.chmod(outside, mode)
        self.machine.prepare("chown", f"{self.name}:", self.home + path)
