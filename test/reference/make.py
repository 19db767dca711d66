"""True values of the functions of src/math.ts, for test/math.test.ts.

Made with Debian's python3-mpmath 1.3.0, from the root of the repository:

    python3 test/reference/make.py > test/reference/math.json

For each function a list of [x, high, ulps] (for pow: [x, y, high, ulps]): the true value, computed
with 60 digits or more, is high + ulps * (one ulp of high), where high is the double nearest to it
and one ulp of high is the distance from |high| to the next larger double.
"""

import json
import math
import random
import sys

import mpmath as mp

random.seed(20261122)
mp.mp.prec = 2400  # sin(1e308) loses its first 1024 bits
EXACT = mp.mpf


def ulp(x):
    return math.ulp(x)


def neighbours(x, count=2):
    """x and the doubles next to it."""
    below = above = x
    found = [x]
    for _ in range(count):
        below = math.nextafter(below, -math.inf)
        above = math.nextafter(above, math.inf)
        found += [below, above]
    return found


def sized(low, high, count, negative=True):
    """Numbers of every size from 2^low to 2^high, evenly by exponent."""
    found = []
    for i in range(count):
        exponent = low + (high - low) * (i + random.random()) / count
        x = math.ldexp(1 + random.random(), math.floor(exponent))
        found.append(-x if negative and random.random() < 0.5 else x)
    return found


def between(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def near_right_angles(count):
    """The doubles nearest to a multiple of pi/2, relative to their size: for every exponent e those
    M < 2^53 for which M * 2^e is nearly n * pi/2 are found from the continued fraction of
    2^e / (pi/2)."""
    candidates = []
    for e in range(-52, 971):
        ratio = mp.ldexp(2 / mp.pi, e)
        p0, q0, p1, q1 = 0, 1, 1, 0
        rest = ratio
        while True:
            digit = int(mp.floor(rest))
            p0, q0, p1, q1 = p1, q1, digit * p1 + p0, digit * q1 + q0
            if q1 >= 2**53:
                break
            if q1 > 0 and p1 > 0:
                x = math.ldexp(q1, e)
                candidates.append((abs(EXACT(x) - p1 * mp.pi / 2), x))
            rest = 1 / (rest - digit)
    candidates.sort()
    nearest = []
    for _, x in candidates:
        if x not in nearest:
            nearest.append(x)
        if len(nearest) == count:
            return nearest
    raise ValueError(f"near_right_angles: expected {count} candidates, got {len(nearest)}")


LN2 = math.log(2)
angles = (
    between(-8, 8, 100)
    + sized(-1074, 2, 60)
    + sized(2, 20, 60)
    + sized(20, 1023, 120)
    + near_right_angles(100)
    + [x for n in range(1, 17) for x in neighbours(n * math.pi / 4, 1)]
    + [round(math.exp(0.7 * n)) * math.pi / 2 for n in range(20)]
    + [1e22, math.ldexp(6381956970095103, 797), 999999.9, 1e6, 1000000.1, 1.7976931348623157e308]
)
positive = (
    sized(-1074, 1023, 120, negative=False)
    + between(0, 4, 100)
    + between(0.7, 1.5, 60)
    + [1 + sign * 2.0**-k for k in range(1, 53) for sign in (1, -1)]
    + [x for k in (-1022, -3, -1, 0, 1, 2, 1000) for x in neighbours(math.ldexp(0.5**0.5, k))]
    + [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 10.0, 3.0, 1e-5]
)
halfway = [x for k in range(-30, 31, 3) for x in neighbours((k + 0.5) * LN2, 1)]
hyperbolic = (
    sized(-1074, -30, 40)
    + sized(-30, 3, 120)
    + between(-4, 4, 80)
    + between(-45, 45, 60)
    + halfway
    + [x for n in (18.7, 19.06, 20.5, 22.0, 36.9, 37.1, 40.0) for x in neighbours(n)]
)
large = between(-710, 710, 60) + between(709.7, 710.47, 20)
points = {
    "exp": between(-745, 708.4, 140)
    + between(-2, 2, 60)
    + sized(-1074, 2, 60)
    + between(-745.2, -708, 60)
    + between(709, 709.78, 20)
    + [709.782712893384, -745.1332191019411, -708.3964185322641]
    + [x for k in range(-1070, 1024, 50) for x in neighbours((k + 0.5) * LN2, 1)],
    "expm1": sized(-1074, 2, 100)
    + between(-2, 2, 120)
    + between(-50, 50, 80)
    + between(0, 709, 40)
    + between(0.3466, 0.4, 200)
    + halfway
    + [709.782712893384, 60.0, 60.00000001, -60.0, -700.0],
    "log": positive,
    "log2": positive,
    "log10": positive,
    "log1p": sized(-1074, -1, 100)
    + sized(0, 1023, 60, negative=False)
    + between(-1, 3, 120)
    + [-1 + 2.0**-k for k in range(1, 54)]
    + [x for y in (0.5**0.5 - 1, 2**0.5 - 1) for x in neighbours(y, 5)],
    "sin": angles,
    "cos": angles,
    "tan": angles,
    "atan": sized(-1074, 1023, 100)
    + sized(-10, 10, 100)
    + between(-5, 5, 100)
    + [x for y in (0.25, 0.75, 1, 4 / 3, 4, 1e300) for x in neighbours(y)],
    "sinh": hyperbolic + large,
    "cosh": hyperbolic + large,
    "tanh": hyperbolic + between(-1, 1, 60),
    "asinh": sized(-1074, 1023, 100)
    + sized(-32, 32, 120)
    + between(-3, 3, 100)
    + [x for y in (1e-9, 1e9) for x in neighbours(y)],
    "erf": sized(-1074, 2, 100)
    + between(-6, 6, 120)
    + between(-1, 1, 60)
    + between(0.5, 0.6, 60)
    + neighbours(0.5625, 5)
    + [5.9, 6.0, 6.5, 7.0],
    "erfc": sized(-1074, 4, 60)
    + between(-6, 27.2, 160)
    + between(26, 27.2, 40)
    + between(0.4, 1, 60)
    + between(0.5, 0.5625, 60)
    + between(0.5625, 0.59, 200)
    + neighbours(0.5625, 5)
    + [26.5, 26.54, 27.226017111108366],
}
powers = (
    [(math.exp(random.uniform(-3, 3)), random.uniform(-200, 200)) for _ in range(80)]
    + [(x, random.uniform(-2, 2)) for x in sized(-1074, 1023, 60, negative=False)]
    + [(-random.uniform(0, 10), float(random.randint(-99, 99))) for _ in range(40)]
    + [(random.uniform(0, 10), random.randint(-9, 9) + 0.5) for _ in range(40)]
    + [(random.uniform(0, 3), float(random.randint(-40, 40))) for _ in range(40)]
)
for k in range(1, 53):
    for sign in (1, -1):  # x near 1 and a huge y, the result anywhere
        x = 1 + sign * 2.0**-k * random.uniform(0.5, 1)
        if x not in (0, 1):
            powers.append((x, random.uniform(-744, 709) / math.log(x)))
for logarithm in between(-745, -708, 40) + between(708, 709.7, 40):  # near both ends of the range
    x = math.exp(random.uniform(-600, 600))
    powers.append((x, logarithm / math.log(x)))
powers += [(1.0000000000000002, 3e18), (0.9999999999999999, 6e18), (0.5, 1074.0), (2.0, 1023.5)]

functions = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "log1p": lambda x: mp.log(1 + x),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "erf": mp.erf,
    "erfc": mp.erfc,
}


def nearest(truth):
    """The double nearest to truth, also among the subnormal ones."""
    scaled = truth * EXACT(2) ** 1074
    if abs(scaled) < 2**53:
        return math.ldexp(float(mp.nint(scaled)), -1074)
    return float(truth)


def row(inputs, truth):
    high = nearest(truth)
    if not math.isfinite(high) or high == 0 or truth == 0:
        return None  # overflow and underflow have their own tests
    return [*inputs, high, float(mp.nstr((truth - EXACT(high)) / EXACT(ulp(high)), 6))]


def table(name):
    rows = []
    for x in dict.fromkeys(points[name]):
        mp.mp.prec = 2400 if name in ("sin", "cos", "tan") or abs(x) < 1e-30 else 400
        rows.append(row([x], functions[name](EXACT(x))))
    return [r for r in rows if r]


result = {name: table(name) for name in functions}
mp.mp.prec = 400
result["pow"] = [r for x, y in powers if (r := row([x, y], mp.power(EXACT(x), EXACT(y))))]

lines = []
for name, rows in result.items():
    body = ",\n".join(json.dumps(r) for r in rows)
    lines.append(f'"{name}": [\n{body}\n]')
sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
