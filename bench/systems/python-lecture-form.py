"""Scalar autograd in the form of Karpathy's lecture, written anew in Python.

Speaks the protocol of worker.mjs: "check WORK N" and "time WORK N" on standard input.
"""

import math
import sys
import time


class Value:
    def __init__(self, data, children=(), op=""):
        self.data = data
        self.grad = 0
        self._prev = set(children)
        self._op = op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, exponent):
        out = Value(self.data**exponent, (self,), f"**{exponent}")

        def _backward():
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def backward(self):
        order = []
        visited = set()

        def visit(value):
            if value not in visited:
                visited.add(value)
                for child in value._prev:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = 1
        for value in reversed(order):
            value._backward()


class Neuron:
    def __init__(self, nin, activation):
        self.w = [Value(0.0) for _ in range(nin)]
        self.b = Value(0.0)
        self.activation = activation

    def __call__(self, x):
        total = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return getattr(total, self.activation)() if self.activation else total

    def parameters(self):
        return self.w + [self.b]


class Layer:
    def __init__(self, nin, nout, activation):
        self.neurons = [Neuron(nin, activation) for _ in range(nout)]

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
    def __init__(self, sizes, hidden, output):
        last = len(sizes) - 2
        self.layers = [
            Layer(sizes[i], sizes[i + 1], output if i == last else hidden)
            for i in range(len(sizes) - 1)
        ]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[0]

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


STEPS_IN_A_RUN = 100


def restart(repetition, model, start):
    """Puts the starting weights back at the start of each run."""
    if repetition % STEPS_IN_A_RUN == 0:
        for p, value in zip(model.parameters(), start):
            p.data = value


def descend(model, loss):
    for p in model.parameters():
        p.grad = 0
    loss.backward()
    for p in model.parameters():
        p.data -= 0.1 * p.grad
    return loss.data


def rows(flat, width):
    return [flat[i : i + width] for i in range(0, len(flat), width)]


def moons(data):
    model = MLP([2, 16, 16, 1], "relu", None)
    points = rows(data["moonsPoints"], 2)
    targets = data["moonsTargets"]

    def step(repetition):
        restart(repetition, model, data["moonsParameters"])
        scores = [model(list(map(Value, point))) for point in points]
        losses = [(1 + -y * score).relu() for y, score in zip(targets, scores)]
        data_loss = sum(losses) * (1.0 / len(losses))
        penalty = 1e-4 * sum(p * p for p in model.parameters())
        return descend(model, data_loss + penalty)

    return step


def four_points(data):
    model = MLP([3, 4, 4, 1], "tanh", "tanh")
    points = rows(data["fourPoints"], 3)
    targets = data["fourTargets"]

    def step(repetition):
        restart(repetition, model, data["fourParameters"])
        scores = [model(list(map(Value, point))) for point in points]
        errors = [(score - y) ** 2 for score, y in zip(scores, targets)]
        return descend(model, sum(errors) * (1.0 / len(errors)))

    return step


def tiny(_):
    def step(_):
        a = Value(-41.0)
        b = Value(2.0)
        c = a + b
        d = a * b + b**3
        e = c - d
        f = e**2
        g = f / 2
        g.backward()
        return g.data + a.grad + b.grad

    return step


def read_data(path):
    with open(path) as file:
        lines = [line.split() for line in file]
    return {name: [float(value) for value in values] for name, _, *values in lines}


def main():
    data = read_data(sys.argv[1])
    steps = {"moons": moons(data), "four-points": four_points(data), "tiny": tiny(data)}
    done = dict.fromkeys(steps, 0)
    for line in sys.stdin:
        request, work, count = line.split()
        first, last = done[work], done[work] + int(count)
        start = time.perf_counter_ns()
        results = [steps[work](repetition) for repetition in range(first, last)]
        elapsed = time.perf_counter_ns() - start
        done[work] = last
        print(*(results if request == "check" else [elapsed]), flush=True)


main()
