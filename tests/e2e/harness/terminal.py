"""A terminal of any width, and what a program draws on it."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time

from .verdict import Failed

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs a program with this as its standard output."""

    def __init__(self, width, environment, *command, term="xterm"):
        self.text = ""
        self._master, slave = pty.openpty()
        self.resize(width)
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave,
                                         stderr=subprocess.PIPE, cwd="/",
                                         env={**environment, "TERM": term})
        os.close(slave)

    def resize(self, width):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))

    def read_until(self, words, patience=60.0):
        """Reads on until these words have been drawn; returns what was drawn since the last call."""
        begin, deadline = len(self.text), time.monotonic() + patience
        while words not in self.text[begin:]:
            if time.monotonic() > deadline or not self._read():
                raise Failed(f"{words!r} was not drawn: {self.text[begin:]!r}")
        return self.text[begin:]

    def finish(self):
        """Reads to the end; returns the exit code and what was said on standard error."""
        while self._read():
            pass
        os.close(self._master)
        return self._process.wait(), self._process.stderr.read().decode()

    def _read(self):
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # nobody has it open any more
            return False
        self.text += piece.decode(errors="replace")
        return bool(piece)


def lines_drawn(text):
    """The lines in a piece of what was drawn, without what moves the cursor."""
    return [line for line in re.split(r"[\r\n]+", ESCAPES.sub("\r", text)) if line.strip()]
