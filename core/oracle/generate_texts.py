"""Generate elements with NumPy's text of each.

    python generate_texts.py FOLDER SEED COUNT

For float16, float32 and float64, FOLDER/<dtype>.bin has the elements and FOLDER/<dtype>.txt their str(), one per
line. float16 are all 65,536; the others are COUNT random bit patterns, COUNT typical numbers, and every power of
two.
"""

import sys
from pathlib import Path

import numpy as np


def everyday(rng, count):
    """Typical numbers: normal samples, magnitudes from 1e-6 to 1e9, decimals with few places, integers, binary ties."""
    part = count // 5
    return np.concatenate(
        [
            rng.normal(size=part),
            10 ** rng.uniform(-6, 9, part),
            rng.integers(0, 10**7, part) / 1000,
            rng.integers(0, 2 * 10**9, part).astype(np.float64),
            rng.integers(0, 2**24, part) * 2.0 ** rng.integers(-24, 8, part),
        ]
    )


def main():
    root, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    elements = {
        "float16": np.arange(65536, dtype=np.uint16).view(np.float16),
        "float32": np.concatenate(
            [
                np.frombuffer(rng.bytes(4 * count), np.float32),
                everyday(rng, count).astype(np.float32),
                2.0 ** np.arange(-149, 128, dtype=np.float64).astype(np.float32),
            ]
        ),
        "float64": np.concatenate(
            [
                np.frombuffer(rng.bytes(8 * count), np.float64),
                everyday(rng, count),
                2.0 ** np.arange(-1074, 1024, dtype=np.float64),
            ]
        ),
    }
    for dtype, values in elements.items():
        values = values.astype(dtype)
        values.tofile(root / f"{dtype}.bin")
        (root / f"{dtype}.txt").write_text("\n".join(str(value) for value in values))


if __name__ == "__main__":
    main()
