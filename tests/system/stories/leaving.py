"""The packages go, and what is the user's stays; then they come back."""

from harness.verdict import check, check_equal, check_says

DAEMON = "snapferry-send.service"


def tell(shown, household, _project):
    before, backups = household.belongings(), household.backups_there()
    with shown.that("removed, they leave the settings, the keys, the pins and the backups"):
        _apt(household, "remove")
        check_equal(household.belongings(), before, "what is the user's")
        check(household.nas.run("systemctl", "is-active", DAEMON).out.strip() != "active",
              "the daemon is still there")
    with shown.that("purged, they leave them too, and say so"):
        pins = household.pins()
        said = _apt(household, "purge")
        check_equal(household.belongings(), before, "what is the user's")
        check_equal(household.pins(), pins, "the pins")
        check(pins, "there were none")
        check_says(said["NAS"], "stays", "snapshots", "keys", "/etc/snapferry/send.toml")
        check_says(said["Pi"], "stays", "backups", "/etc/snapferry/receive.toml", "/var/lib/backups")
    with shown.that("the backups can be read without them, and are what they were"):
        check_equal(household.backups_there(), backups, "the backups")
        household.compare_all()
    with shown.that("installed again, they go on where they were"):
        household.install(household.packages)
        household.nas.told("systemctl", "enable", "--now", DAEMON)
        household.change(lambda tree: tree.file("the last", b"of the last day\n"))
        household.await_backup(household.snapshot())


def _apt(household, what):
    """What it says of our packages, by machine."""
    return {place: household.machines[place].told("apt-get", what, "--yes", *packages)
            for place, packages in household.packages.items()}
