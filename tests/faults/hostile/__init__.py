"""The corpus of hostile input: what whoever holds the key to one tag could send into it.

Each module is a group of entries, in its ENTRIES. docs/hostile-input.md lists them all for people,
and tests/docs holds it to that.
"""

from . import (conversation, framing, harmless, messages, names, reach, shape, stalling, values)

GROUPS = (shape, names, values, reach, stalling, framing, messages, conversation)


def tables():
    """What the document lists: the title of each section, and the lines of its table."""
    for group in GROUPS:
        yield group.TITLE, [_refusal(entry) for entry in group.ENTRIES]
    yield harmless.TITLE, [f"| {entry.name} | {entry.why} |" for entry in harmless.ENTRIES]


def _refusal(entry):
    says = f"`{entry.says}`" if entry.says else ""
    return f"| {entry.name} | {entry.code:d} `{entry.code.name}` | {says} |"
