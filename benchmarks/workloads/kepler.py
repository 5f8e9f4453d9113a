"""Kepler's equation by Newton's method: the distance of a planet at a mean anomaly."""

import math

from workloads.workload import Workload


def kepler(mean, e):
    x = mean
    for _ in range(8):
        x = x - (x - e * math.sin(x) - mean) / (1.0 - e * math.cos(x))
    return 1.0 - e * math.cos(x)


def arguments(realistic):
    return 1.1, 0.4


def by_hand(mean, e):
    xs = []
    x = mean
    for _ in range(8):
        xs.append(x)
        x = x - (x - e * math.sin(x) - mean) / (1.0 - e * math.cos(x))
    mean_bar = 0.0
    e_bar = -math.cos(x)
    x_bar = e * math.sin(x)
    for k in range(7, -1, -1):
        x = xs[k]
        sine, cosine = math.sin(x), math.cos(x)
        slope = 1.0 - e * cosine
        gap = x - e * sine - mean
        q_bar = x_bar / slope
        slope_bar = gap / slope * q_bar
        mean_bar += q_bar
        e_bar += sine * q_bar - cosine * slope_bar
        x_bar = slope_bar * e * sine  # the gap's own slope takes x_bar away
    return mean_bar + x_bar, e_bar


def for_numba(mean, e):
    xs = [0.0] * 8
    x = mean
    for k in range(8):
        xs[k] = x
        x = x - (x - e * math.sin(x) - mean) / (1.0 - e * math.cos(x))
    mean_bar = 0.0
    e_bar = -math.cos(x)
    x_bar = e * math.sin(x)
    for k in range(7, -1, -1):
        x = xs[k]
        sine, cosine = math.sin(x), math.cos(x)
        slope = 1.0 - e * cosine
        q_bar = x_bar / slope
        slope_bar = (x - e * sine - mean) / slope * q_bar
        mean_bar += q_bar
        e_bar += sine * q_bar - cosine * slope_bar
        x_bar = slope_bar * e * sine
    return mean_bar + x_bar, e_bar


def in_torch(torch):
    def kepler(mean, e):
        x = mean
        for _ in range(8):
            x = x - (x - e * torch.sin(x) - mean) / (1.0 - e * torch.cos(x))
        return 1.0 - e * torch.cos(x)

    return kepler


WORKLOAD = Workload("C", kepler, ("mean", "e"), arguments, by_hand, for_numba, in_torch)
