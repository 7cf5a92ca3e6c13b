"""Print what NumPy reads from a store, as an entry of core/fixtures/stores/expected.json.

    python describe_store.py STORE.npk

Prints {"STORE.npk": {array: {"dtype", "shape", "sha256", "physicalRows", "deletedRows", "cells"}}}. `shape`,
`sha256` and `cells` are those of the logical rows; `cells` are [index, text] with the shortest decimal that NumPy
prints, complex numbers as [re, im].
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from generate_stores import DTYPES, active_rows, physical_bytes, read_metadata

CELLS = 20


def text_of(value):
    if isinstance(value, np.bool_):
        return str(value).lower()
    if isinstance(value, np.complexfloating):
        return [str(value.real), str(value.imag)]
    return str(value)


def cells_of(elements):
    """Return up to CELLS evenly spaced elements, the first and the last one included."""
    count = min(CELLS, elements.size)
    flat = np.unique(np.linspace(0, elements.size - 1, count).astype(int)) if count else []
    indices = [np.unravel_index(i, elements.shape) for i in flat]
    return [[[int(i) for i in index], text_of(elements[index])] for index in indices]


def describe(folder):
    records, metadata = read_metadata(folder)
    described = {}
    for name, shape, data_file, position in records:
        dtype = DTYPES[metadata[position + 4 + len(data_file.encode()) + 16]]
        active = active_rows(folder, name, shape[0])
        logical = np.frombuffer(physical_bytes(folder, data_file), dtype).reshape(shape)[active]
        described[name] = {
            "dtype": dtype,
            "shape": list(logical.shape),
            "sha256": hashlib.sha256(logical.tobytes()).hexdigest(),
            "physicalRows": shape[0],
            **({} if active.all() else {"deletedRows": np.flatnonzero(~active).tolist()}),
            "cells": cells_of(logical),
        }
    return described


if __name__ == "__main__":
    store = Path(sys.argv[1])
    print(json.dumps({store.name: describe(store)}, indent=1, ensure_ascii=False))
