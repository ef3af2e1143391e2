"""Messages that are no JSON, or whose fields are not what they must be."""

import json

from harness import wire

from .entry import NAME, OWN, PROTOCOL, Entry

TITLE = "The messages"

NOT_AN_OBJECT = "it is not a JSON object"
DEEP = "it nests too deep"
GOOD = {"type": "announce", "name": NAME, "uuid": str(OWN), "transid": 10, "parent": None,
        "stream": "v1", "replace": False, "resume_offset": 0}
NOT_A_NAME = "cannot be the name of a snapshot"
NOT_A_UUID = "is not a uuid"
NO_NUMBER = "is not a whole number"


def first(what, says, payload):
    """A payload in the place of hello: what anybody can say who has the key."""
    return Entry(what, PROTOCOL, says, lambda to: wire.GREETING + wire.text(payload))


def _announce(what, says, **fields):
    return Entry(what, PROTOCOL, says,
                 lambda to: wire.hello() + wire.text(json.dumps({**GOOD, **fields})))


def _written(what, says, field, value):
    """An announcement in which a field has a value that Python's json would not write."""
    text = json.dumps({**GOOD, field: "VALUE"}).replace('"VALUE"', value)
    return Entry(what, PROTOCOL, says, lambda to: wire.hello() + wire.text(text))


def _without(field):
    left = {key: value for key, value in GOOD.items() if key != field}
    return Entry(f"an announcement without `{field}`", PROTOCOL, f'"{field}" is missing',
                 lambda to: wire.hello() + wire.text(json.dumps(left)))


def as_large_as_may_be(item):
    """An object with a list of as many items as fit into one frame."""
    head, tail = '{"type":"nothing","list":[', "]}"
    count = (wire.MOST - len(head) - len(tail) + 1) // (len(item) + 1)
    return head + ",".join([item] * count) + tail


ENTRIES = [
    # JSON
    first("a message of no bytes", NOT_AN_OBJECT, b""),
    first("a message that is no JSON", NOT_AN_OBJECT, b"hello"),
    first("an object that is cut", NOT_AN_OBJECT, '{"type":"hello","program":"x"'),
    first("an object with another behind it", NOT_AN_OBJECT,
           '{"type":"hello","program":"x"}{"type":"goodbye"}'),
    first("an object with a comma too many", NOT_AN_OBJECT, '{"type":"hello","program":"x",}'),
    first("an object with a comment", NOT_AN_OBJECT, '{"type":"hello","program":"x"}//'),
    *(first(f"{what} for an object", NOT_AN_OBJECT, text) for what, text in (
        ("a list", '["hello"]'), ("a text", '"hello"'), ("a number", "1"), ("null", "null"))),
    first("text that is not UTF-8", NOT_AN_OBJECT, b'{"type":"hello","program":"\xff\xfe"}'),
    first("half a surrogate pair", NOT_AN_OBJECT, r'{"type":"hello","program":"\ud800"}'),
    first("a number too large for any JSON parser", NOT_AN_OBJECT,
           '{"type":"hello","program":1e999999999}'),
    first("a NUL byte in a text", "it has a NUL byte", b'{"type":"hello","program":"a\0b"}'),
    first("a NUL byte behind the object", "it has a NUL byte",
           b'{"type":"hello","program":"x"}\0{"type":"evil"}'),
    first("lists that nest nine deep", DEEP, '{"x":' + "[" * 9 + "]" * 9 + "}"),
    first("objects that nest nine deep", DEEP, '{"x":' * 10 + "1" + "}" * 10),
    first("a mebibyte of opening brackets", DEEP, "[" * wire.MOST),
    *(first(f"a mebibyte of {what}", "its type", as_large_as_may_be(item)) for what, item in (
        ("empty lists", "[]"), ("empty objects", "{}"), ("objects in lists", "[{}]"),
        ("objects in an object", '{"":0}'), ("empty texts", '""'))),

    # Type
    first("a message without a type", '"type" is missing', '{"program":"x"}'),
    first("a type that is a number", '"type" is not a text', '{"type":1}'),
    first("a type that nobody knows", 'its type "evil" is unknown', '{"type":"evil"}'),
    first("a type that clears the terminal", r"\x1b[2J", r'{"type":"\u001b[2J"}'),
    first("a type that turns the direction of writing", r"\xe2\x80\xae", '{"type":"\u202e"}'),
    first("a type with NUL behind a good one", "is unknown",
           r'{"type":"hello\u0000","program":"x"}'),
    first("a type of a mebibyte", "...", '{"type":"' + "x" * (wire.MOST - 20) + '"}'),
    first("hello without a program", '"program" is missing', '{"type":"hello"}'),
    first("hello from a program that is a list", '"program" is not a text',
           '{"type":"hello","program":["x"]}'),

    # Fields of the announcement
    *(_without(field) for field in GOOD if field != "type"),
    _announce("a name that is a number", '"name" is not a text', name=1),
    *(_announce(f"a name that is {what}", NOT_A_NAME, name=name) for what, name in (
        ("empty", ""), ("`..`", ".."), ("`.hidden`", ".hidden"), ("`a/b`", "a/b"),
        ("`../other`", "../other"), ("of 201 bytes", "x" * 201),
        ("of 101 characters in 202 bytes", "\u00e4" * 101))),
    _announce("a name with NUL", r"\x00", name="a\0b"),
    _announce("a name with a line end", r"\x0a", name="two\nlines"),
    _announce("a name that clears the terminal", r"\x1b[2J", name="\x1b[2J"),
    _announce("a name with a C1 control character", r"\xc2\x9b", name="\x9b2J"),
    _announce("a name of half a mebibyte", "...", name="x" * (wire.MOST // 2)),
    _announce("a uuid that is null", '"uuid" is not a text', uuid=None),
    _announce("a uuid of zeros", NOT_A_UUID, uuid="00000000-0000-0000-0000-000000000000"),
    _announce("a uuid that is too short", NOT_A_UUID, uuid=str(OWN)[:-1]),
    _announce("a uuid that is too long", NOT_A_UUID, uuid=str(OWN) + "0"),
    _announce("a uuid without hyphens", NOT_A_UUID, uuid=OWN.hex),
    _announce("a uuid with a letter that is no digit", NOT_A_UUID, uuid=str(OWN)[:-1] + "g"),
    _announce("a parent that is false", '"parent" is not a text', parent=False),
    _announce("a parent that is an empty text", NOT_A_UUID, parent=""),
    _announce("a parent of zeros", NOT_A_UUID, parent="00000000-0000-0000-0000-000000000000"),
    *(_written(f"a generation of {value}", NO_NUMBER, "transid", value)
      for value in ("-1", "1.5", "1.0", "1e3", "18446744073709551616", "true", '"10"', "null",
                    "[10]")),
    *(_written(f"a place to go on at of {value}", NO_NUMBER, "resume_offset", value)
      for value in ("-1", "0.0", "18446744073709551616")),
    *(_announce(f"a stream that is `{value}`", '"stream" is a form of the stream that is not known',
                stream=value) for value in ("v0", "v3", "auto", "")),
    _announce("a stream that is a number", '"stream" is not a text', stream=1),
    *(_announce(f"a `replace` that is {json.dumps(value)}", '"replace" is not true or false',
                replace=value) for value in (0, "false", None)),
    *(_announce(f"a {field} of {len(value)} digits", f'"{field}" is none', **{field: value})
      for field in ("claim", "secret") for value in ("", "0" * 63, "0" * (wire.MOST // 2))),
    _announce("a claim that is no text", '"claim" is not a text', claim=0),
    *(_announce(f"writes of {value} bytes", '"writes" cannot be', writes=value)
      for value in (0, 1 << 32)),

    # Fields of the end
    *(Entry(what, PROTOCOL, says, lambda to, fields=fields:
            wire.hello() + wire.announce(NAME, OWN) + wire.message("stream_end", **fields))
      for what, says, fields in (
          ("an end without a length", '"bytes" is missing', {"digest": wire.digest(b"")}),
          ("an end without a digest", '"digest" is missing', {"bytes": 0}),
          ("an end of a negative length", NO_NUMBER, {"bytes": -1, "digest": wire.digest(b"")}),
          ("an end with a digest that is a number", '"digest" is not a text',
           {"bytes": 0, "digest": 0}))),
]
