"""From programs that were installed from source to those of packages: the sudo rule and the key's
line name the new place."""

import os
import shutil

from harness import documents
from harness.case import case

PLACE = "/var/lib/packages"  # here what /usr/sbin is to packages
PAGE = "docs/install.md"


@case
def the_receiver_is_moved_to_where_packages_have_it_by_what_the_page_says(world):
    lane = world.lane(tag="home")
    lane.write("file", "of the first day")
    lane.snapshot()
    world.ssh.authorize_for("home")
    lane.send_well()
    os.mkdir(PLACE)
    shutil.copy2(world.receiver(), PLACE)
    (block,) = [block for block in documents.blocks(PAGE) if "s|/usr/local/sbin/" in block.text]
    rule, looked_at, key = block.text.replace("|/usr/sbin/", f"|{PLACE}/").replace(
        "/var/lib/backups/", f"{world.host.login_home}/").splitlines()
    lane.write("file", "of the second day")
    name = lane.snapshot()
    _type(world, rule)
    _type(world, looked_at)
    lane.send().expect_trouble(12)
    _type(world, key)
    os.unlink(world.receiver())
    lane.send_well()
    lane.check_arrived(name)


def _type(world, command):
    world.commands.run("/bin/bash", "-euc", command).expect(0)
