"""Print the results of NumPy's astype, for core/array/fixtures/numpy-casts.json.

    python generate_casts.py > numpy-casts.json

For each pair of dtypes, converts the edge values of the first (limits, powers of two and their neighbours, halfway
cases) to the second. Omits conversions that C leaves undefined (a real number to an integer dtype that cannot hold it)
and complex to real.
"""

import json
import sys
import warnings

import numpy as np

INTEGERS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"]
FLOATS = ["float16", "float32", "float64"]
DTYPES = ["bool", *INTEGERS, *FLOATS, "complex64", "complex128"]


def edges(dtype):
    if dtype == "bool":
        return np.array([False, True])
    if dtype in INTEGERS:
        info = np.iinfo(dtype)
        near = {0, 1, -1, 5, info.min, info.min + 1, info.max, info.max - 1}
        for bit in (0, 1, 7, 8, 15, 16, 24, 31, 32, 53, 63):
            near.update(sign * (2**bit + offset) for sign in (1, -1) for offset in (-1, 0, 1))
        # Halfway between two float32, or one off: a difference that float64 is too short for.
        for bit in (54, 62):
            near.update(sign * (2**bit + 2 ** (bit - 24) + offset) for sign in (1, -1) for offset in (-1, 0, 1))
        return np.array(sorted(value for value in near if info.min <= value <= info.max), dtype)
    if dtype.startswith("complex"):
        part = edges("float32" if dtype == "complex64" else "float64")
        return np.concatenate([part + 0j, 1j * part[np.isfinite(part)]]).astype(dtype)
    info = np.finfo(dtype)
    values = [0, -0.0, 1, 1.5, -1.5, 2.5, 100.7, info.max, info.min, info.tiny, info.smallest_subnormal, info.eps]
    return np.array([*values, np.inf, -np.inf, np.nan], dtype)


def defined(values, dtype):
    """Return the values whose conversion C defines."""
    if dtype not in INTEGERS or values.dtype.kind in "biu":
        return values
    info = np.iinfo(dtype)
    whole = np.trunc(values.astype(np.float64))
    return values[np.isfinite(whole) & (whole >= info.min) & (whole < float(info.max))]


def text(array):
    return array.tobytes().hex()


def main():
    warnings.simplefilter("ignore")
    cases = []
    for source in DTYPES:
        for target in DTYPES:
            if source.startswith("complex") and not target.startswith("complex") and target != "bool":
                continue
            values = edges(source) if source.startswith("complex") else defined(edges(source), target)
            cases.append({"from": source, "to": target, "values": text(values), "become": text(values.astype(target))})
    json.dump(cases, sys.stdout, indent=0)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
