"""Programs run as a person or cron would run them, with all they said kept for the report."""

import os
import shlex
import subprocess
import time
from dataclasses import dataclass

from .verdict import Failed

PATIENCE = 300.0  # seconds; no run of these tests needs a fraction of it
SHOWN = 6000  # characters of one output in a report


@dataclass
class Result:
    """How a program ended. A negative code is the signal that ended it."""

    command: str
    code: int
    out: str
    err: str
    seconds: float
    bytes_out: bytes = b""  # out as it came

    def expect(self, *codes):
        """Fails the test unless the program ended with one of codes."""
        if self.code not in codes:
            wanted = " or ".join(str(code) for code in codes)
            raise Failed(f"exit code {self.code} instead of {wanted} of: {self.command}")
        return self

    def expect_well(self):
        """Exit 0 and nothing on stderr: what cron stays silent about."""
        self.expect(0)
        if self.err:
            raise Failed(f"all went well, but stderr is not empty: {self.err!r}")
        return self

    def expect_trouble(self, *codes):
        """One of codes, and a word about it on stderr: what cron mails."""
        self.expect(*codes)
        if not self.err.strip():
            raise Failed(f"exit code {self.code} without a word on stderr")
        return self

    @property
    def text(self):
        return self.out + self.err

    def __str__(self):
        said = "".join(_quoted(mark, text) for mark, text in (("|", self.out), ("!", self.err)))
        return f"$ {self.command}\n{said}  exit {self.code} after {self.seconds:.2f} s\n"


class Commands:
    """Runs programs; `transcript` holds the Results since the last clear()."""

    def __init__(self, environment):
        self.environment = environment
        self.transcript = []

    def start(self, *arguments, env=None, stdin=subprocess.DEVNULL, user=None):
        return Running(self, arguments, {**self.environment, **(env or {})}, stdin, user)

    def run(self, *arguments, input=None, patience=PATIENCE, **how):
        if input is not None:
            how["stdin"] = subprocess.PIPE
        return self.start(*arguments, **how).finish(input, patience)


class Running:
    """A program that has been started; finish() waits for it."""

    def __init__(self, commands, arguments, environment, stdin, user):
        self._commands = commands
        self._command = shlex.join(os.fsdecode(argument) for argument in arguments)
        self._begin = time.monotonic()
        who = {"user": user, "group": user, "extra_groups": []} if user else {}
        self.process = subprocess.Popen(arguments, env=environment, stdin=stdin, cwd="/", **who,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @property
    def pid(self):
        return self.process.pid

    @property
    def ended(self):
        return self.process.poll() is not None

    def finish(self, input=None, patience=PATIENCE):
        try:
            out, err = self.process.communicate(input, timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            self._record(out, err)
            raise Failed(f"still running after {patience:.0f} s: {self._command}") from None
        return self._record(out, err)

    def _record(self, out, err):
        result = Result(self._command, self.process.returncode, out.decode(errors="replace"),
                        err.decode(errors="replace"), time.monotonic() - self._begin, out)
        self._commands.transcript.append(result)
        return result


def _quoted(mark, text):
    if len(text) > SHOWN:
        text = text[:SHOWN // 2] + "\n[...]\n" + text[-SHOWN // 2:]
    return "".join(f"  {mark} {line}\n" for line in text.splitlines())
