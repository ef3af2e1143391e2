"""What happened how often, as a small table for the report."""

from .data import MIB
from .lane import CONNECTION_BYTES


class Tally:
    """Rows appear as they are counted; the columns are given."""

    def __init__(self, title, *columns):
        self._title, self._columns = title, columns
        self._rows = {}

    def add(self, row, column, amount=1):
        counts = self._rows.setdefault(row, dict.fromkeys(self._columns, 0))
        counts[column] += amount

    def __str__(self):
        total = {column: sum(counts[column] for counts in self._rows.values())
                 for column in self._columns}
        rows = {**dict(sorted(self._rows.items())), "all": total}
        width = max(map(len, (self._title, *rows)))
        return "\n".join([self._line(self._title, self._columns, width)] + [
            self._line(row, [f"{counts[column]:.0f}" for column in self._columns], width)
            for row, counts in rows.items()])

    def _line(self, row, cells, width):
        return f"{row:{width}}" + "".join(f"  {cell:>{len(column)}}"
                                          for column, cell in zip(self._columns, cells))


class BreakTally(Tally):
    """Of sends that were broken: where, and how they went on."""

    def __init__(self, title):
        super().__init__(title, "breaks", "before any byte", "amid stream", "after commit",
                         "after success", "resumed", "MiB saved")

    def count_break(self, kind, sent, is_complete, succeeded):
        """Counts a break after so many bytes; is_complete is what the receiver has by now."""
        self.add(kind, "breaks")
        if succeeded:
            self.add(kind, "after success")
        elif is_complete:
            self.add(kind, "after commit")
        else:
            self.add(kind, "amid stream" if sent > CONNECTION_BYTES else "before any byte")

    def count_resumed(self, kind, result, held):
        """Counts a run after a break, where it went on with so many bytes that were there."""
        if "going on with" in result.text:
            self.add(kind, "resumed")
            self.add(kind, "MiB saved", held / MIB)
