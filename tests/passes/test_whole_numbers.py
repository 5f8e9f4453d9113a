"""Whole numbers of few bytes run over; the gradient must rest on what the program got."""

import warnings

import numpy as np
import pytest

import retrograd as rg
from retrograd.runtime.checking import compare_gradients


def of_a_square(x, n):
    return np.sum(n * n * x)


def below_a_negative(x, n):
    return np.sum(-n / x)


def of_a_double(x, n):
    return np.sum((n * 2) / x)


def of_floats_first(x, n):
    return np.sum(x * n * n * 3)


def of_an_exponent(x, n):
    return np.sum(x ** (n * 3) * n * n)


def of_an_element(x, n):
    pixel = n[-1]
    return pixel * pixel * x - (-pixel) * x


PROGRAMS = [
    *(of_a_square, below_a_negative, of_a_double, of_floats_first, of_an_exponent, of_an_element)
]
NUMBERS = {
    "uint8": np.uint8(20),
    "int8": np.int8(100),
    "uint16": np.uint16(300),
    "uint64": np.uint64(3),
    "int32": np.int32(70_000),
    "uint8 array": np.array([3, 20, 200], dtype=np.uint8),
    "int8 array": np.array([3, 20, 100], dtype=np.int8),
}


#: A number has no elements, and one power is beyond all floats.
CASES = [
    (program, name)
    for program in PROGRAMS
    for name, number in NUMBERS.items()
    if not (program is of_an_element and np.ndim(number) == 0)
    if (program, name) != (of_an_exponent, "int32")
]


@pytest.mark.parametrize(("program", "number"), CASES)
def test_gradient(program, number):
    x = 1.01
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        assert np.isfinite(program(x, NUMBERS[number]))
        gradient = rg.grad(program)(x, NUMBERS[number])
        found = compare_gradients(program, (x, NUMBERS[number]), (gradient,), argnums=(0,))
    assert all(one.agrees for one in found), [*map(str, found), rg.grad(program).source]
