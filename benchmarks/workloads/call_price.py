"""The price of a European call by Black and Scholes."""

import math

from workloads.workload import Workload


def call_price(spot, strike, rate, vol, years):
    spread = vol * math.sqrt(years)
    d1 = (math.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / spread
    d2 = d1 - spread
    paid = strike * math.exp(-rate * years)
    return spot * 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0))) - paid * 0.5 * (
        1.0 + math.erf(d2 / math.sqrt(2.0))
    )


def arguments(realistic):
    return 101.0, 98.0, 0.03, 0.2, 0.75


def by_hand(spot, strike, rate, vol, years):
    root = math.sqrt(years)
    spread = vol * root
    d1 = (math.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / spread
    d2 = d1 - spread
    discount = math.exp(-rate * years)
    n1 = 0.5 * (1.0 + math.erf(d1 / math.sqrt(2.0)))
    n2 = 0.5 * (1.0 + math.erf(d2 / math.sqrt(2.0)))
    # spot * density(d1) is paid * density(d2)
    slope = spot * math.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)
    return (
        n1,
        -discount * n2,
        years * strike * discount * n2,
        slope * root,
        slope * vol / (2.0 * root) + rate * strike * discount * n2,
    )


for_numba = by_hand


def in_torch(torch):
    def call_price(spot, strike, rate, vol, years):
        spread = vol * torch.sqrt(years)
        d1 = (torch.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / spread
        d2 = d1 - spread
        paid = strike * torch.exp(-rate * years)
        return spot * 0.5 * (1.0 + torch.erf(d1 / 2.0**0.5)) - paid * 0.5 * (
            1.0 + torch.erf(d2 / 2.0**0.5)
        )

    return call_price


def in_autograd(np):
    from autograd.scipy.special import erf

    def call_price(spot, strike, rate, vol, years):
        spread = vol * np.sqrt(years)
        d1 = (np.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / spread
        d2 = d1 - spread
        paid = strike * np.exp(-rate * years)
        return spot * 0.5 * (1.0 + erf(d1 / 2.0**0.5)) - paid * 0.5 * (1.0 + erf(d2 / 2.0**0.5))

    return call_price


def in_jax(jax):
    jnp, erf = jax.numpy, jax.scipy.special.erf

    def call_price(spot, strike, rate, vol, years):
        spread = vol * jnp.sqrt(years)
        d1 = (jnp.log(spot / strike) + (rate + 0.5 * vol * vol) * years) / spread
        d2 = d1 - spread
        paid = strike * jnp.exp(-rate * years)
        return spot * 0.5 * (1.0 + erf(d1 / 2.0**0.5)) - paid * 0.5 * (1.0 + erf(d2 / 2.0**0.5))

    return call_price


WORKLOAD = Workload(
    "C",
    call_price,
    ("spot", "strike", "rate", "vol", "years"),
    arguments,
    by_hand,
    for_numba,
    in_torch,
    in_jax,
    in_autograd,
)
