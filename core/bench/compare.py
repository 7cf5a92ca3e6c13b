"""What NumPack and NumPy reach on the same store, as JSON {"name": seconds}.

    compare.py rows STORE ARRAY READS         one row after the other, anywhere
    compare.py stream STORE ARRAY ROWS        the whole array in batches of ROWS rows
    compare.py packages STORE PACKAGE FOLDER  packing STORE with zstandard, unpacking PACKAGE; both into FOLDER
    compare.py text COUNT                     str() of COUNT float32 elements

Works on the store itself, which has to be a throw-away one: NumPack may rewrite its metadata.
"""

import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np
from numpack import NumPack, pack, unpack


def rows(store, name, reads):
    lazy = store.load(name, lazy=True)
    places = np.random.default_rng(1).integers(0, len(lazy), reads).tolist()
    start = time.perf_counter()
    for place in places:
        store.getitem(name, [place])
    return {"NumPack": (time.perf_counter() - start) / reads}


def stream(store, name, batch):
    start = time.perf_counter()
    for _ in store.stream_load(name, buffer_size=batch):
        pass
    return {"NumPack": time.perf_counter() - start}


def packages(store, package, folder):
    start = time.perf_counter()
    pack(store, Path(folder) / "numpack.npkg")
    packed = time.perf_counter()
    unpack(package, Path(folder) / "numpack.npk")
    end = time.perf_counter()
    (Path(folder) / "numpack.npkg").unlink()
    shutil.rmtree(Path(folder) / "numpack.npk")
    return {"pack": packed - start, "unpack": end - packed}


def text(count):
    values = np.random.default_rng(1).normal(size=count).astype(np.float32)
    start = time.perf_counter()
    for value in values:
        str(value)
    return {"NumPy": time.perf_counter() - start}


def main():
    what, *rest = sys.argv[1:]
    if what == "text":
        result = text(int(rest[0]))
    elif what == "packages":
        result = packages(*rest)
    else:
        with NumPack(rest[0]) as store:
            result = {"rows": rows, "stream": stream}[what](store, rest[1], int(rest[2]))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
