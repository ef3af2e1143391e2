"""A line between NAS and Pi of the kernel's own making: a network namespace, veth and tbf."""

import contextlib
import json
import os
import subprocess
import tempfile

from .host import LOGIN
from .ssh_server import SshServer

PI_ADDRESS, NAS_ADDRESS, PREFIX = "10.213.0.1", "10.213.0.2", 30
BURST = "256kb"  # more than a packet of any size that is offered at once


class SlowNetwork:
    """The sender runs in the namespace of the NAS; an sshd of its own listens at the Pi's end."""

    def __init__(self, world, rate):
        """`rate` in Mbit/s, from the NAS to the Pi."""
        self._world = world
        self._open = contextlib.ExitStack()
        self._namespace = f"snapferry-nas-{os.getpid()}"
        self._pi_end, self._nas_end = (f"sf{end}{os.getpid()}" for end in "pn")
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self._open.close)
            self._connect(rate)
            self._serve(tempfile.mkdtemp(dir=world.directory))
            on_failure.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._open.close()

    def start(self, lane, *options):
        """Starts our snapshot-send for lane, at the NAS's end of the line."""
        return self._world.commands.start(
            *self.prefix, self._world.sender(), "--known-hosts", self.known_hosts, *options,
            *lane.arguments(self.server.login_key, self._address))

    @property
    def prefix(self):
        """What a command begins with that is to run at the NAS's end of the line."""
        return ["ip", "netns", "exec", self._namespace]

    @contextlib.contextmanager
    def swallowing_everything(self):
        """Within, no packet arrives in either direction, and nobody is told."""
        _run("ip", "link", "set", self._pi_end, "down")
        try:
            yield
        finally:
            _run("ip", "link", "set", self._pi_end, "up")

    @property
    def sent(self):
        """Bytes that have left the NAS, headers of every layer included."""
        told = _run("ip", "-n", self._namespace, "-j", "-s", "link", "show", self._nas_end)
        return json.loads(told)[0]["stats64"]["tx"]["bytes"]

    def _connect(self, rate):
        _run("ip", "netns", "add", self._namespace)
        self._open.callback(_run, "ip", "netns", "delete", self._namespace)
        _run("ip", "link", "add", self._pi_end, "type", "veth", "peer", "name", self._nas_end,
             "netns", self._namespace)
        self._open.callback(_run, "ip", "link", "delete", self._pi_end)
        inside = ("-n", self._namespace)
        for where, end, address in (((), self._pi_end, PI_ADDRESS),
                                    (inside, self._nas_end, NAS_ADDRESS)):
            _run("ip", *where, "address", "add", f"{address}/{PREFIX}", "dev", end)
            _run("ip", *where, "link", "set", end, "up")
        _run("tc", *inside, "qdisc", "add", "dev", self._nas_end, "root", "tbf", "rate",
             f"{rate}mbit", "burst", BURST, "latency", "50ms")

    def _serve(self, directory):
        self.server = SshServer(directory, LOGIN, self._world.host.login_home, PI_ADDRESS)
        self._open.callback(self._world.ssh.authorize)  # the world's own key again
        self._open.callback(self.server.stop)
        self._address = f"{LOGIN}@{PI_ADDRESS}:{self.server.port}"
        self.known_hosts = os.path.join(directory, "known_hosts")
        with open(self.known_hosts, "w", encoding="ascii") as file:
            file.write(self.server.known_hosts())


def _run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
