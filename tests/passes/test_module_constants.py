"""Lists and dicts of a module that is only read: a copy of them will do if nobody changes them."""

import pytest

import retrograd as rg

READ = {
    "a list": ("W = [1.0, 3.0]\ndef f(x): return W[1] * x\n", 3.0),
    "a dict": ("W = {'a': 2.0, 'b': 3.0}\ndef f(x): return W['b'] * x\n", 3.0),
    "a loop over a dict": (
        "W = {'a': 2.0, 'b': 3.0}\ndef f(x): return sum(w * x for w in W.values())\n",
        5.0,
    ),
    "a list that others read": (
        "W = [1.0, 3.0]\nprint(W)\ndef g(): return sum(W) + len(W)\ndef f(x): return W[1] * x\n",
        3.0,
    ),
}

CHANGED = {
    "by a function": "W = [1.0]\ndef g(): W[0] = 2.0\n",
    "by a method": "W = [1.0]\ndef g(): W.append(2.0)\n",
    "by a method whose value is read": "W = [1.0]\ndef g(): return W.pop()\n",
    "under another name": "W = [1.0]\ndef g():\n    v = W\n    v[0] = 2.0\n",
    "by whoever is given it": "W = [1.0]\ndef g(v): v[0] = 2.0\ng(W)\n",
    "by whoever gets it back": "W = [1.0]\ndef g(): return W\n",
    "as an item": "W = [1.0]\nALL = {'w': W}\n",
    "inside": "W = [[1.0]]\ndef g():\n    v = W[0]\n    v[0] = 2.0\n",
    "an array, by whoever is given it": (
        "import numpy as np\nW = np.zeros(2)\ndef g(v): v[0] = 2.0\ng(W)\n"
    ),
}


@pytest.mark.parametrize("name", READ)
def test_a_list_that_is_only_read_is_copied(name):
    text, expected = READ[name]
    scope = {}
    exec(rg.gradient_source(text, "f"), scope)
    assert scope["f_grad"](0.7) == expected


@pytest.mark.parametrize("name", CHANGED)
def test_a_list_that_may_change_is_refused(name):
    text = CHANGED[name] + "def f(x): return W[0] * x\n"
    with pytest.raises(rg.UnsupportedError) as refused:
        rg.gradient_source(text, "f")
    assert refused.value.code in ("RG104", "RG404")
