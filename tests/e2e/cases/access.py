"""Who may start the receiver, and what else their key may: told to the sender, and by a check."""

import contextlib
import os
import shutil

from harness import stream
from harness.case import case
from harness.host import LOGIN, PROGRAM_DIRECTORY
from harness.journal import Journal
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import write_file

NEEDS = ("snapshot-receive", "snapferry")
OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3  # exit codes that monitors know
RULE = "/etc/sudoers.d/snapferry"


def _ready(world):
    lane = world.lane()
    lane.write("file", "contents")
    lane.name = lane.snapshot()
    return lane


def _options(tag):
    return f'restrict,command="sudo -n {PROGRAM_DIRECTORY}/snapshot-receive {tag}"'


@contextlib.contextmanager
def _authorized(world, options):
    world.ssh.authorize(options)
    try:
        yield
    finally:
        world.ssh.authorize()


def _from_the_receiver(entries):
    return [entry for entry in entries if entry.get("SYSLOG_IDENTIFIER") == "snapshot-receive"
            and "authorized_keys" in entry["MESSAGE"]]


# ---- how a receiver was started --------------------------------------------------------------


@case
def a_key_with_a_shell_is_told_of_to_the_sender_and_the_journal(world):
    lane = _ready(world)
    with Journal() as journal, _authorized(world, ""):
        result = lane.send("--no-manifest").expect(0)
        check_says(result.err, "warning", "authorized_keys", _options(lane.tag))
    entries = _from_the_receiver(journal.entries)
    check_equal(len(entries), 1, "lines in the receiver's journal")
    check_equal(entries[0]["PRIORITY"], "4", "its priority")
    lane.check_arrived(lane.name)


@case
def a_forced_command_is_not_told_of(world):
    lane = _ready(world)
    with Journal() as journal, _authorized(world, _options(lane.tag)):
        lane.send_well()
    check_equal(_from_the_receiver(journal.entries), [], "lines in the receiver's journal")


@case
def the_advice_followed_to_the_letter_takes_the_shell_away(world):
    lane = _ready(world)
    with _authorized(world, ""):
        check_says(world.ssh_as_backups("id").expect(0).out, "uid=")
        told = lane.send().expect(0).err
        advice = told[told.index("restrict,"):].splitlines()[0].strip()
    lane.write("file", "more")
    lane.snapshot()
    with _authorized(world, advice):
        check("uid=" not in world.ssh_as_backups("id").out, "the key has a shell")
        lane.send_well()


@case(needs=("snapshot-receive",))
def a_sudo_that_keeps_the_connection_is_no_reason_to_warn(world):
    lane = _ready(world)
    extra = "/etc/sudoers.d/keep"
    for kept in ("SSH_CONNECTION SSH_CLIENT", "SSH_CONNECTION SSH_ORIGINAL_COMMAND"):
        write_file(extra, f'Defaults env_keep += "{kept}"\n', 0o440)
        try:
            with _authorized(world, _options(lane.tag)):
                name = f"small-{len(kept)}"
                world.ssh_as_backups("receive", input=bytes(stream.small(name))).expect_well()
        finally:
            os.unlink(extra)


@case(needs=("snapshot-receive",))
def a_client_that_asks_for_no_command_is_no_reason_to_warn(world):
    lane = _ready(world)
    whole = bytes(stream.small("small"))
    with _authorized(world, _options(lane.tag)):
        result = world.ssh_as_backups(input=whole).expect(0)
        check("authorized_keys" not in result.err, "the receiver warns")  # ssh itself says more
    lane.check_complete("small")


@case(needs=("snapshot-receive",))
def a_receiver_that_was_not_started_over_ssh_says_nothing_of_it(world):
    lane = world.lane()
    lane.receive(bytes(stream.small("small"))).expect_well()


# ---- the check -------------------------------------------------------------------------------


class _Pi:
    """A Pi set up as docs/by-hand.md has it, whose keys and rules a test may change."""

    def __init__(self, world):
        self.world = world
        self.lane = world.lane()
        self.lane.receive(bytes(stream.small("small"))).expect_well()
        self.home = os.path.join(world.host.login_home, ".ssh")
        self.keys = os.path.join(self.home, "authorized_keys")
        self.good_rule = (f"{LOGIN} ALL=(root) NOPASSWD: {PROGRAM_DIRECTORY}/snapshot-receive "
                          f"{self.lane.tag}\n")
        self.set_up()

    def set_up(self, *rules):
        self.world.ssh.authorize_for(self.lane.tag)
        self.write_rules(self.good_rule, *rules)

    def write_rules(self, *rules):
        write_file(RULE + ".new", "".join(rules), 0o440)
        os.rename(RULE + ".new", RULE)

    def add_key(self, options):
        with open(self.keys, encoding="ascii") as file:
            key = file.read().split(" ssh-ed25519 ")[-1]
        with open(self.keys, "a", encoding="ascii") as file:
            file.write(f"{options} ssh-ed25519 {key}".lstrip())

    def findings(self):
        """The check's lines about access; the disk's own are not what this is about."""
        result = self.world.commands.run("/usr/local/sbin/snapferry", "check", "--receiving",
                                         self.lane.tag)
        return [line.removeprefix("SNAPFERRY ") for line in result.out.splitlines()
                if any(word in line for word in
                       ("sudo", "key", "snapshot-receive over ssh", "belongs to user",
                        "can be written by others"))]

    def check_says(self, state, *words):
        found = self.findings()
        told = [line for line in found if line.startswith(state + ":")]
        check(told, f"no {state} among {found}")
        check_says("\n".join(told), *words)


@contextlib.contextmanager
def _pi(world):
    pi = world.once(_Pi)
    pi.set_up()
    try:
        yield pi
    finally:
        world.ssh.authorize()


@case(needs=NEEDS)
def a_receiver_as_the_readme_sets_it_up_is_well(world):
    with _pi(world) as pi:
        found = pi.findings()
        check_equal([line for line in found if not line.startswith("OK:")], [], "complaints")
        check_says("\n".join(found), "line 1", f"can only send to {pi.lane.tag}")


@case(needs=NEEDS)
def keys_that_may_more_than_send_are_found_by_file_and_line(world):
    with _pi(world) as pi:
        tag = pi.lane.tag
        for options, state, words in (
                ("", "CRITICAL", ("has a shell", _options(tag))),
                ("restrict", "CRITICAL", ("has a shell",)),
                ("no-pty", "CRITICAL", ("has a shell",)),
                ('restrict,command="$SSH_ORIGINAL_COMMAND"', "CRITICAL", ("asks for",)),
                (_options(tag).removeprefix("restrict,"), "WARNING", ("forward ports",)),
                (_options(tag) + ",pty", "WARNING", ("pty",)),
                ('restrict,command="/usr/bin/id"', "WARNING", ("/usr/bin/id",)),
                (_options("other"), "WARNING", ("no rule for that",)),
                ("nonsense nonsense", "UNKNOWN", ("not understood",))):
            with told_of_failures(options):
                pi.set_up()
                pi.add_key(options)
                pi.check_says(state, pi.keys, "line 2", *words)


@case(needs=NEEDS)
def sudo_rules_that_allow_more_than_a_tag_are_found(world):
    program = f"{PROGRAM_DIRECTORY}/snapshot-receive"
    with _pi(world) as pi:
        for rule, state, words in (
                (f"{LOGIN} ALL=(root) NOPASSWD: {program}", "CRITICAL", ("any arguments",)),
                (f"{LOGIN} ALL=(root) NOPASSWD: {program} *", "CRITICAL", ("pattern",)),
                (f"{LOGIN} ALL=(ALL) NOPASSWD: ALL", "CRITICAL", ("anything",)),
                (f"%{LOGIN} ALL=(ALL) NOPASSWD: ALL", "CRITICAL", ("anything",)),
                ("ALL ALL=(ALL) NOPASSWD: /bin/dd", "WARNING", ("/bin/dd",)),
                (f"{LOGIN} ALL=(root) NOPASSWD: /bin/sh", "WARNING", ("/bin/sh",)),
                (f"{LOGIN} ALL=(root) {program} {pi.lane.tag}", "WARNING", ("password",)),
                (f"{LOGIN} ALL=(root) NOPASSWD:SETENV: {program} {pi.lane.tag}", "CRITICAL",
                 ("environment",)),
                (f"User_Alias WHO = {LOGIN}\nCmnd_Alias WHAT = {program} \"\"\n"
                 "WHO ALL=(root) NOPASSWD: WHAT", "WARNING", ("names no tag",))):
            with told_of_failures(rule):
                pi.set_up(rule + "\n")
                pi.check_says(state, *words)
        pi.write_rules(pi.good_rule.replace(pi.lane.tag, "other"))
        pi.check_says("WARNING", f"this key is for {pi.lane.tag}", pi.good_rule.strip())


@case(needs=NEEDS)
def files_that_others_could_change_are_found(world):
    with _pi(world) as pi:
        for path in (pi.keys, pi.home, world.host.login_home, RULE, "/etc/sudoers",
                     os.path.join(PROGRAM_DIRECTORY, "snapshot-receive"), PROGRAM_DIRECTORY):
            before = os.stat(path)
            try:
                with told_of_failures(path):
                    os.chmod(path, before.st_mode & 0o7777 | 0o002)
                    pi.check_says("CRITICAL", path, "written by others")
                    os.chmod(path, before.st_mode & 0o7777)
                    os.chown(path, 1234, -1)
                    pi.check_says("CRITICAL", path, "user 1234")
            finally:
                os.chown(path, before.st_uid, before.st_gid)
                os.chmod(path, before.st_mode & 0o7777)


@case(needs=NEEDS)
def where_sshd_looks_for_keys_is_asked_of_sshd(world):
    with _pi(world) as pi:
        configuration = "/etc/ssh/sshd_config"
        shutil.copy(configuration, configuration + ".before")
        elsewhere = "/etc/ssh/keys"
        os.makedirs(elsewhere, exist_ok=True)
        shutil.copy(pi.keys, os.path.join(elsewhere, LOGIN))
        try:
            with open(configuration, "a", encoding="utf-8") as file:
                file.write(f"AuthorizedKeysFile {elsewhere}/%u\n")
            pi.add_key("")  # in a file that sshd does not look into
            check_equal([line for line in pi.findings() if not line.startswith("OK:")], [],
                        "complaints")
            write_file(configuration, "nonsense\n")
            pi.check_says("UNKNOWN", "where sshd looks for keys")
        finally:
            os.rename(configuration + ".before", configuration)


@case(needs=NEEDS)
def rules_that_cannot_be_read_are_unknown(world):
    with _pi(world) as pi:
        pi.write_rules("this is no rule of sudo\n")
        pi.check_says("UNKNOWN", "cvtsudoers")


@case(needs=NEEDS)
def a_root_that_receives_by_a_key_of_its_own_keeps_the_administrators_keys(world):
    with _pi(world) as pi:
        file = os.path.join(world.host.root_home, ".ssh", "authorized_keys")
        with open(pi.keys, encoding="ascii") as own:
            key = own.read().split(" ssh-ed25519 ")[-1]
        write_file(file, f"ssh-ed25519 {key}restrict,command=\"{PROGRAM_DIRECTORY}/snapshot-receive "
                         f"{pi.lane.tag}\" ssh-ed25519 {key}", 0o600)
        try:
            pi.check_says("OK", file, "line 2", "can only send to")
            check_equal([line for line in pi.findings() if not line.startswith("OK:")], [],
                        "complaints")
        finally:
            os.unlink(file)
