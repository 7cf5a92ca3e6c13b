"""What real NumPack reads from stores, one JSON object a line.

    python describe_stores.py FOLDER...

Each: {name: [dtype, shape, sha256 of the logical rows in C order]}, or {"error": what NumPack said}. NumPack may
rewrite a store's metadata on closing it: give it copies.
"""

import hashlib
import json
import sys

import numpy as np
from numpack import NumPack


def describe(folder):
    with NumPack(folder) as store:
        arrays = {}
        for name in sorted(store.get_member_list()):
            array = np.ascontiguousarray(store.load(name))
            arrays[name] = [str(array.dtype), list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()]
        return arrays


for folder in sys.argv[1:]:
    try:
        print(json.dumps(describe(folder)), flush=True)
    except BaseException as error:  # a panic in NumPack's Rust is no Exception
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
