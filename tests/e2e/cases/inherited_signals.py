"""What a parent has left ignored or blocked changes nothing of a run."""

import os
import signal
import subprocess
import time

from harness import processes, stream
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import Failed, check, check_equal, told_of_failures

EVERY = set(range(1, signal.NSIG)) - {signal.SIGKILL, signal.SIGSTOP, 32, 33}  # 32, 33: glibc's


def _left_by_parent(ignored=(), blocked=()):
    """For the child before its program: as a careless parent would start it."""
    def prepare():
        for number in EVERY:  # these tests may run under nohup themselves
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    return prepare


def _run(world, *arguments, ignored=(), blocked=(), stream=b""):
    return subprocess.run(arguments, env=world.commands.environment, cwd="/", input=stream,
                          preexec_fn=_left_by_parent(ignored, blocked), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


STARTS = (("SIGCHLD ignored", {"ignored": (signal.SIGCHLD,)}),
          ("everything ignored", {"ignored": EVERY}),
          ("everything blocked", {"blocked": EVERY}),
          ("both", {"ignored": EVERY, "blocked": EVERY}))


@case(needs=("snapshot-receive",))
def a_receiver_takes_a_stream_whatever_was_ignored_or_blocked(world):
    lane = world.lane()
    with world.receiver_configured('before_receive = ["/bin/true"]\n'):
        for number, (what, how) in enumerate(STARTS):
            with told_of_failures(what):
                result = _run(world, world.receiver(), lane.tag,
                              stream=bytes(stream.small(f"small-{number}")), **how)
                check_equal((result.returncode, result.stderr), (0, b""), "how it ended")
    check_equal(len(lane.complete), len(STARTS), "backups")


@case
def a_sender_sends_whatever_was_ignored_or_blocked(world):
    lane = world.lane()
    for number, (what, how) in enumerate(STARTS):
        lane.write("file", f"day {number}")
        name = lane.snapshot()
        world.link.reset()
        with told_of_failures(what):
            result = _run(world, world.sender(), *lane.arguments(), **how)
            check_equal((result.returncode, result.stderr), (0, b""), "how it ended")
            lane.check_arrived(name)


@case(needs=("snapshot-receive", "snapferry"))
def a_check_looks_whatever_was_ignored_or_blocked(world):
    lane = world.lane()
    lane.receive(bytes(stream.small("small"))).expect_well()
    world.ssh.authorize_for(lane.tag)
    arguments = ("/usr/local/sbin/snapferry", "check", "--receiving", lane.tag)
    try:
        usual = _run(world, *arguments)
        for what, how in STARTS:
            with told_of_failures(what):
                check_equal(_run(world, *arguments, **how).returncode, usual.returncode,
                            "how it ended")
    finally:
        world.ssh.authorize()


@case
def what_was_only_left_ignored_ends_a_sender_and_what_nohup_ignores_does_not(world):
    for number, ignored, ends in (
            (signal.SIGTERM, EVERY, True),
            (signal.SIGHUP, (), True),
            (signal.SIGHUP, (signal.SIGHUP,), False),
            (signal.SIGINT, (signal.SIGINT,), False)):
        with told_of_failures(f"{number!r} with {len(ignored)} ignored"):
            _signal_amid_a_send(world, number, ignored, ends)


def _signal_amid_a_send(world, number, ignored, ends):
    lane = world.lane()
    lane.write("file", noise(3 * MIB))
    name = lane.snapshot()
    world.link.reset()
    run = subprocess.Popen((world.sender(), *lane.arguments()), env=world.commands.environment,
                           cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, preexec_fn=_left_by_parent(ignored))
    world.link.rate = MIB // 4  # slow: it is under way when the signal comes
    world.link.await_sent(MIB // 4)
    run.send_signal(number)
    if not ends:
        time.sleep(0.3)  # it has the time to end, if it would
    world.link.rate = 100 * MIB
    try:
        _, errors = run.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        run.kill()
        run.communicate()
        raise Failed("still running") from None
    check_equal(run.returncode, 19 if ends else 0, f"the exit code ({errors!r})")
    world.await_quiet()
    check_equal(lane.complete, [] if ends else [name], "the backups")


@case(needs=("snapshot-receive",))
def the_programs_that_a_receiver_starts_have_no_signal_blocked_and_none_ignored_that_is_not_meant(world):
    lane = world.lane()
    state = os.path.join(world.directory, "state")
    with world.receiver_configured(
            f'before_receive = ["/bin/sh", "-c", "grep ^Sig[BI] /proc/self/status > {state}"]\n'):
        whole = bytes(stream.small("small"))
        run = subprocess.Popen((world.receiver(), lane.tag), env=world.commands.environment,
                               cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE,
                               preexec_fn=_left_by_parent(EVERY, EVERY))
        run.stdin.write(whole[:-10])
        run.stdin.flush()
        btrfs = processes.await_running(processes.BTRFS)[0]
        with open(f"/proc/{btrfs}/status", encoding="ascii") as file:
            of_btrfs = [line for line in file if line.startswith(("SigBlk", "SigIgn"))]
        run.communicate(whole[-10:], timeout=60)
        check_equal(run.returncode, 0, "the exit code")
    with open(state, encoding="ascii") as file:
        check_equal([_signals_in(line) for line in file], [set(), set()], "what a hook was started with")
    check_equal([_signals_in(line) for line in of_btrfs],
                [set(), {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}], "what btrfs was started with")


def _signals_in(line):
    """A line of /proc/PID/status: a bit for each."""
    mask = int(line.split()[1], 16)
    return {number for number in range(1, 65) if mask >> (number - 1) & 1}
