"""What happens to the two machines, in its order."""

import contextlib
import os

from harness.verdict import check_equal

from .disk import Disk
from .machine import Machine
from .people import Person

NAS_ADDRESS, PI_ADDRESS = "10.213.7.2", "10.213.7.3"
NAS_NAME, PI_NAME = "nas", "pi"


def tell(shown, directory, group, project, nas, pi, is_long):
    """`nas` and `pi`: (root filesystem, packages)."""
    with contextlib.ExitStack() as stack:
        with shown.that("two machines boot, and see each other"):
            data = stack.enter_context(contextlib.closing(Disk(directory, "data", "data")))
            backups = stack.enter_context(contextlib.closing(Disk(directory, "backups", "backups")))
            names = {"nas.lan": NAS_ADDRESS, "pi.lan": PI_ADDRESS}
            one = Machine("nas", NAS_ADDRESS, nas[0], os.path.join(directory, "nas"), group, [data], names)
            other = Machine("pi", PI_ADDRESS, pi[0], os.path.join(directory, "pi"), group, [backups], names)
            ana = Person(one, "ana", "correct horse")
            one.start()
            stack.callback(one.stop)
            other.start()
            stack.callback(other.stop)
            print(ana.sits_down_to("ssh -o BatchMode=yes -o StrictHostKeyChecking=no pi.lan; uname -a; ls -l /dev; cat /etc/os-release; lsblk").finish())
            print(other.run("lsblk"))
            print(other.run("cat", "/proc/self/mountinfo"))
        with shown.that("one reboots"):
            other.reboot()
            print(other.run("uptime"), other.run("systemctl", "--failed"))
