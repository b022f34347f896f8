"""Makes values.txt: special functions in 40 digits by mpmath, arithmetic by PyTorch.

python values.py [points of each range] (in this folder; needs mpmath and torch)
"""

import random
import sys

import mpmath as mp
import torch
from mpmath import mpf

mp.mp.dps = 40
POINTS = int(sys.argv[1]) if len(sys.argv) > 1 else 6
random.seed(1)
lines = []


def text(v):
    if isinstance(v, (float, int)):
        return repr(v)
    if mp.isnan(v):
        return "nan"
    return mp.nstr(v, 20)


def even(low, high):
    return [random.uniform(low, high) for _ in range(POINTS)]


def scales(low, high):
    """Spread evenly over powers of 10."""
    return [10.0 ** random.uniform(low, high) for _ in range(POINTS)]


def both(xs):
    return [s * x for x in xs for s in (1, -1)]


def one(name, f, xs):
    for x in xs:
        lines.append(f"{name} {x!r} {text(f(mpf(x)))}")


def two(name, f, pairs):
    for x, y in pairs:
        lines.append(f"{name} {x!r} {y!r} {text(f(mpf(x), mpf(y)))}")


def erfcx(x):
    with mp.workdps(400 if x > 20 else 60):
        return mp.exp(x * x) * mp.erfc(x)


def ndtr(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def log_ndtr(x):
    if x > 0:
        return mp.log1p(-ndtr(-x))
    return mp.log(ndtr(x))


def solve(f, slope, y):
    """Newton's method on a logarithmic scale."""
    for _ in range(100):
        e = f(y)
        step = e[0] / slope(y)
        y -= step
        if abs(step) <= abs(y) * mpf(10) ** -35:
            return y
    raise ValueError("no root")


def erfcinv(q):
    if q == 1:
        return mpf(0)
    if q > 1:
        return -erfcinv(2 - q)
    return solve(lambda y: (mp.log(mp.erfc(y)) - mp.log(q),),
                 lambda y: -2 / mp.sqrt(mp.pi) * mp.exp(-y * y) / mp.erfc(y), mp.sqrt(-mp.log(q)) * mpf("0.9"))


def logit(x):
    return mp.log(x) - mp.log(1 - x)


def sinc(x):
    return mp.sinpi(x) / (mp.pi * x)


def hurwitz(s, q):
    # mpmath's precision is absolute.
    with mp.workdps(60 + int(s * mp.log10(q + 10))):
        return mp.zeta(s, q)


def lower(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def upper(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def special():
    wide = both(scales(-20, 20) + scales(-8, 0) + even(0, 3))
    one("asinh", mp.asinh, wide)
    one("acosh", mp.acosh, [1 + x for x in scales(-12, 0)] + scales(0.1, 20) + even(1, 3))
    one("atanh", mp.atanh, both(scales(-20, -0.1) + even(0, 1) + [1 - x for x in scales(-14, -1)]))
    one("sinc", sinc, both(even(0, 3) + scales(-9, 3) + [0.5, 1.0, 7.0, 1e15]))
    one("logit", logit, even(0, 1) + scales(-300, -1) + [0.5 + x for x in both(scales(-12, -1))])
    one("entr", lambda x: -x * mp.log(x), scales(-300, 10) + even(0, 1))
    one("erf", mp.erf, both(scales(-300, 0) + even(0, 3) + even(3, 7)))
    one("erfc", mp.erfc, both(even(0, 1) + even(0, 6)) + even(5, 26) + scales(-20, 0))
    one("erfcx", erfcx, even(-26, 0) + even(-1, 1) + even(0, 10) + scales(0, 2))
    one("erfinv", lambda x: mp.sign(x) * erfcinv(1 - abs(x)),
        both(even(0, 0.5) + even(0.5, 1) + [1 - x for x in scales(-15, -1)]))
    one("erfinv", mp.erfinv, scales(-200, -1)[:6])
    one("ndtr", ndtr, even(-1, 1) + even(-5, 8) + even(-37, -5))
    one("ndtri", lambda p: -mp.sqrt(2) * erfcinv(2 * p), even(0, 1) + scales(-300, -1) + [1 - x for x in scales(-15, -1)])
    one("log_ndtr", log_ndtr, even(-2, 2) + even(-5, 8) + even(-37, -5) + even(-1000, -37))
    one("lgamma", lambda x: mp.log(abs(mp.gamma(x))) if abs(x) < 150 else mp.loggamma(x),
        both(scales(-300, -1)) + even(0, 3) + even(3, 20) + scales(1, 300) + [1 + x for x in both(scales(-10, -1))]
        + [2 + x for x in both(scales(-10, -1))])
    one("lgamma_negative", lambda x: mp.log(abs(mp.gamma(x))), even(-3, 0) + even(-30, -3))
    one("digamma", mp.digamma, scales(-300, -1) + even(0, 3) + even(3, 20) + scales(1, 300)
        + [1.4616321449683623 + x for x in [0.0] + both(scales(-14, -1))])
    one("digamma_negative", mp.digamma, even(-1, 0) + even(-30, 0))
    for n in (1, 2, 3, 7, 30):
        two("polygamma", lambda n, x: mp.psi(int(n), x), [(n, x) for x in even(0, 3) + even(3, 50) + scales(-5, 4)])
    for n in (1, 2, 5):
        two("polygamma_negative", lambda n, x: mp.psi(int(n), x), [(n, x) for x in even(-10, 0)])
    two("zeta", hurwitz, [(s, q) for s in even(1, 3) + scales(0.3, 1.5) for q in even(0, 2)[:2] + even(2, 60)[:2] + scales(-3, 5)[:2]])
    two("zeta", hurwitz, [(1 + s, 1.0) for s in scales(-9, 1.5)])
    two("multigammaln", lambda x, p: mp.fsum(mp.loggamma(x - mpf(j) / 2) for j in range(int(p))) + p * (p - 1) / 4 * mp.log(mp.pi),
        [(x, p) for p in (1, 2, 5) for x in even(5, 50)])
    orders = [(a, a * f) for a in scales(-2, 1) + even(0.1, 20) + even(20, 300) for f in (random.uniform(0.02, 1), random.uniform(1, 3))]
    orders += [(a, a + z * a**0.5) for a in scales(2.3, 3.5) for z in (random.uniform(-3, 0), random.uniform(0, 3))]
    orders += [(a, x) for a in scales(-6, 0) for x in scales(-3, 0)[:2]]
    two("igamma", lower, orders)
    two("igammac", upper, orders)
    ranges = both(even(0, 4) + even(4, 8) + even(8, 60) + scales(-20, -1))
    one("i0e", lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), ranges + scales(1, 6))
    one("i1e", lambda x: mp.exp(-abs(x)) * mp.besseli(1, x), ranges + scales(1, 6))
    one("i0", lambda x: mp.besseli(0, x), ranges + even(60, 713))
    one("i1", lambda x: mp.besseli(1, x), ranges + even(60, 713))
    positive = even(0, 2) + even(2, 20) + scales(-100, -1) + even(20, 690)
    one("k0", lambda x: mp.besselk(0, x), positive)
    one("k1", lambda x: mp.besselk(1, x), positive)
    one("k0e", lambda x: mp.exp(x) * mp.besselk(0, x), positive)
    one("k1e", lambda x: mp.exp(x) * mp.besselk(1, x), positive)
    positive = even(0, 8) + even(8, 100) + scales(-20, -1) + scales(1, 8)
    one("bessel_j0", lambda x: mp.besselj(0, x), both(positive))
    one("bessel_j1", lambda x: mp.besselj(1, x), both(positive))
    one("bessel_y0", lambda x: mp.bessely(0, x), positive)
    one("bessel_y1", lambda x: mp.bessely(1, x), positive)
    pairs = list(zip(both(even(0, 5) + scales(0, 3)), even(-5, 5) * 4))
    two("logaddexp", lambda a, b: mp.log(mp.exp(a) + mp.exp(b)), pairs)
    two("logaddexp2", lambda a, b: mp.log(mpf(2) ** a + mpf(2) ** b, 2), pairs)
    two("xlogy", lambda a, b: a * mp.log(b), [(a, b) for a in even(-3, 3) for b in scales(-20, 20)[:3]])
    two("xlog1py", lambda a, b: a * mp.log1p(b), [(a, b) for a in even(-3, 3) for b in scales(-20, 5)[:3]])


def arithmetic():
    sizes = [0.1, -0.3, 0.7, 1.0, -1.0, 3.0, -7.0, 1e-3, 1e10, -2.5e17, 5e-324, 1e-320, 1.7e308]
    pairs = [(a, b) for a in sizes + even(-20, 20)[:4] for b in [0.1, -0.3, 1.0, -7.0, 1e-3] + even(-3, 3)[:2]]
    for kind, suffix in ((torch.float64, ""), (torch.float32, "_f32")):
        for name, f in (("remainder", torch.remainder), ("floor_divide", torch.floor_divide)):
            for a, b in pairs:
                a, b = torch.tensor(a, dtype=kind), torch.tensor(b, dtype=kind)
                if not (a.isfinite() and b.isfinite() and b != 0):
                    continue
                lines.append(f"{name}{suffix} {a.item()!r} {b.item()!r} {f(a, b).item()!r}")
        for d in (-2, 0, 1, 2, 5):
            for x in [0.25, 0.35, 2.675, -1.005, 250.0, 350.0, 0.5, 1.5, -2.5, 1234.5678, 1e-5] + even(-1000, 1000):
                x = torch.tensor(x, dtype=kind)
                lines.append(f"round_decimals{suffix} {x.item()!r} {d!r} {torch.round(x, decimals=d).item()!r}")


special()
arithmetic()
with open("values.txt", "w") as out:
    out.write("\n".join(lines) + "\n")
