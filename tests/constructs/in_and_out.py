"""In and out: what arguments and gradients may be made of, and where a derivative is stopped."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

import retrograd as rg

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
)


class Layer(NamedTuple):
    """Weights of a layer."""

    W: np.ndarray
    b: float


@dataclass
class Net:
    """A network."""

    layers: list
    scale: float


def list_in(x, items):
    """A list as an argument

    at: x=0.7, items=[0.4, np.array([1.1, 0.2])]
    """
    return items[0] ** 2 * x + np.sum(items[1] ** 2)


def tuple_in(x, pair):
    """A tuple as an argument

    at: x=0.7, pair=(0.4, np.array([1.1, 0.2]))
    """
    a, b = pair
    return a * x + np.sum(b**2) * a


def dict_in(x, p):
    """A dict as an argument

    at: x=0.7, p={"W": np.array([[0.4, 1.1]]), "b": 0.2}
    """
    return np.sum(p["W"] ** 2) * x + p["b"] * x


def dict_with_other_keys(x, p):
    """Harder: keys that are no text.

    at: x=0.7, p={0: 0.4, (1, 2): 1.1}
    """
    return p[0] * p[1, 2] * x


def namedtuple_in(x, layer):
    """A namedtuple as an argument

    at: x=0.7, layer=Layer(np.array([0.4, 1.1]), 0.2)
    """
    return np.sum(layer.W**2) * x + layer.b


def dataclass_in(x, net):
    """A dataclass as an argument

    at: x=0.7, net=Net([np.array([0.4, 1.1])], 0.2)
    """
    return np.sum(net.layers[0] ** 2) * net.scale * x


def nested_in(p, x):
    """Any nesting of them

    at: x=0.7, p={"net": Net([Layer(np.array([0.4, 1.1]), 0.3)], 0.2), "rates": ([0.1], {"a": 2.0})}
    """
    layer = p["net"].layers[0]
    rates, table = p["rates"]
    return np.sum(layer.W * x) * layer.b + rates[0] * table["a"] * p["net"].scale


def nested_in_loop(net, x):
    """Harder: over the layers of one.

    at: x=0.7, net=Net([Layer(np.array([0.4, 1.1]), 0.3), Layer(np.array([0.9, -0.2]), 0.1)], 0.2)
    """
    h = x
    for layer in net.layers:
        h = np.tanh(np.sum(layer.W * h) + layer.b)
    return h * net.scale


def inactive_parts(x, p):
    """Integers, booleans, text and None inside stay as they are

    at: x=0.7, p={"rate": 0.4, "steps": 3, "name": "euler", "adapt": False, "mask": None}
    """
    y = x
    for _ in range(p["steps"]):
        y = y * p["rate"] if p["name"] == "euler" and not p["adapt"] else y
    return y if p["mask"] is None else 0.0


def entry_not_read(x, p):
    """Entries that are not read have gradient zero

    at: x=0.7, p={"used": 0.4, "unused": [np.array([1.1, 0.2]), 3.0]}
    """
    return p["used"] * x


def argument_not_read(x, v):
    """Harder: whole arguments."""
    return x * x


def container_twice(p, x):
    """Harder: one entry under two names.

    at: x=0.7, p={"W": [0.4, 1.1]}
    """
    first = p["W"]
    again = p["W"]
    return first[0] * again[0] * x + first[1]


def result_of_numpy(v):
    """A NumPy number or 0-d array as the result"""
    return np.asarray(np.sum(v**2))


def result_of_one_entry(v):
    """Harder: an entry of an array."""
    a = v**2
    return a[1]


def constant_result(x, v):
    """A result that depends on nothing"""
    return 2.0


def stopped(x, y):
    """`stop_gradient(e)`

    expect: x=2.0 * x * y, y=x * x
    """
    s = x * x
    return rg.stop_gradient(s) * y + s * rg.stop_gradient(y)


def stopped_array(x, v):
    """Harder: of an array, in a loop.

    expect: x=3.0 * np.sum(v), v=3.0 * x * np.ones(3)
    """
    total = 0.0
    for _ in range(3):
        total += np.sum(v * x)
        target = rg.stop_gradient(v * x)
        total += np.sum(target) * 2.0
    return total
