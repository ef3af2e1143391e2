"""Who may speak to whom: host keys, login keys, and the one sudo rule."""

import contextlib
import os

from harness import ssh_server
from harness.case import case
from harness.data import MIB, noise
from harness.verdict import Skipped, check, check_equal, check_says
from harness.world import write_file


def _ready(world):
    """A lane with a snapshot to send."""
    lane = world.lane()
    lane.write("file", noise(2 * MIB))
    lane.name = lane.snapshot()
    return lane


def _check_nothing_sent(lane):
    check(lane.world.link.sent < MIB, f"{lane.world.link.sent} bytes were sent")
    check_equal(lane.all_received, [], "the tag's directory")
    check_equal(lane.last_sent, None, "the note")


@contextlib.contextmanager
def _careless_ssh_configuration(world):
    """The user's and the system's ssh configurations say: trust anybody."""
    careless = "Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n"
    own = os.path.join(world.host.root_home, ".ssh", "config")
    for path in (own, "/etc/ssh/ssh_config"):
        write_file(path, careless, 0o600)
    try:
        yield
    finally:
        os.unlink(own)
        os.unlink("/etc/ssh/ssh_config")


@contextlib.contextmanager
def _known_hosts(world, text):
    """Root's known_hosts holds text; None for no file."""
    if text is None:
        os.unlink(world.known_hosts)
    else:
        write_file(world.known_hosts, text)
    try:
        yield
    finally:
        world.trust_host_key()


@case
def an_unknown_host_key_is_refused_and_not_learned(world):
    lane = _ready(world)
    with _known_hosts(world, "[192.0.2.1]:22 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\n"):
        with open(world.known_hosts, encoding="ascii") as file:
            before = file.read()
        for _ in range(2):
            result = lane.send().expect_trouble(11)
            check_says(result.err, "host key")
        with open(world.known_hosts, encoding="ascii") as file:
            check_equal(file.read(), before, "known_hosts")
    _check_nothing_sent(lane)
    lane.send_well()


@case
def a_missing_known_hosts_file_knows_nobody(world):
    lane = _ready(world)
    with _known_hosts(world, None):
        lane.send().expect_trouble(11)
        check(not os.path.exists(world.known_hosts), "known_hosts was made")
    _check_nothing_sent(lane)


@case
def a_careless_ssh_configuration_changes_nothing(world):
    lane = _ready(world)
    with _known_hosts(world, ""), _careless_ssh_configuration(world):
        lane.send().expect_trouble(11)
    _check_nothing_sent(lane)


@case
def a_changed_host_key_is_refused(world):
    lane = _ready(world)
    world.ssh.change_host_key()
    try:
        result = lane.send().expect_trouble(11)
        check_says(result.err, "host key")
        with _careless_ssh_configuration(world):
            lane.send().expect_trouble(11)
    finally:
        world.trust_host_key()
    _check_nothing_sent(lane)
    lane.send_well()


@case
def a_revoked_host_key_is_refused(world):
    lane = _ready(world)
    key = ssh_server.public_key(world.ssh.host_key)
    with _known_hosts(world, f"@revoked * {key}\n" + world.ssh.known_hosts(world.link.port)):
        lane.send().expect_trouble(11)
    _check_nothing_sent(lane)


@case
def the_known_hosts_file_can_be_named(world):
    lane = _ready(world)
    named = os.path.join(world.directory, "known hosts of the Pi")
    write_file(named, world.ssh.known_hosts(world.link.port))
    with _known_hosts(world, ""):
        lane.send_well("--known-hosts", named)
    lane.check_arrived(lane.name)


@case
def a_wrong_login_key_is_refused(world):
    lane = _ready(world)
    stranger = ssh_server.make_key(os.path.join(world.directory, "stranger_key"))
    lane.send(key=stranger).expect_trouble(12)
    _check_nothing_sent(lane)


@case
def a_missing_or_unreadable_login_key_is_an_error_of_configuration(world):
    lane = _ready(world)
    nonsense = os.path.join(world.directory, "no_key_at_all")
    write_file(nonsense, "this is no key\n", 0o600)
    for key in ("/nowhere/key", nonsense):
        result = lane.send(key=key).expect_trouble(1)
        check_says(result.err, key)
    _check_nothing_sent(lane)


@case
def a_user_unknown_to_the_receiver_is_refused(world):
    lane = _ready(world)
    lane.send(to=f"nobody@127.0.0.1:{world.link.port}").expect_trouble(12)
    _check_nothing_sent(lane)


@case
def sudo_refuses_a_tag_that_it_has_no_rule_for(world):
    lane = _ready(world)
    lane.tag = "not_in_sudoers"
    lane.received_dir = os.path.join(world.pi.path, lane.tag)
    lane.send().expect_trouble(12)
    _check_nothing_sent(lane)


@case
def a_receiver_where_nobody_listens_is_an_error_of_the_connection(world):
    lane = _ready(world)
    for address in (f"backups@127.0.0.1:{ssh_server.free_port()}", "backups@no-such-host.invalid"):
        lane.send("--retries", "0", to=address).expect_trouble(10)
    _check_nothing_sent(lane)


@case
def an_address_that_is_none_is_refused(world):
    lane = _ready(world)
    for address in ("backups", "@127.0.0.1", "backups@", "backups@127.0.0.1:port",
                    "backups@127.0.0.1:99999", "backups@[::1", "-oProxyCommand=reboot@host"):
        lane.send(to=address).expect_trouble(1)
    _check_nothing_sent(lane)


@case
def a_line_that_breaks_in_the_middle_is_an_error_and_the_next_run_succeeds(world):
    lane = world.lane()
    lane.write("file", noise(20 * MIB))
    name = lane.snapshot()
    for size in (100_000, 4 * MIB, 10 * MIB):  # together less than the whole, were it resumed
        run = lane.start("--retries", "0")
        world.link.cut_after = size
        run.finish().expect_trouble(10)
        check_equal(lane.complete, [], f"the backups after a break at {size}")
        check_equal(lane.last_sent, None, "the note")
        world.await_quiet()
    lane.send_well()
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def a_line_that_breaks_once_is_mended_by_the_run_itself(world):
    lane = world.lane()
    lane.write("file", noise(20 * MIB))
    name = lane.snapshot()
    run = lane.start()
    world.link.rate = 40 * MIB
    world.link.await_sent(10 * MIB)
    world.link.cut()
    run.finish().expect_well()
    lane.check_complete(name)
    lane.check_arrived(name)


@case
def the_receiver_may_be_named_by_an_ipv6_address(world):
    if not world.ssh.has_ipv6:
        raise Skipped("no IPv6 on loopback")
    lane = _ready(world)
    lane.send_well(to=f"backups@[::1]:{world.ssh.port}")
    lane.check_arrived(lane.name)


@case
def the_receiver_may_be_named_by_a_host_name(world):
    lane = _ready(world)
    key = ssh_server.public_key(world.ssh.host_key)
    with _known_hosts(world, f"[localhost]:{world.link.port} {key}\n"):
        lane.send_well(to=f"backups@localhost:{world.link.port}")
    lane.check_arrived(lane.name)


@case
def a_forced_command_in_authorized_keys_is_all_that_runs(world):
    lane, other = _ready(world), _ready(world)
    world.ssh.authorize(
        f'restrict,command="sudo /usr/local/sbin/snapshot-receive {lane.tag}"')
    try:
        lane.send_well()
        lane.check_arrived(lane.name)
        other.send().expect_trouble(1)  # it asked for another tag than the key is for
        lane.check_complete(lane.name)  # and did not mix the two
        check_equal(other.all_received, [], "a tag that the key is not for")
        check_equal(world.ssh_as_backups("id").out.count("uid="), 0, "answers to `id`")
    finally:
        world.ssh.authorize()


@case
def sudo_refuses_any_argument_but_the_one_allowed(world):
    lane = _ready(world)
    for arguments in ("", "--help", "--version", "another_tag", f"{lane.tag} more",
                      f"{lane.tag} --config /tmp/mine.toml", f"{lane.tag}/../other",
                      f"'{lane.tag} '", "'*'", f"--config /tmp/mine.toml {lane.tag}"):
        result = world.ssh_as_backups(f"sudo -n snapshot-receive {arguments}").expect(1)
        check_says(result.err, "sudo:")
    for command in ("sudo -n sh -c id", "sudo -n btrfs version", "sudo -n -i",
                    f"sudo -n PATH=/tmp snapshot-receive {lane.tag}"):
        check_says(world.ssh_as_backups(command).expect(1).err, "sudo:")
    check_equal(lane.all_received, [], "the tag's directory")


@case
def a_bad_tag_is_refused_by_the_receiver_itself(world):
    for tag in ("", ".", "..", "a/b", "../other", "a b", "a.b", "t\u00e4g", "new\nline", "x" * 65,
                ".snapferry", "*"):
        world.receive(tag).expect_trouble(4)
    world.receive().expect_trouble(4)
    check_equal([name for name in os.listdir(world.pi.path) if name.startswith("x")], [],
                "directories made for bad tags")


@case
def the_longest_tag_is_taken(world):
    lane = world.lane(tag="x" * 62 + "-_")
    lane.write("file", "contents")
    name = lane.snapshot()
    lane.send_well()
    lane.check_arrived(name)


@case
def a_bad_tag_is_refused_by_the_sender_before_it_connects(world):
    lane = _ready(world)
    for tag in ("", "..", "a/b", "a b", "x" * 65, "a;reboot", "$(reboot)"):
        lane.tag = tag
        lane.send().expect_trouble(4)
        check_equal(world.link.sent, 0, "bytes sent")


@case
def the_receiver_takes_only_one_argument(world):
    lane = world.lane()
    result = world.receive(lane.tag, "more")
    check(result.code in (1, 4), f"exit code {result.code}")
    result = world.receive("--config", "/tmp/mine.toml", lane.tag)
    check(result.code in (1, 4), f"exit code {result.code}")
