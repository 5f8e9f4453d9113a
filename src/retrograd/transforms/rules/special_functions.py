"""The functions of scipy.special: of real numbers, element by element.

Orders and counts (the ``n`` of ``jn(n, x)``) are no operands that we differentiate for; where SciPy
allows fractions there, the derivative for them is not known here and refused.
"""

from typing import Final

from retrograd.transforms.ir.kinds import Array, Kind, Scalar, Sequence
from retrograd.transforms.rules.kinds import elementwise, general, inactive
from retrograd.transforms.rules.results import floating, reduced, same_in_float
from retrograd.transforms.rules.rule import Rule, Site


def _pair(site: Site) -> Kind:
    """Two results, each of the shape of the operand."""
    each = floating(site)
    return Sequence("tuple", (each, each), each)


def _array(site: Site) -> Kind:
    """An array, even where both operands are numbers."""
    kind = floating(site)
    return Array("float", ()) if isinstance(kind, Scalar) else kind


_BESSEL_SLOPE: Final = "the order must not depend on the inputs"
_SHIFTED: Final = "numpy.exp(a - lift(numpy.where(numpy.isinf(out), 0.0, out)))"

RULES: Final[tuple[Rule, ...]] = (
    # ---- error functions and the normal distribution
    elementwise("scipy.special.erf(x)", x="2.0 / math.sqrt(math.pi) * numpy.exp(-(x**2))"),
    elementwise("scipy.special.erfc(x)", x="-2.0 / math.sqrt(math.pi) * numpy.exp(-(x**2))"),
    elementwise("scipy.special.erfcx(x)", x="2.0 * x * out - 2.0 / math.sqrt(math.pi)"),
    elementwise(
        "scipy.special.erfi(x)",
        x="2.0 / math.sqrt(math.pi) * numpy.exp(x**2)",
    ),
    elementwise(
        "scipy.special.erfinv(y)",
        y="0.5 * math.sqrt(math.pi) * numpy.exp(out**2)",
        on="abs(y) < 1.0",
    ),
    elementwise(
        "scipy.special.erfcinv(y)",
        y="-0.5 * math.sqrt(math.pi) * numpy.exp(out**2)",
        on="(y > 0.0) & (y < 2.0)",
    ),
    elementwise("scipy.special.dawsn(x)", x="1.0 - 2.0 * x * out"),
    elementwise("scipy.special.ndtr(x)", x="numpy.exp(-0.5 * x**2) / math.sqrt(2.0 * math.pi)"),
    elementwise(
        "scipy.special.log_ndtr(x)",
        x="numpy.exp(-0.5 * x**2 - out) / math.sqrt(2.0 * math.pi)",
    ),
    elementwise(
        "scipy.special.ndtri(p)",
        p="math.sqrt(2.0 * math.pi) * numpy.exp(0.5 * out**2)",
        on="(p > 0.0) & (p < 1.0)",
    ),
    elementwise(
        "scipy.special.voigt_profile(x, sigma, gamma)",
        x="-numpy.real(z * w) / (math.sqrt(math.pi) * sigma**2)",
        sigma=(
            "(2.0 * numpy.real(z * z * w) / math.sqrt(2.0 * math.pi) + gamma / (math.pi * sigma))"
            " / sigma**2 - out / sigma"
        ),
        gamma="(numpy.imag(z * w) - 1.0 / math.sqrt(math.pi)) / (math.sqrt(math.pi) * sigma**2)",
        let={
            "z": "complex_of(x, gamma) / (math.sqrt(2.0) * sigma)",
            "w": "scipy.special.wofz(z)",
        },
        on="(sigma > 0.0) & (gamma > 0.0)",
    ),
    # ---- exponentials and logarithms
    elementwise("scipy.special.expit(x)", x="out * scipy.special.expit(-x)"),
    elementwise("scipy.special.log_expit(x)", x="scipy.special.expit(-x)"),
    elementwise("scipy.special.logit(x)", x="1.0 / (x * (1.0 - x))", on="(x > 0.0) & (x < 1.0)"),
    elementwise("scipy.special.expm1(x)", x="out + 1.0"),
    elementwise("scipy.special.exp2(x)", x="out * math.log(2.0)"),
    elementwise("scipy.special.exp10(x)", x="out * math.log(10.0)"),
    elementwise("scipy.special.log1p(x)", x="1.0 / (1.0 + x)", on="x > -1.0"),
    elementwise("scipy.special.cbrt(x)", x="1.0 / (3.0 * out**2)", on="x != 0.0", kink="inf at 0"),
    elementwise("scipy.special.exprel(x)", x="0.5 * scipy.special.hyp1f1(2.0, 3.0, x)"),
    elementwise("scipy.special.entr(x)", x="-numpy.log(x) - 1.0", on="x > 0.0"),
    elementwise(
        "scipy.special.rel_entr(x, y)",
        x="numpy.log(x / y) + 1.0",
        y="-x / y",
        on="(x > 0.0) & (y > 0.0)",
    ),
    elementwise(
        "scipy.special.kl_div(x, y)",
        x="numpy.log(x / y)",
        y="1.0 - x / y",
        on="(x > 0.0) & (y > 0.0)",
    ),
    elementwise(
        "scipy.special.xlogy(x, y)",
        x="numpy.log(numpy.where((x == 0.0) & (y == 0.0), 1.0, y))",
        y="x / numpy.where((x == 0.0) & (y == 0.0), 1.0, y)",
        on="y > 0.0",
        kink="0 at the origin",
    ),
    elementwise(
        "scipy.special.xlog1py(x, y)",
        x="numpy.log1p(numpy.where((x == 0.0) & (y == -1.0), 0.0, y))",
        y="x / (1.0 + numpy.where((x == 0.0) & (y == -1.0), 0.0, y))",
        on="y > -1.0",
        kink="0 where x is 0 and y is -1",
    ),
    elementwise(
        "scipy.special.boxcox(x, lmbda)",
        x="x ** (lmbda - 1.0)",
        lmbda=("0.5 * numpy.log(x)**2 * scipy.special.hyp1f1(2.0, 3.0, lmbda * numpy.log(x))"),
        on="x > 0.0",
    ),
    elementwise("scipy.special.exp1(x)", x="-numpy.exp(-x) / x", on="x > 0.0"),
    elementwise("scipy.special.expi(x)", x="numpy.exp(x) / x", on="x != 0.0"),
    elementwise("scipy.special.expn(n, x)", x="-scipy.special.expn(n - 1, x)", on="x > 0.0"),
    general(
        "scipy.special.sici(x)",
        x="g[0] * numpy.sinc(x / math.pi) + g[1] * numpy.cos(x) / x",
        jvp="(x_dot * numpy.sinc(x / math.pi), x_dot * numpy.cos(x) / x)",
        result=_pair,
    ),
    # ---- gamma and beta functions
    elementwise("scipy.special.gamma(x)", x="out * scipy.special.digamma(x)", on="x > 0.0"),
    elementwise("scipy.special.gammaln(x)", x="scipy.special.digamma(x)", on="x > 0.0"),
    elementwise("scipy.special.loggamma(x)", x="scipy.special.digamma(x)", on="x > 0.0"),
    elementwise("scipy.special.rgamma(x)", x="-out * scipy.special.digamma(x)", on="x > 0.0"),
    elementwise(
        "scipy.special.digamma(x)",
        x="scipy.special.zeta(2.0, x)",
        on="x > 0.0",
        also="scipy.special.psi",
    ),
    elementwise(
        "scipy.special.polygamma(n, x)",
        x="scipy.special.polygamma(n + 1, x)",
        on="x > 0.0",
        result=_array,
    ),
    elementwise(
        "scipy.special.multigammaln(a, d)",
        a=(
            "numpy.sum(scipy.special.digamma("
            "numpy.expand_dims(a, -1) - 0.5 * numpy.arange(d)), axis=-1)"
        ),
    ),
    elementwise(
        "scipy.special.gammainc(a, x)",
        a="gammainc_slope(a, x, scipy.special.digamma(a + 1.0), scipy.special.gammaln(a + 1.0))",
        x="numpy.exp(scipy.special.xlogy(a - 1.0, x) - x - scipy.special.gammaln(a))",
        on="(a > 0.0) & (x > 0.0)",
    ),
    elementwise(
        "scipy.special.gammaincc(a, x)",
        a="-gammainc_slope(a, x, scipy.special.digamma(a + 1.0), scipy.special.gammaln(a + 1.0))",
        x="-numpy.exp(scipy.special.xlogy(a - 1.0, x) - x - scipy.special.gammaln(a))",
        on="(a > 0.0) & (x > 0.0)",
    ),
    elementwise(
        "scipy.special.beta(a, b)",
        a="out * (scipy.special.digamma(a) - scipy.special.digamma(a + b))",
        b="out * (scipy.special.digamma(b) - scipy.special.digamma(a + b))",
        on="(a > 0.0) & (b > 0.0)",
    ),
    elementwise(
        "scipy.special.betaln(a, b)",
        a="scipy.special.digamma(a) - scipy.special.digamma(a + b)",
        b="scipy.special.digamma(b) - scipy.special.digamma(a + b)",
        on="(a > 0.0) & (b > 0.0)",
    ),
    elementwise(
        "scipy.special.betainc(a, b, x)",
        x=(
            "numpy.exp(scipy.special.xlogy(a - 1.0, x) + scipy.special.xlog1py(b - 1.0, -x)"
            " - scipy.special.betaln(a, b))"
        ),
        on="(a > 0.0) & (b > 0.0) & (x > 0.0) & (x < 1.0)",
        note="for x only",
    ),
    elementwise(
        "scipy.special.bdtr(k, n, p)",
        p=(
            "(numpy.floor(k) - n) * scipy.special.binom(n, numpy.floor(k))"
            " * p ** numpy.floor(k) * (1.0 - p) ** (n - numpy.floor(k) - 1.0)"
        ),
        note="for p only",
    ),
    elementwise(
        "scipy.special.stdtr(df, t)",
        t=(
            "numpy.exp(scipy.special.gammaln(0.5 * df + 0.5) - scipy.special.gammaln(0.5 * df)"
            " - 0.5 * (df + 1.0) * numpy.log1p(t**2 / df)) / numpy.sqrt(math.pi * df)"
        ),
        on="df > 0.0",
        note="for t only",
    ),
    elementwise(
        "scipy.special.binom(x, y)",
        x="out * (scipy.special.digamma(x + 1.0) - scipy.special.digamma(x - y + 1.0))",
        y="out * (scipy.special.digamma(x - y + 1.0) - scipy.special.digamma(y + 1.0))",
        on="x > y",
    ),
    elementwise(
        "scipy.special.comb(N, k, *, exact=False, repetition=False)",
        N="out * (scipy.special.digamma(N + 1.0) - scipy.special.digamma(N - k + 1.0))",
        k="out * (scipy.special.digamma(N - k + 1.0) - scipy.special.digamma(k + 1.0))",
        only={"exact": (False,), "repetition": (False,)},
        on="N > k",
    ),
    elementwise(
        "scipy.special.factorial(n, exact=False)",
        n="out * scipy.special.digamma(n + 1.0)",
        only={"exact": (False,)},
        on="n > 0.0",
    ),
    inactive("scipy.special.gammasgn(x)", result=floating),
    elementwise(
        "scipy.special.zeta(x, q)",
        q="-x * scipy.special.zeta(x + 1.0, q)",
        on="(x > 1.0) & (q > 0.0)",
        note="for q only",
    ),
    # ---- Bessel functions
    elementwise("scipy.special.j0(x)", x="-scipy.special.j1(x)"),
    elementwise("scipy.special.j1(x)", x="0.5 * (scipy.special.j0(x) - scipy.special.jv(2, x))"),
    elementwise(
        "scipy.special.jv(v, z)",
        z="0.5 * (scipy.special.jv(v - 1, z) - scipy.special.jv(v + 1, z))",
        on="z > 0.0",
        note=_BESSEL_SLOPE,
        also="scipy.special.jn",
    ),
    elementwise("scipy.special.y0(x)", x="-scipy.special.y1(x)", on="x > 0.0"),
    elementwise(
        "scipy.special.y1(x)",
        x="0.5 * (scipy.special.y0(x) - scipy.special.yn(2, x))",
        on="x > 0.0",
    ),
    elementwise(
        "scipy.special.yn(n, x)",
        x="0.5 * (scipy.special.yn(n - 1, x) - scipy.special.yn(n + 1, x))",
        on="x > 0.0",
    ),
    elementwise(
        "scipy.special.yv(v, z)",
        z="0.5 * (scipy.special.yv(v - 1, z) - scipy.special.yv(v + 1, z))",
        on="z > 0.0",
        note=_BESSEL_SLOPE,
    ),
    elementwise("scipy.special.i0(x)", x="scipy.special.i1(x)"),
    elementwise("scipy.special.i1(x)", x="0.5 * (scipy.special.i0(x) + scipy.special.iv(2, x))"),
    elementwise("scipy.special.i0e(x)", x="scipy.special.i1e(x) - numpy.sign(x) * out"),
    elementwise(
        "scipy.special.i1e(x)",
        x="0.5 * (scipy.special.i0e(x) + scipy.special.ive(2, x)) - numpy.sign(x) * out",
    ),
    elementwise(
        "scipy.special.iv(v, z)",
        z="0.5 * (scipy.special.iv(v - 1, z) + scipy.special.iv(v + 1, z))",
        on="z > 0.0",
        note=_BESSEL_SLOPE,
    ),
    elementwise(
        "scipy.special.ive(v, z)",
        z=(
            "0.5 * (scipy.special.ive(v - 1, z) + scipy.special.ive(v + 1, z))"
            " - numpy.sign(z) * out"
        ),
        on="z > 0.0",
        note=_BESSEL_SLOPE,
    ),
    elementwise("scipy.special.k0(x)", x="-scipy.special.k1(x)", on="x > 0.0"),
    elementwise(
        "scipy.special.k1(x)",
        x="-0.5 * (scipy.special.k0(x) + scipy.special.kn(2, x))",
        on="x > 0.0",
    ),
    elementwise(
        "scipy.special.kn(n, x)",
        x="-0.5 * (scipy.special.kn(n - 1, x) + scipy.special.kn(n + 1, x))",
        on="x > 0.0",
    ),
    elementwise(
        "scipy.special.kv(v, z)",
        z="-0.5 * (scipy.special.kv(v - 1, z) + scipy.special.kv(v + 1, z))",
        on="z > 0.0",
        note=_BESSEL_SLOPE,
    ),
    elementwise(
        "scipy.special.kve(v, z)",
        z="out - 0.5 * (scipy.special.kve(v - 1, z) + scipy.special.kve(v + 1, z))",
        on="z > 0.0",
        note=_BESSEL_SLOPE,
    ),
    # ---- hypergeometric and elliptic functions, polynomials
    elementwise("scipy.special.hyp0f1(v, z)", z="scipy.special.hyp0f1(v + 1.0, z) / v"),
    elementwise(
        "scipy.special.hyp1f1(a, b, x)",
        x="a / b * scipy.special.hyp1f1(a + 1.0, b + 1.0, x)",
        on="b > 0.0",
        note="for x only",
    ),
    elementwise(
        "scipy.special.hyp2f1(a, b, c, z)",
        z="a * b / c * scipy.special.hyp2f1(a + 1.0, b + 1.0, c + 1.0, z)",
        on="(c > 0.0) & (abs(z) < 1.0)",
        note="for z only",
    ),
    elementwise(
        "scipy.special.ellipk(m)",
        m="math.pi / 8.0 * scipy.special.hyp2f1(1.5, 1.5, 2.0, m)",
        on="m < 0.9",
    ),
    elementwise(
        "scipy.special.ellipe(m)",
        m="-math.pi / 8.0 * scipy.special.hyp2f1(0.5, 1.5, 2.0, m)",
        on="m < 0.9",
    ),
    elementwise(
        "scipy.special.eval_legendre(n, x)",
        x=(
            "numpy.where(n == 0, 0.0,"
            " 0.5 * (n + 1.0) * scipy.special.eval_jacobi(n - 1, 1.0, 1.0, x))"
        ),
    ),
    elementwise(
        "scipy.special.eval_jacobi(n, alpha, beta, x)",
        x=(
            "numpy.where(n == 0, 0.0, 0.5 * (n + alpha + beta + 1.0)"
            " * scipy.special.eval_jacobi(n - 1, alpha + 1.0, beta + 1.0, x))"
        ),
        note="for x only",
    ),
    # ---- losses
    elementwise(
        "scipy.special.huber(delta, r)",
        delta="numpy.where(abs(r) <= delta, 0.0, abs(r) - delta)",
        r="numpy.where(abs(r) <= delta, r, delta * numpy.sign(r))",
        on="delta > 0.0",
    ),
    elementwise(
        "scipy.special.pseudo_huber(delta, r)",
        delta="2.0 * delta * (root - 1.0) - r**2 / (delta * root)",
        r="r / root",
        let={"root": "numpy.sqrt(1.0 + (r / delta)**2)"},
        on="delta > 0.0",
    ),
    # ---- along axes
    general(
        "scipy.special.logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False)",
        a="lift(g) * weights",
        jvp="numpy.sum(weights * a_dot, axis=axis, keepdims=keepdims)",
        let={"weights": _SHIFTED},
        only={"b": (None,), "return_sign": (False,)},
        result=reduced("float"),
    ),
    general(
        "scipy.special.logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False)",
        a="unbroadcast(lift(g) * weights * b, a)",
        b="unbroadcast(lift(g) * weights, b)",
        jvp={
            "a": "numpy.sum(weights * b * a_dot, axis=axis, keepdims=keepdims)",
            "b": "numpy.sum(weights * b_dot, axis=axis, keepdims=keepdims)",
        },
        let={"weights": _SHIFTED},
        only={"return_sign": (False,)},
        result=reduced("float"),
    ),
    general(
        "scipy.special.softmax(x, axis=None)",
        x="out * (g - numpy.sum(out * g, axis=axis, keepdims=True))",
        jvp="out * (x_dot - numpy.sum(out * x_dot, axis=axis, keepdims=True))",
        result=same_in_float,
    ),
    general(
        "scipy.special.log_softmax(x, axis=None)",
        x="g - numpy.exp(out) * numpy.sum(g, axis=axis, keepdims=True)",
        jvp="x_dot - numpy.sum(numpy.exp(out) * x_dot, axis=axis, keepdims=True)",
        result=same_in_float,
    ),
)
