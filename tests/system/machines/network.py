"""The line between the machines: a bridge in a network namespace of the test's own."""

import ctypes
import subprocess

CLONE_NEWNET = 0x40000000  # linux/sched.h
BRIDGE = "br0"
OUR_ADDRESS, PREFIX = "10.213.7.1", 24
BURST = "32kb"  # what may go at once; more than a packet of any size that is offered

_libc = ctypes.CDLL(None, use_errno=True)


def make():
    """From here on this process is in a network where nobody is but the machines to come."""
    if _libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "cannot unshare the network")
    _ip("link", "set", "lo", "up")
    _ip("link", "add", BRIDGE, "type", "bridge")
    _ip("link", "set", BRIDGE, "up")
    _ip("address", "add", f"{OUR_ADDRESS}/{PREFIX}", "dev", BRIDGE)


def slow_down(port, rate):
    """What goes to the machine at this port of the bridge, to `rate` Mbit/s."""
    _run("tc", "qdisc", "replace", "dev", port, "root", "tbf", "rate", f"{rate}mbit", "burst", BURST,
         "latency", "50ms")


def let_go(port):
    """No matter whether it was slowed down: a machine that boots comes with a new line."""
    subprocess.run(["tc", "qdisc", "delete", "dev", port, "root"], check=False,
                   stderr=subprocess.DEVNULL)


def sent_to(port):
    """Bytes that the machine at this port was sent, headers of every layer included."""
    with open(f"/sys/class/net/{port}/statistics/tx_bytes", encoding="ascii") as file:
        return int(file.read())


def _ip(*arguments):
    _run("ip", *arguments)


def _run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
