"""What every table shares: f32 inputs, settled 50-digit values, condition numbers, JSON."""

import json
import math
import struct

from mpmath import inf, isfinite, isinf, isnan, mp, mpf, nan, nstr

DIGITS = 50
# Working digits. A value is accepted only when two consecutive rungs agree, so a formula that
# cancels climbs until it has 50 true digits left.
LADDER = (60, 90, 150, 300, 700, 1500)
# Zero, infinity and nan are believed only at this rung: below it they may be 1 - 1 or ln(0).
SPECIAL_DIGITS = 300
# Relative step of the condition numbers: they are needed to two digits only.
CONDITION_STEP = mpf(10) ** -15
OUTSIDE = object()  # marks "not in the domain" in formulas that return no number


def f32(x):
    """The nearest f32, as the double that holds it exactly."""
    rounded = struct.unpack("<f", struct.pack("<f", float(x)))[0]
    assert rounded == 0 or abs(rounded) >= 2.0**-126, f"{x} is subnormal in f32"
    return rounded


def settle(function, *arguments):
    """`function(*arguments)` to at least 50 significant digits, or inf, -inf or nan."""
    previous, vanishing = None, 0
    for digits in LADDER:
        with mp.workdps(digits):
            value = +mpf(function(*[exact(a) for a in arguments]))
            certain = digits >= SPECIAL_DIGITS or (isfinite(value) and value != 0)
            if previous is not None and certain and agree(previous, value):
                return value
            # Rounding error alone, shrinking with the working precision: the true value is zero.
            vanishing = vanishing + 1 if shrinks(previous, value) else 0
            if vanishing == 2:
                return mpf(0)
            previous = value
    raise ArithmeticError(f"{function} does not settle at {arguments}")


def shrinks(previous, value):
    if previous is None or not (isfinite(previous) and isfinite(value)):
        return False
    return abs(value) <= abs(previous) * mpf(10) ** -20


def agree(a, b):
    if isnan(a) or isnan(b):
        return isnan(a) and isnan(b)
    if isinf(a) or isinf(b):
        return a == b
    return a == b or abs(a - b) <= abs(b) * mpf(10) ** -(DIGITS + 2)


def exact(argument):
    if isinstance(argument, (list, tuple)):
        return [mpf(a) for a in argument]
    return mpf(argument)


def derivative(function, arguments, index):
    """Central difference in extended precision of the smooth `function` in one argument."""
    digits = mp.dps
    with mp.workdps(3 * digits):
        x = arguments[index]
        step = (abs(x) if x != 0 else 1) * mpf(10) ** -(digits // 2 + 5)
        at = lambda v: function(*arguments[:index], v, *arguments[index + 1 :])
        return (at(x + step) - at(x - step)) / (2 * step)


def sensitivity(function, arguments, value):
    """The sum over the inputs of |x f'(x)|; one-sided where the other side leaves the domain."""
    total = mpf(0)
    for index, x in enumerate(arguments):
        for moved in moves(arguments, index):
            total += moved_slope(function, moved, value)
    return total


def moves(arguments, index):
    """The pairs of argument lists moved up and down by the relative step."""
    x = arguments[index]
    components = range(len(x)) if isinstance(x, list) else [None]
    for c in components:
        pair = []
        for factor in (1 + CONDITION_STEP, 1 - CONDITION_STEP):
            y = x * factor if c is None else [v * factor if k == c else v for k, v in enumerate(x)]
            pair.append(arguments[:index] + [y] + arguments[index + 1 :])
        yield pair


def moved_slope(function, pair, value):
    ends = []
    for arguments in pair:
        try:
            end = function(*arguments)
        except (ValueError, ZeroDivisionError):
            end = nan
        ends.append(end if isfinite(end) else None)
    if None not in ends:
        slope = (ends[0] - ends[1]) / (2 * CONDITION_STEP)
    elif ends[0] is not None:
        slope = (ends[0] - value) / CONDITION_STEP
    elif ends[1] is not None:
        slope = (value - ends[1]) / CONDITION_STEP
    else:
        return mpf(0)
    # A step function (quantile of a discrete law) has no slope at its jump.
    return abs(slope) if abs(slope) * CONDITION_STEP < mpf("1e-6") * (1 + abs(value)) else mpf(0)


def case(function_name, formula, inputs, domain=None, conditioned=True, moving=None):
    """One case object: `inputs` maps each column's name to its f32 values.

    `formula` takes the columns in order. Points whose expected value is `OUTSIDE` are dropped.
    `moving` names the columns that carry rounding error (default: all of them).
    """
    names = list(inputs)
    rows = [list(row) for row in zip(*inputs.values(), strict=True)]
    expected, conditions, sensitivities = [], [], []
    for row in rows:
        value = settle(formula, *row)
        expected.append(digits_of(value))
        if not conditioned:
            continue
        with mp.workdps(60):
            held = [exact(a) for a in row]
            if not isfinite(value):
                amount = mpf(0)
            elif moving is None:
                amount = sensitivity(formula, held, value)
            else:
                amount = sensitivity(*partially(formula, names, held, moving), value)
            relative = amount / abs(value) if isfinite(value) and value != 0 else mpf(0)
        sensitivities.append(short(amount))
        conditions.append(short(relative))
    result = {"function": function_name, "inputs": dict(inputs), "expected": expected}
    if conditioned:
        result |= {"condition": conditions, "sensitivity": sensitivities}
    return result


def partially(formula, names, row, moving):
    """The formula as a function of the moving columns alone, and their values."""
    places = [names.index(name) for name in moving]

    def of_moving(*values):
        filled = list(row)
        for place, value in zip(places, values):
            filled[place] = value
        return formula(*filled)

    return of_moving, [row[place] for place in places]


def vector_case(function_name, formula, inputs, conditioned=False):
    """A case whose formula returns one list of numbers a row, and a sensitivity for each if `conditioned`."""
    rows = list(zip(*inputs.values(), strict=True))
    expected, sensitivities = [], []
    for row in rows:
        with mp.workdps(60):
            size = len(formula(*[exact(a) for a in row]))
        component = lambda k: lambda *a: formula(*a)[k]
        expected.append([digits_of(settle(component(k), *row)) for k in range(size)])
        if conditioned:
            with mp.workdps(60):
                held = [exact(a) for a in row]
                parts = [component(k) for k in range(size)]
                sensitivities.append([short(sensitivity(f, held, f(*held))) for f in parts])
    result = {"function": function_name, "inputs": dict(inputs), "expected": expected}
    return result | {"sensitivity": sensitivities} if conditioned else result


def digits_of(value):
    if isnan(value):
        return "nan"
    if isinf(value):
        return "inf" if value > 0 else "-inf"
    return nstr(value, DIGITS, strip_zeros=value == int(value) if abs(value) < 1e15 else True)


def short(value):
    """Three digits; None, JSON's null, where it is infinite."""
    number = float(nstr(value, 3))
    return number if math.isfinite(number) else None


def columns(names, rows):
    """Rows of numbers as rounded f32 columns."""
    rounded = [
        [[f32(v) for v in a] if isinstance(a, (list, tuple)) else f32(a) for a in row]
        for row in rows
    ]
    return {name: list(column) for name, column in zip(names, zip(*rounded), strict=True)}


def plain(number):
    """An infinite end of an interval as a string, which JSON has no number for."""
    return number if isinstance(number, list) or math.isfinite(number) else str(number)


def write(path, name, cases):
    """Writes one table, one column a line, and returns its size in bytes."""
    blocks = []
    for entry in cases:
        inputs = ",\n".join(
            f"      {json.dumps(k)}: {json.dumps([plain(x) for x in v])}"
            for k, v in entry["inputs"].items()
        )
        lines = [
            f'    "function": {json.dumps(entry["function"])}',
            f'    "inputs": {{\n{inputs}\n    }}',
        ]
        for key in ("expected", "condition", "sensitivity", "kappa"):
            if key in entry:
                lines.append(f'    "{key}": {json.dumps(entry[key], allow_nan=False)}')
        blocks.append("  {\n" + ",\n".join(lines) + "\n  }")
    text = (
        f'{{"name": {json.dumps(name)}, "digits": {DIGITS}, "cases": [\n'
        + ",\n".join(blocks)
        + "\n]}\n"
    )
    json.loads(text)
    path.write_text(text)
    return len(text)
