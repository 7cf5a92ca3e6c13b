"""Show what real NumPack does with packages.

    python packages.py unpack JOBS.json     unpacks every {"package", "target"} and prints what NumPack loads from it
    python packages.py load JOBS.json       prints what NumPack loads from every {"target"}; NumPack rewrites metadata,
                                            so it must be a copy
    python packages.py pack JOBS.json       packs every {"source", "target", "compression"}
    python packages.py pack-without-zstandard JOBS.json   packs with zlib, as a plain install of NumPack does

Prints a JSON list with one object per job: {array: sha256 of the loaded elements, or null if NumPack cannot load
it}.
"""

import hashlib
import json
import sys
from pathlib import Path

command, jobs_file = sys.argv[1:]
if command == "pack-without-zstandard":
    sys.modules["zstandard"] = None  # makes its import fail

import numpy as np
from numpack import NumPack, pack, unpack


def load(folder):
    loaded = {}
    with NumPack(folder) as store:
        for name in store.get_member_list():
            try:
                array = np.ascontiguousarray(store.load(name))
                loaded[name] = hashlib.sha256(f"{array.dtype} {array.shape} ".encode() + array.tobytes()).hexdigest()
            except Exception:  # NumPack raises many kinds; failing is its answer
                loaded[name] = None
    return loaded


def run(job):
    if command.startswith("pack"):
        pack(job["source"], job["target"], compression=job["compression"])
        return {}
    if command == "unpack":
        unpack(job["package"], job["target"])
        return {"files": sorted(path.name for path in Path(job["target"]).iterdir()), "loaded": load(job["target"])}
    return {"loaded": load(job["target"])}


print(json.dumps([run(job) for job in json.loads(Path(jobs_file).read_text())]))
