"""What classes hold beside functions is constant, and stays what it is when the program runs."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pytest

import retrograd as rg


class Law:
    K: Any = 2.0
    WEIGHTS = np.array([1.0, 2.0])
    KIND = "square"

    def __init__(self, a: float) -> None:
        self.a = a

    def energy(self, x: Any) -> Any:
        if self.KIND == "square":
            return self.K * x**2 * self.a
        return x

    def weighted(self, x: Any) -> Any:
        total = np.dot(self.WEIGHTS, x)
        for w in self.WEIGHTS:
            total = total + w * x[0] ** 2
        return total

    def store(self, x: float) -> Any:
        self.WEIGHTS[0] = x
        return np.sum(self.WEIGHTS)

    def store_by_another_name(self, x: float) -> Any:
        w = self.WEIGHTS
        w[0] = x
        return np.sum(w)

    def add_to_it(self, x: float) -> Any:
        self.K += x
        return self.K * x

    def hide_it(self, x: float) -> Any:
        Law_K = x
        return self.K * Law_K


class Stiff(Law):
    K = 7.0


class Managed(Law):
    @property
    def K(self) -> Any:  # type: ignore[override]
        return self.a**2


Law_K = 100.0


def energy(law: Any, x: float) -> Any:
    return law.energy(x)


def of_two(law: Any, other: Any, x: float) -> Any:
    return law.energy(x) + 10.0 * other.energy(x) + 0.0 * Law_K


def of_many(laws: list[Law], x: float) -> Any:
    return Law_K * sum(law.K * x for law in laws)


@dataclass
class Point:
    x: float
    SCALE: ClassVar[float] = 3.0
    POWER = 2

    def size(self) -> Any:
        return self.SCALE * self.x**self.POWER


class Pair(NamedTuple):
    x: float
    y: float

    def size(self) -> Any:
        return self.x * self.y * 2.0


def local_point(x: float) -> Any:
    return Point(x * x).size()


@pytest.mark.parametrize(
    ("f", "argnums", "args", "wanted"),
    [
        (energy, 1, (Law(1.5), 2.0), 12.0),
        (energy, 1, (Stiff(1.0), 2.0), 28.0),
        (energy, 1, (Managed(3.0), 2.0), 108.0),
        (of_two, 2, (Law(1.0), Stiff(1.0), 1.0), 144.0),
        (of_many, 1, ([Law(1.0), Law(2.0)], 1.0), 400.0),
        (local_point, 0, (2.0,), 96.0),
    ],
)
def test_they_are_read_through_instances(f: Any, argnums: int, args: Any, wanted: float) -> None:
    assert rg.grad(f, argnums=argnums)(*args) == pytest.approx(wanted)
    tangents = [1.0 if k == argnums else None for k in range(len(args))]
    if tangents == [1.0]:
        assert rg.jvp(f, args, tuple(tangents))[1] == pytest.approx(wanted)


def test_by_the_instance_they_count_as_data() -> None:
    gradient = rg.grad(energy)
    assert vars(gradient(Law(1.5), 2.0)) == {"a": 8.0}
    assert gradient(Managed(3.0), 2.0).a == pytest.approx(3.0 * 3.0**2 * 4.0)
    assert rg.grad(Point.size)(Point(2.0)) == Point(12.0)
    np.testing.assert_allclose(rg.grad(Law(1.0).weighted)(np.ones(2)), [7.0, 2.0])
    assert rg.grad(rg.grad(Law(1.5).energy))(2.0) == pytest.approx(6.0)


def test_what_changes_after_the_first_call_counts() -> None:
    class Here(Law):
        pass

    gradient, law = rg.grad(energy, argnums=1), Here(1.0)
    seen = [gradient(law, 1.0)]
    Law.K = 5.0
    seen.append(gradient(law, 1.0))
    Here.K = np.array(4.0)  # hides that of the class above
    seen.append(gradient(law, 1.0))
    law.K = 3.0  # and this what classes say
    seen.append(gradient(law, 1.0))
    del law.K
    Here.K = property(lambda self: self.a * 6.0)
    seen.append(gradient(law, 1.0))
    by_law = rg.grad(energy)(law, 1.0).a
    Here.energy = lambda self, x: 10.0 * x
    seen.append(gradient(law, 1.0))
    Law.K = 2.0
    assert seen == [4.0, 10.0, 8.0, 6.0, 12.0, 10.0]
    assert by_law == pytest.approx(12.0)


def test_an_object_around_the_function_may_hide_them_later() -> None:
    law = Law(1.0)

    def around(x: float) -> Any:
        return law.energy(x) + law.K * x

    gradients = rg.grad(law.energy), rg.grad(around)
    assert [gradient(1.0) for gradient in gradients] == [4.0, 6.0]
    law.K = 9.0
    assert [gradient(1.0) for gradient in gradients] == [18.0, 27.0]
    law.energy = lambda x: 5.0 * x  # type: ignore[method-assign]
    with pytest.raises(rg.UnsupportedError):
        gradients[1](1.0)


def test_classes_of_one_name_are_told_apart() -> None:
    def made(k: float) -> type:
        class One:
            K = k

            def __init__(self, a: float) -> None:
                self.a = a

            def energy(self, x: float) -> Any:
                return self.K * x * self.a + k

        return One

    first, second = made(2.0)(1.0), made(3.0)(1.0)
    gradient = rg.grad(of_two, argnums=2)
    assert gradient(first, second, 1.0) == 32.0
    assert gradient(second, first, 1.0) == 23.0


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("store", "RG404"),
        ("store_by_another_name", "RG404"),
        ("add_to_it", "RG401"),
        ("hide_it", "RG216"),
    ],
)
def test_they_are_not_written(name: str, code: str) -> None:
    with pytest.raises(rg.UnsupportedError) as refused:
        rg.grad(getattr(Law(1.0), name))(2.0)
    assert refused.value.code == code


class Mode(Enum):
    LINEAR = 1
    SQUARE = 2.5

    def __mul__(self, other: Any) -> Any:
        return self.value * other


class Order(IntEnum):
    FIRST = 1
    THIRD = 3


DEFAULT = Mode.SQUARE


class Model:
    def __init__(self, mode: Mode) -> None:
        self.mode = mode

    def value(self, x: float) -> Any:
        return x if self.mode is Mode.LINEAR else x**2


def by_mode(x: float, mode: Mode) -> Any:
    match mode:
        case Mode.LINEAR:
            return Mode.SQUARE.value * x
        case _:
            return x**Order.THIRD if mode == DEFAULT else 0.0 * x


def multiplied(x: float) -> Any:
    return Mode.SQUARE * x


def test_members_of_enumerations_choose_and_have_values() -> None:
    gradient = rg.grad(by_mode)
    assert gradient(2.0, Mode.LINEAR) == 2.5
    assert gradient(2.0, Mode.SQUARE) == 12.0
    assert rg.grad(Model(Mode.LINEAR).value)(2.0) == 1.0
    assert rg.grad(Model(Mode.SQUARE).value)(2.0) == 4.0


def test_operators_of_enumerations_are_refused() -> None:
    with pytest.raises(rg.UnsupportedError):
        rg.grad(multiplied)(2.0)


def of_number(x: float) -> Any:
    return x if Mode(1) is Mode.LINEAR else 0.0


def made_here(x: float) -> Any:
    return Law(x).a


@pytest.mark.parametrize(
    ("f", "instead"), [(of_number, "`Mode.LINEAR`"), (made_here, "pass it as an argument")]
)
def test_advice_is_about_classes_where_one_is_called(f: Any, instead: str) -> None:
    with pytest.raises(rg.UnsupportedError) as refused:
        rg.grad(f)(2.0)
    assert refused.value.code == "RG219"
    assert refused.value.hint is not None
    assert instead in refused.value.hint
