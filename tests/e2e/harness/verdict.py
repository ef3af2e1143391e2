"""How a test says what it found."""

import contextlib


class Failed(Exception):
    """The thing under test is not as it should be."""


class Skipped(Exception):
    """This machine lacks what the test needs."""


@contextlib.contextmanager
def told_of_failures(words):
    """Within, every failure also says these words: which of many tries it was, say."""
    try:
        yield
    except Failed as failure:
        failure.args = (f"{failure} ({words})",)
        raise
    except Exception as failure:
        failure.add_note(words)
        raise


def check(condition, message):
    if not condition:
        raise Failed(message)


def check_equal(found, wanted, what):
    if found != wanted:
        raise Failed(f"{what}: found {found!r}, wanted {wanted!r}")


def check_says(text, *words):
    """That a text for people holds each word, whatever its case and phrasing."""
    for word in words:
        if word.lower() not in text.lower():
            raise Failed(f"nothing about {word!r} in: {text!r}")
