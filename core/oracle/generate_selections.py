"""Generate random selections with NumPy's results.

    python generate_selections.py FOLDER SEED COUNT

Real NumPack writes FOLDER/selections.npk: arrays of 1 to 4 axes and all dtypes, most with deleted rows. NumPy
applies every selection to the logical array that `NumPack.load` returns. FOLDER/cases.ndjson has one case per line:
{"array", "selection", "shape", "offset", "bytes"} with the result's elements at `offset` of FOLDER/expected.bin, or
{"array", "selection", "error"} if NumPy raises IndexError ("out of range" errors are separate).

An entry of a selection is {"int": n} · {"slice": [start, stop, step]} · {"text": "1:5:2"} · {"all": "null" or ":"}
· {"ellipsis": true} · {"list": [...], possibly nested} · {"typed": [...], "type": "Int32Array"} · {"mask": [...],
"shape", "as": "list" or "array"}; a mask of two axes covers two.
"""

import json
import sys
from pathlib import Path

import numpy as np
from generate_stores import DTYPES, random_array, random_rows
from numpack import NumPack

TYPED = ["Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array"]
RANGES = {"Int8Array": (-128, 127), "Uint8Array": (0, 255), "Uint16Array": (0, 65535), "Uint32Array": (0, 2**32 - 1)}


def write_arrays(rng, folder):
    with NumPack(str(folder), drop_if_exists=True) as store:
        for number in range(40):
            ndim = 1 + number % 4
            rows = int(rng.choice([0 if number % 10 == 9 else 1, 7, 64, 65, 150, 300]))
            shape = (rows, *(int(n) for n in rng.integers(0 if number % 13 == 12 else 1, 7, ndim - 1)))
            array = random_array(rng, shape, DTYPES[number % len(DTYPES)])
            store.save({f"a{number}": array})
            if array.size and number % 5 != 0:
                dropped = random_rows(rng, rows)
                store.drop(f"a{number}", dropped if number % 11 == 10 else dropped[: rows - 1])
    with NumPack(str(folder)) as store:
        return {name: np.ascontiguousarray(store.load(name)) for name in sorted(store.get_member_list())}


def index_in(rng, size):
    return int(rng.integers(-size, size)) if size else 0


def random_slice(rng, size):
    def bound():
        return None if rng.random() < 0.3 else int(rng.integers(-size - 3, size + 4))

    step = None if rng.random() < 0.4 else int(rng.choice([1, 1, 2, 3, 7, -1, -1, -2, -5, size + 2]))
    return bound(), bound(), step


def typed(rng, values):
    fits = [t for t in TYPED if all(RANGES.get(t, (-(2**15), 2**15))[0] <= v <= RANGES.get(t, (0, 2**15 - 1))[1] for v in values)]
    return {"typed": values, "type": str(rng.choice(fits))}


def random_entry(rng, size, list_length):
    """Return (JSON form, NumPy form) of an entry for one axis of `size`."""
    kind = rng.random()
    if kind < 0.2:
        n = index_in(rng, size) if rng.random() < 0.97 else int(rng.choice([size, size + 5, -size - 1]))
        return {"int": n}, n
    if kind < 0.4:
        bounds = random_slice(rng, size)
        return {"slice": bounds}, slice(*bounds)
    if kind < 0.48:
        start, stop, step = random_slice(rng, size)
        text = ":".join("" if n is None else str(n) for n in (start, stop))
        return {"text": text if step is None else f"{text}:{step}"}, slice(start, stop, step)
    if kind < 0.6:
        return {"all": str(rng.choice(["null", ":"]))}, slice(None)
    if kind < 0.75:
        length = list_length if rng.random() < 0.9 else int(rng.choice([1, list_length + 1]))
        values = [index_in(rng, size) for _ in range(length)] if size else []
        if rng.random() < 0.03:
            values = [*values, int(rng.choice([size, -size - 1]))]
        elif values and rng.random() < 0.15:
            nested = [values, [index_in(rng, size) for _ in values]]
            return {"list": nested}, np.array(nested, np.int64)
        return {"list": values}, np.array(values, np.int64)
    if kind < 0.88:
        values = [index_in(rng, size) for _ in range(list_length)] if size else []
        return typed(rng, values), np.array(values, np.int64)
    length = size if rng.random() < 0.96 else size + int(rng.choice([-1, 1])) if size > 1 else size
    mask = rng.random(length) < rng.choice([0.0, 0.2, 0.6, 1.0])
    return {"mask": mask.astype(int).tolist(), "shape": [length], "as": str(rng.choice(["list", "array"]))}, mask


def mask_of_two_axes(rng, shape):
    mask = rng.random(shape) < rng.choice([0.2, 0.6])
    return {"mask": mask.astype(int).ravel().tolist(), "shape": list(shape), "as": "array"}, mask


def random_selection(rng, shape):
    ndim = len(shape)
    list_length = int(rng.choice([0, 1, 2, 3, 5, 20], p=[0.04, 0.2, 0.2, 0.2, 0.2, 0.16]))
    given = ndim if rng.random() < 0.55 else int(rng.integers(0, ndim + 1))
    if rng.random() < 0.02:
        given = ndim + 1
    ellipsis = int(rng.integers(0, given + 1)) if given <= ndim and rng.random() < 0.25 else None
    entries = []
    for number in range(given):
        # Entries after an ellipsis count from the last axis.
        axis = number if ellipsis is None or number < ellipsis else ndim - given + number
        if 0 <= axis < ndim - 1 and given < ndim and ellipsis is None and number == given - 1 and rng.random() < 0.08:
            entries.append(mask_of_two_axes(rng, shape[axis : axis + 2]))
        else:
            entries.append(random_entry(rng, shape[min(axis, ndim - 1)], list_length))
    if ellipsis is not None:
        entries.insert(ellipsis, ({"ellipsis": True}, Ellipsis))
    return [entry for entry, _ in entries], tuple(key for _, key in entries)


def main():
    root, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    arrays = write_arrays(rng, root / "selections.npk")
    names = list(arrays)
    offset = 0
    with open(root / "expected.bin", "wb") as binary, open(root / "cases.ndjson", "w") as cases:
        for _ in range(count):
            name = names[rng.integers(0, len(names))]
            selection, key = random_selection(rng, arrays[name].shape)
            case = {"array": name, "selection": selection}
            try:
                result = np.ascontiguousarray(arrays[name][key])
                shape = list(np.shape(arrays[name][key]))
                case |= {"shape": shape, "offset": offset, "bytes": result.nbytes}
                offset += binary.write(result.tobytes())
            except IndexError as error:
                case["error"] = "range" if "out of bounds" in str(error) else str(error)
            cases.write(json.dumps(case) + "\n")


if __name__ == "__main__":
    main()
