"""The distance of two places on a sphere, by haversines."""

import math

from workloads.workload import Workload


def great_circle(lat1, lon1, lat2, lon2):
    up = math.sin(0.5 * (lat2 - lat1))
    across = math.sin(0.5 * (lon2 - lon1))
    h = up * up + math.cos(lat1) * math.cos(lat2) * across * across
    return 2.0 * 6371.0 * math.asin(math.sqrt(h))


def arguments(realistic):
    return 0.91, 0.17, 0.66, -1.29


def by_hand(lat1, lon1, lat2, lon2):
    half_lat, half_lon = 0.5 * (lat2 - lat1), 0.5 * (lon2 - lon1)
    up, across = math.sin(half_lat), math.sin(half_lon)
    cos1, cos2 = math.cos(lat1), math.cos(lat2)
    h = up * up + cos1 * cos2 * across * across
    h_bar = 6371.0 / math.sqrt(h * (1.0 - h))
    lat_bar = up * math.cos(half_lat) * h_bar
    lon_bar = cos1 * cos2 * across * math.cos(half_lon) * h_bar
    return (
        -lat_bar - math.sin(lat1) * cos2 * across * across * h_bar,
        -lon_bar,
        lat_bar - cos1 * math.sin(lat2) * across * across * h_bar,
        lon_bar,
    )


for_numba = by_hand


def in_torch(torch):
    def great_circle(lat1, lon1, lat2, lon2):
        up = torch.sin(0.5 * (lat2 - lat1))
        across = torch.sin(0.5 * (lon2 - lon1))
        h = up * up + torch.cos(lat1) * torch.cos(lat2) * across * across
        return 2.0 * 6371.0 * torch.asin(torch.sqrt(h))

    return great_circle


WORKLOAD = Workload(
    "C",
    great_circle,
    ("lat1", "lon1", "lat2", "lon2"),
    arguments,
    by_hand,
    for_numba,
    in_torch,
)
