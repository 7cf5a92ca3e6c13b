"""Run real NumPack as a long-running process: one JSON request per line in, one JSON answer per line out.

{"read": FOLDER} returns {name: [dtype, shape, sha256 of the logical rows in C order, or NumPack's error]}.

{"do": FOLDER, "operations": [...]} returns "done"; each operation is [method name, arguments...], all within one
`with`.

A request that fails as a whole returns {"error": NumPack's message}. An array argument is {"dtype", "shape",
"base64"}. NumPack may rewrite a store's metadata when it opens or closes it, so a folder to read must be a copy; it
is removed afterwards.
"""

import base64
import hashlib
import json
import shutil
import sys

import numpy as np
from numpack import NumPack


def describe_error(error):
    return f"{type(error).__name__}: {error}"


def decoded(value):
    if isinstance(value, dict) and "base64" in value:
        elements = np.frombuffer(base64.b64decode(value["base64"]), value["dtype"])
        return elements.reshape(value["shape"]).copy()
    if isinstance(value, dict):
        return {key: decoded(item) for key, item in value.items()}
    return value


def read(folder):
    described = {}
    with NumPack(folder) as store:
        for name in sorted(store.get_member_list()):
            try:
                array = np.ascontiguousarray(store.load(name))
            except Exception as error:  # NumPack raises many kinds; all of them are its verdict
                described[name] = describe_error(error)
            else:
                sha256 = hashlib.sha256(array.tobytes()).hexdigest()
                described[name] = [str(array.dtype), list(array.shape), sha256]
    shutil.rmtree(folder)
    return described


def edit(store, name, row, values):
    with store.writable_batch_mode() as batch:
        batch.load(name)[row] = values[0]


def do(folder, operations):
    with NumPack(folder) as store:
        for method, *arguments in operations:
            values = [decoded(argument) for argument in arguments]
            if method == "batch":
                with store.batch_mode():
                    store.save(*values)
            elif method == "edit":
                edit(store, *values)
            else:
                getattr(store, method)(*values)
    return "done"


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = read(request["read"]) if "read" in request else do(request["do"], request["operations"])
    except BaseException as error:  # a panic in NumPack's Rust is not an Exception
        answer = {"error": describe_error(error)}
    print(json.dumps(answer), flush=True)
