"""Parameters of any structure become one vector and come back."""

from collections import namedtuple

import numpy as np
import pytest

from retrograd.runtime.pytrees import flatten, leaves, unflatten

Layer = namedtuple("Layer", ["W", "b"])

TREE = {
    "layers": [
        Layer(np.arange(6.0).reshape(2, 3), 0.5),
        Layer(np.ones(2, np.float32), np.float64(3)),
    ],
    "pair": (1.5, {"empty": np.zeros((0, 2)), "point": np.array(7.0)}),
    "depth": 2,
    "flags": [True, None, "tanh", np.arange(3)],
}


def test_leaves_have_the_paths_that_python_would_spell():
    paths = [path for path, _ in leaves(TREE, "x")]
    assert paths[:4] == [
        "x['layers'][0].W",
        "x['layers'][0].b",
        "x['layers'][1].W",
        "x['layers'][1].b",
    ]
    assert "x['pair'][1]['point']" in paths
    assert list(leaves(2.0, "x")) == [("x", 2.0)]


def test_only_floats_enter_the_vector():
    np.testing.assert_array_equal(flatten(TREE), [0, 1, 2, 3, 4, 5, 0.5, 1, 1, 3, 1.5, 7])
    assert flatten(TREE).dtype == np.float64


def test_there_and_back():
    vector = flatten(TREE)
    tree = unflatten(vector + 1, TREE)
    np.testing.assert_array_equal(flatten(tree), vector + 1)
    assert isinstance(tree["layers"][0], Layer)
    assert isinstance(tree["pair"], tuple)
    assert tree["depth"] == 2
    assert tree["flags"][2] == "tanh"
    assert type(tree["layers"][0].b) is float
    assert tree["layers"][1].W.dtype == np.float64
    assert tree["pair"][1]["point"].shape == ()


def test_arrays_that_come_back_are_copies():
    vector = np.zeros(3)
    tree = unflatten(vector, {"a": np.ones(3)})
    tree["a"][:] = 5
    np.testing.assert_array_equal(vector, 0)


def test_a_gradient_may_hold_anything_for_a_constant():
    like = {"w": np.ones(2), "n": 3}
    np.testing.assert_array_equal(flatten({"w": np.array([4.0, 5.0]), "n": 0.0}, like), [4, 5])
    np.testing.assert_array_equal(flatten({"w": np.array([4.0, 5.0])}, like), [4, 5])


def test_a_gradient_of_another_structure_is_refused():
    like = {"w": np.ones(2)}
    with pytest.raises(ValueError, match=r"nothing came for leaf \['w'\] of shape \(2,\)"):
        flatten({"v": np.ones(2)}, like)
    with pytest.raises(ValueError, match=r"shape \(3,\) came for leaf"):
        flatten({"w": np.ones(3)}, like)
