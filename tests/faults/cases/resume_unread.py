"""What a sender began itself it goes on with without reading it again; and nothing else."""

import json
import os
import secrets
import stat
import time

from harness import data, processes, stream, subvolume, wire
from harness.case import case
from harness.spoken import HOW_TO_SPEAK
from harness.verdict import check, check_equal, check_says
from harness.world import write_file

SIZE = 16 * data.MIB  # of all large files
WORTH_MEASURING = 40 * data.MIB  # what is read in any case is small beside that
RATE = 20 * data.MIB  # bytes a second: slow enough to be cut at a chosen place
SETTINGS = 'checkpoint_every = "4MiB"\n[defaults]\nkeep = 7\n'
PROTOCOL, BROKEN = 18, 10
UNREAD = "nothing is read again"
READ_AGAIN = "is read again and compared"
STARTING_OVER = "starting over"

# Says what the receiver has said before, and leaves when the test has looked at the sender.
ANSWERER = HOW_TO_SPEAK + r'''import os, time
assert sys.stdin.buffer.read(13) == b"snapferry/1\r\n"
sys.stdout.buffer.write(b"snapferry/1\r\n")
assert hear()["type"] == "hello"
say(**json.loads(%(welcome)r))
while (heard := hear())["type"] == "keep_alive":
    pass
with open("%(note)s.new", "w") as file:
    json.dump(heard, file)
os.rename("%(note)s.new", "%(note)s")
for _ in range(6000):
    if os.path.exists("%(note)s.seen"):
        break
    time.sleep(0.02)
'''


class _Broken:
    """A full send of many files that was cut at nine tenths, or elsewhere."""

    def __init__(self, world, *options, size=SIZE, share=0.9):
        self.world, self.lane, self.options = world, world.lane(), options
        data.fill(self.lane.source)
        data.compressing_directory(os.path.join(self.lane.source, "packed"), "zstd")
        self.lane.write("packed/text", b"as good as nothing when it is packed\n" * 50_000)
        for number in range(20):
            self.lane.write(f"{number:03}", data.noise(size // 20, number))
        self.name = self.lane.snapshot()
        self.size = self.lane.increment_size(self.name, None)
        self.cut_at(share)
        check(self.held > self.size * share / 2, f"{self.held} bytes are held of {self.size}")

    def cut_at(self, share, breaking=None):
        self.world.link.reset()
        return self.lane.interrupt(int(self.size * share), RATE, *self.options, breaking=breaking)

    @property
    def held(self):
        return self.lane.held

    @property
    def checkpoint(self):
        with open(self.lane.checkpoint, encoding="utf-8") as file:
            return json.load(file)

    def change_checkpoint(self, **fields):
        changed = {**self.checkpoint, **fields}
        write_file(self.lane.checkpoint, json.dumps(changed), 0o600)

    @property
    def begun(self):
        with open(self.lane.memory, encoding="utf-8") as file:
            return json.load(file)["begun"]

    def change_memory(self, change):
        with open(self.lane.memory, encoding="utf-8") as file:
            memory = json.load(file)
        change(memory)
        write_file(self.lane.memory, json.dumps(memory), 0o600)

    def welcome(self):
        said = self.lane.receive(wire.hello() + wire.message("goodbye")).expect(0)
        return wire.Answer.of(said.bytes_out).of_type("welcome")[0]

    def announce(self, **fields):
        """Of this very stream, as somebody with the key may say it."""
        held = self.checkpoint
        return wire.announce(self.name, held["uuid"], **{
            "transid": held["transid"], "stream": held["stream"], "resume_offset": self.held,
            **fields})

    def say(self, said, code):
        return self.lane.receive(wire.hello() + said).expect(code)

    def finish(self, *said, unsaid=()):
        """A plain run, which completes it."""
        self.world.link.reset()
        result = self.lane.send_well(*self.options)
        self.lane.check_arrived(self.name)
        self.lane.check_complete(self.name)
        check_says(result.out, *said)
        for words in unsaid:
            check(words not in result.out, f"{words} is said")
        check_equal(self.begun, [], "the secrets that are remembered after it has arrived")
        return result

    def goes_on_unread(self):
        self._goes_on(UNREAD, unsaid=(STARTING_OVER, READ_AGAIN))

    def goes_on_carefully(self, why):
        self._goes_on(READ_AGAIN, why, unsaid=(STARTING_OVER, UNREAD))

    def _goes_on(self, *said, unsaid):
        most = self.size - self.held + data.MIB
        self.finish(*said, unsaid=unsaid)
        check(self.world.link.sent < most, f"{self.world.link.sent} bytes were sent, not {most}")

    def starts_over(self, *said):
        self.finish(STARTING_OVER, *said, unsaid=(UNREAD,))
        check(self.world.link.sent > self.size // 2, f"only {self.world.link.sent} bytes were sent")


def _configured(world):
    return world.receiver_configured(SETTINGS)


def _without_its_pages(path):
    """What of these files is in memory goes, so that to read them is to read the disk."""
    os.sync()
    for directory, _, names in os.walk(path):
        for name in names:
            file = os.path.join(directory, name)
            if stat.S_ISREG(os.lstat(file).st_mode):
                with open(file, "rb") as content:
                    os.posix_fadvise(content.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _read_so_far(pid):
    """Bytes that a process has read: of the disk, and of anything, a pipe included."""
    with open(f"/proc/{pid}/io", encoding="ascii") as file:
        said = dict(line.split(": ") for line in file.read().splitlines())
    return int(said["read_bytes"]), int(said["rchar"])


def _read_before_the_first_byte(world, broken):
    """What the sender has read when it is about to send more; and its announcement."""
    note = os.path.join(world.directory, f"announced-{broken.lane.tag}")
    place = os.path.join(world.directory, f"answerer-{broken.lane.tag}")
    os.mkdir(place)
    answerer = os.path.join(place, "snapshot-receive")
    write_file(answerer, ANSWERER % {"welcome": json.dumps(broken.welcome()), "note": note}, 0o755)
    with world.receiver_is(answerer):
        _without_its_pages(broken.lane.at_nas(broken.name))
        run = broken.lane.start("--retries", "0", *broken.options)
        _await(note, run)
        (sender,) = processes.running(processes.SENDER)
        read = _read_so_far(sender)
        write_file(note + ".seen", "")
        run.finish().expect(BROKEN)
    with open(note, encoding="utf-8") as file:
        return read, json.load(file)


def _await(path, run):
    deadline = time.monotonic() + 120
    while not os.path.exists(path):
        check(run.process.poll() is None, "the sender has ended")
        check(time.monotonic() < deadline, f"{path} was not there after two minutes")
        time.sleep(0.01)


@case
def nothing_of_what_has_arrived_is_read_again(world):
    with _configured(world):
        for form in ("v1", "v2", "v2-compressed"):
            broken = _Broken(world, "--stream", form, size=WORTH_MEASURING)
            held = broken.held
            (disk, anything), announced = _read_before_the_first_byte(world, broken)
            check_equal(announced.get("resume_offset"), held, f"{form}: where it goes on")
            check_equal(len(announced.get("secret", "")), 64, f"{form}: digits of the secret")
            check("claim" not in announced, f"{form}: it claims anew")
            for what, count in (("the disk", disk), ("anything", anything)):
                check(count < held // 50, f"{form}: {count} bytes of {what} were read before the "
                                          f"first new one, where {held} had arrived")
            broken.goes_on_unread()


@case
def a_send_that_breaks_again_and_again_is_never_read_again(world):
    with _configured(world):
        broken = _Broken(world, share=0.5)
        secret = broken.begun
        for breaking in (None, lambda: processes.kill(processes.RECEIVER),
                         lambda: processes.kill(processes.SENDER)):
            held = broken.held
            result = broken.cut_at(0.03, breaking)
            check_says(result.out, UNREAD)
            check(broken.held >= held, f"{held} bytes were held, and now {broken.held}")
            check_equal(broken.begun, secret, "what is remembered")
        broken.goes_on_unread()


@case
def a_power_cut_in_the_part_that_was_not_compared_loses_one_segment_at_most(world):
    with _configured(world):
        broken = _Broken(world, share=0.5)
        held = broken.held
        world.link.reset()
        run = broken.lane.start("--retries", "0")
        world.link.rate = RATE // 4
        world.link.await_sent(4 * data.MIB, run)
        world.link.rate = 16 * data.KIB  # it must not come to its end while the disk is copied
        copy = world.pi.image + ".copy"
        world.pi.copy_image(copy)  # the disk as it is at this moment
        world.link.cut()
        check_says(run.finish().out, UNREAD)
        world.await_quiet()
        place = os.path.join(world.directory, "pi-after-power-cut")
        with world.pi.mount_copy_instead(copy, place) as pi:
            with world.pi_is(pi):
                world.link.reset()
                check_says(broken.lane.send_well().out, UNREAD)
                sent = world.link.sent
            check(sent < broken.size - held + data.MIB, f"{sent} bytes were sent again")
            there = os.path.join(pi, broken.lane.tag, broken.name)
            check(subvolume.inspect(there).complete, f"{broken.name} is not complete")


# ---- what is not one's own -------------------------------------------------------------------------

@case
def a_planted_beginning_is_not_gone_on_with_unread(world):
    with _configured(world):
        broken = _Broken(world, "--stream", "v1")
        genuine = broken.checkpoint
        whole = subvolume.send(broken.lane.at_nas(broken.name))
        border = next(found.begin for found in stream.commands(whole)
                      if found.begin >= len(whole) // 2)
        claim = secrets.token_hex(32)
        broken.say(broken.announce(resume_offset=0, writes=49152, claim=claim)
                   + wire.data(stream.with_other_data(whole)[:border]), BROKEN)
        planted = broken.checkpoint
        check_equal((planted["uuid"], planted["claim"], planted["shares"][0]["end"]),
                    (genuine["uuid"], claim, border), "what is planted")
        broken.starts_over(READ_AGAIN, "does not prove")


@case
def who_adds_to_a_genuine_beginning_takes_the_claim_away_with_it(world):
    with _configured(world):
        for claim in ({}, {"claim": secrets.token_hex(32)}):
            broken = _Broken(world, "--stream", "v1")
            genuine = broken.checkpoint
            added = stream.command(stream.MKFILE, ((stream.A_PATH, "planted"),
                                                   (stream.A_INO, 1 << 40)))
            broken.say(broken.announce(writes=49152, **claim) + wire.data(added), BROKEN)
            now = broken.checkpoint
            check_equal(now["shares"][-1]["end"], genuine["shares"][-1]["end"] + len(added),
                        "what is held")
            check_equal(now.get("claim"), claim.get("claim"), "the claim to it")
            broken.starts_over(READ_AGAIN)


@case
def who_does_not_know_the_secret_cannot_go_on_by_it(world):
    with _configured(world):
        broken = _Broken(world)
        before = broken.checkpoint
        for secret in (secrets.token_hex(32), before["claim"]):
            said = broken.say(broken.announce(writes=before["writes"], secret=secret), PROTOCOL)
            check(b"not that of who began" in said.bytes_out, "why is not said")
            check_equal(broken.checkpoint, before, "the checkpoint")
        check(before["claim"] not in json.dumps(broken.welcome()), "the claim is told")
        broken.goes_on_unread()


@case
def a_receiver_that_cannot_prove_the_claim_is_compared_with(world):
    with _configured(world):
        broken = _Broken(world)
        broken.change_checkpoint(claim=secrets.token_hex(32))
        broken.goes_on_carefully("does not prove")


@case
def a_secret_that_is_lost_torn_or_of_another_stream_costs_reading_again(world):
    def lost(memory):
        memory["begun"] = []

    def torn(memory):
        memory["begun"][0]["secret"] = memory["begun"][0]["secret"][:40]

    def foreign(memory):
        memory["begun"][0]["secret"] = secrets.token_hex(32)

    def of_another_disk(memory):
        memory["disk"] = "7f1e0b52-6c3d-4a98-8e27-d05b9a4c1f63"

    with _configured(world):
        for change, why in ((lost, "nothing here remembers"), (torn, "nothing here remembers"),
                            (foreign, "does not prove"),
                            (of_another_disk, "nothing here remembers")):
            broken = _Broken(world)
            broken.change_memory(change)
            broken.goes_on_carefully(why)


@case
def what_was_compared_is_claimed_anew(world):
    with _configured(world):
        broken = _Broken(world)
        broken.change_memory(lambda memory: memory.update(begun=[]))
        check_says(broken.cut_at(0.03).out, READ_AGAIN)
        broken.goes_on_unread()


@case
def an_outline_that_differs_is_never_passed_over(world):
    with _configured(world):
        broken = _Broken(world)
        shares = broken.checkpoint["shares"]
        shares[0]["outline"] = "0" * 32
        broken.change_checkpoint(shares=shares)
        broken.starts_over()
