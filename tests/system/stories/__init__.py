"""What happens to the two machines, a part a file; each begins where the one before has left off."""

import contextlib

from machines.household import Household

from . import everyday, first_backup, leaving, upgrading

PARTS = (first_backup, everyday, upgrading, leaving)


def tell(shown, directory, group, project, nas, pi):
    """`nas` and `pi`: (root filesystem, package files)."""
    with contextlib.closing(Household(directory, group, nas, pi)) as household:
        with shown.that("the two machines boot"):
            household.start()
        try:
            for part in PARTS:
                part.tell(shown, household, project)
            with shown.that("no unit of either machine has failed"):
                household.check_units()
        except BaseException:
            household.report()
            raise
