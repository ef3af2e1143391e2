"""What a new user sees, as it is kept beside this test: with figures, times and keys taken out."""

import difflib
import os
import re

from harness.verdict import Failed

KEPT = "tests/system/first-backup.txt"
RENEW = "SNAPFERRY_RENEW_TRANSCRIPT"  # set: what is seen is kept from now on
PROMPTS = {"NAS": "ana@nas:~$ ", "Pi": "pi@pi:~$ "}
# What is another each time, and what stands for it.
PLACEHOLDERS = (
    (r"\b((ssh|ecdsa)-[a-z0-9-]+) [A-Za-z0-9+/=]{60,}", r"\1 KEY"),
    (r"SHA256:[A-Za-z0-9+/]{43}", "SHA256:FINGERPRINT"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
    (r"/dev/loop\d+p1", "/dev/sda1"),
    (r"\b\d+(\.\d+)? (bytes|[KMGT]i?B)(/s)?", "SIZE"),
    (r"\b\d+(\.\d+)? (ms|s|min|h|seconds?|minutes?)\b", "DURATION"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([+-]\d\d:?\d\d|Z)?", "TIME"),
)


def compare(said, project):
    """`said`: (machine, Conversation) each."""
    seen = "".join(f"{PROMPTS[machine]}{one.command}\n{_without_figures(one)}\n" for machine, one in said)
    path = os.path.join(project, KEPT)
    if os.environ.get(RENEW):
        with open(path, "w", encoding="utf-8") as file:
            file.write(seen)
    with open(path, encoding="utf-8") as file:
        kept = file.read()
    if kept != seen:
        raise Failed(f"what was seen differs from {KEPT} ({RENEW}=1 keeps it):\n" + "".join(
            difflib.unified_diff(kept.splitlines(True), seen.splitlines(True), "kept", "seen")))


def _without_figures(conversation):
    if re.match(r"sudo (apt|systemctl)\b", conversation.command):
        return "..."  # each Debian's own
    text = conversation.text
    for pattern, placeholder in PLACEHOLDERS:
        text = re.sub(pattern, placeholder, text)
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line)
