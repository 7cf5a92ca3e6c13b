"""Measure NumPack and NumPy on the same store; prints JSON {"name": seconds}.

    compare.py rows STORE ARRAY READS                 one row after the other, anywhere
    compare.py stream STORE ARRAY ROWS                the whole array in batches of ROWS rows
    compare.py packages STORE PACKAGE FOLDER          packing STORE with zstandard, unpacking PACKAGE; both into FOLDER
    compare.py writing FOLDER ROWS COLUMNS REPLACED NARROW_ROWS DROPPED   changing stores in FOLDER
    compare.py text COUNT                             str() of COUNT float32 elements
    compare.py statistics FILE DTYPE COLUMNS          statistics of raw elements: of all, of each column, a histogram

Works on the store itself, which must be disposable: NumPack may rewrite its metadata.
"""

import json
import os
import shutil
import sys
import time
from itertools import islice
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


def writing(folder, rows, columns, replaced, narrow_rows, dropped):
    path = Path(folder) / "numpack.npk"
    random = np.random.default_rng(1)
    array = random.integers(0, 1000, (rows, columns)).astype(np.float32)
    places = random.permutation(rows)[:replaced].tolist()
    values = np.zeros((1, columns), np.float32)

    def changed(work, **options):
        os.sync()
        start = time.perf_counter()
        with NumPack(path, **options) as store:
            work(store)
        return time.perf_counter() - start

    def replace(store):
        # All in one call kills the process (0.7.0).
        for place in places:
            store.replace({"x": values}, [place])

    def synced(before, name="data_x.npkd"):
        start = time.perf_counter()
        with open(path / name, "r+b") as file:
            os.fsync(file.fileno())
        return before + time.perf_counter() - start

    result = {"save": changed(lambda store: store.save({"x": array}), drop_if_exists=True)}
    result["saveSynced"] = synced(result["save"])
    mapped = np.memmap(path / "data_x.npkd", np.float32, "r+")
    start = time.perf_counter()
    np.multiply(mapped, np.float32(1.5), out=mapped)
    result["imul"] = time.perf_counter() - start
    mapped.flush()
    result["imulSynced"] = time.perf_counter() - start
    del mapped
    result["replace"] = changed(replace)
    result["replaceSynced"] = synced(result["replace"])
    result["append"] = changed(lambda store: store.append({"x": array}))
    result["appendSynced"] = synced(result["append"])
    changed(lambda store: store.save({"y": np.zeros((narrow_rows, 1), np.float32)}), drop_if_exists=True)
    places = random.permutation(narrow_rows)[:dropped].tolist()
    result["drop"] = changed(lambda store: store.drop("y", places))
    result["dropSynced"] = synced(result["drop"], "deleted_y.npkb")
    shutil.rmtree(path)
    return result


def text(count):
    values = np.random.default_rng(1).normal(size=count).astype(np.float32)
    start = time.perf_counter()
    for value in values:
        str(value)
    return {"NumPy": time.perf_counter() - start}


def chunks(path, dtype, columns):
    rows = max(1, (1 << 20) // (np.dtype(dtype).itemsize * columns))
    with open(path, "rb") as file:
        while (chunk := np.fromfile(file, dtype, rows * columns)).size > 0:
            yield chunk


def whole(chunk):
    figures = [(chunk == 0).sum()]
    finite = chunk
    if chunk.dtype.kind == "f":
        figures += [np.isnan(chunk).sum(), (chunk == np.inf).sum(), (chunk == -np.inf).sum()]
        finite = chunk[np.isfinite(chunk)]
    figures += [finite.min(), finite.argmin(), finite.max(), finite.argmax()]
    wide = np.float64 if chunk.dtype.kind == "f" else None
    return figures + [finite.sum(dtype=wide), finite.var(dtype=np.float64)]


def columnwise(chunk):
    figures = [np.isnan(chunk).sum(axis=0), (chunk == 0).sum(axis=0), np.nanmin(chunk, axis=0), np.nanmax(chunk, axis=0)]
    return figures + [np.nansum(chunk, axis=0, dtype=np.float64), np.nanvar(chunk, axis=0, dtype=np.float64)]


def statistics(path, dtype, columns):
    def timed(work):
        """Estimate the seconds for the whole file from its first 64 chunks."""
        start = time.perf_counter()
        done = 0
        for chunk in islice(chunks(path, dtype, columns), 64):
            work(chunk)
            done += chunk.nbytes
        return (time.perf_counter() - start) * os.path.getsize(path) / done

    result = {"whole": timed(whole)}
    if columns > 1:
        result["columns"] = timed(lambda chunk: columnwise(chunk.reshape(-1, columns)))
        result["histogram"] = timed(lambda chunk: np.histogram(chunk, 64, (-4.0, 4.0)))
    return result


def main():
    what, *rest = sys.argv[1:]
    if what == "statistics":
        result = statistics(rest[0], rest[1], int(rest[2]))
    elif what == "text":
        result = text(int(rest[0]))
    elif what == "packages":
        result = packages(*rest)
    elif what == "writing":
        result = writing(rest[0], *map(int, rest[1:]))
    else:
        with NumPack(rest[0]) as store:
            result = {"rows": rows, "stream": stream}[what](store, rest[1], int(rest[2]))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
