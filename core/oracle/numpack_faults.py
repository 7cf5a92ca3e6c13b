"""Reproduce NumPack's faults that docs/format.md names, with real NumPack. Print {fault: outcome} as JSON.

    python numpack_faults.py FOLDER [FAULT...]

Creates the stores in FOLDER. A FAULT is the name of a function marked `@fault`. Without names all run except
`zero_dimensions`, which ends the process.
"""

import json
import os
import struct
import sys

import numpy as np
from numpack import NumPack, pack, unpack

FAULTS = {}


def fault(function):
    FAULTS[function.__name__] = function
    return function


def store(folder, **arrays):
    path = os.path.join(folder, "store.npk")
    with NumPack(path) as npk:
        if arrays:
            npk.save(arrays)
    return path


def outcome_of(work):
    """Return the result of a function, or the kind of error that it raises."""
    try:
        return work()
    except Exception as error:
        return type(error).__name__


def point_elsewhere(path, name, data_file):
    """Make the record of an array name another data file."""
    old, new = f"data_{name}.npkd".encode(), data_file.encode()
    metadata = os.path.join(path, "metadata.npkm")
    with open(metadata, "rb") as file:
        content = file.read()
    with open(metadata, "wb") as file:
        file.write(content.replace(struct.pack("<I", len(old)) + old, struct.pack("<I", len(new)) + new))


def patch(path, change):
    metadata = os.path.join(path, "metadata.npkm")
    with open(metadata, "rb") as file:
        content = bytearray(file.read())
    with open(metadata, "wb") as file:
        file.write(change(content))


@fault
def revived_rows(folder):
    with NumPack(store(folder, a=np.arange(10))) as npk:
        npk.drop("a", [8, 9])
        npk.append({"a": np.array([100])})
        return npk.load("a").tolist()


@fault
def scattered_replace(folder):
    path = store(folder, a=np.arange(20).reshape(10, 2))
    with NumPack(path) as npk:
        npk.replace({"a": np.array([[-1, -1], [-2, -2], [-3, -3]])}, [1, 3, 8])
        return npk.load("a").tolist()


@fault
def lazy_after_drop(folder):
    path = store(folder, a=np.arange(10))
    with NumPack(path) as npk:
        npk.drop("a", [0, 1])
        lazy = npk.load("a", lazy=True)
        mask = np.array([True] * 3 + [False] * 5)
        return {"slice": lazy[0:3].tolist(), "mask": outcome_of(lambda: np.asarray(lazy[mask]).tolist())}


@fault
def boolean_mask(folder):
    with NumPack(store(folder, a=np.arange(10, 20))) as npk:
        return npk.getitem("a", [False, False, True] + [False] * 7).tolist()


@fault
def step_slice(folder):
    with NumPack(store(folder, a=np.arange(10))) as npk:
        return outcome_of(lambda: npk.getitem("a", slice(0, 10, 2)).tolist())


@fault
def index_lists(folder):
    with NumPack(store(folder, a=np.arange(12).reshape(4, 3))) as npk:
        return np.asarray(npk.load("a", lazy=True)[[0, 1], [1, 2]]).tolist()


@fault
def negative_drop(folder):
    with NumPack(store(folder, a=np.arange(10))) as npk:
        npk.drop("a", [8, 9])
        npk.drop("a", [-1])
        return npk.load("a").tolist()


@fault
def slice_drop(folder):
    with NumPack(store(folder, a=np.arange(10))) as npk:
        npk.drop("a", [0, 1])
        npk.drop("a", slice(-2, None))
        return npk.load("a").tolist()


@fault
def drop_out_of_range(folder):
    with NumPack(store(folder, a=np.arange(4))) as npk:
        npk.drop("a", [99])
        return npk.load("a").tolist()


@fault
def wrong_magic(folder):
    path = store(folder, a=np.arange(4))
    patch(path, lambda content: b"X" + content[1:])
    with NumPack(path) as npk:
        names = npk.get_member_list()
    return {"names": names, "metadata": os.path.getsize(os.path.join(path, "metadata.npkm"))}


@fault
def truncated_metadata(folder):
    path = store(folder, a=np.arange(4))
    patch(path, lambda content: content[:50])
    with NumPack(path) as npk:
        npk.save({"b": np.arange(2)})
    with NumPack(path) as npk:
        return npk.get_member_list()


@fault
def newer_version(folder):
    path = store(folder, a=np.arange(4))
    patch(path, lambda content: content[:4] + bytes([99]) + content[5:])
    with NumPack(path) as npk:
        return npk.get_member_list()


@fault
def escaping_name(folder):
    path = store(folder)
    os.mkdir(os.path.join(path, "data_x"))
    with NumPack(path) as npk:
        npk.save({"x/../../outside": np.arange(3)})
    return sorted(os.listdir(folder))


@fault
def escaping_data_file(folder):
    outside = os.path.join(folder, "outside.bin")
    with open(outside, "wb") as file:
        file.write(struct.pack("<4q", 7, 8, 9, 10))
    path = store(folder, a=np.arange(4))
    point_elsewhere(path, "a", outside)
    with NumPack(path) as npk:
        read = npk.load("a").tolist()
        npk.replace({"a": np.array([-5])}, [0])
    with open(outside, "rb") as file:
        written = list(struct.unpack("<4q", file.read()))
    with NumPack(path) as npk:
        npk.reset()
    return {"read": read, "written": written, "exists": os.path.exists(outside)}


@fault
def batch_that_throws(folder):
    path = store(folder, a=np.arange(4))
    with NumPack(path) as npk:
        try:
            with npk.batch_mode():
                npk.save({"a": np.arange(2)})
                raise ValueError
        except ValueError:
            pass
    with NumPack(path) as npk:
        return npk.load("a").tolist()


@fault
def batch_that_only_reads(folder):
    path = store(folder, a=np.arange(4))
    with NumPack(path) as npk:
        with npk.batch_mode():
            npk.load("a")[0] = 99
    with NumPack(path) as npk:
        return npk.load("a").tolist()


@fault
def batch_that_cannot_write(folder):
    path = store(folder, a=np.arange(4))
    with NumPack(path) as npk:
        sys.stdout = sys.stderr  # NumPack prints errors that it should raise
        with npk.batch_mode():
            npk.save({"text": np.array(["text"])})
        sys.stdout = sys.__stdout__
        return npk.get_member_list()


@fault
def reader_that_closes(folder):
    path = store(folder, a=np.arange(4))
    reader = NumPack(path)
    reader.open()
    reader.load("a")
    with NumPack(path) as npk:
        npk.save({"b": np.arange(3)})
    reader.close()
    with NumPack(path) as npk:
        return npk.get_member_list()


@fault
def writable_after_drop(folder):
    with NumPack(store(folder, a=np.arange(6))) as npk:
        npk.drop("a", [0, 1])
        with npk.writable_batch_mode() as batch:
            array = batch.load("a")
            shape = list(array.shape)
            array[0] = 99
        return {"shape": shape, "after": npk.load("a").tolist()}


@fault
def writable_in_other_file(folder):
    path = store(folder, a=np.arange(6))
    os.rename(os.path.join(path, "data_a.npkd"), os.path.join(path, "data_a~1.npkd"))
    point_elsewhere(path, "a", "data_a~1.npkd")

    def edit(npk):
        with npk.writable_batch_mode() as batch:
            return batch.load("a").tolist()

    with NumPack(path) as npk:
        return {"load": npk.load("a").tolist(), "writable": outcome_of(lambda: edit(npk))}


@fault
def metadata_shape(folder):
    with NumPack(store(folder, a=np.arange(6))) as npk:
        npk.drop("a", [0])
        return npk.get_metadata()["arrays"]["a"]["shape"]


@fault
def append_after_interrupted_append(folder):
    path = store(folder, a=np.arange(4))
    with open(os.path.join(path, "data_a.npkd"), "ab") as file:
        file.write(b"\xff" * 12)
    with NumPack(path) as npk:
        npk.append({"a": np.array([7, 8])})
        return npk.load("a").tolist()


@fault
def package_of_segments(folder):
    path = store(folder, a=np.arange(6))
    os.mkdir(os.path.join(path, "data_a_segments"))
    segment = "data_a_segments/seg_000000.npkd"
    os.rename(os.path.join(path, "data_a.npkd"), os.path.join(path, segment))
    with open(os.path.join(path, "data_a.npkseg"), "w") as file:
        json.dump({"version": 1, "segments": [{"file": segment, "rows": 6, "bytes": 48}]}, file)
    point_elsewhere(path, "a", "data_a.npkseg")
    with NumPack(path) as npk:
        read = npk.load("a").tolist()
    package, unpacked = os.path.join(folder, "p.npkg"), os.path.join(folder, "unpacked.npk")
    pack(path, package)
    unpack(package, unpacked)
    with NumPack(unpacked) as npk:
        return {"read": read, "unpacked": outcome_of(lambda: npk.load("a").tolist()), "files": os.listdir(unpacked)}


@fault
def unpack_of_no_package(folder):
    path = store(folder, a=np.arange(4))
    package = os.path.join(folder, "bad.npkg")
    with open(package, "wb") as file:
        file.write(b"nonsense" * 10)
    error = outcome_of(lambda: unpack(package, path, overwrite=True))
    return {"error": error, "exists": os.path.exists(path)}


@fault
def zero_dimensions(folder):
    with NumPack(store(folder, a=np.array(5))) as npk:
        return int(npk.load("a"))


def main():
    names = sys.argv[2:] or [name for name in FAULTS if name != "zero_dimensions"]
    answers = {}
    for name in names:
        folder = os.path.join(sys.argv[1], name)
        os.mkdir(folder)
        answers[name] = FAULTS[name](folder)
    print(json.dumps(answers))


main()
