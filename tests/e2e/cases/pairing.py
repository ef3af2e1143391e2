"""snapferry pair: from two machines that know nothing of each other to a dry run, and back."""

import os
import shutil
import stat
import subprocess

from harness import mounts, subvolume
from harness.bare_pi import KEYS as AUTHORIZED_KEYS
from harness.bare_pi import SUDO_RULES, TARGET
from harness.case import case
from harness.pairing import KEYS, KNOWN_HOSTS, SNAPFERRY, Pairing, key_of, text_of, write_send_toml
from harness.person import ANYTHING, ONLY_ANSWERS, PASSWORD
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import RECEIVE_CONFIGURATION, SEND_CONFIGURATION, write_file

NEEDS = ("snapshot-send", "snapshot-receive", "snapferry")
OWN = "# What goes where.\nmax_jobs = 3  # more wake the disk\n"


def _lane(world, tag):
    lane = world.lane(tag)
    lane.write("file", "contents of " + tag)
    return lane, lane.snapshot()


def _arrived(tag):
    return list(subvolume.inside(os.path.join(TARGET, tag)))


@case(needs=NEEDS)
def one_command_makes_a_nas_send_to_a_bare_pi(world):
    lane, name = _lane(world, "first")
    with Pairing(world) as both:
        write_send_toml(OWN)
        said = both.pair(lane).expect_well().out
        check_says(said, "At pi.lan:", "On this machine:", "+ restrict,", "+ [jobs.first]",
                   f"would send {name} in full", "that is about", "that takes about")
        check(text_of(SEND_CONFIGURATION).startswith(OWN), "what was in send.toml is not kept")
        for path, mode in ((SEND_CONFIGURATION, 0o600), (KEYS, 0o700),
                           (os.path.join(KEYS, "first"), 0o600), (KNOWN_HOSTS, 0o644)):
            found = os.stat(path)
            check_equal((found.st_uid, stat.S_IMODE(found.st_mode)), (0, mode), f"mode of {path}")
        both.send("first").expect_well()
        check_equal(_arrived("first"), [name], "the backups")
        both.pi.check_sound("after pairing")
        # A person's commands know where to ask.
        check_says(both.pia.run("list", "first", "--from", "pi").expect_well().out, name)


@case(needs=NEEDS)
def a_second_run_changes_nothing_and_tests_all(world):
    lane, _ = _lane(world, "second")
    with Pairing(world) as both:
        both.pair(lane).expect_well()
        before = both.state()
        for again in (both.pair(lane), both.run("--yes"), both.run("--tag", "second")):
            said = again.expect_well().out
            check_says(said, "Nothing is to be changed.", "good", "would send")
        check_says(both.run("--check").expect_well().out, "good", "would send")
        check_equal(both.state(), before, "what is there")


@case(needs=NEEDS)
def a_second_tag_has_a_key_a_line_and_a_rule_of_its_own(world):
    (home, _), (media, name) = _lane(world, "home"), _lane(world, "media")
    with Pairing(world) as both:
        both.pair(home).expect_well()
        before = both.state()
        both.run("--tag", "media", "--snapshots", media.snapshot_dir, "--yes").expect_well()
        check(key_of("home") != key_of("media"), "two tags have one key")
        lines = text_of(AUTHORIZED_KEYS)
        check_says(lines, f'snapshot-receive media" ssh-ed25519 {key_of("media")}',
                   f'snapshot-receive home" ssh-ed25519 {key_of("home")}')
        check_says(text_of(SUDO_RULES), "snapshot-receive media\n", "snapshot-receive home\n")
        for tag in ("home", "media"):
            both.send(tag).expect_well()
        check_equal(_arrived("media"), [name], "the backups of media")

        said = both.run("--undo", "--tag", "media", "--yes").expect_well().out
        check_says(said, "At pi.lan:", "On this machine:")
        check_equal(both.state(), before, "what is there once media was taken back")
        check_equal(_arrived("media"), [name], "the backups of media")
        both.send("home").expect_well()


@case(needs=NEEDS)
def what_was_paired_is_taken_back_and_backups_stay(world):
    lane, name = _lane(world, "undone")
    with Pairing(world) as both:
        write_send_toml(OWN)
        before = both.state_of_nas()
        both.pair(lane).expect_well()
        both.send("undone").expect_well()
        key = key_of("undone")
        check_says(both.run("--undo").expect_trouble(1).err, "no terminal", "--yes")
        both.run("--undo", "--yes").expect_well()
        check_equal(both.state_of_nas(), before, "what is at the NAS")
        check(key not in text_of(AUTHORIZED_KEYS) if os.path.exists(AUTHORIZED_KEYS) else True,
              "the key is still let in")
        check_equal(_arrived("undone"), [name], "the backups")
        check_says(both.run("--undo", "--tag", "undone", "--yes").expect_well().out,
                   "Nothing is left to take back.")
        both.pair(lane).expect_well()  # and again


@case(needs=NEEDS)
def what_another_nas_has_set_up_is_not_taken_back(world):
    lane, _ = _lane(world, "theirs")
    with Pairing(world) as both:
        both.pair(lane).expect_well()
        ours = os.path.dirname(SEND_CONFIGURATION)
        away = ours + ".away"
        before = both.state()
        os.rename(ours, away)  # as another NAS, that has nothing
        try:
            for tag in ("theirs", "typo"):
                said = both.run("--undo", "--tag", tag, "--yes")
                check(tag == "typo" or "another machine's" in said.err, said.err)
        finally:
            shutil.rmtree(ours, ignore_errors=True)
            os.rename(away, ours)
        check_equal(both.state(), before, "what is there")
        both.send("theirs").expect_well()


@case(needs=NEEDS)
def each_tag_is_kept_as_long_as_the_first(world):
    (first, _), (second, _) = _lane(world, "year-one"), _lane(world, "year-two")
    with Pairing(world) as both:
        both.pair(first).expect_well()
        both.run("--tag", "year-two", "--snapshots", second.snapshot_dir, "--yes").expect_well()
        text = text_of(RECEIVE_CONFIGURATION)
        check_equal(text.count('keep = "7 14d 8w 12m"'), 2, f"the tags that are kept for a year in {text}")


@case(needs=NEEDS)
def nothing_is_changed_where_nobody_says_yes(world):
    lane, _ = _lane(world, "unasked")
    with Pairing(world) as both:
        before = both.state()
        words = ("--tag", "unasked", "--snapshots", lane.snapshot_dir, "--disk", both.pi.device)
        check_says(both.run(*words).expect_trouble(1).err, "no terminal", "--yes")
        said = both.run(*words, "--plan").expect_well().out
        check_says(said, "to do", "+ [receivers.pi]", "+ restrict,")
        asked = both.at_terminal(*words)
        asked.type("n\n")
        code, _, err = asked.finish()
        check_equal(code, 1, f"the exit code; {err}")
        check_says(err, "nobody said yes")
        check_equal(both.state(), before, "what is there")


@case(needs=NEEDS)
def one_password_of_sudo_is_enough_for_all_of_it(world):
    lane, _ = _lane(world, "asked")
    with Pairing(world) as both:
        both.pia.may(ANYTHING)
        run = both.at_terminal("--tag", "asked", "--snapshots", lane.snapshot_dir, "--disk",
                               both.pi.device, "--yes")
        run.await_question("password for sudo at pi.lan: ")
        run.type(PASSWORD + "\n")
        code, out, err = run.finish()
        check_equal(code, 0, f"the exit code; {err}")
        check_equal(run.asked.count("password"), 1, "questions")
        check_says(out, "would send")

        run = both.at_terminal("--check")
        for _ in range(3):
            run.await_question("password for sudo at pi.lan: ")
            run.type("wrong\n")
        code, _, err = run.finish()
        check_equal(code, 12, f"the exit code; {err}")
        check_says(err, "sudo at pi.lan does not take the password")


@case(needs=NEEDS)
def what_is_to_be_sent_is_found_and_asked_for_where_it_could_be_several(world):
    lane, name = _lane(world, "found")
    other, _ = _lane(world, "other")
    with Pairing(world) as both:
        words = ("--disk", both.pi.device, "--plan")
        refused = both.run(*words).expect_trouble(1)
        check_says(refused.out, lane.snapshot_dir, other.snapshot_dir)
        check_says(refused.err, "--snapshots")
        only = both.run("--snapshots", lane.snapshot_dir, *words).expect_well().out
        check_says(only, "+ [jobs.found]", f'+ snapshot_dir = "{lane.snapshot_dir}"')
        none = both.run("--source-tag", "never", *words).expect_trouble(2)
        check_says(none.err, "no read-only snapshot with a name that ends in @never", "rotate")
        check(name not in none.err, "a snapshot is named")


def _without_line(path, words):
    lines = text_of(path).splitlines(keepends=True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line for line in lines if words not in line)


@case(needs=NEEDS)
def a_check_sees_each_damage_and_the_next_run_mends_it(world):
    lane, _ = _lane(world, "damaged")
    with Pairing(world) as both:
        both.pair(lane).expect_well()
        damages = {
            "no key line": lambda: _without_line(AUTHORIZED_KEYS, "damaged"),
            "no rule": lambda: _without_line(SUDO_RULES, "snapshot-receive damaged"),
            "an open target": lambda: os.chmod(TARGET, 0o755),
            "no tag": lambda: write_file(RECEIVE_CONFIGURATION, f'target_dir = "{TARGET}"\n'),
            "no host key": lambda: os.unlink(KNOWN_HOSTS),
            "no job": lambda: _without_line(SEND_CONFIGURATION, "source_tag"),
        }
        for what, do in damages.items():
            with told_of_failures(what):
                do()
                if what == "no job":  # the file cannot be read then, and says so by itself
                    check_says(both.run("--check").expect_trouble(1).err, "source_tag")
                    continue
                seen = both.run("--tag", "damaged", "--check")
                check(seen.code != 0 and seen.err, f"it is not seen: {seen.out}")
                both.pair(lane).expect_well()
                both.run("--tag", "damaged", "--check").expect_well()


@case(needs=NEEDS)
def another_host_key_than_the_one_that_is_known_is_never_taken(world):
    lane, _ = _lane(world, "changed")
    with Pairing(world) as both:
        both.pair(lane).expect_well()
        before = both.state()
        world.ssh.change_host_key()
        for seen in (both.run("--check"), both.pair(lane)):
            check(seen.code != 0, "another host key is taken")
            check_says(seen.out + seen.err, "another ssh-ed25519 key is known", "ssh-keygen -R")
        check_equal(both.state(), before, "what is there")


@case(needs=NEEDS)
def who_may_only_look_there_sets_nothing_up(world):
    lane, _ = _lane(world, "looking")
    with Pairing(world) as both:
        both.pia.may(ONLY_ANSWERS)
        before = both.state()
        check_says(both.pair(lane).expect_trouble(12).err, "a password is wanted")
        asked = world.commands.run(SNAPFERRY, "answer", input=b'{"what":"setup","words":[]}\n')
        check_says(asked.expect_trouble(18).err, "another command")
        asked = world.commands.run(SNAPFERRY, "answer", "setup",
                                   input=b'{"what":"run","words":[]}\n')
        check_says(asked.expect_trouble(18).err, "another command")
        check_equal(both.state(), before, "what is there")


@case(needs=NEEDS)
def a_pi_of_an_older_version_says_what_is_to_be_done(world):
    lane, _ = _lane(world, "older")
    with Pairing(world) as both:
        own = os.path.join(world.directory, "snapferry")
        shutil.copyfile(SNAPFERRY, own)
        os.chmod(own, 0o755)
        old = os.path.join(world.directory, "old")
        os.makedirs(old, exist_ok=True)
        write_file(os.path.join(old, "snapferry"),
                   "#!/bin/sh\necho 'snapferry: The following argument was not expected: setup; "
                   "snapferry --help shows the usage' >&2\nexit 1\n", 0o755)
        with world_program(world, os.path.join(old, "snapferry")):
            result = world.commands.run(own, *both.words(
                "--tag", "older", "--snapshots", lane.snapshot_dir, "--yes"))
        check_says(result.expect_trouble(1).err, "too old to be set up from here",
                   "install the same version")
        check(not os.path.exists(SEND_CONFIGURATION), "something was changed at the NAS")


class world_program:
    """Within, another program is the Pi's snapferry."""

    def __init__(self, world, path):
        self.world, self.path = world, path

    def __enter__(self):
        self.world.host.install(self.path)

    def __exit__(self, *_):
        self.world.host.install(self.world.programs["snapferry"])


@case(needs=NEEDS)
def without_a_login_two_lines_that_are_pasted_do_the_same(world):
    lane, name = _lane(world, "pasted")
    with Pairing(world) as both:
        words = ("--port", str(world.ssh.port), "--tag", "pasted", "--snapshots",
                 lane.snapshot_dir, "--yes")
        fingerprint = subprocess.run(["ssh-keygen", "-lf", world.ssh.host_key + ".pub"], check=True,
                                     capture_output=True, text=True).stdout.split()[1]

        def set_up(shown):
            return world.commands.run(SNAPFERRY, "setup", "sender", "127.0.0.1", "--fingerprint",
                                      shown, *words)

        wrong = set_up("SHA256:" + "A" * 43).expect_trouble(11)
        check_says(wrong.err, fingerprint, "another machine")
        check(not os.path.exists(SEND_CONFIGURATION), "something was changed")
        said = set_up(fingerprint).expect_well().out
        line = next(line for line in said.splitlines() if "setup receiver" in line)
        check_says(line, "sudo snapferry setup receiver pasted --key 'ssh-ed25519 ")
        key = line.split("'")[1]
        both.pi.set_up("pasted", "--key", key, "--disk", both.pi.device, "--yes").expect_well()
        both.send("pasted").expect_well()
        check_equal(_arrived("pasted"), [name], "the backups")
        before = both.state()
        check_says(set_up(fingerprint).expect_well().out, "Nothing is to be changed.", line)
        check_equal(both.state(), before, "what is there")


def _contents(name):
    with open(os.path.join(TARGET, "photos", name, "file"), encoding="utf-8") as file:
        return file.read()


@case(needs=NEEDS)
def who_makes_no_snapshots_yet_has_them_made(world):
    photos = os.path.join(world.nas.path, "photos")
    subvolume.create(photos)
    write_file(os.path.join(photos, "file"), "a day at the beach")
    words = ("--make-snapshots-of", photos)
    with Pairing(world) as both:
        said = both.run(*words, "--disk", both.pi.device, "--yes").expect_well().out
        check_says(said, "make a snapshot of", "+ [snapshots.photos]", "the first snapshot of",
                   "@daily in full")
        check_says(text_of(SEND_CONFIGURATION), f'subvolume = "{photos}"', 'calendar = "daily"',
                   f'snapshot_dir = "{photos}/.snapshots"', 'source_tag = "daily"')
        first = list(subvolume.inside(os.path.join(photos, ".snapshots")))
        check_equal(len(first), 1, "the snapshots that were made")
        before = both.state()
        for again in (words, ()):
            check_says(both.run(*again, "--yes").expect_well().out, "Nothing is to be changed.")
        check_equal(both.state(), before, "what is there")
        both.send("photos").expect_well()
        check_equal(_contents(first[0]), "a day at the beach", "what arrived")
        rotated = world.commands.run(SNAPFERRY, "rotate", "photos").expect_well()
        check_says(rotated.out, "@daily")
        both.send("photos").expect_well()
        check_equal(len(_arrived("photos")), 2, "the backups")


@case(needs=NEEDS)
def what_somebody_else_keeps_is_not_rotated(world):
    lane, name = _lane(world, "kept")
    with Pairing(world) as both:
        before = both.state()
        run = both.pair(lane, "--make-snapshots-of", lane.source, "--source-tag", lane.source_tag)
        check_says(run.expect_trouble(1).err, "somebody makes them", "leave out")
        check_equal(both.state(), before, "what is there")
        check_equal(list(subvolume.inside(lane.snapshot_dir)), [name], "the snapshots")


@case(needs=NEEDS)
def a_directory_of_snapshots_is_taken_by_the_mount_that_was_named(world):
    lane, name = _lane(world, "seen-twice")
    elsewhere = os.path.join(world.nas.path, "..", "seen-elsewhere")
    os.makedirs(elsewhere)
    mounts.mount(lane.snapshot_dir, elsewhere, None, mounts.BIND)
    with Pairing(world) as both:
        try:
            said = both.run("--tag", lane.tag, "--snapshots", elsewhere + "/", "--disk",
                            both.pi.device, "--yes").expect_well().out
            check_says(said, f'snapshot_dir = "{os.path.normpath(elsewhere)}"',
                       f"would send {name} in full")
        finally:
            mounts.unmount(elsewhere)
            os.rmdir(elsewhere)


@case(needs=NEEDS)
def snapshots_are_made_of_whole_subvolumes_alone(world):
    plain = os.path.join(world.nas.path, "plain")
    os.mkdir(plain)
    with Pairing(world) as both:
        before = both.state()
        for words, code, why in (
                (("--make-snapshots-of", plain), 2, "no btrfs subvolume"),
                (("--snapshots", plain), 2, "--make-snapshots-of SUBVOLUME")):
            run = both.run(*words, "--disk", both.pi.device, "--yes").expect_trouble(code)
            check_says(run.err, why)
        check_equal(both.state(), before, "what is there")
