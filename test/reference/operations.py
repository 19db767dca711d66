"""Makes operations.json: what every operation and its derivatives are, to the last digit.

    pip install mpmath && python3 operations.py > operations.json

Only the definition of each operation stands here. Its derivatives are central differences in
1,200-digit arithmetic with steps of 1e-60 of the input, so no formula of a derivative could be
wrong twice.
"""

import json
import random

from mpmath import mp, mpf

mp.dps = 1200

root = mp.sqrt(2 / mp.pi)


def relative_step(x):
    return abs(x) * mpf(10) ** -60 if x != 0 else mpf(10) ** -400


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


unary = {
    "neg": (lambda x: -x, [-2, 0, 3, 1e300]),
    "exp": (mp.exp, [-700, -20, -1, -1e-10, 0, 1e-10, 0.5, 1, 20, 700]),
    "expm1": (mp.expm1, [-50, -1, -1e-10, 0, 1e-10, 1, 50, 700]),
    "log": (mp.log, [1e-100, 1e-5, 0.5, 1, 1.0000001, 2.75, 1e5, 1e300]),
    "log1p": (lambda x: mp.log(1 + x), [-0.9999999, -0.5, -1e-10, 0, 1e-10, 0.5, 1e5, 1e300]),
    "log2": (lambda x: mp.log(x) / mp.log(2), [1e-100, 0.1, 1, 2, 8, 10, 1000, 1e300]),
    "log10": (lambda x: mp.log(x) / mp.log(10), [1e-100, 0.1, 1, 2, 8, 10, 1000, 1e300]),
    "sqrt": (mp.sqrt, [1e-100, 0.25, 1, 2, 1e300]),
    "tanh": (mp.tanh, [-300, -20, -1, -1e-5, 0, 1e-5, 0.5, 1, 2, 10, 20, 300]),
    "sigmoid": (sigmoid, [-700, -36.7, -1, 0, 1e-10, 1, 36.7, 700]),
    "softplus": (lambda x: mp.log(1 + mp.exp(x)), [-700, -40, -1, 0, 1, 40, 700]),
    "silu": (lambda x: x * sigmoid(x), [-700, -30, -1, -1e-10, 0, 1e-10, 1, 30, 700]),
    "gelu": (
        lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
        [-30, -8, -1.5, -1e-10, 0, 1e-10, 1, 8, 30],
    ),
    "geluTanh": (
        lambda x: x * (1 + mp.tanh(root * (x + mpf("0.044715") * x**3))) / 2,
        [-15, -8, -1.5, -1e-10, 0, 1e-10, 1, 8, 15],
    ),
    "relu": (lambda x: max(x, 0), [-1e300, -2, -1e-300, 1e-300, 3, 1e300]),
    "abs": (abs, [-1e300, -2, -1e-300, 1e-300, 3, 1e300]),
    "sin": (mp.sin, [-100, -1, 0, 1e-10, 0.5, 1, 3, 100, 1e6, 1e22]),
    "cos": (mp.cos, [-100, -1, 0, 1e-10, 0.5, 1, 3, 100, 1e6, 1e22]),
    "tan": (mp.tan, [-1, 0, 1e-10, 0.5, 1, 1.57, 1.5707963267948966, 100]),
    "atan": (mp.atan, [-1e200, -10, -1, 0, 1e-10, 1, 10, 1e200]),
    "sinh": (mp.sinh, [-700, -1, -1e-10, 0, 1e-10, 1, 20, 700]),
    "cosh": (mp.cosh, [-700, -1, -1e-10, 0, 1e-10, 1, 20, 700]),
    "asinh": (mp.asinh, [-1e200, -1, -1e-10, 0, 1e-10, 1, 1e10, 1e200]),
    "erf": (mp.erf, [-6, -1, 0, 1e-10, 0.5, 1, 5]),
    "erfc": (mp.erfc, [-5, -1, 0, 1e-10, 1, 5, 26]),
    "square": (lambda x: x * x, [-3, 0, 1e-10, 2, 1e150]),
    "reciprocal": (lambda x: 1 / x, [-2, 1e-100, 0.5, 3, 1e100]),
}

binary = {
    "add": (lambda a, b: a + b, [(2, -3), (0, 0), (1e300, 1e-300)]),
    "sub": (lambda a, b: a - b, [(2, -3), (0, 0), (1e300, 1e-300)]),
    "mul": (lambda a, b: a * b, [(2, -3), (0, 5), (0, 0), (1e200, 1e-200)]),
    "div": (lambda a, b: a / b, [(1, 3), (-2, 0.5), (0, 4), (1e200, 1e200), (3, -1e100)]),
    "pow": (
        lambda a, b: mp.exp(b * mp.log(a)),
        [(2, 3), (2, -1.5), (0.5, 10), (1e-5, 2), (3, 0.5), (1.5, 100), (2, 0), (1, 5), (2, 1)],
    ),
    "max": (max, [(1, 2), (2, 1), (-3, -2), (1e300, 1e-300)]),
    "min": (min, [(1, 2), (2, 1), (-3, -2), (1e300, 1e-300)]),
}


def integer_power(n):
    return lambda x: x ** int(n)


families = [
    ("power", [-2], integer_power(-2), [-3, -0.5, 0.25, 2]),
    ("power", [-1], integer_power(-1), [-3, -0.5, 0.25, 2]),
    ("power", [-0.5], lambda x: 1 / mp.sqrt(x), [0.25, 2, 1e10]),
    ("power", [0], integer_power(0), [-3, 0.25, 2]),
    ("power", [0.5], mp.sqrt, [0.25, 2, 1e10]),
    ("power", [1], integer_power(1), [-3, 0, 0.25, 2]),
    ("power", [2], integer_power(2), [-3, 0, 0.25, 2]),
    ("power", [3], integer_power(3), [-4, -0.5, 0, 0.25, 2]),
    ("power", [2.5], lambda x: x**2 * mp.sqrt(x), [0.25, 2, 3]),
    ("power", [10], integer_power(10), [-2, 0, 1.5, 1e20]),
    ("clamp", [-1, 2], lambda x: min(max(x, -1), 2), [-3, -0.5, 0, 1.5, 5]),
    ("leakyRelu", [0.01], lambda x: x if x > 0 else mpf(0.01) * x, [-300, -2, 3]),
    ("leakyRelu", [0.25], lambda x: x if x > 0 else mpf(0.25) * x, [-300, -2, 3]),
    ("elu", [1], lambda x: x if x > 0 else mp.expm1(x), [-700, -2, -1e-10, 1e-10, 3]),
    ("elu", [0.5], lambda x: x if x > 0 else mp.expm1(x) / 2, [-700, -2, -1e-10, 1e-10, 3]),
]


def number(x):
    """The nearest double; zero and what is too small for one are 0."""
    return float(mp.nstr(x, 40))


def derivative(f, xs, i):
    h = relative_step(xs[i])
    up, down = list(xs), list(xs)
    up[i] += h
    down[i] -= h
    return (f(*up) - f(*down)) / (2 * h)


def second(f, xs, i, j):
    return derivative(lambda *ys: derivative(f, ys, i), xs, j)


def point(f, inputs):
    xs = [mpf(x) for x in inputs]
    n = range(len(xs))
    return {
        "inputs": list(inputs),
        "value": number(f(*xs)),
        "derivatives": [number(derivative(f, xs, i)) for i in n],
        "second": [[number(second(f, xs, i, j)) for j in n] for i in n],
    }


rows = []
for name, (f, points) in unary.items():
    rows.append({"name": name, "parameters": [], "points": [point(f, [x]) for x in points]})
for name, (f, points) in binary.items():
    rows.append({"name": name, "parameters": [], "points": [point(f, xs) for xs in points]})
for name, parameters, f, points in families:
    rows.append({"name": name, "parameters": parameters, "points": [point(f, [x]) for x in points]})

# Many values of the composed operations, whose accuracy semantics.md promises.
mp.dps = 400
random.seed(1)
ranges = {"sigmoid": -700, "softplus": -700, "silu": -700, "elu": -700}
ranges |= {"gelu": -36, "geluTanh": -15}
accuracy = {}
for name, lowest in ranges.items():
    f = unary[name][0] if name in unary else families[-2][2]
    xs = [random.uniform(lowest, 0) for _ in range(60)]
    xs += [random.uniform(-2, 2) for _ in range(80)]
    xs += [random.uniform(0, -lowest) for _ in range(40)]
    xs += [sign * 10 ** random.uniform(-12, 0) for sign in (-1, 1) for _ in range(30)]
    accuracy[name] = [[x, number(f(mpf(x)))] for x in xs]

# The value and the first four derivatives.
higher = {
    "x^3": (lambda x: x**3, [-2, -0.5, 1.5, 7]),
    "tanh": (mp.tanh, [-2.5, -0.3, 0.7, 1.25, 4, 20]),
    "exp(sin x)": (lambda x: mp.exp(mp.sin(x)), [-3, -0.5, 0.25, 1, 2]),
    "sigmoid": (sigmoid, [-30, -1.5, 0.3, 2.5]),
    "1/x": (lambda x: 1 / x, [-3, 0.5, 2]),
    "log(1 + x^2)": (lambda x: mp.log(1 + x * x), [-2, 0.3, 5]),
}
mp.dps = 200
orders = []
for name, (f, xs) in higher.items():
    for x in xs:
        derivatives = [f(mpf(x))] + [mp.diff(f, mpf(x), n) for n in (1, 2, 3, 4)]
        orders.append({"function": name, "at": x, "derivatives": [number(d) for d in derivatives]})

print("{")
for key, items in (("rows", rows), ("higher", orders)):
    print(f' "{key}": [\n' + ",\n".join("  " + json.dumps(item) for item in items) + "\n ],")
lines = [f'  "{name}": {json.dumps(pairs)}' for name, pairs in accuracy.items()]
print(' "accuracy": {\n' + ",\n".join(lines) + "\n }\n}")
