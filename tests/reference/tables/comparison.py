"""How a table is read and a value compared."""

from mpmath import mp, mpf


def find(tables, table, function):
    return next(c for c in tables[table]["cases"] if c["function"] == function)


def rows(entry):
    return zip(zip(*entry["inputs"].values(), strict=True), entry["expected"], strict=True)


def close(value, expected, relative, where, absolute=0.0):
    value, expected = mpf(value), mpf(expected)
    same = value == expected or (mp.isnan(value) and mp.isnan(expected))
    assert same or abs(value - expected) <= max(
        relative * abs(expected), absolute
    ), f"{where}: {value} against {expected}"
