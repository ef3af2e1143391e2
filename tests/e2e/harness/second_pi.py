"""Another Pi: it answers at a port of its own, and keeps its backups in a place of its own."""

import os

from . import subvolume
from .link import Link
from .world import write_file


class SecondPi:
    """A context. It is this machine too, so that only one of the two receives at a time."""

    def __init__(self, world, place="second-pi"):
        self.world = world
        self.path = os.path.join(world.pi.path, place)
        self.link = Link(world.ssh.port)

    def __enter__(self):
        os.makedirs(self.path, exist_ok=True)
        write_file(self.world.known_hosts,
                   self.world.ssh.known_hosts(self.world.link.port, self.link.port))
        return self

    def __exit__(self, *_):
        self.link.close()
        self.world.trust_host_key()

    @property
    def address(self):
        return f"{self.world.login}@127.0.0.1:{self.link.port}"

    def send(self, lane, *options):
        """In the classic form."""
        return self.run(*options, *lane.arguments(to=self.address))

    def run(self, *arguments):
        """Runs our sender while this is the Pi that receives."""
        self.link.reset()
        with self.world.pi_is(self.path):
            return self.world.start_sender(*arguments).finish()

    def complete(self, tag):
        """The names of the finished backups of a tag, in order."""
        found = subvolume.inside(os.path.join(self.path, tag))
        return [name for name, backup in found.items() if backup.complete]
