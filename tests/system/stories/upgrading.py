"""A newer package, while a send is under way."""

from harness.verdict import check, check_equal

LARGE = 24 << 20  # bytes
DAEMON = "snapferry-send.service"


def tell(shown, household, _project):
    before = household.belongings()
    with shown.that("both machines are upgraded amid a send, and the send goes on where it was"):
        household.change(lambda tree: tree.noise("larger", LARGE))
        newer, before_it = household.newer_packages(), _main_pid(household)
        with household.amid_a_send() as name:
            household.install(newer)
            check(name not in household.backups_there(), "the send was over before the upgrade")
        check(_main_pid(household) not in (before_it, "0"), "the daemon was not restarted")
        household.await_backup(name)
        check(household.went_on(), "the send has begun anew")
    with shown.that("the settings, the keys, the rules and the backups are what they were"):
        check_equal(household.belongings(), before, "what is the user's")
        household.compare_all()


def _main_pid(household):
    return household.nas.told("systemctl", "show", "--value", "--property=MainPID", DAEMON)
