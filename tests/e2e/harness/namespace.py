"""Private mount and process namespaces: nothing of the host changes, and nothing stays behind.

The kernel takes everything down when the first process of the namespace ends, however it ends:
mounts, loop devices (they clear themselves) and every process that a test has left.
"""

import ctypes
import errno
import os
import signal
import sys
import traceback

from . import mounts

CLONE_NEWNS = 0x00020000  # linux/sched.h
CLONE_NEWPID = 0x20000000  # linux/sched.h
PR_SET_PDEATHSIG = 1  # linux/prctl.h
MAX_PATH_DEPTH = 256  # directories to climb from a chroot to the real root

_libc = ctypes.CDLL(None, use_errno=True)


def run_in_namespaces(*bodies):
    """Runs all bodies at once, each in namespaces of its own; returns their exit statuses.

    Needs root. Must be called before there are threads.
    """
    children = [_fork(lambda body=body: _unshare_and_run(body)) for body in bodies]
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)  # the bodies get it from the terminal
    terminate = signal.signal(signal.SIGTERM, lambda *_: _kill(children))
    try:
        return [_wait(child) for child in children]
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, terminate)


def _unshare_and_run(body):
    _die_with_parent()
    _unshare(CLONE_NEWNS)
    _let_no_mount_out()
    _unshare(CLONE_NEWPID)  # for the children from here on; the next is the first process
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _wait(_fork(lambda: _first_process(body)))


def _unshare(kind):
    if _libc.unshare(kind) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot unshare namespaces: {os.strerror(number)}")


def _first_process(body):
    """Process 1 of the namespace: inherits orphans, and ends everything by ending."""
    _die_with_parent()
    mounts.mount("proc", "/proc", "proc", mounts.NOSUID | mounts.NODEV | mounts.NOEXEC)
    runner = _fork(lambda: _interruptible(body))
    while True:
        pid, status = os.wait()
        if pid == runner:
            return os.waitstatus_to_exitcode(status)


def _interruptible(body):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        # Under nohup. A handler goes with execve(2), so that the programs start as from cron.
        signal.signal(signal.SIGHUP, lambda *_: None)
    return body()


def _let_no_mount_out():
    """Our mounts stay ours; what the host unmounts goes here too, and is not kept busy."""
    try:
        mounts.mount(None, "/", None, mounts.REC | mounts.SLAVE)
    except OSError as failure:
        if failure.errno != errno.EINVAL:
            raise
        # In a chroot, "/" is no mount point; the propagation is set at the real root above it.
        if _wait(_fork(_let_no_mount_out_above_the_chroot)) != 0:
            raise


def _let_no_mount_out_above_the_chroot():
    os.chdir("/")
    os.chroot("/tmp")  # the working directory is now outside the root, so ".." leads up
    for _ in range(MAX_PATH_DEPTH):
        os.chdir("..")
    mounts.mount(None, ".", None, mounts.REC | mounts.SLAVE)
    return 0


def _kill(children):
    for child in children:
        os.kill(child, signal.SIGKILL)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _fork(body):
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child != 0:
        return child
    status = 1
    try:
        status = body() or 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # a forked child must never return into its parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 0xFF)


def _wait(child):
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
