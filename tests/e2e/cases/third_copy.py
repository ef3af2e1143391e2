"""The Pi sends its own backups on: a third copy, in another house."""

import contextlib
import os
import shutil

from harness import send_toml, subvolume
from harness.case import ALL_PROGRAMS, case
from harness.data import MIB, noise
from harness.lane import check_same_tree
from harness.person import Person
from harness.second_pi import SecondPi
from harness.third_place import ThirdPlace
from harness.verdict import check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

TWO = '[defaults]\nkeep = 2\nmin_age = "0s"\n'


class _House:
    """Of the Pi, whose job sends on what has arrived."""

    def __init__(self, world, far, **job):
        self.world, self.far, self.lane = world, far, world.lane()
        job = send_toml.job(self.lane, name="onward", to='"far"',
                            snapshot_dir=f'"{self.lane.received_dir}"', **job)
        self._configuration = send_toml.receiver(world, name="far", port=far.link.port) + job

    def day(self, text):
        """The NAS sends one more."""
        self.lane.write("diary", text)
        name = self.lane.snapshot()
        with self.world.receiver_configured(TWO):
            self.lane.send_well()
        return name

    def onward(self):
        return self.run_onward().expect_well()

    def run_onward(self):
        with self.configured():
            return self.far.run("--job", "onward")

    @contextlib.contextmanager
    def configured(self):
        """Within, send.toml is the Pi's: the NAS, which is this machine too, has none."""
        write_file(SEND_CONFIGURATION, self._configuration, 0o600)
        try:
            yield
        finally:
            os.unlink(SEND_CONFIGURATION)

    def check_there(self, name):
        check_same_tree(self.lane.at_nas(name), os.path.join(self.far.path, self.lane.tag, name))


@case(needs=ALL_PROGRAMS)
def what_the_pi_has_goes_on_as_increments_also_where_the_pi_has_pruned_what_went_last(world):
    with SecondPi(world) as far:
        house = _House(world, far)
        first = house.day("the first")
        house.onward()
        later = [house.day(f"day {day}") for day in range(3)]
        check_equal(house.lane.complete, later[-2:], "what the Pi keeps")
        check_says(house.onward().out, f"incrementally from {first}")
        house.check_there(later[-1])
        check_equal(far.complete(house.lane.tag), [first, later[-1]], "what the third machine has")
        after = house.day("the day after")
        check_says(house.onward().out, f"incrementally from {later[-1]}")
        house.check_there(after)
        told = world.commands.run("/usr/local/sbin/snapferry", "list", house.lane.tag).expect_well()
        check_equal([name for name in house.lane.complete if name not in told.out], [],
                    "backups that list does not show")


SNAPFERRY = "/usr/local/sbin/snapferry"


def _manifest_at(place, tag, name):
    """The bytes of a backup's manifest, or None."""
    copy = subvolume.inspect(os.path.join(place, tag, name)).uuid
    path = os.path.join(place, ".snapferry", f"{tag}.manifests", str(copy))
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


@case(needs=ALL_PROGRAMS)
def ten_days_go_on_to_the_third_place_and_the_nas_is_rebuilt_from_there(world):
    with ThirdPlace(world) as far:
        house = _House(world, far, send='"all"', manifest='"received"')
        lane = house.lane
        lane.write("large", noise(8 * MIB))
        names = []
        for day in range(10):
            lane.write(f"photograph-{day}", noise(MIB, day + 1))
            names.append(house.day(f"day {day}"))
            if day % 3 == 0:  # the other house cannot be reached each day
                house.onward()
        check_equal(lane.complete, names[-2:], "what the Pi keeps")
        there = [names[day] for day in (0, 2, 3, 5, 6, 8, 9)]
        check_equal(far.complete(lane.tag), there, "what the Pi had not pruned before it could go on")
        for name in there:
            house.check_there(name)
            check(_manifest_at(far.path, lane.tag, name), f"{name} has no manifest there")
        for name in names[-2:]:
            check_equal(_manifest_at(far.path, lane.tag, name),
                        _manifest_at(world.pi.path, lane.tag, name), "the NAS's manifest")
        with world.pi_is(far.path):
            world.commands.run(SNAPFERRY, "verify", lane.tag, "--newest").expect_well()
            _rebuild(world, lane, names[-1])
        check_same_tree(os.path.join(far.path, lane.tag, names[-1]), lane.source)
        world.commands.run(SNAPFERRY, "resume", lane.tag).expect_well()
        after = house.day("the day after")
        lane.check_sent_only(lane.increment_size(after, names[-1]))
        lane.check_arrived(after)
        check_says(house.onward().out, f"incrementally from {names[-1]}")
        house.check_there(after)


def _rebuild(world, lane, name):
    """The NAS's disk is gone, and a person gets all of it back from whoever is the Pi."""
    lane.wipe()
    with Person(world) as pia:
        result = pia.run("restore", lane.tag, "--all", "--from", pia.address, "--into",
                         lane.snapshot_dir, "--as", lane.source).expect_well()
        check_says(result.out, name)
        to = os.path.join(world.directory, "from the third place")
        os.mkdir(to, 0o700)
        pia.run("restore", lane.tag, "diary", "--from", pia.address, "--to", to).expect_well()
        check_equal(os.listdir(to), ["diary"], "what came back of one file")
    check_equal(lane.snapshots, [lane.at_nas(name)], "the snapshots of the NAS")


@case(needs=ALL_PROGRAMS)
def the_pi_prunes_what_it_is_sending_on_and_receives_meanwhile(world):
    with ThirdPlace(world) as far:
        house = _House(world, far)
        lane = house.lane
        lane.write("large", noise(16 * MIB))
        first = house.day("the first")
        far.link.reset()
        with world.pi_is(far.path), house.configured():
            run = world.start_sender("--job", "onward", "--retries", "0")
            far.link.rate = 4 * MIB
            far.link.await_sent(4 * MIB, run)
            far.link.rate = MIB // 16
        later = [house.day(f"day {day}") for day in range(3)]
        check_equal(lane.complete, later[-2:], "what the Pi keeps while it sends")
        check(not run.ended, "the send was over before the Pi had pruned")
        far.link.rate = None
        run.finish().expect_well()
        check_equal(far.complete(lane.tag), [first], "what has arrived")
        check_says(house.onward().out, f"incrementally from {first}")
        house.check_there(later[-1])
        check_equal(lane.all_received, [".snapferry", *later[-2:], "last_sent_@daily.txt"],
                    "what is in the tag's directory at the Pi")


@case(needs=ALL_PROGRAMS)
def a_manifest_that_did_not_come_or_is_not_whole_is_made_or_left_out_as_is_said(world):
    with SecondPi(world) as far:
        house = _House(world, far, manifest='"received"')
        lane = house.lane
        name = house.day("the first")
        (came,) = [os.path.join(lane.staging + ".manifests", file)
                   for file in os.listdir(lane.staging + ".manifests")]
        with open(came, "rb") as file:
            whole = file.read()
        write_damaged = [b"", whole[:-3], whole[:40] + b"?" + whole[41:], b"no manifest at all"]
        for damaged in write_damaged:
            with open(came, "wb") as file:
                file.write(damaged)
            told = house.run_onward().expect(0)
            check_says(told.text, f"the manifest that came with {name} is not passed on")
            check_equal(_manifest_at(far.path, lane.tag, name), None, "what has gone on")
        with open(came, "wb") as file:
            file.write(whole)
        check_says(house.onward().out, "as it came with the backup")
        check_equal(_manifest_at(far.path, lane.tag, name), whole, "what has gone on")


@case(needs=ALL_PROGRAMS)
def where_none_came_and_one_is_wanted_it_is_made(world):
    with SecondPi(world) as far:
        house = _House(world, far)
        name = house.day("the first")
        shutil.rmtree(house.lane.staging + ".manifests")
        told = house.onward().out
        check("as it came" not in told, "there was none to pass on")
        check(_manifest_at(far.path, house.lane.tag, name), "no manifest was made")


@case(needs=ALL_PROGRAMS)
def what_is_only_arriving_at_the_pi_is_not_sent_on(world):
    with SecondPi(world) as far:
        house = _House(world, far)
        name = house.day("the first")
        subvolume.snapshot(house.lane.at_pi(name),
                           house.lane.at_pi(".arriving.2021-09-01T07:00:01+00:00-@daily"))
        check("passed over" not in house.onward().text, "it was taken for a snapshot")
        check_equal(far.complete(house.lane.tag), [name], "what has gone on")
