"""The commands that README.md tells a new user to type, and at which machine."""

import re

BLOCK = re.compile(r"<!-- run by: tests/system/two-machines, on the (NAS|Pi) -->\n```sh\n(.*?)```",
                   re.DOTALL)


def commands(path):
    """(machine, command line) each, as they stand there."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return [(machine, re.sub(r"\s+#.*", "", line).strip())
            for machine, block in BLOCK.findall(text)
            for line in block.splitlines() if line.strip() and not line.startswith("#")]
