"""One tag's way from a source subvolume at the NAS to TAG/ at the Pi."""

import datetime
import json
import os
import re
import shutil

from . import subvolume, tree
from .verdict import Failed, check, check_equal

FIRST_DAY = datetime.date(2021, 8, 17)
SHOWN_DIFFERENCES = 20
CONNECTION_BYTES = 40_000  # what connecting, greeting and acknowledging may take


class Lane:
    """Has a tag, a source and a snapshot directory of its own; made by World.lane()."""

    def __init__(self, world, tag, source_tag):
        self.world, self.tag, self.source_tag = world, tag, source_tag
        home = os.path.join(world.nas.path, tag)
        os.mkdir(home)
        self.source = os.path.join(home, "source")
        self.snapshot_dir = os.path.join(home, "snapshots")
        self.received_dir = os.path.join(world.pi.path, tag)
        self.last_sent_file = os.path.join(self.snapshot_dir, f"last_sent_@{source_tag}.txt")
        self._days = 0
        os.mkdir(self.snapshot_dir)
        subvolume.create(self.source)

    # The NAS's side

    def write(self, name, data):
        """Sets the contents of a file of the source."""
        with open(os.path.join(self.source, name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    def snapshot(self):
        """Takes the next day's snapshot of the source; returns its name."""
        day = FIRST_DAY + datetime.timedelta(days=self._days)
        self._days += 1
        name = f"{day.isoformat()}T07:00:01+00:00-@{self.source_tag}"
        subvolume.snapshot(self.source, self.at_nas(name))
        return name

    def let_days_pass(self, count):
        """As the NAS's clock tells it; a negative count sets it back."""
        self._days += count

    def at_nas(self, name):
        return os.path.join(self.snapshot_dir, name)

    @property
    def snapshots(self):
        """The paths of all that the NAS has, in order."""
        return [self.at_nas(name) for name in subvolume.inside(self.snapshot_dir)]

    def wipe(self):
        """The NAS's disk is gone: the source, the snapshots, and what was kept beside them."""
        for path in (*self.all_pins, *self.snapshots, self.source):
            subvolume.delete(path)
        shutil.rmtree(self.snapshot_dir)
        os.mkdir(self.snapshot_dir)
        shutil.rmtree("/var/lib/snapferry", ignore_errors=True)

    def increment_size(self, name, parent):
        """Bytes of the stream that stock btrfs makes for this step."""
        return len(subvolume.send(self.at_nas(name), parent and self.at_nas(parent)))

    @property
    def last_sent(self):
        if not os.path.exists(self.last_sent_file):
            return None
        with open(self.last_sent_file, encoding="utf-8") as file:
            return file.read().strip()

    @property
    def pins(self):
        """The subvolumes that the sender keeps for this tag, by name, in the order of the names
        (each lies in a directory that is called by a uuid: these come in any order)."""
        return dict(sorted((os.path.basename(path), pin) for path, pin in self.all_pins.items()))

    @property
    def all_pins(self):
        """{path: subvolume} of all that jobs with this tag keep, whatever receiver they send to."""
        found = {}
        for place in self._of_jobs(""):
            for name in sorted(os.listdir(place)):
                room = os.path.join(place, name)
                inside = subvolume.inside(room) if not subvolume.is_subvolume(room) else {}
                found.update({os.path.join(room, pin): what for pin, what in inside.items()})
            found.update({os.path.join(place, pin): what
                          for pin, what in subvolume.inside(place).items()})
        return found

    @property
    def pin_place(self):
        """The directory of the pins of the only job with this tag."""
        (place,) = self._of_jobs("")
        return place

    def _of_jobs(self, ending):
        """What jobs with this tag have beside the snapshots: named by the tag and a digest of the
        whole job, or by the tag alone, as the first version had it."""
        home = os.path.join(self.snapshot_dir, ".snapferry")
        name = re.compile(re.escape(self.tag) + r"(\.[0-9a-f]{32})?" + re.escape(ending) + "$")
        entries = sorted(os.listdir(home)) if os.path.isdir(home) else []
        return [os.path.join(home, entry) for entry in entries if name.match(entry)]

    @property
    def memory(self):
        """The file in which the sender keeps what arrived, and what failed; of one job."""
        files = self._of_jobs(".memory.json")
        if len(files) > 1:
            raise Failed(f"more than one job has a memory: {files}")
        return files[0] if files else os.path.join(self.snapshot_dir, "no memory")

    # Sending

    def arguments(self, key=None, to=None):
        """The five arguments of the classic form."""
        return (self.snapshot_dir, self.source_tag, self.tag, key or self.world.ssh.login_key,
                to or self.world.address)

    def start(self, *options, env=None, key=None, to=None):
        return self.world.start_sender(*options, *self.arguments(key, to), env=env)

    def send(self, *options, **how):
        """Runs our snapshot-send in its classic form, whatever comes of it."""
        return self.start(*options, **how).finish()

    def send_well(self, *options, **how):
        return self.send(*options, **how).expect_well()

    def interrupt(self, size, rate, *options, breaking=None):
        """Starts a send, breaks it where so many bytes have gone, and waits for its end.

        `rate` in bytes a second; `breaking` is what breaks it, else a cut.
        """
        run = self.start("--retries", "0", *options)
        self.world.link.rate = rate
        with self.world.link.held_at(size, run):
            (breaking or self.world.link.cut)()
        result = run.finish()
        check(result.code != 0, "the send was broken, and says that all is well")
        self.world.await_quiet()
        return result

    def send_classic(self, env=None):
        """Runs the classic bash sender."""
        self.world.link.reset()
        return self.world.commands.run(self.world.classic("snapshot-send"), *self.arguments(),
                                       env=env)

    def check_sent_only(self, increment):
        """Fails if the last run moved much more than an increment of so many bytes."""
        limit = increment * 11 // 10 + CONNECTION_BYTES
        if self.world.link.sent > limit:
            raise Failed(f"{self.world.link.sent} bytes sent for an increment of {increment}")

    # The Pi's side

    @property
    def received(self):
        """All subvolumes in TAG/ by name."""
        return subvolume.inside(self.received_dir)

    @property
    def complete(self):
        """The names of the finished backups in TAG/, in order."""
        return [name for name, found in self.received.items() if found.complete]

    @property
    def all_received(self):
        """Every name in TAG/, whatever it is."""
        return sorted(os.listdir(self.received_dir)) if os.path.isdir(self.received_dir) else []

    @property
    def staging(self):
        """Where the receiver works before anything is a backup."""
        return os.path.join(self.world.pi.path, ".snapferry", self.tag)

    @property
    def rooms(self):
        """All places like that: a stream that begins beside what is unfinished has the second."""
        return [room for room in (self.staging, self.staging + ".2") if os.path.isdir(room)]

    @property
    def in_rooms(self):
        """The paths of all that lies in them."""
        return sorted(os.path.join(room, name) for room in self.rooms for name in os.listdir(room))

    @property
    def checkpoint(self):
        """The file that says what the receiver holds of an interrupted stream."""
        return self.staging + ".checkpoint"

    @property
    def manifests(self):
        """What the Pi keeps of manifests, as they lie there, by the names of the backups; what is
        of none is called by its file's name."""
        place = self.staging + ".manifests"
        names = {str(found.uuid): name for name, found in self.received.items()}
        kept = {}
        for entry in sorted(os.listdir(place)) if os.path.isdir(place) else []:
            with open(os.path.join(place, entry), "rb") as file:
                kept[names.get(entry, entry)] = file.read()
        return kept

    @property
    def held(self):
        """How many bytes of an interrupted stream the receiver holds."""
        if not os.path.exists(self.checkpoint):
            return 0
        with open(self.checkpoint, encoding="utf-8") as file:
            return json.load(file)["shares"][-1]["end"]

    def at_pi(self, name):
        return os.path.join(self.received_dir, name)

    def receive(self, stream):
        """Gives a raw stream to our snapshot-receive directly, as root."""
        return self.world.receive(self.tag, stream=stream)

    # Checks

    def check_arrived(self, name):
        """Fails unless name is complete at the Pi and equal to the NAS's, file by file."""
        if name not in self.complete:
            raise Failed(f"{name} is not among the complete backups: {self.all_received}")
        check_same_tree(self.at_nas(name), self.at_pi(name))

    def check_complete(self, *names):
        """Fails unless TAG/ holds exactly these, complete, and nothing else."""
        check_equal(self.all_received, sorted(names), f"the contents of {self.tag}/")
        check_equal(self.complete, sorted(names), f"the complete backups of {self.tag}/")


def check_same_tree(wanted, found):
    told = tree.differences(wanted, found)
    if told:
        more = [f"... and {len(told) - SHOWN_DIFFERENCES} more"][:len(told) > SHOWN_DIFFERENCES]
        raise Failed("the backup differs:\n  " + "\n  ".join(told[:SHOWN_DIFFERENCES] + more))
