"""What happened how often, as a small table for the report."""


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
