"""Functions of the user's in every form, and the classes whose instances go in and out."""

import dataclasses
import functools
import math
from collections import namedtuple
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from tests.constructs import elsewhere
from tests.constructs.elsewhere import damped

AT = dict(
    x=0.7,
    y=1.3,
    z=-0.6,
    v=np.array([0.4, -1.1, 0.9]),
    M=np.array([[0.3, -0.6, 0.9], [1.2, 0.5, -0.4]]),
    n=3,
)

# ---------------------------------------------------------------- what helpers return


def several_returns(x, y):
    """A helper with several returns"""
    return leaky(x) * leaky(-y) + leaky(x * y)


def leaky(a):
    if a > 0.0:
        return a**2
    if a < -5.0:
        return -1.0
    return 0.1 * a


def several_returns_in_loop(x, v):
    """Harder: one inside a loop, called in a loop."""
    total = 0.0
    for k in range(3):
        total += first_above(v * x, 0.1 * k)
    return total


def first_above(values, bound):
    for value in values:
        if value > bound:
            return value**2
    return bound


def returns_tuple(x, y):
    """A helper that returns a tuple"""
    r, phi = polar(x, y)
    return r * phi


def polar(a, b):
    return math.hypot(a, b), math.atan2(b, a)


def returns_tuple_kept_whole(x, y):
    """Harder: kept whole, nested, and read by index."""
    p = polar(x, y)
    q = (polar(p[0], x), y)
    return q[0][1] * p[1] + q[1]


def returns_dict(x, y):
    """A helper that returns a dict"""
    fit = statistics(x, y)
    return fit["mean"] * fit["spread"]


def statistics(a, b):
    mean = (a + b) / 2.0
    return {"mean": mean, "spread": (a - mean) ** 2 + (b - mean) ** 2}


def returns_list(x, n):
    """Harder: a list that it filled."""
    terms = powers(x, n)
    return terms[1] * terms[2] + len(terms) * x


def powers(a, count):
    out = []
    for k in range(count):
        out.append(a**k)
    return out


def returns_its_argument(x, v):
    """Harder: its own argument, which is then written."""
    same = itself(v)
    same[0] = x
    return np.sum(v**2)


def itself(a):
    return a


def returns_a_view(x, M):
    """Harder: a view of its argument, which is then written."""
    row = top(M)
    row *= x
    return np.sum(M**2)


def top(a):
    return a[0]


def helper_returns_nothing(x, v):
    """Harder: nothing, after changing its argument."""
    a = v * x
    normalise(a)
    normalise(a[1:])
    return a[0] ** 2 + a[1]


def normalise(a):
    a /= 1.0 + np.sum(a**2)


def helper_appends(x, n):
    """Harder: a list that it was given grows."""
    log = [x]
    for _ in range(n):
        push_square(log)
    return log[-1] * log[1]


def push_square(items):
    items.append(np.sin(items[-1]) ** 2 + 0.5)


def nested_helpers(x, y):
    """Helpers that call helpers"""
    return outer_helper(x, y) * leaky(y)


def outer_helper(a, b):
    r, phi = polar(leaky(a), b)
    return r * leaky(phi)


# ---------------------------------------------------------------- recursion


def recursion(x, n):
    """Recursion"""
    return tower(x, n + 2)


def tower(a, count):
    if count == 0:
        return 1.0
    if count % 2 == 1:
        return a * tower(a, count - 1)
    half = tower(a, count // 2)
    return half * half + 0.01 * math.sin(half)


def recursion_of_itself(x, n):
    """Harder: the function itself, called twice."""
    if n < 2:
        return x * (n + 1)
    return recursion_of_itself(x, n - 1) * x + recursion_of_itself(x, n - 2)


def recursion_with_active_condition(x, y):
    """Harder: the depth depends on an active value."""
    if x > 3.0:
        return x * y
    return recursion_with_active_condition(x * y + 0.2, y)


def recursion_over_a_list(x, v):
    """Harder: over halves of an array."""
    return tree_sum(v, x)


def tree_sum(a, factor):
    if len(a) == 1:
        return a[0] ** 2
    middle = len(a) // 2
    return tree_sum(a[:middle], factor) * factor + tree_sum(a[middle:], factor)


def mutual_recursion(x, n):
    """Mutual recursion"""
    return even_step(x, n)


def even_step(a, count):
    if count == 0:
        return a
    return odd_step(a * a, count - 1)


def odd_step(a, count):
    if count == 0:
        return np.sin(a)
    return even_step(a + 0.3, count - 1) * a


# ---------------------------------------------------------------- arguments


def keyword_arguments(x, y):
    """Keyword arguments"""
    return affine(y, slope=x, shift=x * y)


def affine(t, slope, shift=0.5):
    return t * slope + shift


def keyword_only_arguments(x, y):
    """Harder: keyword-only, in another order."""
    return line(t=y, shift=x, slope=x * y)


def line(t, *, slope=2.0, shift):
    return t * slope - shift**2


def default_arguments(x, y):
    """Default arguments"""
    return affine(x, y) * affine(y, x)


def default_of_the_model(x, y=1.5, *, power=3):
    """Harder: defaults of the function itself.

    at: x=0.7
    """
    return x**power * y


def default_none(x, v):
    """Harder: `None` as the default."""
    return weighted_sum(v) * weighted_sum(v, v * x)


def weighted_sum(a, weights=None):
    if weights is None:
        weights = np.ones(len(a))
    return np.sum(a * weights)


def star_args(x, y, z):
    """`*args`"""
    return product_of(x, y * z, z) + product_of()


def product_of(*factors):
    total = 1.0
    for factor in factors:
        total = total * factor
    return total


def star_args_in_the_call(x, y, z):
    """Harder: `f(*values)`."""
    pair = (x * y, z)
    return affine(x, *pair) + product_of(*pair, y)


def star_args_of_the_model(x, *rest):
    """Harder: of the function itself.

    at: x=0.7, rest=(1.3, 0.4)
    forward: RG211
    """
    for r in rest:
        x = x * r + 1.0
    return x**2


def star_kwargs(x, y):
    """`**kwargs`"""
    return total_of(drag=x * y, lift=y) * x


def total_of(**parts):
    total = 0.0
    for value in parts.values():
        total += value**2
    return total + parts["drag"]


def star_kwargs_in_the_call(x, y, p):
    """Harder: `f(**options)`.

    at: x=0.7, y=1.3, p={"slope": 0.4, "shift": -1.1}
    """
    return affine(y, **p) * x


# ---------------------------------------------------------------- functions inside


def nested_function(x, y):
    """A function inside the function"""

    def square(a):
        return a * a

    return square(x) * square(y + x)


def nested_function_that_recurses(x, n):
    """Harder: that calls itself.

    refused: RG209
    """

    def climb(a, count):
        return a if count == 0 else climb(a * a + 0.1, count - 1)

    return climb(x, n)


def closure(x, y):
    """Closures over active values"""

    def scaled(a):
        return a * x

    return scaled(y) * scaled(x)


def closure_sees_later_values(x, y):
    """Harder: a variable that changes after the `def`."""
    rate = x

    def scaled(a):
        return a * rate

    first = scaled(y)
    rate = rate * y
    return first * scaled(y)


def closure_over_an_array(x, v):
    """Harder: over an array that is written between calls."""
    a = v * x

    def norm():
        return np.sum(a**2)

    before = norm()
    a[0] = x**2
    return before * norm()


def closure_made_elsewhere(x, y):
    """Harder: made by another function."""
    scaled = scaling_by(x)
    return scaled(y) * scaled(x)


def scaling_by(factor):
    def scaled(a):
        return factor * a**2

    return scaled


def lambda_expression(x, y):
    """`lambda`"""
    square = lambda a: a * a * x
    return square(y) + (lambda a, b=y: a * b)(x)


def functions_of_a_dict_in_a_loop(x, y):
    """Harder: in a loop over a dict of them, passed on."""
    forms = {"double": lambda a: 2.0 * a, "root": np.sqrt, "own": itself}
    s = x
    for name, form in forms.items():
        s = s + form(s) * len(name)
    for form in forms.values():
        s = called_once(form, s) * y
    return s + called_once(forms["double"], y)


def called_once(function, a):
    return function(a)


def lambda_in_containers(x, y):
    """Harder: in a dict and a list."""
    forms = {"sine": lambda a: math.sin(a) * x, "square": lambda a: a**2}
    steps = [math.sin, math.exp, lambda a: a * y]
    s = forms["sine"](y) + forms["square"](x)
    for step in steps:
        s = step(s)
    return s


def function_as_argument(x, y):
    """Functions passed as arguments"""
    return integrate(lambda t: x * t**2, 0.0, y) + integrate(math.sin, 0.0, x)


def integrate(integrand, low, high, count=4):
    h = (high - low) / count
    total = 0.0
    for k in range(count):
        total += integrand(low + (k + 0.5) * h) * h
    return total


def function_as_argument_of_helper(x, v):
    """Harder: a right-hand side with parameters, in a solver."""
    return rk4_step(decay, v, 0.1, x) @ v


def decay(state, rate):
    return -rate * state + 0.1 * state**2


def rk4_step(rhs, state, h, *params):
    k1 = rhs(state, *params)
    k2 = rhs(state + 0.5 * h * k1, *params)
    k3 = rhs(state + 0.5 * h * k2, *params)
    k4 = rhs(state + h * k3, *params)
    return state + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


def function_as_argument_of_the_model(x, y, activation):
    """Harder: the function itself is given a function.

    at: x=0.7, y=1.3, activation=math.tanh
    """
    return activation(x * y) * x


def softened(a, sharpness=2.0):
    return math.log1p(math.exp(sharpness * a)) / sharpness


def user_function_as_argument_of_the_model(x, v, activation):
    """Harder: one of the user's own, in a loop and passed on.

    at: x=0.7, v=np.array([0.4, -1.1]), activation=softened
    """
    s = sum(map(activation, v))
    for _ in range(2):
        s = activation(s * x)
    return applied_twice(activation, s) * applied_twice(activation, x)


def applied_twice(function, a):
    return function(function(a))


def ufunc_as_argument_of_the_model(x, v, activation):
    """Harder: a function of NumPy.

    at: x=0.7, v=np.array([0.4, -1.1]), activation=np.tanh
    """
    return np.sum(activation(v * x))


# ---------------------------------------------------------------- classes


class Oscillator:
    """A model with parameters."""

    def __init__(self, mass, stiffness):
        self.mass = mass
        self.k = stiffness

    def energy(self, position, velocity):
        return 0.5 * self.mass * velocity**2 + self.potential(position)

    def potential(self, position):
        return 0.5 * self.k * position**2

    def __call__(self, t):
        return math.cos(self.frequency * t)

    @property
    def frequency(self):
        return math.sqrt(self.k / self.mass)


def attribute_of_instance(x, model):
    """`self.w` of an instance that is a parameter

    at: x=0.7, model=Oscillator(1.3, 2.0)
    """
    return model.mass * x + model.k**2 * x


def method_of_instance(x, y, model):
    """Methods of an instance that is a parameter

    at: x=0.7, y=1.3, model=Oscillator(1.3, 2.0)
    """
    return model.energy(x, y)


def method_call_and_property(x, model):
    """Harder: `__call__` and a property.

    at: x=0.7, model=Oscillator(1.3, 2.0)
    """
    return model(x) * model.frequency


@dataclass
class Spring:
    """A record with defaults."""

    k: float
    rest: float = 1.0
    name: str = "spring"

    def force(self, position):
        return -self.k * (position - self.rest)


@dataclass
class Chain:
    """A record of records and arrays."""

    spring: Spring
    masses: np.ndarray
    ends: tuple = (0.0, 1.0)
    notes: list = field(default_factory=list)


@dataclass(frozen=True)
class Lens:
    """A record that cannot be changed."""

    focus: float
    tilt: float = 0.1


def dataclass_parameter(x, spring):
    """Dataclasses as parameters

    at: x=0.7, spring=Spring(1.3, 0.4)
    """
    return 0.5 * spring.k * (x - spring.rest) ** 2


def dataclass_parameter_nested(x, chain):
    """Harder: nested, with arrays and tuples.

    at: x=0.7, chain=Chain(Spring(1.3), np.array([0.4, 0.9]), (0.2, 0.8))
    """
    low, high = chain.ends
    return chain.spring.k * np.sum(chain.masses * x) + (high - low) * chain.spring.rest


def dataclass_method(x, spring):
    """Harder: its methods.

    at: x=0.7, spring=Spring(1.3, 0.4)
    """
    return spring.force(x) ** 2 * spring.k


def dataclass_local(x, y):
    """Dataclasses as locals: built and read"""
    spring = Spring(k=x * y, rest=y)
    return spring.k * (x - spring.rest) ** 2


def dataclass_local_in_loop(x, y, n):
    """Harder: a new one in each iteration, and a method."""
    spring = Spring(x)
    for _ in range(n):
        spring = Spring(spring.k * y, spring.rest + x)
    return spring.force(y) * len(spring.name)


def dataclass_replace(x, y):
    """`dataclasses.replace`"""
    lens = Lens(x)
    other = replace(lens, focus=lens.focus * y)
    return other.focus * other.tilt + dataclasses.replace(other, tilt=x).tilt ** 2


def dataclass_attribute_assigned(x, y):
    """`p.k = e`"""
    spring = Spring(x, y)
    spring.k = spring.k * y
    spring.rest += x
    return spring.k * spring.rest


def dataclass_attribute_of_a_parameter(x, spring):
    """Harder: of a parameter, in a loop, which the caller does not see.

    at: x=0.7, spring=Spring(1.3, 0.4)
    """
    for _ in range(3):
        spring.k *= x
        spring.rest = spring.rest + spring.k
    return spring.rest**2


def dataclass_array_written(x, chain):
    """Harder: an array inside is written.

    at: x=0.7, chain=Chain(Spring(1.3), np.array([0.4, 0.9]), (0.2, 0.8))
    """
    chain.masses[0] = x * chain.spring.k
    chain.spring.k = x**2
    return np.sum(chain.masses**2) * chain.spring.k


Point = namedtuple("Point", ["a", "b"])


class Beam(NamedTuple):
    """A named tuple with annotations."""

    power: float
    width: float = 0.5

    def peak(self):
        return self.power / self.width**2


def namedtuple_parameter(x, beam):
    """Namedtuples as parameters

    at: x=0.7, beam=Beam(1.3, 0.4)
    """
    return beam.power * x + beam[1] ** 2 + beam.peak()


def namedtuple_local(x, y):
    """Namedtuples as locals"""
    p = Point(x, x * y)
    q = Point(b=p.a, a=p.b)
    return q.a * q.b**2


def namedtuple_unpacked(x, y):
    """Harder: unpacked, from a helper."""
    a, b = reflected(Point(x, y))
    return a * b**2


def reflected(point):
    return Point(-point.b, point.a * point.b)


def namedtuple_replace(x, y):
    """`p._replace(k=e)`"""
    beam = Beam(x)
    wide = beam._replace(width=x * y)
    return wide.peak() * beam.width + wide._asdict()["power"]


# ---------------------------------------------------------------- decorators


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@logged
def wrapped_square(a):
    return a * a


def decorated_with_wraps(x, y):
    """A helper under a decorator with `functools.wraps`"""
    return wrapped_square(x * y)


def doubled(factor):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(a, *args, offset=0.0, **kwargs):
            result = function(a * 2.0, *args, **kwargs)
            return factor * result + offset

        return wrapper

    return decorate


@doubled(3.0)
def wrapped_product(a, b, power=2):
    return a * b**power


@logged
@doubled(0.5)
def wrapped_twice(a):
    return math.sin(a)


def decorated_with_more_than_wraps(x, y):
    """Harder: the wrapper changes arguments and result; decorators with arguments; two of them."""
    return wrapped_product(x, y, offset=x) * wrapped_twice(y) + wrapped_product(y, x, power=3)


@functools.lru_cache(maxsize=None)
def cached_weight(a, k):
    return a**k


def decorated_with_cache(x, n):
    """A helper under `functools.lru_cache`"""
    return sum(cached_weight(x, k) for k in range(n))


@functools.lru_cache
def fibonacci(a, k):
    return a if k < 2 else fibonacci(a, k - 1) + a * fibonacci(a, k - 2)


def decorated_and_recursive(x, n):
    """Harder: recursive, through its cache."""
    return fibonacci(x, n + 2)


try:
    from numba import njit
except ImportError:

    def njit(function):
        return function


@njit
def jitted(a, b):
    return a * b + math.sin(a)


def decorated_with_njit(x, y):
    """A helper under `numba.njit`"""
    return jitted(x, y) * jitted(y, x)


class Tools:
    """Functions that belong to a class."""

    SCALE = 0.5

    @staticmethod
    def halved(a):
        return a * Tools.SCALE

    @classmethod
    def quartered(cls, a):
        return cls.halved(a) * cls.SCALE


def static_and_class_methods(x, y):
    """`@staticmethod` and `@classmethod`"""
    return Tools.halved(x) * Tools.quartered(y) ** 2


class FinerTools(Tools):
    """A class with another constant, and the same functions."""

    SCALE = 0.1

    @classmethod
    def spring(cls, k):
        made = Spring(k, rest=cls.SCALE)
        return cls.halved(made.k) - made.rest * k

    @classmethod
    def at_least(cls, a, low=0.1):
        if a < low * cls.SCALE:  # never here
            return low
        return cls.quartered(a)


def class_methods_of_subclasses(x, y):
    """Harder: inherited ones, which see the class they are called on."""
    return FinerTools.quartered(x * y) * FinerTools.spring(x) + FinerTools.at_least(y) * Tools.SCALE


# ---------------------------------------------------------------- other modules


def other_module(x, y):
    """Functions from other modules of the project"""
    return damped(x, y) + elsewhere.swing(y) * elsewhere.GRAVITY


def other_module_in_loop(x, v):
    """Harder: in a loop, with a name of its own."""
    swing = x
    for t in v:
        swing = swing * elsewhere.swing(t)
    return swing
