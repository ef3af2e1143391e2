"""From the NAS, by a person's own login: what may be asked, by whom, and what goes wrong."""

import contextlib
import json
import os
import signal
import subprocess

from harness import person, stream
from harness.case import case
from harness.person import Person
from harness.ssh_server import free_port, make_key
from harness.verdict import check, check_equal, check_says, told_of_failures
from harness.world import RECEIVE_CONFIGURATION, SEND_CONFIGURATION, write_file

NEEDS = ("snapshot-receive", "snapferry")
NAME = "2021-08-17T07:00:01+00:00-@daily"
SNAPFERRY = "/usr/local/sbin/snapferry"
GREETING = "\nsnapferry answers 1\n"


def _with_a_backup(world):
    lane = world.lane()
    lane.receive(bytes(stream.small(NAME))).expect_well()
    return lane


def _here(world, *arguments):
    return world.commands.run(SNAPFERRY, *arguments)


@case(needs=NEEDS)
def the_backups_are_listed_from_the_nas_as_at_the_pi(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        for options in ((), ("--all",), ("--json",)):
            here = _here(world, "list", lane.tag, *options).expect_well().out
            there = pia.run("list", lane.tag, *options, "--from", pia.address).expect_well().out
            check_equal(there.splitlines()[1:], here.splitlines()[1:], f"the list with {options}")
        check_equal(json.loads(there)["tags"][0]["backups"][0]["name"], NAME, "the name")
        wrong = pia.run("list", "-x", "--from", pia.address)
        check_says(wrong.expect_trouble(1).err, "snapferry")
        missing = pia.run("list", "nothing", "--from", pia.address).expect_trouble(1)
        check_says(missing.err, "there are no backups of nothing here")


@case(needs=NEEDS)
def a_password_of_sudo_is_asked_for_once_and_not_shown(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        pia.may(person.ANYTHING)
        run = pia.at_terminal("list", lane.tag, "--from", pia.address)
        run.await_question("password for sudo at pi.lan: ")
        check(not run.echoes(), "what is typed is shown")
        run.type(person.PASSWORD + "\n")
        code, out, err = run.finish()
        check_equal((code, err.count("Sorry")), (0, 0), f"the end: {err}")
        check_says(out, NAME)
        check_equal(run.asked.count("password"), 1, "questions")
        check(person.PASSWORD not in run.asked + out + err, "the password was shown")


@case(needs=NEEDS)
def a_wrong_password_is_asked_for_again_and_three_are_a_clear_failure(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        pia.may(person.ANYTHING)
        for typed, wanted in (((1, 0), 0), ((1, 1, 1), 12)):
            run = pia.at_terminal("list", lane.tag, "--from", pia.address)
            for wrong in typed:
                run.await_question("password for sudo at pi.lan: ")
                run.type("wrong\n" if wrong else person.PASSWORD + "\n")
            code, out, err = run.finish()
            check_equal(code, wanted, f"the exit code; {err}")
            check_says(err, "Sorry, try again")
        check_says(err, "sudo at pi.lan does not take the password", "3 incorrect")
        check_equal(out, "", "what was listed")


@case(needs=NEEDS)
def an_interrupted_question_leaves_the_terminal_as_it_was(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        pia.may(person.ANYTHING)
        run = pia.at_terminal("list", lane.tag, "--from", pia.address)
        run.await_question("password")
        run.type("\x03")
        code, _, err = run.finish()
        check_equal(code, -signal.SIGINT, f"the end; {err}")
        check(run.echoed_at_the_end, "the terminal stays silent")


@case(needs=NEEDS)
def without_a_terminal_a_password_is_asked_for_nowhere(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        pia.may(person.ANYTHING)
        result = subprocess.run([SNAPFERRY, "list", lane.tag, "--from", pia.address],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                env=world.commands.environment, start_new_session=True, check=False)
        check_equal(result.returncode, 12, f"the exit code; {result.stderr}")
        check_says(result.stderr, "no terminal to ask on")


@case(needs=NEEDS)
def a_rule_for_the_answers_alone_is_enough_and_changes_nothing(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        pia.may(person.ONLY_ANSWERS)
        check_says(pia.run("list", lane.tag, "--from", pia.address).expect_well().out, NAME)
        for words in (("prune", lane.tag, "--yes"), ("list", "--config=/etc/shadow"),
                      ("manifest", "/root"), ("answer",), ("lock", lane.tag, NAME)):
            with told_of_failures(words):
                said = _ask(world, pia, *words).expect_trouble(18)
                check_equal(said.out, GREETING, "what it answers")
        for words in (("find", "--in", "--", f"--disk={world.pi.path}", lane.tag, "x"),
                      ("versions", "--", "--disk", "/etc")):
            with told_of_failures(words):
                check_equal(_ask(world, pia, *words).expect_trouble(1).out, GREETING, "its answer")
        for nonsense in (b"", b"\n", b"{}\n", b"x" * 300_000, b'{"what":"dance","words":[]}\n'):
            with told_of_failures(nonsense[:40]):
                _say(world, pia, nonsense).expect_trouble(18)
        lane.check_complete(NAME)


def _say(world, pia, line):
    return world.commands.run("ssh", "-T", "-o", "RemoteCommand=none", pia.address,
                              "sudo -n snapferry answer", input=line)


def _ask(world, pia, *words):
    request = {"what": "run", "words": [word.encode().hex() for word in words]}
    return _say(world, pia, json.dumps(request).encode() + b"\n")


@case(needs=NEEDS)
def the_key_of_the_sender_can_ask_nothing(world):
    lane = _with_a_backup(world)
    request = json.dumps({"what": "run", "words": [b"list".hex()]}).encode() + b"\n"
    for command in ("sudo -n snapferry answer", "sudo -n /usr/local/sbin/snapferry answer",
                    "snapferry answer", "sudo -n /usr/local/sbin/snapferry list"):
        with told_of_failures(command):
            result = world.ssh_as_backups(command, input=request).expect_trouble(1, 127)
            check_equal(result.out, "", "what it answers")
    world.ssh.authorize_for(lane.tag)
    try:
        result = world.ssh_as_backups("sudo -n snapferry answer", input=request)
        check("snapferry answers" not in result.out and NAME not in result.out, result.out)
        check(result.code != 0, "that is taken for something")
    finally:
        world.ssh.authorize()


@case(needs=NEEDS)
def what_login_scripts_say_is_passed_over(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        write_file(os.path.join(pia.home, ".bashrc"),
                   "echo welcome; echo snapferry answers 2; printf 'no end of line'\n")
        here = _here(world, "list", lane.tag).expect_well().out
        there = pia.run("list", lane.tag, "--from", pia.address).expect_well().out
        check_equal(there.splitlines()[1:], here.splitlines()[1:], "the list")
        write_file(os.path.join(pia.home, ".bashrc"), "yes flood\n")
        check_says(pia.run("list", "--from", pia.address).expect_trouble(18).err,
                   "says more than a login does")


@contextlib.contextmanager
def _instead_of_snapferry(text):
    """Within, the Pi has another program of this name; the NAS runs ours under another."""
    kept = SNAPFERRY + ".kept"
    os.rename(SNAPFERRY, kept)
    if text:
        write_file(SNAPFERRY, text, 0o755)
    try:
        yield kept
    finally:
        os.rename(kept, SNAPFERRY)


@case(needs=NEEDS)
def who_cannot_answer_is_told_of_with_what_to_do(world):
    with Person(world) as pia:
        with _instead_of_snapferry(None) as ours:
            check_says(world.commands.run(ours, "list", "--from", pia.address).expect_trouble(1).err,
                       "there is no snapferry at pi.lan", "command not found")
        old = "#!/bin/sh\necho 'snapferry: there is no command \"answer\"; ...' >&2\nexit 1\n"
        with _instead_of_snapferry(old) as ours:
            check_says(world.commands.run(ours, "list", "--from", pia.address).expect_trouble(1).err,
                       "too old")
        hasty = "#!/bin/sh\nprintf 'snapferry answers 1\\nand goes on\\n'\nsleep 60\n"  # in one write
        with _instead_of_snapferry(hasty) as ours:
            check_says(world.commands.run(ours, "list", "--from",
                                          pia.address).expect_trouble(18).err, "before it was asked")
        evil = ("#!/bin/sh\necho snapferry answers 1\nread request\n"
                "printf 'all is well\\033[2J\\n'; printf 'so\\033[2J\\n' >&2\n")
        with _instead_of_snapferry(evil) as ours:
            said = world.commands.run(ours, "list", "--from", pia.address).expect(0)
            check_equal((said.out, said.err), ("all is well\\x1b[2J\n", "so\\x1b[2J\n"),
                        "what the terminal gets")
        dying = "#!/bin/sh\necho snapferry answers 1\nread request\necho half\nkill -9 $PPID\n"
        with _instead_of_snapferry(dying) as ours:
            check(world.commands.run(ours, "list", "--from", pia.address).code != 0,
                  "half an answer is a success")
        pia.may(f"{person.NAME} ALL=(root) NOPASSWD: /bin/true\n")
        result = pia.run("list", "--from", pia.address)
        check_says(result.expect_trouble(12).err, "sudo")


@case(needs=NEEDS)
def what_ssh_says_is_told_in_one_line(world):
    with Person(world) as pia:
        pia.distrust()
        alone = ("setsid", SNAPFERRY, "list", "--from", pia.address)  # no terminal to ask on
        _one_line(world.commands.run(*alone).expect_trouble(11), "host key", "pi.lan")
        pia.trust()
        pia.configure_ssh(key=make_key(os.path.join(world.directory, "another_key")))
        _one_line(world.commands.run(*alone).expect_trouble(12), "refused the login")
        pia.configure_ssh(port=free_port())
        _one_line(world.commands.run(*alone).expect_trouble(10), "refused")
        for wrong in ("-oProxyCommand=touch /tmp/x", "a b@c", "pi@", ""):
            with told_of_failures(wrong):
                pia.run("list", f"--from={wrong}").expect_trouble(1)


def _one_line(result, *words):
    check_equal(result.err.count("\n"), 1, f"lines of {result.err!r}")
    check_says(result.err, *words)


@case(needs=NEEDS)
def by_sudo_it_is_the_persons_own_login_and_not_roots(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        home = os.path.join(world.directory, "nas-person")
        subprocess.run(["useradd", "--no-log-init", "--create-home", "--home-dir", home, "nina"],
                       check=True, capture_output=True)
        try:
            key = os.path.join(home, "key")
            pia.give_key_to(key, "nina")
            write_file(os.path.join(home, ".ssh", "config"), pia.ssh_configuration(key))
            write_file(os.path.join(home, ".ssh", "known_hosts"), pia.host_line())
            pia.configure_ssh(key="/nowhere")
            alone = ("setsid", SNAPFERRY, "list", lane.tag, "--from", pia.address)
            world.commands.run(*alone).expect_trouble(12)
            uid = subprocess.run(["id", "-u", "nina"], check=True, text=True,
                                 capture_output=True).stdout.strip()
            by_sudo = world.commands.run(*alone, env={"SUDO_UID": uid})
            check_says(by_sudo.expect_well().out, NAME)
            unprivileged = world.commands.run(*alone, user="nina")
            check_says(unprivileged.expect_well().out, NAME)
        finally:
            subprocess.run(["userdel", "--remove", "nina"], check=False, capture_output=True)


RECEIVER = """\
[receivers.{name}]
host = "127.0.0.1"
user = "backups"
key = "/nowhere"
person = "{person}"
"""


@contextlib.contextmanager
def _a_nas_with(*receivers):
    """Within, send.toml has these receivers."""
    write_file(SEND_CONFIGURATION, "".join(RECEIVER.format(name=name, person=login)
                                           for name, login in receivers))
    try:
        yield
    finally:
        os.unlink(SEND_CONFIGURATION)


@case(needs=NEEDS)
def the_login_can_be_left_out_where_send_toml_has_one(world):
    lane = _with_a_backup(world)
    with Person(world) as pia:
        with _a_nas_with(("pi", pia.address)):
            check_says(pia.run("list", "--from", "pi").expect_well().out, lane.tag)
            os.rename(RECEIVE_CONFIGURATION, RECEIVE_CONFIGURATION + ".away")
            try:
                # Both machines are this one: that it asks is told by what the other then lacks.
                check_says(pia.run("list").expect_trouble(1).err, "receive.toml")
                with _a_nas_with(("pi", pia.address), ("attic", "pia@attic.lan")):
                    check_says(pia.run("list").expect_trouble(1).err, "--from", "attic, pi")
                write_file(SEND_CONFIGURATION, RECEIVER.format(name="pi", person="-oProxy@x"))
                check_says(pia.run("list").expect_trouble(1).err, "person", "no SSH address")
            finally:
                os.rename(RECEIVE_CONFIGURATION + ".away", RECEIVE_CONFIGURATION)
                write_file(SEND_CONFIGURATION, "")
