"""People with accounts and passwords at the machines, and what is said at their terminals."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from harness.terminal import ESCAPES
from harness.verdict import Failed

PATIENCE = 240.0  # seconds until something is said; apt on a slow machine thinks for long
WIDTH = 110  # columns


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
        machine.prepare("install", "-d", "-m", "700", "-o", name, "-g", name, f"{self.home}/.ssh")
        machine.copy_in(f"{self._key}.pub", f"{self.home}/.ssh/authorized_keys")

    @property
    def home(self):
        return f"/home/{self.name}"

    def says(self, command, answers=()):
        """Runs a command line in this person's shell, at a terminal; the Conversation."""
        ssh = ["ssh", "-tt", "-F", "none", "-o", "StrictHostKeyChecking=no",
               "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes",
               "-i", self._key, f"{self.name}@{self.machine.address}", command]
        said = converse(ssh, ((rf"\[sudo\] password for {self.name}: $", self.password), *answers))
        said.command = command
        return said


class Conversation:
    """`text`: all that was on the screen; `asked`: the patterns of the questions, in their order."""

    def __init__(self):
        self.command, self.code, self.seconds = None, None, None
        self.text, self.asked = "", []

    def expect(self, code):
        if self.code != code:
            raise Failed(f"exit code {self.code} instead of {code}: {self.text}")
        return self


def converse(command, answers):
    """Runs a program on a terminal; what ends in one of the patterns is answered.

    `answers`: (pattern, what is typed) each.
    """
    said, begin, seen = Conversation(), time.monotonic(), 0
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, cwd="/", start_new_session=True,
        env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"},
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)
    while piece := _read(master, process, said):
        said.text += piece
        for pattern, typed in answers:
            if re.search(pattern, ESCAPES.sub("", said.text[seen:])):
                said.asked.append(pattern)
                seen = len(said.text)
                os.write(master, f"{typed}\n".encode())
                break
    os.close(master)
    said.code, said.seconds = process.wait(), time.monotonic() - begin
    said.text = ESCAPES.sub("", said.text).replace("\r\n", "\n")
    return said


def _read(master, process, said):
    """What comes next; empty at the end."""
    if not select.select([master], [], [], PATIENCE)[0]:
        process.kill()
        raise Failed(f"nothing more is said, and nobody knows an answer: {said.text[-3000:]}")
    try:
        return os.read(master, 65536).decode(errors="replace")
    except OSError:  # nobody has it open any more
        return ""
