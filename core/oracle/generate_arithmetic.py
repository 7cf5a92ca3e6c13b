"""Generate in-place arithmetic cases with NumPy's results.

    python generate_arithmetic.py SEED ELEMENTS [SAMPLE]

Prints one case per line: {"op", "dtype", "before", "after"} with elements in base64, or "error" (the exception's
class) instead of "after". The operand is {"scalar": value} (larger integers as text, complex as [re, im]) or
{"operand", "values"}: a dtype and elements, which repeat if there are fewer ("row"). Covers every operation x dtype
x kind of operand; SAMPLE keeps one case in that many.
"""

import base64
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
DTYPES = "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 float32 float64 complex64 complex128".split()
BINARY = ["add", "subtract", "multiply", "divide", "power"]
UNARY = "sqrt square exp log log2 log10 sin cos absolute negative floor ceil rint".split()
SCALARS = [True, 2, -1, 0, 3, 7, 300, -70000, 2**33 + 5, 2**63 + 2**40, 0.5, 2.5, -1.75, 1e-3, 70000.5, np.nan, np.inf]
SCALARS += [1.5 - 2j, 2j]


def integers(rng, info, n, op):
    small = rng.integers(0 if info.min == 0 else -9, 10, n)
    wide = rng.integers(info.min, info.max, n, dtype=info.dtype, endpoint=True)
    edges = np.array([info.min, info.max, info.max // 2 + 1, 0], dtype=info.dtype)
    values = np.where(rng.random(n) < 0.4, small.astype(info.dtype), wide)
    return np.where(rng.random(n) < 0.2, rng.choice(edges, n), values).astype(info.dtype)


def floats(rng, dtype, n):
    info = np.finfo(dtype)
    values = rng.normal(0, 1, n) * 10.0 ** rng.integers(-3, 4, n)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, float(info.max), float(info.smallest_subnormal), 1.0, -1.0, 2.5, -0.5]
    return np.where(rng.random(n) < 0.25, rng.choice(special, n), values).astype(dtype)


def random_values(rng, dtype, n, op=""):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.random(n) < 0.5
    if dtype.kind in "iu":
        return integers(rng, np.iinfo(dtype), n, op)
    if dtype.kind == "f":
        return floats(rng, dtype, n)
    part = np.float32 if dtype.itemsize == 8 else np.float64
    # Ordinary numbers: for infinities and NaNs, C leaves results of complex functions open, and libraries differ.
    values = (rng.normal(0, 3, n) + 1j * rng.normal(0, 3, n)).astype(dtype)
    if op in ("add", "subtract", "absolute", "negative"):
        values.real, values.imag = floats(rng, part, n), floats(rng, part, n)
    return values


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def in_place(case, before, work):
    after = before.copy()
    try:
        work(after)
        return case | {"before": text(before), "after": text(after)}
    except Exception as error:
        return case | {"before": text(before), "error": type(error).__name__}


def operate(op, other):
    def work(a):
        if op == "add":
            a += other
        elif op == "subtract":
            a -= other
        elif op == "multiply":
            a *= other
        elif op == "divide":
            a /= other
        else:
            a **= other

    return work


def plain(value):
    if isinstance(value, complex):
        return [value.real, value.imag]
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    return value if abs(value) < 2**53 else str(value)


def exponents(values, dtype):
    """Powers whose results are mostly in range; negative integers only sometimes, because they are refused."""
    return (np.abs(values) % 70 if np.dtype(dtype).kind in "iu" else values).astype(dtype)


def cases(rng, n):
    for dtype in DTYPES:
        for op in UNARY:
            before = random_values(rng, dtype, n, op)
            yield in_place({"op": op, "dtype": dtype}, before, lambda a: getattr(np, op)(a, out=a))
        for op in BINARY:
            for value in SCALARS:
                before = random_values(rng, dtype, n, op)
                case = {"op": op, "dtype": dtype, "scalar": plain(value)}
                yield in_place(case, before, operate(op, value))
            for other in DTYPES:
                for count in (n, 3):
                    values = random_values(rng, other, count, op)
                    if op == "power" and rng.random() < 0.9:
                        values = exponents(values, other)
                    before = random_values(rng, dtype, n, op)
                    case = {"op": op, "dtype": dtype, "operand": other, "values": text(values)}
                    repeated = np.resize(values, n)
                    yield in_place(case, before, operate(op, repeated))


def main():
    seed, n = int(sys.argv[1]), int(sys.argv[2])
    sample = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for number, case in enumerate(cases(np.random.default_rng(seed), n)):
        if number % sample == 0:
            print(json.dumps(case))


main()
