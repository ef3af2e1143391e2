"""What happens to machines in a year."""

from harness.verdict import check, check_equal

from machines.waiting import await_that

LARGE = 24 << 20  # bytes
DAEMON = "snapferry-send.service"


def tell(shown, household, _project):
    with shown.that("the daemon sends what has changed since"):
        household.change(lambda tree: tree.file("a new file", b"of the second day\n"))
        household.await_backup(household.snapshot())
    with shown.that("the manifest has come, and the units of the Pi verify and drill by it"):
        await_that(lambda: household.pi.run("snapferry", "verify", "--newest").code == 0,
                   "the newest backup is verified")
        for unit in ("snapferry-verify.service", "snapferry-drill.service"):
            household.pi.told("systemctl", "start", unit)
    with shown.that("a timer sends what it finds"):
        _send_by_timer(household)
    with shown.that("the Pi reboots amid a send, and the send goes on by itself where it was"):
        _reboot_amid_a_send(household)
    with shown.that("the NAS reboots, and sends again by itself"):
        household.nas.reboot()
        household.change(lambda tree: tree.file("another", b"after the start\n"))
        household.await_backup(household.snapshot())


def _send_by_timer(household):
    nas, timer = household.nas, f"snapferry-send@{household.job}.timer"
    nas.told("systemctl", "stop", DAEMON)
    nas.write(f"/etc/systemd/system/{timer}.d/often.conf",
              "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/5\nRandomizedDelaySec=0\nAccuracySec=1s\n")
    nas.told("systemctl", "daemon-reload")
    nas.told("systemctl", "start", timer)
    household.change(lambda tree: tree.file("by a timer", b"of the third day\n"))
    household.await_backup(household.snapshot())
    nas.told("systemctl", "stop", timer)
    await_that(lambda: not nas.told("systemctl", "list-units", "--no-legend", "--state=activating",
                                    "snapferry-send@*.service"), "the run of the timer ends")
    check_equal(nas.told("systemctl", "show", "--value", "--property=Result",
                         timer.replace(".timer", ".service")), "success", "how the timer's run ended")
    nas.told("systemctl", "start", DAEMON)


def _reboot_amid_a_send(household):
    household.have_checkpoints("2MiB")  # what is there is not lost, however the Pi is turned off
    household.change(lambda tree: tree.noise("large", LARGE))
    with household.amid_a_send() as name:
        household.pi.reboot()
    household.await_backup(name)
    check(household.went_on(), "the send has begun anew")
