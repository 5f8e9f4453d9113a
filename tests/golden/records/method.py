"""A method of a parameter is a helper whose first argument is the object.

wrt: model    mode: grad    at: model=Model(np.array([0.4, -1.1]), 0.3), x=np.array([0.2, 0.9]), y=0.5
types: model: Model(w: float[n], b: float), x: float[n], y: float
"""

import numpy as np


class Model:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def predict(self, x):
        return np.tanh(self.w @ x + self.b)

    @property
    def penalty(self):
        return np.sum(self.w**2)


def loss(model, x, y):
    residual = model.predict(x) - y
    return residual * residual + 0.1 * model.penalty


# ---- gradient ----
from types import SimpleNamespace

from retrograd.runtime import accumulate, restructure


def Model_predict(self, x):
    return np.tanh(self.w @ x + self.b)


def Model_predict_bwd(self, x, out_bar):
    """Gradient of `Model_predict` with respect to self, times out_bar."""
    self_bar = SimpleNamespace()
    # return np.tanh(self.w @ x + self.b)
    sum_bar = (1.0 - np.tanh(self.w @ x + self.b) ** 2) * out_bar
    self_bar.w = x * sum_bar
    self_bar.b = sum_bar
    return restructure(self_bar, self)


def Model_penalty_bwd(self, out_bar):
    """Gradient of `Model_penalty` with respect to self, times out_bar."""
    self_bar = SimpleNamespace()
    # return np.sum(self.w**2)
    self_bar.w = 2.0 * self.w * out_bar
    return restructure(self_bar, self)


def loss_grad(model, x, y):
    """Gradient of `loss` with respect to model."""
    Model_predict_value = Model_predict(model, x)
    residual = Model_predict_value - y

    # return residual * residual + 0.1 * model.penalty
    residual_bar = 2.0 * residual
    model_bar = Model_penalty_bwd(model, 0.1)
    # residual = model.predict(x) - y
    Model_predict_value_bar = residual_bar
    self_bar = Model_predict_bwd(model, x, Model_predict_value_bar)
    model_bar = accumulate(model_bar, self_bar)
    return restructure(model_bar, model)
