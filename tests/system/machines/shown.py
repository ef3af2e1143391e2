"""What the test shows, a line a thing, and the count of it."""

import contextlib
import os
import time
import traceback

from harness.verdict import Skipped


class Shown:
    """A thing that does not show ends the test: what comes after it stands on it."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    @contextlib.contextmanager
    def that(self, what):
        begin = time.monotonic()
        try:
            yield
        except Skipped as reason:
            self.skips(what, reason)
        except BaseException:
            self.failed += 1
            print(f"NOT SHOWN: {what} [{time.monotonic() - begin:.1f} s]", flush=True)
            raise
        else:
            self.passed += 1
            print(f"shown: {what} [{time.monotonic() - begin:.1f} s]", flush=True)

    def skips(self, what, reason):
        self.skipped += 1
        print(f"SKIPPED: {what}: {reason}", flush=True)

    def breaks(self, why):
        """Something that no line of its own tells of."""
        if not self.failed:
            self.failed += 1
            print(f"NOT SHOWN: {why}", flush=True)
        traceback.print_exc()

    def counts(self):
        return f"{self.passed} {self.failed} {self.skipped}"

    def add(self, counts):
        """Those of another process; none where it did not live to tell them."""
        passed, failed, skipped = map(int, counts.split() or (0, 1, 0))
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def summary(self):
        """Prints the line that counts; returns the exit code."""
        if os.environ.get("SNAPFERRY_NO_SKIP"):
            self.failed, self.skipped = self.failed + self.skipped, 0
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0
