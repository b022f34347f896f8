"""Makes the coefficients beside this file, and the same for the CUDA kernels: Chebyshev series of what is smooth in each special
function.

python tables.py (in this folder; needs mpmath)
"""

import re

import mpmath as mp
from mpmath import mpf

mp.mp.dps = 50


def chebyshev(f, nodes=56):
    """The coefficients of f on [-1, 1] up to where they no longer matter in double precision."""
    angles = [mp.pi * (k + mpf(1) / 2) / nodes for k in range(nodes)]
    values = [f(mp.cos(a)) for a in angles]
    c = [2 * mp.fsum(v * mp.cos(n * a) for v, a in zip(values, angles)) / nodes for n in range(nodes)]
    c[0] /= 2
    least = min(abs(v) for v in values)
    while abs(c[-1]) < least * mpf("4e-18"):
        c.pop()
    assert len(c) < nodes, len(c)
    return c


def on(f, low, high):
    """f of [low, high] as a function of [-1, 1]."""
    low, high = mpf(low), mpf(high)
    return lambda t: f((low + high) / 2 + (high - low) / 2 * t)


def erfc_inverse(q):
    """Newton's method for log(erfc(y)) = log(q)."""
    r = mp.sqrt(-mp.log(q))
    y = max(r - mp.log(2 * mp.sqrt(mp.pi) * max(r, 1)) / (2 * max(r, 1)), mpf("0.1"))
    for _ in range(60):
        e = mp.erfc(y)
        step = (mp.log(e) - mp.log(q)) * e / (2 / mp.sqrt(mp.pi) * mp.exp(-y * y))
        y += step
        if abs(step) < mpf(10) ** -45:
            break
    return y


def root(f, x, y):
    return mp.findroot(f, (mpf(x), mpf(y)), tol=mpf(10) ** -80)


def parts(x, n):
    """x as a sum of n numbers in double precision, all but the last cut to 26 bits."""
    out = []
    for i in range(n - 1):
        m, e = mp.frexp(x)
        p = float(mp.floor(m * 2**26) * mpf(2) ** (e - 26))
        out.append(p)
        x -= mpf(p)
    return out + [float(x)]


FILES = {}


def table(file, name, what, c):
    number = lambda v: repr(float(v)).replace("e-0", "e-")
    rows = []
    for v in map(number, c):
        if rows and len(rows[-1]) + len(v) + 2 <= 114:
            rows[-1] += f" {v},"
        else:
            rows.append(f"    {v},")
    text = f"/// {what}\n#[rustfmt::skip]\npub const {name}: [f64; {len(c)}] = [\n" + "\n".join(rows) + "\n];\n"
    FILES.setdefault(file, []).append(text)


def single(file, name, what, v):
    FILES.setdefault(file, []).append(f"/// {what}\npub const {name}: f64 = {float(v)!r};\n")


def error():
    table("error", "ERF", "`erf(x) / x` in `2 x^2 - 1`, for `|x| <= 1`.",
          chebyshev(on(lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z), 0, 1)))
    k = mpf("3.75")

    def erfcx(t):
        x = k * (1 + t) / (1 - t)
        if x < 100:
            return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)
        s = mp.nsum(lambda n: 0, [0, 0])
        term = mpf(1)
        for n in range(40):
            s += term
            term *= -(2 * n + 1) / (2 * x * x)
        return (1 + 2 * x) * s / (x * mp.sqrt(mp.pi))

    table("error", "ERFCX", "`(1 + 2 x) exp(x^2) erfc(x)` in `(x - 3.75) / (x + 3.75)`, for `x >= 0`.", chebyshev(erfcx))
    # Small arguments of Newton's method above are close to no logarithm's pole: bisection of erf instead.
    near = lambda z: mp.erfinv(mp.sqrt(z)) / mp.sqrt(z)
    table("error", "ERFINV", "`erfinv(x) / x` in `8 x^2 - 1`, for `|x| <= 1/2`.", chebyshev(on(near, 0, "0.25"), 32))
    for name, low, high in [("A", "0.8", "1.7"), ("B", "1.7", "3.5"), ("C", "3.5", "7"), ("D", "7", "14"), ("E", "14", "28")]:
        table("error", "ERFCINV_" + name, f"`erfcinv(exp(-r^2)) / r`, for `{low} <= r <= {high}`.",
              chebyshev(on(lambda r: erfc_inverse(mp.exp(-r * r)) / r, low, high), 40))


def gamma():
    ones = lambda t: mp.loggamma(1 + t) / t
    table("gamma", "LGAMMA_1", "`lgamma(1 + t) / t`, for `|t| <= 1/2`.", chebyshev(on(ones, "-0.5", "0.5")))
    twos = lambda t: mp.loggamma(2 + t) / t
    table("gamma", "LGAMMA_2", "`lgamma(2 + t) / t`, for `-1/2 <= t <= 1`.", chebyshev(on(twos, "-0.5", "1")))
    table("gamma", "LGAMMA_3", "`lgamma(x)`, for `3 <= x <= 6`.", chebyshev(on(mp.loggamma, 3, 6)))
    table("gamma", "LGAMMA_6", "`lgamma(x)`, for `6 <= x <= 12`.", chebyshev(on(mp.loggamma, 6, 12)))
    table("gamma", "GAMMA_2", "`gamma(x)`, for `2 <= x <= 3`.", chebyshev(on(mp.gamma, 2, 3)))
    x0 = mp.findroot(mp.digamma, mpf("1.4616321449683623"))
    FILES["gamma"].append("/// The positive root of `digamma` in three parts.\n#[rustfmt::skip]\npub const DIGAMMA_ROOT: [f64; 3] = "
                          + repr(parts(x0, 3)) + ";\n")
    table("gamma", "DIGAMMA_1", "`digamma(x) / (x - root)`, for `1 <= x <= 2`.",
          chebyshev(on(lambda x: mp.digamma(x) / (x - x0), 1, 2)))
    table("gamma", "DIGAMMA_2", "`digamma(x)`, for `2 <= x <= 5`.", chebyshev(on(mp.digamma, 2, 5)))
    table("gamma", "DIGAMMA_5", "`digamma(x)`, for `5 <= x <= 12`.", chebyshev(on(mp.digamma, 5, 12)))
    temme()


def multiply(a, b):
    n = min(len(a), len(b))
    return [mp.fsum(a[i] * b[k - i] for i in range(k + 1)) for k in range(n)]


def temme():
    """DLMF 8.12: c_0 = 1/mu - 1/eta, c_k = (d c_(k-1) / d eta) / eta + (-1)^k g_k / mu; power series in eta."""
    n = 50
    # mu / eta = sum m_i eta^i, from (eta^2 / 2)' = eta = mu' mu / (1 + mu).
    m = [mpf(0), mpf(1)]  # mu itself
    for k in range(2, n + 2):
        # mu mu' = eta + eta mu; the coefficient of eta^k.
        known = mp.fsum(m[i] * (k + 1 - i) * m[k + 1 - i] for i in range(2, k))
        m.append((m[k - 1] - known) / (k + 1))
    quotient = m[1:]
    inverse = [mpf(1)]  # eta / mu
    for k in range(1, len(quotient)):
        inverse.append(-mp.fsum(quotient[i] * inverse[k - i] for i in range(1, k + 1)))
    # g_k of gamma(a) ~ sqrt(2 pi / a) (a / e)^a sum g_k a^-k: the exponential of Stirling's series.
    terms = 10
    s = [mpf(0)] * terms
    for k in range(1, terms // 2 + 1):
        if 2 * k - 1 < terms:
            s[2 * k - 1] = mp.bernoulli(2 * k) / (2 * k * (2 * k - 1))
    g = [mpf(1)]
    for k in range(1, terms):
        g.append(mp.fsum(i * s[i] * g[k - i] for i in range(1, k + 1)) / k)
    c = inverse[1:]  # (eta / mu - 1) / eta
    rows = []
    for k in range(8):
        if k:
            derived = [(i + 1) * c[i + 1] for i in range(len(c) - 1)]
            total = [d + (-1) ** k * g[k] * inverse[i] for i, d in enumerate(derived)]
            assert abs(total[0]) < mpf(10) ** -40, total[0]
            c = total[1:]
        row = [v for v in c[:30]]
        while len(row) > 1 and abs(row[-1]) * mpf("0.36") ** (len(row) - 1) * mpf(200) ** -k < mpf("2e-18"):
            row.pop()
        rows.append(row)
    for k, row in enumerate(rows):
        table("incomplete", f"TEMME_{k}", f"Temme's `c_{k}(eta)`, constant coefficient first.", row)


def bessel():
    table("bessel", "I0E", "`exp(-x) i0(x)`, for `0 <= x <= 4`.", chebyshev(on(lambda x: mp.exp(-x) * mp.besseli(0, x), 0, 4)))
    table("bessel", "I0E_MIDDLE", "`exp(-x) i0(x)`, for `4 <= x <= 8`.",
          chebyshev(on(lambda x: mp.exp(-x) * mp.besseli(0, x), 4, 8)))
    far = lambda n: lambda v: mp.sqrt(8 / v) * mp.exp(-8 / v) * mp.besseli(n, 8 / v)
    table("bessel", "I0E_FAR", "`sqrt(x) exp(-x) i0(x)` in `16 / x - 1`, for `x >= 8`.", chebyshev(on(far(0), 0, 1), 64))
    table("bessel", "I1E", "`exp(-x) i1(x) / x`, for `0 <= x <= 4`.",
          chebyshev(on(lambda x: mp.exp(-x) * mp.besseli(1, x) / x, 0, 4)))
    table("bessel", "I1E_MIDDLE", "`exp(-x) i1(x)`, for `4 <= x <= 8`.",
          chebyshev(on(lambda x: mp.exp(-x) * mp.besseli(1, x), 4, 8)))
    table("bessel", "I1E_FAR", "`sqrt(x) exp(-x) i1(x)` in `16 / x - 1`, for `x >= 8`.", chebyshev(on(far(1), 0, 1), 64))
    root_of = lambda f: lambda z: f(mp.sqrt(z))
    table("bessel", "K0", "`k0(x) + log(x / 2) i0(x)` in `2 x^2 - 1`, for `0 < x <= 1`.",
          chebyshev(on(root_of(lambda x: mp.besselk(0, x) + mp.log(x / 2) * mp.besseli(0, x)), 0, 1)))
    table("bessel", "K1", "`(k1(x) - log(x / 2) i1(x) - 1 / x) / x` in `2 x^2 - 1`, for `0 < x <= 1`.",
          chebyshev(on(root_of(lambda x: (mp.besselk(1, x) - mp.log(x / 2) * mp.besseli(1, x) - 1 / x) / x), 0, 1)))
    k_far = lambda n: lambda v: mp.sqrt(1 / v) * mp.exp(1 / v) * mp.besselk(n, 1 / v)
    table("bessel", "K0E_FAR", "`sqrt(x) exp(x) k0(x)` in `2 / x - 1`, for `x >= 1`.", chebyshev(on(k_far(0), 0, 1), 64))
    table("bessel", "K1E_FAR", "`sqrt(x) exp(x) k1(x)` in `2 / x - 1`, for `x >= 1`.", chebyshev(on(k_far(1), 0, 1), 64))
    for n in (0, 1):
        divide = lambda x: x if n else 1
        table("oscillating", f"J{n}", f"`j{n}(x){' / x' if n else ''}` in `x^2 / 32 - 1`, for `0 <= x <= 8`.",
              chebyshev(on(root_of(lambda x: mp.besselj(n, x) / divide(x)), 0, 64)))
        rest = lambda x: (mp.bessely(n, x) - 2 / mp.pi * (mp.log(x) * mp.besselj(n, x) - (1 / x if n else 0))) / divide(x)
        what = "`(y1(x) - 2 / pi (log(x) j1(x) - 1 / x)) / x`" if n else "`y0(x) - 2 / pi log(x) j0(x)`"
        table("oscillating", f"Y{n}", f"{what} in `x^2 / 32 - 1`, for `0 < x <= 8`.", chebyshev(on(root_of(rest), 0, 64)))

        def hankel(v):
            x = 8 / mp.sqrt(v)
            chi = x - (2 * n + 1) * mp.pi / 4
            j, y, s = mp.besselj(n, x), mp.bessely(n, x), mp.sqrt(mp.pi * x / 2)
            return s * (j * mp.cos(chi) + y * mp.sin(chi)), s * (y * mp.cos(chi) - j * mp.sin(chi)) * x

        table("oscillating", f"P{n}", f"Hankel's `P` of order {n} in `128 / x^2 - 1`, for `x >= 8`.",
              chebyshev(on(lambda v: hankel(v)[0], 0, 1)))
        table("oscillating", f"Q{n}", f"Hankel's `x Q` of order {n} in `128 / x^2 - 1`, for `x >= 8`.",
              chebyshev(on(lambda v: hankel(v)[1], 0, 1)))


error()
gamma()
bessel()
HEADS = {
    "error": "Of the error function and its inverse.",
    "gamma": "Of the logarithm of gamma and of its derivative.",
    "incomplete": "Of the incomplete gamma functions at large orders.",
    "bessel": "Of the modified Bessel functions.",
    "oscillating": "Of the Bessel functions.",
}
for file, items in FILES.items():
    with open(file + ".rs", "w") as out:
        out.write(f"//! {HEADS[file]} Made by `tables.py`.\n\n" + "\n".join(items))

# The kernels have their own copy, and the same names.
with open("../../../../../gpu-kernels/kernels/special/tables.cuh", "w") as out:
    out.write("// Coefficients of special functions, made by tensor/src/kernels/special/tables/tables.py; a check of the suite compares them\n"
              "// with those of the processor.\n#pragma once\n\n#include \"common.cuh\"\n\nnamespace special {\n\n")
    for file, items in FILES.items():
        out.write(f"// {HEADS[file]}\n\n")
        for item in items:
            name, size, numbers = re.search(r"pub const (\w+): \[f64; (\d+)\] = \[(.*)\];", item, re.S).groups()
            what = re.match(r"/// (.*)\n", item).group(1).replace("`", "")
            out.write(f"// {what}\n__constant__ double {name}[{size}] = {{{numbers}}};\n\n")
    out.write("}  // namespace special\n")
