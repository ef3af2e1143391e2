"""What a run says: one line a test, the story of each failure, and the count at the end."""

import os
import sys
import traceback

from .verdict import Failed

LOG_LINES = 40  # of sshd, in the story of a failure


class Report:
    """`strict` turns skips into failures: for machines that must run everything."""

    def __init__(self, strict):
        self._strict = strict
        self.passed = self.failed = self.skipped = 0

    def passes(self, case, seconds, notes=()):
        self.passed += 1
        self._line("passed ", case, "\n".join([f"({seconds:.1f} s)", *map(_indented, notes)]))

    def skips(self, case, reason):
        if self._strict:
            self.failed += 1
            self._line("FAILED ", case, f"(may not be skipped: {reason})")
        else:
            self.skipped += 1
            self._line("SKIPPED", case, f"({reason})")

    def fails(self, case, failure, notes, transcript, sshd_log):
        self.failed += 1
        story = [_cause(failure), *notes, *map(str, transcript)]
        if sshd_log:
            story.append("sshd:\n" + sshd_log)
        self._line("FAILED ", case, "\n" + "\n".join(map(_indented, story)))

    def breaks(self, reason):
        """Something else than a case failed."""
        self.failed += 1
        self._line("FAILED ", reason, "")

    def counts(self):
        """One line for add()."""
        return f"{self.passed} {self.failed} {self.skipped}\n"

    def add(self, passed, failed, skipped):
        """Counts what another Report has counted."""
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def summary(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0

    @staticmethod
    def _line(word, case, remark):
        # In one piece: other workers write to the same place.
        os.write(sys.stdout.fileno(), f"{word} {case} {remark}".rstrip().encode() + b"\n")


class LogTail:
    """The part of a log that has been written since it was made."""

    def __init__(self, path):
        self._path = path
        self._begin = os.path.getsize(path) if os.path.exists(path) else 0

    def read(self):
        if not os.path.exists(self._path):
            return ""
        with open(self._path, encoding="utf-8", errors="replace") as file:
            file.seek(self._begin)
            return "".join(file.readlines()[-LOG_LINES:])


def _cause(failure):
    if isinstance(failure, Failed):
        where = traceback.extract_tb(failure.__traceback__)
        line = next((frame for frame in where if os.sep + "cases" + os.sep in frame.filename),
                    where[-1])
        return f"{failure}\n(at {os.path.basename(line.filename)}:{line.lineno}: {line.line})"
    said = "".join(traceback.format_exception(failure))
    stderr = getattr(failure, "stderr", None)
    return said + (f"stderr: {stderr!r}\n" if stderr else "")


def _indented(text):
    return "".join(f"    {line}\n" for line in text.splitlines()).rstrip("\n")
