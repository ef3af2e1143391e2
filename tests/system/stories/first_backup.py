"""What README.md says a new user is to type, to the letter: from nothing to the first backup."""

import os

from harness.verdict import check, check_equal

from machines import readme, transcript

MOST_COMMANDS = 6
MOST_SECONDS = 300.0  # without the download
UNIT = "snapferry-send.service"


def tell(shown, household, project):
    name = household.snapshot()
    typed = readme.commands(os.path.join(project, "README.md"))
    with shown.that(f"README.md says how in {len(typed)} commands, at most {MOST_COMMANDS}"):
        check(0 < len(typed) <= MOST_COMMANDS, f"README.md says {typed}")
    said = []
    for machine, command in typed:
        with shown.that(f"at the {machine}: {command}"):
            said.append((machine, household.type(machine, command)))
        if command.startswith("sudo apt install"):
            _check_nothing_runs(shown, household, machine)
    seconds = sum(conversation.seconds for _, conversation in said)
    with shown.that("the first backup comes, and is what the NAS has, file by file"):
        household.await_backup(name)
    with shown.that(f"all that took less than {MOST_SECONDS / 60:.0f} minutes at the keyboard"):
        check(seconds < MOST_SECONDS, f"{seconds:.0f} s")
    with shown.that("one login at the Pi was enough, and nothing was compared by eye"):
        asked = [pattern for _, conversation in said for pattern in conversation.asked]
        check_equal(asked.count(household.PASSWORD_OF_SSH), 1, "how often ssh asked for the password")
    with shown.that("what was on the screens is what the transcript has"):
        transcript.compare(said, project)


def _check_nothing_runs(shown, household, machine):
    """A new package does nothing before its owner says so."""
    with shown.that(f"at the {machine} nothing is on that was off before"):
        where = household.machines[machine]
        units = where.told("systemctl", "list-unit-files", "--no-legend", "snapferry*").splitlines()
        enabled = [unit for unit in units if unit.split()[1] == "enabled"]
        running = where.told("systemctl", "list-units", "--no-legend", "snapferry*")
        check(units and not enabled and not running, f"{units} {running}")
