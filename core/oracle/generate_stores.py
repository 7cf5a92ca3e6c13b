"""Generate random stores with real NumPack, and print what NumPack and NumPy read from them.

    python generate_stores.py FOLDER SEED COUNT

Prints one JSON object per store: {"store", "arrays": {name: {"dtype", "shape", "physicalRows", "deletedRows",
"sha256", "numpack"}}}. The expected values are NumPy's: the file's elements selected by the bitmap's words
(docs/format.md 1.2: the words take precedence). `numpack` is the sha256 of what `NumPack.load` returns, or null if
NumPack cannot load the array. If rows were only saved and dropped, both are also compared with a plain NumPy array
that went through the same steps; a difference ends the program, because this file would then describe NumPack
wrongly.
"""

import hashlib
import json
import shutil
import struct
import sys
from pathlib import Path

import numpy as np
from numpack import NumPack

DTYPES = (
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 float32 float64 complex64 complex128".split()
)
NAMES = ["a", "values", "with space", "数据", "dots.in.name", "UPPER", "-dash", "ünï"]


def random_array(rng, shape, dtype):
    size = int(np.prod(shape, dtype=np.int64))
    if dtype == "bool":
        return rng.integers(0, 2, size).astype(bool).reshape(shape)
    return np.frombuffer(rng.bytes(size * np.dtype(dtype).itemsize), dtype).reshape(shape)


def random_shape(rng):
    ndim = int(rng.integers(1, 6))
    rows = int(rng.choice([0, 1, 2, 63, 64, 65, 128, rng.integers(3, 400)]))
    return (rows, *(int(n) for n in rng.integers(0 if rng.random() < 0.1 else 1, 5, ndim - 1)))


def random_rows(rng, rows):
    """Choose rows to drop: a few, a run, every other, or all."""
    kind = rng.integers(0, 4)
    if kind == 0:
        return sorted(set(int(i) for i in rng.integers(0, rows, max(1, rows // 5))))
    if kind == 1:
        start = int(rng.integers(0, rows))
        return list(range(start, int(rng.integers(start, rows)) + 1))
    if kind == 2:
        return list(range(int(rng.integers(0, 2)) % rows, rows, 2))
    return list(range(rows))


def read_metadata(folder):
    """Return [(name, shape, data_file, position of data_file's length, bytes)] of the records of metadata.npkm."""
    data = (folder / "metadata.npkm").read_bytes()
    (count,) = struct.unpack_from("<I", data, 16)
    records, at = [], 20

    def text():
        nonlocal at
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
        return data[at - length : at].decode()

    for _ in range(count):
        name = text()
        (ndim,) = struct.unpack_from("<I", data, at)
        shape = struct.unpack_from(f"<{ndim}Q", data, at + 4)
        at += 4 + 8 * ndim
        place = at
        records.append((name, shape, text(), place))
        at += 8 + 8 + 1 + 22
    return records, data


def split_into_segments(rng, folder, name):
    """Convert the array to a segmented one, as NumPack 0.7 does above 256 MiB (docs/format.md 1.3)."""
    records, data = read_metadata(folder)
    _, shape, data_file, place = next(record for record in records if record[0] == name)
    content = (folder / data_file).read_bytes()
    row_bytes = len(content) // shape[0]
    per_segment = int(rng.integers(1, shape[0] + 1))
    (folder / f"data_{name}_segments").mkdir()
    segments = []
    for number, first in enumerate(range(0, shape[0], per_segment)):
        part = content[first * row_bytes : (first + per_segment) * row_bytes]
        file = f"data_{name}_segments/seg_{number:06d}.npkd"
        (folder / file).write_bytes(part)
        segments.append({"file": file, "rows": len(part) // row_bytes, "bytes": len(part)})
    manifest = f"data_{name}.npkseg"
    (folder / manifest).write_text(json.dumps({"version": 1, "segments": segments}))
    (folder / data_file).unlink()
    encoded = manifest.encode()
    after = place + 4 + len(data_file.encode())
    (folder / "metadata.npkm").write_bytes(data[:place] + struct.pack("<I", len(encoded)) + encoded + data[after:])


def physical_bytes(folder, data_file):
    if not data_file.endswith(".npkseg"):
        return (folder / data_file).read_bytes()
    manifest = json.loads((folder / data_file).read_text())
    return b"".join((folder / segment["file"]).read_bytes() for segment in manifest["segments"])


def active_rows(folder, name, rows):
    path = folder / f"deleted_{name}.npkb"
    if not path.exists():
        return np.ones(rows, bool)
    words = np.frombuffer(path.read_bytes()[16:], np.uint8)
    return np.unpackbits(words, bitorder="little")[:rows].astype(bool)


def numpack_sha256(scratch, name):
    try:
        with NumPack(str(scratch)) as store:
            return hashlib.sha256(np.ascontiguousarray(store.load(name)).tobytes()).hexdigest()
    except Exception:  # NumPack raises many kinds; failing is its answer
        return None


def write_store(rng, folder):
    arrays, modelled, segmented = {}, {}, []
    names = [NAMES[i] for i in rng.permutation(len(NAMES))[: rng.integers(1, 5)]]
    for name in names:
        arrays[name] = random_array(rng, random_shape(rng), str(rng.choice(DTYPES)))
    with NumPack(str(folder), drop_if_exists=True) as store:
        for name, array in arrays.items():
            store.save({name: array})
            modelled[name] = array
    for name, array in arrays.items():
        has_bytes = array.nbytes > 0
        if has_bytes and rng.random() < 0.6:
            rows = random_rows(rng, len(array))
            with NumPack(str(folder)) as store:
                store.drop(name, rows)
            modelled[name] = np.delete(array, rows, axis=0)
            if rng.random() < 0.4:
                more = random_array(rng, (int(rng.integers(1, 100)), *array.shape[1:]), str(array.dtype))
                with NumPack(str(folder)) as store:
                    store.append({name: more})
                modelled[name] = None
        if has_bytes and rng.random() < 0.2:
            segmented.append(name)
    for name in segmented:
        split_into_segments(rng, folder, name)
    return arrays, modelled


def describe(folder, arrays, modelled, scratch):
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(folder, scratch)
    described = {}
    for name, shape, data_file, _ in read_metadata(folder)[0]:
        active = active_rows(folder, name, shape[0])
        elements = np.frombuffer(physical_bytes(folder, data_file), arrays[name].dtype)
        logical = elements.reshape(shape)[active]
        if modelled[name] is not None and modelled[name].tobytes() != logical.tobytes():
            raise SystemExit(f"{folder} {name}: NumPack wrote something else than docs/format.md says")
        described[name] = {
            "dtype": str(arrays[name].dtype),
            "shape": list(logical.shape),
            "physicalRows": shape[0],
            "deletedRows": np.flatnonzero(~active).tolist(),
            "sha256": hashlib.sha256(logical.tobytes()).hexdigest(),
            "numpack": numpack_sha256(scratch, name),
        }
    return described


def main():
    root, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    for number in range(count):
        folder = root / f"{number:04d}.npk"
        arrays, modelled = write_store(rng, folder)
        print(json.dumps({"store": folder.name, "arrays": describe(folder, arrays, modelled, root / "copy")}))


if __name__ == "__main__":
    main()
