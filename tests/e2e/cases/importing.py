"""A configuration of btrbk becomes one of snapferry."""

import os
import tomllib

from harness import subvolume
from harness.case import case
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

PROGRAM = "/usr/local/sbin/snapferry"

BTRBK = """# mine
timestamp_format    long
snapshot_preserve_min   latest
snapshot_preserve   14d 8w
target_preserve_min 2d
target_preserve     30d *m
ssh_identity        /etc/btrbk/ssh/id_ed25519
volume {volume}
  snapshot_dir snapshots
  target ssh://backup.example.org:2222/mnt/backups
  subvolume source
    target raw /mnt/usb
"""


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def _btrbk_conf(world, lane):
    path = os.path.join(world.directory, "btrbk.conf")
    write_file(path, BTRBK.format(volume=os.path.dirname(lane.source)))
    return path


@case
def a_configuration_of_btrbk_is_printed_as_ours_with_what_cannot_be_carried_over(world):
    lane = world.lane()
    conf = _btrbk_conf(world, lane)
    result = world.commands.run(PROGRAM, "import", conf).expect_well()
    tables = tomllib.loads(result.out)
    check_equal(sorted(tables), ["jobs", "receivers", "snapshots"], "the tables")
    check_equal(tables["snapshots"]["source"]["keep"], "14d 8w", "what is kept here")
    check_equal(tables["receivers"]["backup-example-org-source"]["port"], 2222, "the port")
    there = tomllib.loads("\n".join(line.removeprefix("# ") for line in result.out.partition(
        "receive.toml on")[2].splitlines()[2:] if line.startswith("# ") and "btrbk" not in line
        and not line.startswith("# here")))
    check_equal(there, {"target_dir": "/mnt/backups",
                        "tags": {"source": {"keep": "30d 1000m", "min_age": "2d"}}}, "what is for the Pi")
    check_says(result.out, f"{conf}:12: targets of the type \"raw\"", f"{conf}:7: ssh_identity:",
               "calendar: \"daily\" is a guess")
    check(not os.path.exists(SEND_CONFIGURATION) or "[jobs.source]" not in _read(SEND_CONFIGURATION),
          "something was written")


@case
def an_import_is_added_to_what_there_is_once_and_can_be_used(world):
    lane = world.lane()
    conf = _btrbk_conf(world, lane)
    mine = "# what I have written\nmax_jobs = 3  # not more\n"
    write_file(SEND_CONFIGURATION, mine)
    world.commands.run(PROGRAM, "import", "--write", conf).expect_well()
    written = _read(SEND_CONFIGURATION)
    check(written.startswith(mine), f"what was there has changed: {written}")
    world.commands.run(PROGRAM, "rotate", "source").expect_well()
    check_equal(len(subvolume.inside(lane.snapshot_dir)), 1, "how many snapshots are there")
    again = world.commands.run(PROGRAM, "import", "--write", conf).expect_trouble(1)
    check_says(again.err, "has [snapshots.source] already, and nothing was written")
    check_equal(_read(SEND_CONFIGURATION), written, "what is there after a second import")
    check_equal([name for name in os.listdir(os.path.dirname(SEND_CONFIGURATION)) if "import" in name], [],
                "what is left behind")


@case
def what_is_no_configuration_of_btrbk_is_refused(world):
    path = os.path.join(world.directory, "other.conf")
    for content in ("", "hello world\n", "volume /mnt\n", "\0\1\2\xff" * 100):
        write_file(path, content)
        check_says(world.commands.run(PROGRAM, "import", path).expect_trouble(1).err,
                   "nothing in", "can be carried over")
    check_says(world.commands.run(PROGRAM, "import", path + ".none").expect_trouble(1).err, "is not there")


@case
def an_import_leaves_the_file_with_its_mode_and_what_lies_beside_it(world):
    lane = world.lane()
    conf = _btrbk_conf(world, lane)
    beside = SEND_CONFIGURATION + ".import"
    write_file(SEND_CONFIGURATION, "# what I have written\n")
    os.chmod(SEND_CONFIGURATION, 0o640)
    write_file(beside, "mine, too\n")
    world.commands.run(PROGRAM, "import", "--write", conf).expect_well()
    check_equal(os.stat(SEND_CONFIGURATION).st_mode & 0o7777, 0o640, "the mode")
    check_equal(_read(beside), "mine, too\n", "what lies beside it")
    os.unlink(beside)
