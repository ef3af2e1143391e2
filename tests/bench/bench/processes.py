"""Who descends from whom, as the kernel says."""


def children(pid):
    """Of a process of one thread."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def descendants(pid):
    """Without itself. Those that end meanwhile may be among them."""
    found, left = set(), [pid]
    while left:
        for child in _children_if_there(left.pop()):
            found.add(child)
            left.append(child)
    return found


def _children_if_there(pid):
    try:
        return children(pid)
    except (FileNotFoundError, ProcessLookupError):
        return []
