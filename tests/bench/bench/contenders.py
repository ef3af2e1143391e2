"""Each does the same work: the newest snapshot of every lane goes to the Pi."""

import os
import shlex

from harness import send_toml, subvolume
from harness.world import write_file

CONFIGURATION = "/etc/snapferry/send.toml"


def ssh_command(place, command):
    """For a shell: OpenSSH as it comes, from the NAS to the Pi."""
    return shlex.join([*place.prefix, "ssh", "-F", "none", "-o", "BatchMode=yes", "-o",
                       f"UserKnownHostsFile={place.known_hosts}", "-i", place.ssh.login_key,
                       "-p", str(place.ssh.port), place.address, command])


class Contender:
    """`lanes` have a snapshot each for this contender; an increment has a parent, sent before."""

    name = None

    def __init__(self, place, lanes):
        self.place, self.lanes = place, lanes
        self.prepare()

    def prepare(self):
        """Once, before the first round."""

    def targets(self):
        """The directories at the Pi that receive."""
        raise NotImplementedError

    def take_snapshots(self):
        """A new one of every lane, for the next run."""
        raise NotImplementedError

    def command(self):
        """What a person would have cron run."""
        raise NotImplementedError

    def before_run(self):
        """What has to have happened before, and is not measured."""

    def forget(self):
        """Removes what was sent, so that the next run has to send it all again."""
        for target in self.targets():
            self.place.remove_received(target)


class Pipe(Contender):
    """`btrfs send | btrfs receive` on one machine: the limit."""

    name = "local pipe"

    def prepare(self):
        self._newest, self._parents, self._count = {}, {}, 0
        for lane, target in zip(self.lanes, self.targets()):
            os.makedirs(target)
            os.makedirs(self._at_nas(lane))

    def targets(self):
        return [os.path.join(self.place.pi, f"{type(self).__name__}-{lane.tag}")
                for lane in self.lanes]

    def take_snapshots(self):
        for lane in self.lanes:
            parent = self._newest.get(lane.tag)
            path = os.path.join(self._at_nas(lane), f"snapshot-{self._count}")
            subvolume.snapshot(lane.source, path)
            self._newest[lane.tag], self._parents[lane.tag] = path, parent
        self._count += 1

    def command(self):
        return ["sh", "-ec", "\n".join(self._one(lane, target)
                                       for lane, target in zip(self.lanes, self.targets()))]

    def _one(self, lane, target):
        parent = self._parents[lane.tag]
        options = ["-p", parent] if parent else []
        send = shlex.join(["btrfs", "send", "-q", *options, self._newest[lane.tag]])
        return f"{shlex.join(self.place.prefix)} {send} | {self._receive(target)}".strip()

    def _receive(self, target):
        return shlex.join(["btrfs", "receive", "-q", target])

    def _at_nas(self, lane):
        return os.path.join(self.place.nas, lane.tag, type(self).__name__)


class Pipeline(Pipe):
    """`btrfs send | ssh | sudo btrfs receive`: what a person would type."""

    name = "plain pipeline"

    def _receive(self, target):
        return ssh_command(self.place, shlex.join(["sudo", "-n", "btrfs", "receive", "-q", target]))


class Btrbk(Contender):
    """What a person would install, as it comes."""

    name = "btrbk"
    options = ()  # more lines of its configuration

    def prepare(self):
        self._configuration = f"/etc/{type(self).__name__}.conf"
        self._days = 0
        for target in self.targets():
            os.makedirs(target)
        for lane in self.lanes:
            os.makedirs(self._at_nas(lane))
        self._configure()

    def targets(self):
        return [os.path.join(self.place.pi, f"{type(self).__name__}-{lane.tag}")
                for lane in self.lanes]

    def take_snapshots(self):
        for lane in self.lanes:
            subvolume.snapshot(lane.source, os.path.join(
                self._at_nas(lane), f"source.202108{17 + self._days}T0700"))
        self._days += 1

    def command(self):
        return [*self.place.prefix, "btrbk", "-q", "-c", self._configuration, "resume"]

    def _configure(self):
        place = self.place
        lines = ["timestamp_format long", "backend_remote btrfs-progs-sudo",
                 f"ssh_identity {place.ssh.login_key}", f"ssh_user {place.world.login}",
                 "snapshot_preserve_min all", "target_preserve_min all", *self.options]
        for lane, target in zip(self.lanes, self.targets()):
            lines += [f"volume {os.path.join(place.nas, lane.tag)}",
                      f"  snapshot_dir {type(self).__name__}", "  subvolume source",
                      f"    target send-receive ssh://{place.ssh.address}:{place.ssh.port}{target}"]
        write_file(self._configuration, "\n".join(lines) + "\n")

    def _at_nas(self, lane):
        return os.path.join(self.place.nas, lane.tag, type(self).__name__)


class BtrbkCompressed(Btrbk):
    """With protocol 2 and compressed data, as its options for both say."""

    name = "btrbk, v2 compressed"
    options = ("send_protocol 2", "send_compressed_data yes")


class Snapferry(Contender):
    """Ours. Without manifests, which are made after the backup is durable, and of which the others have none."""

    name = "snapferry"
    extra = ""  # more keys for the receiver

    def prepare(self):
        place = self.place
        receiver = send_toml.receiver(place.world, host=f'"{place.ssh.address}"',
                                      port=place.ssh.port, key=f'"{place.ssh.login_key}"',
                                      known_hosts=f'"{place.known_hosts}"') + self.extra
        write_file(CONFIGURATION, receiver + "".join(map(send_toml.job, self.lanes)), 0o600)

    def targets(self):
        return [lane.received_dir for lane in self.lanes]

    def take_snapshots(self):
        for lane in self.lanes:
            lane.snapshot()

    def command(self):
        return [*self.place.prefix, self.place.world.sender(), "--all", "--no-manifest"]


class SnapferryAgain(Snapferry):
    """Ours, run again after its first run was broken off at nine tenths of what it has to send."""

    name = "snapferry, second run"

    def prepare(self):
        super().prepare()
        self._whole = None  # bytes on the line of a run that nothing breaks

    def before_run(self):
        if self._whole is None:
            before = self.place.network.sent
            self.place.run_to_the_end(self.command())
            self._whole = self.place.network.sent - before
            self.forget()
        self.place.break_off(self.command(), self._whole * 9 // 10)


class SnapferryAtOnce(Snapferry):
    """Ours, with all jobs at once."""

    extra = "parallel = 4\n"
