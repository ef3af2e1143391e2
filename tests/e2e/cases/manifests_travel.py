"""The manifests of what is sent come to lie beside the backups, and cost what has changed."""

import os
import stat

from harness import data, send_toml, zstd
from harness.case import ALL_PROGRAMS, case
from harness.host import PROGRAM_DIRECTORY
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

SNAPFERRY = os.path.join(PROGRAM_DIRECTORY, "snapferry")


def manifest_of(world, directory):
    """As a person prints it."""
    return world.commands.run(SNAPFERRY, "manifest", directory).expect_well().out.encode()


def check_kept(world, lane, *names):
    """That exactly these backups have a manifest, which is that of the snapshot at the NAS."""
    kept = lane.manifests
    check_equal(sorted(kept), sorted(names), "the backups with a manifest")
    for name in names:
        check_equal(zstd.unpacked(kept[name]), manifest_of(world, lane.at_nas(name)),
                    f"the manifest of {name}")


@case(needs=ALL_PROGRAMS)
def a_manifest_follows_each_backup_and_is_that_of_the_snapshot(world):
    lane = world.lane()
    data.fill(lane.source)
    first = lane.snapshot()
    said = lane.send_well()
    check_says(said.text, "the receiver keeps the manifest of " + first)
    check_kept(world, lane, first)
    place = lane.staging + ".manifests"
    check_equal(stat.S_IMODE(os.stat(place).st_mode), 0o700, "who may look into the shelf")
    lane.write("more", "more")
    second = lane.snapshot()
    lane.send_well()
    check_kept(world, lane, first, second)
    again = lane.send_well()
    check("manifest" not in again.text, f"another manifest: {again.text}")
    check_equal(sorted(os.listdir(place)), sorted(str(one.uuid) for one in lane.received.values()),
                "what is on the shelf")


@case(needs=ALL_PROGRAMS)
def what_was_sent_without_a_manifest_gets_it_later(world):
    lane = world.lane()
    names = []
    for number in range(3):
        lane.write("file", f"{number}")
        names.append(lane.snapshot())
        lane.send_well("--no-manifest")
    check_equal(lane.manifests, {}, "the manifests")
    check_says(lane.send_well("--manifest-only", "--dry-run").text, *names)
    check_equal(lane.manifests, {}, "the manifests after a dry run")
    said = lane.send_well("--manifest-only").text
    check_kept(world, lane, *names)
    places = [said.index(f"keeps the manifest of {name}") for name in names]
    check_equal(places, sorted(places, reverse=True), "the newest first")
    check_says(lane.send_well("--manifest-only").text, "no manifest is missing")


@case(needs=ALL_PROGRAMS)
def an_up_to_date_run_makes_up_for_the_manifest_of_the_newest(world):
    lane = world.lane()
    lane.write("file", "x")
    older = lane.snapshot()
    lane.send_well("--no-manifest")
    lane.write("file", "y")
    newest = lane.snapshot()
    lane.send_well("--no-manifest")
    check_says(lane.send_well("--dry-run").text, f"would then make the manifest of {newest}")
    lane.send_well()
    check_kept(world, lane, newest)
    check(older in lane.complete, "the older one is there")


@case(needs=ALL_PROGRAMS)
def a_job_can_do_without(world):
    lane = world.lane()
    lane.write("file", "x")
    lane.snapshot()
    write_file(SEND_CONFIGURATION, send_toml.receiver(world) + send_toml.job(lane, manifest="false"),
               0o600)
    world.commands.run(world.sender(), "--all").expect_well()
    check_equal(lane.manifests, {}, "the manifests")
    world.commands.run(world.sender(), "--all", "--manifest-only").expect_well()
    check_equal(len(lane.manifests), 1, "the manifests")


@case(needs=ALL_PROGRAMS)
def a_manifest_goes_with_its_backup(world):
    lane = world.lane()
    with world.receiver_configured("[defaults]\nkeep = 2\n"):
        for number in range(4):
            lane.write("file", f"{number}")
            lane.snapshot()
            lane.send_well()
    check_kept(world, lane, *lane.complete)
    check_equal(len(lane.complete), 2, "the backups")


@case(needs=ALL_PROGRAMS)
def what_is_derived_shares_the_manifest(world):
    lane = world.lane()
    rules = f'[defaults]\nkeep = 1\n[tags.{lane.tag}.derive.days]\nevery = "day"\nkeep = 9\n'
    with world.receiver_configured(rules):
        lane.write("file", "x")
        name = lane.snapshot()
        lane.send_well()
        shelves = [os.path.join(world.pi.path, ".snapferry", tag + ".manifests")
                   for tag in (lane.tag, lane.tag + "-days")]
        files = [os.path.join(shelf, one) for shelf in shelves for one in os.listdir(shelf)]
        check_equal(len(files), 2, "the manifests")
        check(os.path.samefile(*files), "the derived backup has another manifest")
        lane.write("file", "y")
        lane.snapshot()
        lane.send_well()  # and the first is pruned
        check(not os.path.exists(files[0]) and os.path.exists(files[1]),
              "the manifest went with the wrong backup")
    check(name not in lane.complete, "the first is still there")
