"""The NAS and the Pi, with disks and people, as they are before snapferry comes."""

import contextlib
import datetime
import os
import subprocess
import tomllib

from harness import tree
from harness.data import Tree, fill
from harness.verdict import check, check_equal

from . import network
from .disk import Disk
from .machine import Machine
from .newer import with_higher_version
from .people import Person
from .waiting import await_that

ADDRESSES = {"nas.lan": "10.213.7.2", "pi.lan": "10.213.7.3"}
SOURCE, SNAPSHOTS, TAG = "photos", ".snapshots", "daily"  # on the NAS's disk
DATA = "/data"  # where the NAS has its disk
DAEMON = "snapferry-send.service"
GOING_ON = "going on with"  # what the sender says where the receiver has a part already
SLOW, SLOWEST = 24, 1  # Mbit/s: 24 MiB take some seconds, or minutes
AMID = 8 << 20  # bytes on the line: a send is under way, and enough of it is there to go on with
NAS_BELONGINGS = ("/etc/snapferry", "/etc/fstab", "/root/.ssh")
PI_BELONGINGS = ("/etc/snapferry", "/etc/fstab", "/etc/sudoers.d", "/var/lib/backups", "/etc/passwd")


class Household:
    PASSWORD_OF_SSH = r"pi@pi\.lan's password: $"
    PASSWORD_OF_SUDO = r"password for sudo at pi\.lan: $"
    DISK = r"Which disk, or which directory on one that is mounted\? $"
    AGREED = r"Change both machines so\? \[y/N\] $"
    DAEMON = r"Shall the daemon send it now, and whatever follows\? \[y/N\] $"
    APT = r"(Do you want to c|C)ontinue\? \[Y/n\] $"
    ANOTHER_HOST = r"\(yes/no/\[fingerprint\]\)\? $"  # ssh asks the first time

    def __init__(self, directory, group, nas, pi):
        """`nas` and `pi`: (root filesystem, package files)."""
        self._directory = directory
        self.data, self.backups = Disk(directory, "data", "data"), Disk(directory, "backups", "usb")
        self.nas = self._machine("nas", nas, group, self.data)
        self.pi = self._machine("pi", pi, group, self.backups)
        self.machines = {"NAS": self.nas, "Pi": self.pi}
        self.packages = {"NAS": _of(nas[1], "snapferry", "snapferry-sender"),
                         "Pi": _of(pi[1], "snapferry", "snapferry-receiver")}
        self.ana = Person(self.nas, "ana", "battery staple")
        self.pia = Person(self.pi, "pi", "correct horse")
        self.people = {"NAS": self.ana, "Pi": self.pia}
        for place, person in self.people.items():
            for package in self.packages[place].values():
                person.machine.copy_in(package, f"{person.home}/{os.path.basename(package)}")
        self._days = 0
        self._make_data()

    def start(self):
        self.nas.start()
        self.pi.start()

    def close(self):
        for machine in self.machines.values():
            machine.stop()
        for disk in (self.data, self.backups):
            disk.close()

    def type(self, place, command):
        """What the person at the NAS or the Pi types; the Conversation. It must end well."""
        return self.people[place].says(command, (
            (self.APT, "y"), (self.ANOTHER_HOST, "yes"), (self.PASSWORD_OF_SSH, self.pia.password),
            (self.PASSWORD_OF_SUDO, self.pia.password),
            (self.DISK, self.pi.node(self.backups)), (self.AGREED, "y"),
            (self.DAEMON, "n"))).expect(0)  # the next command says so

    def change(self, body):
        """body(Tree) does something to what the NAS makes snapshots of."""
        body(Tree(self.nas.within(os.path.join(DATA, SOURCE)), seed=self._days))

    def snapshot(self):
        """As cron does at the NAS, one a day; its name."""
        day = datetime.date(2026, 11, 1) + datetime.timedelta(days=self._days)
        self._days += 1
        name = f"{day}T07:00:01+00:00-@{TAG}"
        _btrfs("snapshot", "-r", self.nas.within(os.path.join(DATA, SOURCE)),
               self.nas.within(os.path.join(DATA, SNAPSHOTS, name)))
        return name

    def settings(self, machine, name):
        """What is in a file of /etc/snapferry."""
        with open(machine.outside(f"/etc/snapferry/{name}"), "rb") as file:
            return tomllib.load(file)

    @property
    def tag(self):
        (tag,) = self.settings(self.pi, "receive.toml")["tags"]
        return tag

    @property
    def job(self):
        (job,) = self.settings(self.nas, "send.toml")["jobs"]
        return job

    @property
    def backup_directory(self):
        """At the Pi."""
        return os.path.join(self.settings(self.pi, "receive.toml")["target_dir"], self.tag)

    def backups_there(self):
        return self.pi.run("ls", self.backup_directory).out.splitlines()

    def await_backup(self, name):
        """Until it is there, and what it should be, file by file."""
        await_that(lambda: name in self.backups_there(), f"{name} arrives at the Pi")
        self.compare(name)

    def compare(self, name):
        differences = tree.differences(self.nas.within(os.path.join(DATA, SNAPSHOTS, name)),
                                       self.pi.within(os.path.join(self.backup_directory, name)))
        check_equal(differences, [], f"differences between {name} at the NAS and at the Pi")

    def have_checkpoints(self, every):
        """The Pi makes what it has of a send safe that often: a size, as receive.toml has it."""
        path = "/etc/snapferry/receive.toml"
        self.pi.write(path, f'checkpoint_every = "{every}"\n' + self.pi.files_in(path)[path].decode())

    def compare_all(self):
        for name in self.backups_there():
            self.compare(name)

    @contextlib.contextmanager
    def amid_a_send(self):
        """A snapshot is on its way, slowly, and a part of it is there; its name. Then it is let go."""
        self._times_gone_on = self._journal_of_the_daemon().count(GOING_ON)
        network.slow_down(self.pi.port, SLOW)
        begin = network.sent_to(self.pi.port)
        name = self.snapshot()
        await_that(lambda: network.sent_to(self.pi.port) - begin > AMID, f"{name} is on its way")
        network.slow_down(self.pi.port, SLOWEST)
        check(name not in self.backups_there(), f"{name} is there before anybody could be amid it")
        yield name
        network.let_go(self.pi.port)

    def went_on(self):
        """Whether the daemon has gone on with what it had sent, since amid_a_send."""
        return self._journal_of_the_daemon().count(GOING_ON) > self._times_gone_on

    def belongings(self):
        """All that the packages have no right to: what is in the files, by name."""
        found = {}
        for machine, paths in ((self.nas, NAS_BELONGINGS), (self.pi, PI_BELONGINGS)):
            for path in paths:
                found |= {f"{machine.name}:{name}": content
                          for name, content in machine.files_in(path).items()}
        return found

    def pins(self):
        return self.nas.told("ls", os.path.join(DATA, SNAPSHOTS, ".snapferry")).splitlines()

    def install(self, packages):
        """As root; `packages`: {place: {name: file}}."""
        for place, files in packages.items():
            machine = self.machines[place]
            for file in files.values():
                machine.copy_in(file, f"/root/packages/{os.path.basename(file)}")
            machine.told("apt-get", "install", "--yes", "--allow-downgrades", *(
                f"/root/packages/{os.path.basename(file)}" for file in files.values()))

    def newer_packages(self):
        """The same with a higher version."""
        return {place: {name: with_higher_version(file, self._directory)
                        for name, file in files.items()} for place, files in self.packages.items()}

    def check_units(self):
        for machine in self.machines.values():
            check_equal(machine.told("systemctl", "list-units", "--failed", "--no-legend"), "",
                        f"what has failed at the {machine.name}")

    def report(self):
        """What there is to say where something does not show."""
        for machine in self.machines.values():
            print(f"---- what was done to the {machine.name} as root, last")
            print(*machine.commands.transcript[-4:], sep="\n")
            print(f"---- the journal of the {machine.name}\n{machine.journal()}", flush=True)

    def _journal_of_the_daemon(self):
        return self.nas.told("journalctl", "--no-pager", "--output=cat", f"--unit={DAEMON}")

    def _machine(self, name, system, group, disk):
        return Machine(name, ADDRESSES[f"{name}.lan"], system[0],
                       os.path.join(self._directory, name), group, [disk], ADDRESSES)

    def _make_data(self):
        self.nas.write("/etc/fstab", f"UUID={self.data.uuid} {DATA} btrfs defaults 0 0\n")
        os.mkdir(self.nas.outside(DATA))
        with self.data.mounted_outside() as disk:
            os.mkdir(os.path.join(disk, SNAPSHOTS))
            source = os.path.join(disk, SOURCE)
            _btrfs("create", source)
            fill(source)


def _of(packages, *names):
    """Those of these names: {name: file}."""
    return {name: file for name in names for file in packages
            if os.path.basename(file).startswith(f"{name}_")}


def _btrfs(*arguments):
    """With our own: no Pi has the program before a package brings it."""
    subprocess.run(["btrfs", "--quiet", "subvolume", *arguments], check=True)
