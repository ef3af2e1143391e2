"""Runs a program with the standard descriptors that it has itself, and notes its peak of memory.

    measured.py SECONDS FILE PROGRAM [ARGUMENT ...]

The peak in KiB, of the largest process among the program and all that it waited for, goes into
FILE. This is a program of its own, and small, because a process counts the memory of what it was
before its exec as well: of the tests' own process, that would be more than what is measured.
"""

import os
import resource
import signal
import sys


def main():
    patience, result, *command = sys.argv[1:]
    child = os.posix_spawn(command[0], command, os.environ)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(int(patience))
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    with open(result, "w", encoding="ascii") as file:
        file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code  # as a shell says which signal it was


if __name__ == "__main__":
    sys.exit(main())
