"""Being told by mail, without a mail system of the machine's own: once, once a day, and when it is over."""

import os
import socket
import time

from harness import wrong_clock
from harness.case import ALL_PROGRAMS, case
from harness.daemon import await_that, daemon
from harness.data import MIB, noise
from harness.journal import Journal
from harness.mail_server import PASSWORD, USER, Certificates, mail_server
from harness.send_toml import job, receiver
from harness.verdict import Skipped, check, check_equal, check_says
from harness.world import SEND_CONFIGURATION, write_file

NO_PORT = 1  # nobody listens there
FROM, TO = "nas@example.org", "me@example.org"
STATE = "/var/lib/snapferry"
OUTBOX = f"{STATE}/alerts/send/outbox"
TELL = ("tell", "--sending")


class Mail:
    """What [mail] needs: an authority, a server's certificate, a password."""

    def __init__(self, world, name="localhost"):
        self.certificates = Certificates(world)
        self.certificate = self.certificates.server(name)
        self.password_file = os.path.join(self.certificates.directory, "password")
        write_file(self.password_file, PASSWORD + "\n", 0o600)

    def table(self, port, **changed):
        keys = {"server": '"localhost"', "port": port, "ca_file": f'"{self.certificates.authority}"',
                "user": f'"{USER}"', "password_file": f'"{self.password_file}"',
                "from": f'"{FROM}"', "to": f'"{TO}"', **changed}
        return "[mail]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()
                                    if value is not None)


def _fresh(world):
    """A lane with a snapshot, and no memory of other tests."""
    world.commands.run("rm", "-rf", f"{STATE}/alerts", f"{STATE}/history.db")
    lane = world.lane()
    lane.write("file", noise(MIB))
    lane.name = lane.snapshot()
    return lane


def _configure(world, lane, rest, extra="", **changed):
    write_file(SEND_CONFIGURATION,
               receiver(world, **changed) + job(lane, retries=0, extra=extra) + rest)


def _send(world, *arguments):
    return world.start_sender(*arguments).finish()


def _snapferry(world, *arguments, **how):
    return world.commands.run("/usr/local/sbin/snapferry", *arguments, **how)


def _waiting():
    try:
        return [name for name in os.listdir(OUTBOX) if name.endswith(".mail")]
    except FileNotFoundError:
        return []


@case(needs=ALL_PROGRAMS)
def a_failure_is_mailed_once_and_so_is_its_end_over_starttls_with_a_login(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port), port=NO_PORT)
        for _ in range(3):
            _send(world, "--job", lane.tag).expect_trouble(10)
        check_equal(len(server.mails), 1, "the mails of three failures")
        message, sender, receivers = server.mails[0]
        check_equal((sender, receivers), (FROM, [TO]), "the envelope")
        check_equal((message["From"], message["To"]), (FROM, TO), "the header")
        check_says(message["Subject"], "[snapferry]", socket.gethostname(), lane.tag, "failed",
                   "cannot be reached")
        check_says(message.get_content(), "127.0.0.1", "Newest backup", "unknown", lane.tag,
                   "snapferry status", "once a day")
        check(server.logins and all(login == (USER, PASSWORD) for login in server.logins),
              f"logged in as {server.logins}")
        _configure(world, lane, mail.table(server.port))
        for _ in range(2):
            _send(world, "--job", lane.tag).expect_well()
        check_equal(len(server.mails), 2, "the mails after it was over")
        check_says(server.mails[1][0]["Subject"], lane.tag, "backed up again")
        check_says(server.mails[1][0].get_content(), "It lasted")
        check_equal(_waiting(), [], "what still waits")


@case(needs=ALL_PROGRAMS)
def a_server_whose_certificate_is_wrong_gets_neither_password_nor_mail(world):
    lane = _fresh(world)
    right, other = Mail(world), Mail(world, name="another.example")
    for certificate, authority in ((other.certificate, other), (right.certificate, other)):
        world.commands.run("rm", "-rf", f"{STATE}/alerts")
        with mail_server(certificate) as server:
            _configure(world, lane, right.table(
                server.port, ca_file=f'"{authority.certificates.authority}"'), port=NO_PORT)
            result = _send(world, "--job", lane.tag).expect_trouble(10)
            check_says(result.err, "did not take the mail", "waits")
            check_says(_snapferry(world, "test-alert").expect(10).out, "FAILED", "certificate")
            check_equal((server.mails, server.logins), ([], []), "what the server was given")
            check_equal(len(_waiting()), 1, "the mails that wait")


@case(needs=ALL_PROGRAMS)
def a_server_that_offers_no_tls_gets_nothing_unless_that_was_asked_for(world):
    lane, mail = _fresh(world), Mail(world)
    plain = {"user": None, "password_file": None, "ca_file": None}
    with mail_server(login=False) as server:
        _configure(world, lane, mail.table(server.port), port=NO_PORT)
        check_says(_snapferry(world, "test-alert").expect(10).out, "FAILED", "STARTTLS")
        check_equal((server.mails, server.logins), ([], []), "what the server was given")
        _configure(world, lane, mail.table(server.port, tls='"none"', **plain), port=NO_PORT)
        check_says(_snapferry(world, "test-alert").expect_well().out, "mail to", "done")
        check_equal(len(server.mails), 1, "the mails")


@case(needs=ALL_PROGRAMS)
def a_server_that_is_down_delays_the_mail_and_loses_none(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        server.stop()
        _configure(world, lane, mail.table(server.port), port=NO_PORT)
        result = _send(world, "--job", lane.tag).expect_trouble(10)
        check_says(result.err, "warning", "did not take the mail", "waits")
        check_equal(len(_waiting()), 1, "the mails that wait")
        check_says(_snapferry(world, "check").out, "a mail waits since", "did not take the mail")
        check_says(_snapferry(world, *TELL).expect(10).err, "did not take the mail")
        server.start()
        _snapferry(world, *TELL).expect_well()
        check_equal(len(server.mails), 1, "the mails that came")
        check_equal(_waiting(), [], "what still waits")


@case(needs=ALL_PROGRAMS)
def a_memory_that_is_lost_or_broken_tells_once_more(world):
    lane, mail = _fresh(world), Mail(world)
    memory = f"{STATE}/alerts/send/told.json"
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port), port=NO_PORT)
        _send(world, "--job", lane.tag).expect_trouble(10)
        for spoil in (lambda: os.unlink(memory), lambda: write_file(memory, "{\"troub", 0o600)):
            before = len(server.mails)
            _snapferry(world, *TELL).expect_well()
            check_equal(len(server.mails), before, "the mails of one failure")
            spoil()
            _snapferry(world, *TELL).expect_well()
            check_equal(len(server.mails), before + 1, "the mails after the memory was lost")


@case(needs=ALL_PROGRAMS)
def a_week_of_failures_makes_seven_mails_and_one_that_it_is_over(world):
    library = wrong_clock.library()
    if library is None:
        raise Skipped("faketime is not installed")
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port), port=NO_PORT)
        _send(world, "--job", lane.tag).expect_trouble(10)
        for hours in range(3, 7 * 24, 3):
            _at(world, library, hours)
        check_equal(len(server.mails), 7, f"the mails of a week: {server.subjects}")
        check(all("still fails" in subject for subject in server.subjects[1:]),
              f"the subjects: {server.subjects}")
        check_says(server.mails[-1][0].get_content(), "Since", "for 6 d")
        _configure(world, lane, mail.table(server.port))
        _send(world, "--job", lane.tag).expect_well()
        _at(world, library, 7 * 24)
        check_equal(len(server.mails), 8, f"the mails in all: {server.subjects}")
        check_says(server.subjects[-1], "backed up again")


def _at(world, library, hours):
    """Has all looked at so many hours from now."""
    _snapferry(world, *TELL, env={"LD_PRELOAD": library, "FAKETIME": f"+{hours}h",
                                  "DONT_FAKE_MONOTONIC": "1"}).expect_well()


@case(needs=ALL_PROGRAMS)
def a_daemon_mails_that_it_fails_and_then_that_it_is_over(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port), extra='every = "60s"\n')
        with world.pi_is_away(), daemon(world):
            server.await_mails(1)
            await_that(lambda: not _waiting(), "it is known to have left")
        check_says(server.subjects[0], "failed")
        with daemon(world):
            server.await_mails(2)
        check_says(server.subjects[1], "backed up again")
        check_equal(len(server.mails), 2, f"the mails: {server.subjects}")


@case(needs=ALL_PROGRAMS)
def a_backup_that_is_too_old_is_mailed_though_every_run_goes_well(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port, when='["stale"]'),
                   extra='max_age = "1s"\n')
        time.sleep(2.1)  # times of snapshots are told to the second
        _send(world, "--job", lane.tag).expect_well()
        check_equal(len(server.mails), 1, "the mails")
        check_says(server.subjects[0], lane.tag, "the newest backup is")
        check_says(server.mails[0][0].get_content(), "Too old after", "1 s")


@case(needs=ALL_PROGRAMS)
def the_monthly_word_comes_once_and_says_of_each_job_how_it_is(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port, when='["failure", "monthly"]'))
        for _ in range(2):
            _send(world, "--job", lane.tag).expect_well()
        check_equal(len(server.mails), 1, f"the mails: {server.subjects}")
        check_says(server.subjects[0], "all is well")
        check_says(server.mails[0][0].get_content(), lane.tag, lane.name)


@case(needs=ALL_PROGRAMS)
def a_hook_is_told_once_too_and_again_where_it_failed(world):
    lane = _fresh(world)
    note = os.path.join(world.directory, f"told {time.monotonic_ns()}")
    hook = os.path.join(world.directory, f"hook {time.monotonic_ns()}")
    write_file(hook, f'#!/bin/sh\n[ -e "{note}.works" ] || {{ echo no network; exit 6; }}\n'
               f'echo "$SNAPFERRY_EVENT $SNAPFERRY_JOB $SNAPFERRY_OUTCOME: $SNAPFERRY_SUBJECT" >>"{note}"\n',
               0o755)
    hooks = f'[hooks]\non_alert = ["{hook}"]\n'
    _configure(world, lane, hooks, port=NO_PORT)
    check_says(_send(world, "--job", lane.tag).expect_trouble(10).err, "on_alert", "no network")
    write_file(f"{note}.works", "")
    for _ in range(2):
        _send(world, "--job", lane.tag).expect_trouble(10)
    _configure(world, lane, hooks)
    for _ in range(2):
        _send(world, "--job", lane.tag).expect_well()
    with open(note, encoding="utf-8") as file:
        told = file.read().splitlines()
    check_equal(len(told), 2, f"how often it was told: {told}")
    check_says(told[0], f"failure {lane.tag} connection:", "failed")
    check_says(told[1], f"recovered {lane.tag} done:", "backed up again")


@case(needs=ALL_PROGRAMS)
def a_password_that_others_may_read_is_not_used(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port), port=NO_PORT)
        os.chmod(mail.password_file, 0o644)
        check_says(_snapferry(world, "test-alert").expect(10).out, "FAILED", "chmod 600")
        os.chmod(mail.password_file, 0o600)
        write_file(mail.password_file, "wrong\n", 0o600)
        check_says(_snapferry(world, "test-alert").expect(10).out, "FAILED", "password_file")
        check_equal(server.mails, [], "the mails")


@case(needs=ALL_PROGRAMS)
def test_alert_tries_each_thing_that_is_configured_and_says_what_became_of_it(world):
    lane, mail = _fresh(world), Mail(world)
    with mail_server(mail.certificate) as server:
        _configure(world, lane, mail.table(server.port) + '[hooks]\non_failure = ["/bin/true"]\n'
                   'on_alert = ["/bin/sh", "-c", "echo $SNAPFERRY_TEST is no go; exit 3"]\n')
        told = _snapferry(world, "test-alert").expect(10)
        check_says(told.out, "mail to me@example.org by localhost", "hook on_failure, /bin/true: done",
                   "hook on_alert", "FAILED: exit status 3: 1 is no go")
        check_says(told.err, "1 of 3 failed")
        check_says(server.subjects[0], "a test")
    write_file(SEND_CONFIGURATION, receiver(world) + job(lane))
    check_says(_snapferry(world, "test-alert").expect(1).err, "nobody would be told")


@case(needs=ALL_PROGRAMS)
def the_pi_mails_an_alarm_and_that_it_was_cleared(world):
    lane, mail = _fresh(world), Mail(world)
    _forget_senders(world)
    with mail_server(mail.certificate) as server, world.receiver_configured(
            '[alarm]\n[defaults]\nkeep = 1\nmin_age = "0s"\n' + mail.table(server.port,
                                                                         when='["alarm"]')):
        for text in ("sea", "mountain"):
            for number in range(50):
                lane.write(f"photograph-{number:03}", text * 100)
            lane.snapshot()
            lane.send().expect(0)
        server.await_mails(1)
        check_says(server.subjects[0], "ALARM", lane.tag)
        check_says(server.mails[0][0].get_content(), f"snapferry clear-alarm {lane.tag}")
        _snapferry(world, "clear-alarm", lane.tag).expect_well()
        _snapferry(world, "tell", "--receiving").expect_well()
        check_equal(len(server.mails), 2, f"the mails: {server.subjects}")
        check_says(server.subjects[1], "cleared")


@case(needs=ALL_PROGRAMS)
def the_pi_mails_what_is_wrong_with_its_disk(world):
    mail = Mail(world)
    _fresh(world)
    filler = os.path.join(world.pi.path, "filler")
    with mail_server(mail.certificate) as server:
        table = mail.table(server.port, when='["health"]')
        with world.receiver_configured('reserve = "50%"\n' + table):
            world.commands.run("fallocate", "-l", "3G", filler).expect_well()
            try:
                for _ in range(2):
                    _snapferry(world, "tell", "--receiving").expect_well()
            finally:
                os.unlink(filler)
        check_equal(len(server.mails), 1, f"the mails: {server.subjects}")
        check_says(server.mails[0][0].get_content(), "Critical", "nothing is received",
                   "snapferry check")


@case(needs=ALL_PROGRAMS)
def of_a_disk_that_is_there_for_receives_alone_the_pi_mails_what_a_receive_saw(world):
    lane, mail = _fresh(world), Mail(world)
    _forget_senders(world)
    lane.snapshot()
    filler = os.path.join(world.pi.path, "filler")
    hooks = 'before_receive = ["/bin/true"]\n'
    with mail_server(mail.certificate) as server:
        table = mail.table(server.port, when='["health"]')
        with world.receiver_configured(hooks + 'reserve = "50%"\n' + table):
            world.commands.run("fallocate", "-l", "3G", filler).expect_well()
            try:
                check(lane.send().code != 0, "a disk below its reserve takes a backup")
            finally:
                os.unlink(filler)
            server.await_mails(1)
        with world.receiver_configured(hooks + table):
            lane.send().expect(0)
            server.await_mails(2)
        check_says(server.subjects[0], "nothing is received")
        check_says(server.subjects[1], "the backup disk is well again")


@case(needs=ALL_PROGRAMS)
def a_hook_of_the_pi_that_fails_says_so_in_the_journal(world):
    lane = _fresh(world)
    _forget_senders(world)
    hook = os.path.join(world.directory, f"hook {time.monotonic_ns()}")
    write_file(hook, "#!/bin/sh\necho no network\nexit 6\n", 0o755)
    lane.snapshot()
    with Journal() as journal, world.receiver_configured(
            f'on_alert = ["{hook}"]\n[tags.none]\nkeep = 1\n'):  # which has no backup
        lane.send().expect(0)
        await_that(lambda: any("on_alert" in entry["MESSAGE"] for entry in journal.of("snapferry")),
                   "the journal has that the hook failed")
    check_says(" ".join(entry["MESSAGE"] for entry in journal.of("snapferry")), "no network")


def _forget_senders(world):
    """The Pi alone is looked at."""
    world.commands.run("rm", "-f", SEND_CONFIGURATION)
