"""From programs that were installed from source to those of packages: the sudo rule and the key's
line name the new place."""

import os
import shutil

from harness import documents
from harness.case import case
from harness.verdict import check

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
    shutil.move(world.receiver(), PLACE)
    lane.write("file", "of the second day")
    name = lane.snapshot()
    lane.send().expect_trouble(12)
    (block,) = [block for block in documents.blocks(PAGE) if "s|/usr/local/sbin/" in block.text]
    moved = (block.text.replace("|/usr/sbin/", f"|{PLACE}/")
             .replace("/var/lib/backups/", f"{world.host.login_home}/"))
    check(moved.count(PLACE) == 2, f"the page has other commands: {block.text}")
    world.commands.run("/bin/bash", "-euc", moved).expect(0)
    lane.send_well()
    lane.check_arrived(name)
