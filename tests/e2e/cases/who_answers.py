"""Whoever answers in place of a receiver is never believed to have taken a backup."""

import contextlib
import os
import shutil
import subprocess

from harness import ssh_server
from harness.case import case
from harness.data import MIB, noise
from harness.link import Link
from harness.send_toml import job, receiver
from harness.verdict import Skipped, check, check_equal, check_says, told_of_failures
from harness.world import SEND_CONFIGURATION, write_file

SEND = ("snapshot-send",)
EMPTY_OR_NOT = (("--protocol", "auto"), ("--protocol", "raw"))


def _ready(world, size=300_000):
    """Less than an SSH window: all of it could be written without anybody reading."""
    lane = world.lane()
    lane.write("file", noise(size))
    lane.name = lane.snapshot()
    return lane


def _check_not_believed(lane, result, *codes):
    result.expect_trouble(*codes)
    for claim in ("sent 2", "nothing to send", "it is complete"):
        check(claim not in result.out, f"it says {claim!r}: {result.out}")
    check_equal(lane.last_sent, None, "the note")
    return result


@contextlib.contextmanager
def _forced(world, command):
    """Within, the login key starts this and nothing else, by way of the login's shell."""
    world.ssh.authorize(f'restrict,command="{command}"')
    try:
        yield
    finally:
        world.ssh.authorize()


@contextlib.contextmanager
def _login(world, undo, *command):
    """Within, the login is changed by usermod or chage."""
    subprocess.run([*command, world.login], check=True)
    try:
        yield
    finally:
        subprocess.run([*undo, world.login], check=True)


def _shell(world, shell):
    return _login(world, ("usermod", "-s", "/bin/sh"), "usermod", "-s", shell)


# ---- what ends without a word of a receiver ----------------------------------------------------


@case(needs=SEND)
def a_command_that_ends_well_and_reads_nothing_has_taken_nothing(world):
    lane = _ready(world)
    for command in ("true", "exit 0", "sleep 1; exit 0", "echo welcome", "head -c 10 >/dev/null"):
        for protocol in EMPTY_OR_NOT:
            with told_of_failures(f"{command}, {protocol}"), _forced(world, command):
                told = _check_not_believed(lane, lane.send(*protocol), 18)
                check_says(told.err, "exit status 0")


@case(needs=SEND)
def a_command_that_swallows_everything_has_taken_nothing(world):
    lane = _ready(world, 3 * MIB)
    for command in ("cat >/dev/null", "cat", "cat >/dev/null; echo done"):
        with told_of_failures(command), _forced(world, command):
            _check_not_believed(lane, lane.send("--protocol", "raw"), 18)


@case(needs=SEND, long=True)
def a_command_that_swallows_the_greeting_is_no_receiver_either(world):
    lane = _ready(world)
    with _forced(world, "cat >/dev/null"):
        _check_not_believed(lane, lane.send("--retries", "0"), 18)


@case(needs=SEND)
def what_sends_back_what_it_is_sent_is_no_receiver(world):
    lane = _ready(world)
    with _forced(world, "cat"):
        check_says(_check_not_believed(lane, lane.send(), 18).err, "sends back")


@case(needs=SEND)
def what_fails_in_unknown_words_is_a_failure_that_shows_them_and_the_way_out(world):
    lane = _ready(world)
    for command in ("echo etwas ging schief >&2; exit 3", "exit 7", "false"):
        with told_of_failures(command), _forced(world, f"cat >/dev/null & {command}"):
            told = _check_not_believed(lane, lane.send(), 18)
            check_says(told.err, "exit status", "--protocol raw")
            check("trying again" not in told.text, "it was tried again")


@case(needs=SEND)
def nothing_new_is_said_only_after_contact(world):
    lane = _ready(world)
    with world.classic_receiver():
        lane.send_well()
    for protocol in EMPTY_OR_NOT:
        with _forced(world, "exit 0"):
            result = lane.send(*protocol).expect_trouble(18)
            check("nothing to send" not in result.out, result.out)
        nowhere = f"{world.login}@127.0.0.1:{ssh_server.free_port()}"
        result = lane.send(*protocol, "--retries", "0", to=nowhere).expect_trouble(10)
        check("nothing to send" not in result.out, result.out)


@case(needs=SEND)
def a_classic_receiver_that_hides_its_exit_status_is_believed_by_its_words(world):
    lane = _ready(world)
    path = os.path.join(world.directory, "careless", "snapshot-receive")
    write_file(path, f'#!/bin/sh\nbtrfs receive -q "{world.pi.path}/$1"\nexit 0\n', 0o755)
    with world.receiver_is(path):
        _check_not_believed(lane, lane.send(), 18)  # its success means nothing
        os.makedirs(lane.at_pi(lane.name))
        _check_not_believed(lane, lane.send("--protocol", "raw"), 14)  # "File exists"
        os.rmdir(lane.at_pi(lane.name))
        lane.send_well("--protocol", "raw")
    lane.check_arrived(lane.name)


# ---- refused logins ----------------------------------------------------------------------------


@case(needs=SEND)
def an_access_gate_is_an_error_of_the_login_with_its_words(world):
    lane = _ready(world)
    for command in ("echo denied", "echo denied; exit 1", "echo Access denied. >&2; exit 255"):
        for protocol in EMPTY_OR_NOT:
            with told_of_failures(f"{command}, {protocol}"), _forced(world, command):
                told = _check_not_believed(lane, lane.send(*protocol), 12)
                check_says(told.err, "denied", "authorized_keys")


@case(needs=SEND)
def a_login_without_a_shell_is_told_with_what_mends_it(world):
    nologin = shutil.which("nologin", path="/usr/sbin:/sbin")
    if not nologin:
        raise Skipped("no nologin here")
    lane = _ready(world)
    with _shell(world, nologin):
        for protocol in EMPTY_OR_NOT:
            told = _check_not_believed(lane, lane.send(*protocol), 12)
            check_says(told.err, "not available", f"usermod -s /bin/sh {world.login}")


@case(needs=SEND)
def an_expired_account_is_an_error_of_the_login(world):
    lane = _ready(world)
    with _login(world, ("chage", "-E", "-1"), "chage", "-E", "1"):
        _check_not_believed(lane, lane.send(), 12)
    # What an sshd with PAM says; the one of these tests has none.
    with _forced(world, "echo Password change required but no TTY available. >&2; exit 1"):
        told = _check_not_believed(lane, lane.send(), 12)
        check_says(told.err, "password", f"-M -1 {world.login}")


@case
def a_refused_key_is_told_with_the_line_that_lets_it_in_and_that_line_gives_no_shell(world):
    lane = _ready(world)
    stranger = ssh_server.make_key(os.path.join(world.directory, "new_key"))
    told = lane.send(key=stranger).expect_trouble(12).err
    line = told[told.index("restrict,command="):].splitlines()[0]
    check_says(line, f"/usr/local/sbin/snapshot-receive {lane.tag}",
               ssh_server.public_key(stranger))
    path = os.path.join(world.host.login_home, ".ssh", "authorized_keys")
    with open(path, "a", encoding="ascii") as file:
        file.write(line + "\n")
    try:
        lane.send_well(key=stranger)
        got = world.commands.run("ssh", "-F", "none", "-o", "BatchMode=yes", "-o",
                                 f"UserKnownHostsFile={world.known_hosts}", "-i", stranger, "-p",
                                 str(world.ssh.port), f"{world.login}@127.0.0.1", "id", input=b"")
        check("uid=" not in got.text, "the key has a shell")
    finally:
        world.ssh.authorize()
    lane.check_arrived(lane.name)


# ---- noise -------------------------------------------------------------------------------------


@contextlib.contextmanager
def _bashrc(world, text):
    path = os.path.join(world.host.login_home, ".bashrc")
    write_file(path, text)
    try:
        with _shell(world, "/bin/bash"):
            yield
    finally:
        os.unlink(path)


@case
def a_login_that_prints_is_passed_over_and_said_and_the_way_to_silence_it_works(world):
    lane = _ready(world)
    prints = "echo Welcome to the Pi\nprintf 'no line end'\n"
    with _bashrc(world, prints):
        told = lane.send().expect(0)
        check_says(told.err, "warning", "no line end", ".bashrc")
        check_equal(told.err.count("warning"), 1, "warnings")
        lane.check_arrived(lane.name)
        check_says(told.out, "it is complete and on the receiver's disk")
    with _bashrc(world, "[[ $- == *i* ]] || return\n" + prints):
        lane.send_well()


@case
def noise_as_long_as_the_bound_allows_is_passed_over_and_more_is_not(world):
    lane = _ready(world)
    own = f"sudo -n /usr/local/sbin/snapshot-receive {lane.tag}"
    with _forced(world, f"head -c 65000 /dev/zero; {own}"):
        lane.send().expect(0)
    lane.check_arrived(lane.name)
    lane.write("news", "of the second day")
    lane.snapshot()
    for command in (f"head -c 70000 /dev/zero; {own}", "yes"):
        with told_of_failures(command), _forced(world, command):
            check_says(lane.send("--retries", "0").expect_trouble(18).err, "no greeting")


@case
def noise_behind_the_greeting_is_never_taken_for_what_a_receiver_says(world):
    lane = _ready(world)
    with _forced(world, "printf 'snapferry/1\\r\\n'; echo noise; "
                        f"exec sudo -n /usr/local/sbin/snapshot-receive {lane.tag}"):
        _check_not_believed(lane, lane.send("--retries", "0"), 18)


# ---- what is remembered ------------------------------------------------------------------------


@case
def where_nothing_can_be_remembered_a_raw_stream_wants_a_demand(world):
    lane = _ready(world)
    shutil.rmtree("/var/lib/snapferry/receivers", ignore_errors=True)
    write_file("/var/lib/snapferry/receivers", "in the way")
    try:
        check_says(lane.send().expect(0).err, "cannot remember")
        with world.classic_receiver():
            lane.write("news", "of the second day")
            name = lane.snapshot()
            check_says(lane.send().expect_trouble(18).err, "/var/lib/snapferry/receivers")
            lane.send_well("--protocol", "raw")
        lane.check_arrived(name)
    finally:
        os.unlink("/var/lib/snapferry/receivers")


# ---- silence -----------------------------------------------------------------------------------


@case(needs=SEND)
def a_server_that_falls_silent_in_the_login_is_given_up(world):
    _check_given_up(world, (0, 900, 1100, 1200, 1300), patience=60)


@case(needs=SEND, long=True)
def a_server_that_falls_silent_anywhere_is_given_up(world):
    _check_given_up(world, range(0, 4000, 200), patience=150)


def _check_given_up(world, sizes, patience):
    lane = _ready(world)
    links = [(size, _frozen_after(world, size)) for size in sizes]
    write_file(world.known_hosts, world.ssh.known_hosts(*(link.port for _, link in links)))
    write_file(SEND_CONFIGURATION, "".join(
        receiver(world, f"pi{size}", 'connect_timeout = "10s"\nstall_timeout = "10s"\n',
                 port=link.port) +
        job(lane, f"job{size}", to=f'"pi{size}"', source_tag=f'"{lane.source_tag}"')
        for size, link in links))
    try:
        runs = [(size, world.commands.start(world.sender(), "--job", f"job{size}", "--retries",
                                            "0")) for size, _ in links]
        for size, run in runs:
            with told_of_failures(f"silent after {size} bytes"):
                run.finish(patience=patience).expect_trouble(10, 12, 15, 18)
    finally:
        world.trust_host_key()
        for _, link in links:
            link.close()


def _frozen_after(world, size):
    """A link whose server says nothing any more after so many bytes from the client."""
    link = Link(world.ssh.port)
    link.cut_after, link.cut = size, link.deafen
    return link
