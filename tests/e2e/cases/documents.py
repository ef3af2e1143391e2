"""The commands of the documents, as they stand there: each page is gone through in its order.

Only names of places are others: /data and the like lie on the disks of the tests. Which blocks these
are is said by the marks before them (harness/documents.py), and held together by tests/docs.
"""

import contextlib
import datetime
import os
import re
import shutil

from harness import documents, send_toml, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.data import noise
from harness.person import Person
from harness.verdict import check, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

AGES = (datetime.timedelta(days=10), datetime.timedelta(days=2), datetime.timedelta(hours=1))
NAME = re.compile(r"\d{4}-\d\d-\d\dT07:00:01\+00:00-@daily")
STATE = "/var/lib/snapferry"
ENDS = re.compile(r"ends with (\d+) or (\d+)")


class _Home:
    """What the documents speak of: photographs at the NAS, three backups of them in home/."""

    def __init__(self, world, pia):
        self.world = world
        self.data = os.path.join(world.nas.path, "data")
        self.snapshots = os.path.join(self.data, ".snapshots")
        self.usb = world.pi.path
        self.scratch = os.path.join(world.directory, "scratch")
        self.lane = world.lane(tag="home")
        world.ssh.authorize_for("home")
        os.makedirs(self.snapshots)
        os.mkdir(self.scratch)
        self._fill(os.path.join(self.data, "home"))
        receiver = send_toml.receiver(world, extra=f'person = "{pia.address}"\n')
        write_file(SEND_CONFIGURATION, receiver + send_toml.job(
            self.lane, snapshot_dir=f'"{self.snapshots}"'), 0o600)
        self.names = [self._send(age) for age in AGES]
        # One that never was is something to be told of.
        world.commands.run("btrfs", "-q", "scrub", "start", "-B", world.pi.path).expect_well()
        self._places = {
            "pi@pi.lan": pia.address, "/data": self.data, "/mnt/backups": world.pi.path,
            "/mnt/usb": world.pi.path, "/tmp/back": os.path.join(self.scratch, "back"),
            "/root/.ssh": os.path.join(world.host.root_home, ".ssh")}

    def _fill(self, source):
        subvolume.create(source)
        for path, size in (("photos/2019/beach.jpg", 70_000), ("photos/summer/sea.jpg", 30_000)):
            os.makedirs(os.path.join(source, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(source, path), "wb") as file:
                file.write(noise(size))

    def _send(self, age):
        moment = datetime.datetime.now(datetime.timezone.utc) - age
        name = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00-@daily")
        with open(os.path.join(self.data, "home/photos/summer/sea.jpg"), "ab") as file:
            file.write(name.encode())
        subvolume.snapshot(os.path.join(self.data, "home"), os.path.join(self.snapshots, name))
        self.world.link.reset()
        self.world.commands.run(self.world.sender(), "--job", "home").expect_well()
        return name

    def here(self, text):
        """A command of the documents, with the places that there are."""
        for place, ours in self._places.items():
            text = re.sub(rf"(?<![\w/.]){re.escape(place)}(?![\w.])", ours, text)
        return NAME.sub(self.names[-1], text)

    def run(self, block):
        ends = ENDS.fullmatch(block.who)
        self.world.link.reset()
        script = f"cd {self.scratch}\n{self.here(block.text)}"
        result = self.world.commands.run("/bin/bash", "-euo", "pipefail", "-c", script)
        result.expect(*(map(int, ends.groups()) if ends else (0,)))


@contextlib.contextmanager
def _history_of_its_own():
    """What other cases' runs came to is nothing for a check of all jobs."""
    aside = STATE + ".aside"
    was_there = os.path.isdir(STATE)
    if was_there:
        os.rename(STATE, aside)
    try:
        yield
    finally:
        shutil.rmtree(STATE, ignore_errors=True)
        if was_there:
            os.rename(aside, STATE)


@contextlib.contextmanager
def _home(world):
    with Person(world) as pia, _history_of_its_own():
        try:
            yield _Home(world, pia)
        finally:
            world.ssh.authorize()
            world.configure_receiver()
            os.unlink(SEND_CONFIGURATION)


def _go_through(world, *pages):
    with _home(world) as home:
        for page in pages:
            run = [block for block in documents.blocks(page) if block.mark == "run"]
            check(run, f"{page} has nothing to run")
            for block in run:
                with told_of_failures(str(block)):
                    home.run(block)
            shutil.rmtree(home.scratch)
            os.mkdir(home.scratch)


@case(needs=ALL_PROGRAMS)
def what_the_documents_say_to_type_works_as_it_stands(world):
    _go_through(world, "README.md", "docs/tutorial.md", "docs/security.md", "docs/operations.md",
                "docs/install.md")
