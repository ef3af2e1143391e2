"""The sender as a daemon: it sends what appears, whatever happens around it."""

import contextlib
import signal
import time

from harness import processes, subvolume
from harness.case import case
from harness.daemon import (PATIENCE, QUICK, await_arrival, await_that, configure, daemon,
                            next_snapshot, ready_lane)
from harness.data import MIB, noise
from harness.growth import QUIET_ALLOCATOR, Growth
from harness.send_toml import job, receiver
from harness.service_manager import ServiceManager
from harness.verdict import Failed, check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file


@case
def a_new_snapshot_is_sent_by_itself(world):
    lane = ready_lane(world)
    configure(world, lane)
    with daemon(world) as run:
        await_arrival(lane, lane.name)
        for number in range(3):
            name = next_snapshot(lane, noise(MIB, number))
            await_arrival(lane, name)
            lane.check_arrived(name)
    check_equal(run.result.err, "", "what it said on standard error")


@case
def what_appeared_while_no_daemon_ran_is_sent_at_its_start(world):
    lane = ready_lane(world)
    configure(world, lane)
    with daemon(world):
        await_arrival(lane, lane.name)
    missed = next_snapshot(lane, b"the second")
    with daemon(world):
        await_arrival(lane, missed)
    lane.check_arrived(missed)


@case
def a_snapshot_that_is_made_read_only_later_is_found(world):
    lane = ready_lane(world)
    configure(world, lane)
    with daemon(world):
        await_arrival(lane, lane.name)
        lane.write("file", b"the second")
        name = lane.name.replace("-17T", "-18T")
        subvolume.snapshot(lane.source, lane.at_nas(name), read_only=False)
        subvolume.set_read_only(lane.at_nas(name), True)
        await_arrival(lane, name)


@case
def a_job_without_on_change_waits_for_its_time(world):
    lane, other = ready_lane(world), ready_lane(world)
    write_file(SEND_CONFIGURATION, receiver(world) +
               job(lane, on_change="false", every='"1h"') + job(other, **QUICK))
    with daemon(world):
        for each in (lane, other):
            await_arrival(each, each.name)  # at its start
        late = next_snapshot(lane, b"the second")
        await_arrival(other, next_snapshot(other, b"the second"))
        check(late not in lane.complete, "it was sent before its time")


@case
def a_broken_connection_is_made_again_and_a_restarted_sshd_found(world):
    lane = ready_lane(world, noise(8 * MIB))
    configure(world, lane)
    with daemon(world):
        world.link.rate = 4 * MIB
        world.link.await_sent(2 * MIB)
        world.link.cut()
        world.link.rate = None
        await_arrival(lane, lane.name)
        world.ssh.stop()
        world.link.cut()  # a connection that is still open would carry the next one, too
        name = next_snapshot(lane, noise(MIB, 2))
        await_that(lambda: world.link.refused > 0, "it tries to connect")
        world.ssh.start()
        await_arrival(lane, name)
        lane.check_arrived(name)


@case
def a_daemon_that_is_told_to_end_does_so_amid_a_stream_and_the_next_run_goes_on(world):
    lane = ready_lane(world, noise(16 * MIB))
    configure(world, lane)
    with daemon(world) as run:
        world.link.rate = 4 * MIB
        world.link.await_sent(8 * MIB)
    check(run.result.seconds < PATIENCE / 2, "it took long to end")
    world.await_quiet()
    check(lane.held > 4 * MIB, f"only {lane.held} bytes are held")
    with daemon(world):
        world.link.rate = None
        await_arrival(lane, lane.name)
    check(world.link.sent < 13 * MIB, f"{world.link.sent} bytes were sent again")
    lane.check_arrived(lane.name)


@case
def a_good_configuration_is_taken_on_reload_and_a_bad_one_is_not(world):
    lane, later = ready_lane(world), ready_lane(world)
    configure(world, lane)
    with ServiceManager(world.directory) as manager:
        with daemon(world, env=manager.environment) as run:
            manager.await_told("READY=1", run)
            await_arrival(lane, lane.name)
            write_file(SEND_CONFIGURATION, "this is no configuration")
            run.process.send_signal(signal.SIGHUP)
            manager.await_told("RELOADING=1", run)
            manager.await_told("READY=1", run)
            name = next_snapshot(lane, b"the second")
            await_arrival(lane, name)
            check_equal(later.all_received, [], "what an unknown job has sent")
            configure(world, lane, later)
            run.process.send_signal(signal.SIGHUP)
            manager.await_told("RELOADING=1", run)
            manager.await_told("READY=1", run)
            await_arrival(later, later.name)
        manager.await_told("STOPPING=1")
    check_says(run.result.err, "is not taken, and the old one stays", "send.toml:1")


@case
def a_bad_configuration_at_the_start_ends_it_with_its_code(world):
    for keys, words in (({"calendar": '"every now and then"'}, "no calendar expression"),
                        ({"window": '"at night"'}, "two times of the day"),
                        ({"every": '"5s"'}, "at least"),
                        ({"on_change": '"yes"'}, "true or false")):
        configure(world, ready_lane(world), **keys)
        result = world.start_sender("--daemon").finish().expect_trouble(1)
        check_says(result.err, words, "send.toml:")


@case
def a_calendar_and_a_window_are_taken(world):
    lane = ready_lane(world)
    configure(world, lane, calendar='"Mon..Fri 03:00"', jitter='"10min"', window='"00:00-23:59"')
    with daemon(world):
        await_arrival(lane, lane.name)


@case
def systemd_is_told_when_it_is_ready_what_it_does_and_that_it_lives(world):
    lane = ready_lane(world, noise(12 * MIB))
    configure(world, lane)
    with ServiceManager(world.directory, watchdog=3) as manager:
        with daemon(world, env=manager.environment) as run:
            world.link.rate = 4 * MIB
            manager.await_told("READY=1", run)
            manager.await_told("WATCHDOG=1", run)
            manager.await_told(f"STATUS=sending {lane.tag}", run)
            manager.await_told("WATCHDOG=1", run)
            world.link.rate = None
            await_arrival(lane, lane.name)
            manager.await_told("STATUS=waiting for new snapshots", run)


@case
def a_run_by_hand_beside_it_does_not_do_the_same_work_twice(world):
    lane = ready_lane(world, noise(12 * MIB))
    configure(world, lane)
    with daemon(world):
        world.link.rate = 2 * MIB
        world.link.await_sent(MIB)
        beside = _by_hand(world, lane).expect_trouble(15)
        check_says(beside.err, "another run is sending")
        world.link.rate = None
        await_arrival(lane, lane.name)
        await_that(lambda: _by_hand(world, lane).code != 15, "the run has ended")
        check_says(_by_hand(world, lane).expect_well().out, "nothing to send")


def _by_hand(world, lane):
    return world.commands.run(world.sender(), "--job", lane.tag)


@case
def no_more_jobs_run_at_once_than_it_may(world):
    lanes = [ready_lane(world, noise(4 * MIB, number)) for number in range(4)]
    write_file(SEND_CONFIGURATION, "max_jobs = 2\n" + receiver(world, parallel=4) +
               "".join(job(lane, **QUICK) for lane in lanes))
    with daemon(world):
        world.link.rate = MIB // 2  # until as many as may have been seen together
        most = 0
        while any(lane.name not in lane.complete for lane in lanes):
            most = max(most, len(processes.running(processes.BTRFS)))
            if most == 2:
                world.link.rate = 4 * MIB
            time.sleep(0.02)
        check_equal(most, 2, "the receives at once")


@case
def days_of_rotation_with_cuts_and_reloads_lose_nothing_and_leak_nothing(world):
    lane = ready_lane(world, noise(2 * MIB, 99))
    configure(world, lane)
    with daemon(world, env=QUIET_ALLOCATOR) as run:
        growth = Growth(run.pid)
        await_arrival(lane, lane.name)
        growth.note()
        names = [lane.name]
        for day in range(12):
            names.append(next_snapshot(lane, noise(2 * MIB, day)))
            if len(names) > 3:
                subvolume.delete(lane.at_nas(names[-4]))
            if day in (2, 7):
                with contextlib.suppress(Failed):
                    world.link.await_sent(world.link.sent + MIB, run)
                world.link.cut()
            if day == 4:
                world.ssh.stop()
                world.ssh.start()
            if day == 5:
                write_file(SEND_CONFIGURATION, "no configuration")
                run.process.send_signal(signal.SIGHUP)
            if day == 6:
                configure(world, lane, retries=5)
                run.process.send_signal(signal.SIGHUP)
            await_arrival(lane, names[-1])
            growth.note()
        lane.check_arrived(names[-1])
        world.notes.append(str(growth))
        growth.check()
    check(set(names[-6:]) <= set(lane.complete), "a snapshot that was the newest has not arrived")
