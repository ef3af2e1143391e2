"""A NAS and a Pi for one load, and the line between them."""

import contextlib
import os
import subprocess
import time

from harness import processes, subvolume
from harness.host import LOGIN
from harness.slow_network import SlowNetwork
from harness.world import GIB, World, write_file

from . import contenders, slow_processors

PROGRAMS = ("snapshot-send", "snapshot-receive")
PATIENCE = 600  # seconds for one send
CHACHA = "chacha20-poly1305@openssh.com"  # what OpenSSH takes by itself, and the best without AES instructions
TRIED = 1 << 30  # bytes
SUDOERS = "/etc/sudoers.d/bench"


class Place:
    """`rate`: Mbit/s of the line; None for loopback. `compress`: both disks compress with zstd.
    `disk_size`: bytes, of each. `pi4`: the Pi's processors are as slow as a Pi 4's, and without AES."""

    def __init__(self, host, base, images, programs, rate=None, compress=False, disk_size=9 * GIB, pi4=False):
        self._open = contextlib.ExitStack()
        self.world = World(host, base, images, programs, nas_size=disk_size, pi_size=disk_size)
        self._open.callback(self.world.close)
        self.network = None
        if rate:
            self.network = self._open.enter_context(SlowNetwork(self.world, rate))
        for path in (self.nas, self.pi):
            subprocess.run(["mount", "-o", "remount,commit=30" + ",compress=zstd" * compress, path],
                           check=True)
        write_file(SUDOERS, f"{LOGIN} ALL=(root) NOPASSWD: /usr/bin/btrfs, /usr/bin/readlink\n",
                   0o440)
        self.ssh = self.network.server if self.network else self.world.ssh
        if pi4:
            self._become_pi4()

    def close(self):
        self._open.close()
        os.unlink(SUDOERS)

    @property
    def nas(self):
        return self.world.nas.path

    @property
    def pi(self):
        return self.world.pi.path

    @property
    def address(self):
        return f"{LOGIN}@{self.ssh.address}"

    @property
    def prefix(self):
        """What a command begins with that is to run at the NAS's end of the line."""
        return self.network.prefix if self.network else []

    @property
    def environment(self):
        return self.world.commands.environment

    @property
    def known_hosts(self):
        return self.network.known_hosts if self.network else self.world.known_hosts

    def cool_down(self):
        """Everybody begins with nothing in the caches, and nobody's work left over."""
        for filesystem in (self.nas, self.pi):
            subvolume.await_cleaned(filesystem)
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
            file.write("3")

    def until_durable(self):
        """`btrfs receive` ends with the files of its snapshot empty on the disk."""
        self.world.pi.sync()

    def _become_pi4(self):
        """What it decrypts in a second of a processor here says which share of one it gets."""
        self.ssh.restrict_ciphers(CHACHA)
        share = slow_processors.DECRYPTED / self._decrypted_in_a_second()
        print(f"    sshd gets {share:.2f} of a processor at the Pi, others {slow_processors.OTHERS}", flush=True)
        self._open.enter_context(slow_processors.one_each(self.ssh.pid, share))

    def _decrypted_in_a_second(self):
        """Bytes, in a second of a processor, by the process of sshd that serves a connection."""
        ssh = contenders.ssh_command(self, "cat >/dev/null; cat /proc/$PPID/stat")
        told = subprocess.run(["sh", "-ec", f"head -c {TRIED} /dev/zero | {ssh}"], env=self.environment,
                              stdout=subprocess.PIPE, check=True).stdout.decode()
        fields = told.rpartition(")")[2].split()
        return TRIED * os.sysconf("SC_CLK_TCK") / (int(fields[11]) + int(fields[12]))  # proc(5): utime, stime

    def run_to_the_end(self, command):
        self.world.commands.run(*command, patience=PATIENCE).expect_well()

    def break_off(self, command, size):
        """Kills our sender once so many bytes have left the NAS."""
        enough = self.network.sent + size
        run = self.world.commands.start(*command)
        while self.network.sent < enough:
            if run.ended:
                raise RuntimeError("it ended before it could be broken off")
            time.sleep(0.02)
        processes.kill(processes.SENDER)
        run.finish()
        self.world.await_quiet()

    def remove_received(self, directory):
        """All subvolumes directly in it."""
        for found in subvolume.inside(directory).values():
            subvolume.delete(found.path)
