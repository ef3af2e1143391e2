"""snapferry setup receiver: from a bare Pi to one that receives, and back."""

import json
import os
import stat
import subprocess

from harness import mounts, subvolume
from harness.bare_pi import FSTAB, KEYS, SUDO_RULES, TABLE, TARGET, BarePi
from harness.case import case
from harness.host import LOGIN, PROGRAM_DIRECTORY
from harness.person import AtTerminal
from harness.ssh_server import make_key, public_key
from harness.verdict import check, check_equal, check_says
from harness.world import RECEIVE_CONFIGURATION, write_file

NEEDS = ("snapshot-send", "snapshot-receive", "snapferry")


def _mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def _text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@case(needs=NEEDS)
def a_bare_pi_receives_after_one_command(world):
    lane = world.lane("home")
    lane.write("file", "contents")
    name = lane.snapshot()
    with BarePi(world) as pi:
        said = pi.set_up_whole().expect_well().out
        check_says(said, "mkfs.btrfs", "+ UUID=", "useradd", "+ backups ALL=(root)", "+ restrict,",
                   "This machine receives home")
        world.start_sender(*lane.arguments()).finish().expect_well()
        check_equal(list(subvolume.inside(os.path.join(TARGET, "home"))), [name], "the backups")
        check("uid=" not in world.ssh_as_backups("id").out, "the key has a shell")
        _check_places(world)
        pi.check_sound("after the set-up")


def _check_places(world):
    for path in (f"/var/lib/{LOGIN}", os.path.dirname(KEYS), KEYS):
        check_equal(os.stat(path).st_uid, 0, f"the owner of {path}")
    check_equal(_mode(f"/var/lib/{LOGIN}"), 0o755, "the mode of the home")
    check_equal(_mode(KEYS), 0o644, "the mode of authorized_keys")
    check_equal(_mode(SUDO_RULES), 0o440, "the mode of the rule")
    check_equal(_mode(TARGET), 0o700, "the mode of the target")
    check_equal(_mode(RECEIVE_CONFIGURATION), 0o644, "the mode of receive.toml")
    options = world.commands.run("findmnt", "-n", "-o", "OPTIONS", TARGET).expect(0).out
    check_says(options, "nosuid", "nodev", "noexec", "noatime")
    check_says(_text(TABLE), "nofail", FSTAB)


@case(needs=NEEDS)
def a_second_run_changes_nothing_and_says_so(world):
    with BarePi(world) as pi:
        pi.set_up_whole().expect_well()
        before = pi.state()
        for again in (pi.set_up_whole(), pi.set_up("home", "--key", pi.key, "--yes"),
                      pi.set_up("home")):
            check_says(again.expect_well().out, "Nothing is to be changed")
        pi.set_up("home", "--check", "--key", pi.key).expect_well()
        check_equal(pi.state(), before, "what is there")


@case(needs=NEEDS)
def nothing_is_changed_where_nobody_says_yes(world):
    with BarePi(world) as pi:
        pi.make_btrfs()
        before = pi.state()
        arguments = ("home", "--key", pi.key, "--disk", pi.device)
        check_says(pi.set_up(*arguments).expect_trouble(1).err, "no terminal", "--yes")
        check_says(pi.set_up(*arguments, "--plan").expect_well().out, "to do", "+ UUID=")
        asked = AtTerminal(world.commands.environment, "/usr/local/sbin/snapferry", "setup",
                           "receiver", *arguments)
        asked.type("n\n")
        code, _, err = asked.finish()
        check_equal(code, 1, "exit code of no")
        check_says(err, "nobody said yes")
        check_equal(pi.state(), before, "what is there")
        agreed = AtTerminal(world.commands.environment, "/usr/local/sbin/snapferry", "setup",
                            "receiver", *arguments)
        agreed.type("y\n")
        check_equal(agreed.finish()[0], 0, "exit code of yes")
        pi.check_sound("after yes")


@case(needs=NEEDS)
def a_disk_is_erased_only_where_its_name_is_typed(world):
    with BarePi(world) as pi:
        subprocess.run(["mkfs.btrfs", "-q", "-f", "-L", "photos", pi.device], check=True,
                       stdout=subprocess.DEVNULL)
        with open(pi.device, "r+b") as disk:
            disk.seek(510)
            disk.write(b"\x55\xaa")  # as of a table of partitions
        before = pi.state()
        for wrong in ((), ("--typed", ""), ("--typed", "yes"), ("--typed", pi.name + "x")):
            result = pi.set_up("home", "--format", pi.device, *wrong, "--yes").expect_trouble(1)
            check_says(result.err, "nothing was changed", pi.name)
        check_equal(pi.state(), before, "what is there")
        check_says(world.commands.run("wipefs", "--no-act", pi.device).out, "photos")
        pi.set_up_whole().expect_well()


@case(needs=NEEDS)
def a_disk_that_the_table_of_mounts_has_by_another_name_is_not_erased(world):
    with BarePi(world) as pi:
        subprocess.run(["mkfs.btrfs", "-q", "-f", "-L", "our photos", pi.device], check=True,
                       stdout=subprocess.DEVNULL)
        table = _text(TABLE)
        for source in (pi.device, "LABEL=our\\040photos"):
            write_file(TABLE, f"{table}{source} /mnt/photos btrfs noauto 0 0\n")
            result = pi.set_up_whole().expect_trouble(1)
            check_says(result.err, "not erased", "/etc/fstab", "/mnt/photos")
        check_says(world.commands.run("wipefs", "--no-act", pi.device).out, "photos")
        write_file(TABLE, table)


@case(needs=NEEDS)
def a_disk_with_something_else_on_it_is_not_taken(world):
    with BarePi(world) as pi:
        subprocess.run(["mkswap", pi.device], check=True, stdout=subprocess.DEVNULL)
        result = pi.set_up("home", "--disk", pi.device, "--yes").expect_trouble(1)
        check_says(result.err, "no btrfs", "swap", f"--format {pi.device}", pi.name)


@case(needs=NEEDS)
def a_disk_that_is_in_use_is_not_erased_whatever_is_typed(world):
    with BarePi(world) as pi:
        pi.make_btrfs()
        os.mkdir("/mnt/elsewhere")
        mounts.mount(pi.device, "/mnt/elsewhere", "btrfs")
        try:
            result = pi.set_up_whole().expect_trouble(1)
            check_says(result.err, "in use", "/mnt/elsewhere")
        finally:
            mounts.unmount("/mnt/elsewhere")


@case(needs=NEEDS)
def a_btrfs_is_taken_with_what_is_on_it(world):
    with BarePi(world) as pi:
        pi.make_btrfs()
        os.mkdir("/mnt/elsewhere")
        mounts.mount(pi.device, "/mnt/elsewhere", "btrfs")
        write_file("/mnt/elsewhere/kept", "contents")
        mounts.unmount("/mnt/elsewhere")
        pi.set_up("home", "--key", pi.key, "--disk", pi.device, "--yes").expect_well()
        check_equal(_text(os.path.join(TARGET, "kept")), "contents", "what was there")


@case(needs=NEEDS)
def a_directory_on_a_mounted_btrfs_is_taken(world):
    with BarePi(world) as pi:
        place = os.path.join(world.pi.path, "of-bare-pi")
        result = pi.set_up("home", "--key", pi.key, "--disk", place, "--yes").expect(0)
        check_says(result.out, "left", "fstab")  # it is for a person to mount
        check_equal(_mode(place), 0o700, "its mode")
        again = pi.set_up("home", "--key", pi.key, "--disk", place, "--yes").expect(0).out
        check_says(again, "Nothing is to be changed")
        check_equal(_text(TABLE), FSTAB, "the table of mounts")
        check_says(_text(RECEIVE_CONFIGURATION), f'target_dir = "{place}"')


@case(needs=NEEDS)
def a_second_tag_takes_a_key_of_its_own(world):
    with BarePi(world) as pi:
        pi.set_up_whole().expect_well()
        write_file(RECEIVE_CONFIGURATION, "# mine\n" + _text(RECEIVE_CONFIGURATION) +
                   "\n[tags.old]   # kept\nkeep = 3\n")
        check_says(pi.set_up("media", "--key", pi.key, "--yes").expect_trouble(1).err,
                   "for home already", "key of its own")
        other = public_key(make_key(os.path.join(world.directory, "second_key")))
        pi.set_up("media", "--key", other, "--keep", "5", "--yes").expect_well()
        text = _text(RECEIVE_CONFIGURATION)
        check(text.startswith("# mine\n") and "[tags.old]   # kept\nkeep = 3\n" in text, text)
        check_says(text, '[tags.media]\nkeep = "5"')
        check_equal(len(_text(KEYS).splitlines()), 2, "lines of keys")
        _removing_one_leaves_the_other(pi)


def _removing_one_leaves_the_other(pi):
    said = pi.run("remove", "media", "--yes").expect_well().out
    check_says(said, "no backups of media", "stays")
    check("media" not in _text(KEYS) + _text(SUDO_RULES) + _text(RECEIVE_CONFIGURATION),
          "something of media is left")
    pi.set_up("home", "--check").expect_well()
    check_says(pi.run("remove", "media", "--yes").expect_well().out, "Nothing is to be changed")


@case(needs=NEEDS)
def another_key_of_a_tag_comes_only_where_that_is_asked_for(world):
    with BarePi(world) as pi:
        pi.set_up_whole().expect_well()
        other = public_key(make_key(os.path.join(world.directory, "new_key")))
        check_says(pi.set_up("home", "--key", other, "--yes").expect_trouble(1).err,
                   "another key", "--replace-key")
        said = pi.set_up("home", "--key", other, "--replace-key", "--yes").expect_well().out
        check_says(said, "- restrict", "+ restrict")
        check_equal(_text(KEYS).splitlines(),
                    [f'restrict,command="sudo -n {PROGRAM_DIRECTORY}/snapshot-receive home" '
                     + other], "the keys")


@case(needs=NEEDS)
def removal_takes_all_back_but_the_backups(world):
    lane = world.lane("films")
    lane.write("file", "contents")
    name = lane.snapshot()
    with BarePi(world) as pi:
        pi.set_up_whole("films").expect_well()
        world.start_sender(*lane.arguments()).finish().expect_well()
        said = pi.run("remove", "films", "--yes").expect_well().out
        check_says(said, "of films, 1 backup stays", f"btrfs subvolume delete '{TARGET}/films'/*")
        check_equal(list(subvolume.inside(os.path.join(TARGET, "films"))), [name], "the backups")
        for path in (KEYS, SUDO_RULES):
            check(not os.path.exists(path), f"{path} is left")
        check(f"\n{LOGIN}:" not in _text("/etc/passwd"), "the user is left")
        check(not os.path.exists(f"/var/lib/{LOGIN}"), "the user's home is left")
        pi.check_sound("after the removal")


@case(needs=NEEDS)
def without_a_key_it_says_what_to_run_at_the_nas(world):
    with BarePi(world) as pi:
        pi.make_btrfs()
        said = pi.set_up("home", "--disk", pi.device, "--yes").expect(0).out
        fingerprint = world.commands.run("ssh-keygen", "-lf",
                                         world.ssh.host_key + ".pub").out.split()[1]
        check_says(said, "snapferry setup sender", "--tag home", f"--user {LOGIN}",
                   f"--port {world.ssh.port}", f"--fingerprint {fingerprint}")
        check(not os.path.exists(KEYS), "there is a file of keys")
        pi.set_up("home", "--key", pi.key, "--yes").expect_well()
        check_says(_text(KEYS), "restrict,command=")


@case(needs=NEEDS)
def json_tells_plan_result_and_what_the_sender_has_to_know(world):
    with BarePi(world) as pi:
        pi.make_btrfs()
        told = json.loads(pi.set_up("home", "--key", pi.key, "--disk", pi.device, "--yes",
                                    "--json").expect_well().out)
        check_equal(told["version"], 1, "the version")
        check_equal(told["done"][-1], "key", "what was done last")
        facts = told["receiver"]
        check_equal((facts["user"], facts["ports"], facts["target_dir"]),
                    (LOGIN, [world.ssh.port], TARGET), "what it says of itself")
        check_equal(facts["host_keys"], [public_key(world.ssh.host_key)], "its host keys")
        check(all(finding["state"] == 0 for finding in told["findings"]), told["findings"])


# ---- what is not as usual ---------------------------------------------------------------------


@case(needs=NEEDS)
def what_people_have_made_otherwise_is_left_alone_and_told(world):
    with BarePi(world) as pi:
        pi.make_btrfs()

        def refused(*words):
            before = pi.state()
            result = pi.set_up("home", "--key", pi.key, "--disk", pi.device, "--yes")
            check_says(result.expect_trouble(1).err, "nothing was changed", *words)
            check_equal(pi.state(), before, "what is there")

        write_file("/etc/rules-elsewhere", "# none yet\n", 0o440)
        _with_file(SUDO_RULES, lambda: refused("symlink", SUDO_RULES), to="/etc/rules-elsewhere")
        _with_file(RECEIVE_CONFIGURATION, lambda: refused("receive.toml"), "target_dir = 3\n")
        _with_file("/etc/sudoers.d/broken", lambda: refused("not sound", "visudo"), "nonsense\n")
        _with_file(TABLE, lambda: refused("another disk", "/dev/sdz1"),
                   FSTAB + f"/dev/sdz1 {TARGET} ext4 noauto 0 0\n")
        _with_file("/etc/sudoers", lambda: refused("does not include", "@includedir"),
                   "root ALL=(ALL:ALL) ALL\n")
        for line, words in (("AuthorizedKeysFile none\n", "AuthorizedKeysFile"),
                            ("DenyUsers backups\n", "denyusers"),
                            ("PubkeyAuthentication no\n", "pubkeyauthentication")):
            _with_file("/etc/ssh/sshd_config", lambda: refused(words),
                       line + _text("/etc/ssh/sshd_config"))
        subprocess.run(["useradd", "--system", "--create-home", "--home-dir",
                        f"/var/lib/{LOGIN}", "--shell", "/bin/sh", LOGIN], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        refused("could let its key do more", "--user")


def _with_file(path, look, text=None, to=None):
    kept = open(path, "rb").read() if os.path.exists(path) else None
    mode = _mode(path) if kept is not None else 0o440 if "sudoers" in path else 0o644
    if to is not None:
        os.symlink(to, path)
    else:
        write_file(path, text, mode)
    try:
        look()
    finally:
        os.unlink(path)
        if kept is not None:
            with open(path, "wb") as file:
                file.write(kept)
            os.chmod(path, mode)


@case(needs=NEEDS)
def keys_that_sshd_looks_for_elsewhere_go_there(world):
    with BarePi(world) as pi:
        pi.make_btrfs()
        place = "/etc/ssh/keys/backups"

        def look():
            pi.set_up("home", "--key", pi.key, "--disk", pi.device, "--yes").expect_well()
            check_says(_text(place), "restrict,command=")

        _with_file("/etc/ssh/sshd_config", look,
                   "AuthorizedKeysFile /etc/ssh/keys/%u\n" + _text("/etc/ssh/sshd_config"))


@case(needs=NEEDS)
def each_damage_is_found_by_a_check_and_mended_by_the_next_run(world):
    with BarePi(world) as pi:
        pi.set_up_whole().expect_well()
        for damage, word in ((lambda: os.unlink(KEYS), "key"),
                             (lambda: os.unlink(SUDO_RULES), "sudo"),
                             (lambda: os.chmod(TARGET, 0o777), TARGET),
                             (lambda: mounts.unmount(TARGET), "mount"),
                             (lambda: os.unlink(RECEIVE_CONFIGURATION), "go")):
            damage()
            check_says(pi.set_up("home", "--key", pi.key, "--disk", pi.device,
                                 "--check").expect_trouble(1).out, "not ok", word)
            pi.set_up("home", "--key", pi.key, "--disk", pi.device, "--yes").expect_well()
            pi.set_up("home", "--key", pi.key, "--check").expect_well()
            pi.check_sound("after it was mended")
