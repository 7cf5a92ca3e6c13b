"""What real NumPack makes of packages.

    python packages.py unpack JOBS.json    unpacks every {"package", "target"} and tells what NumPack loads from it
    python packages.py load JOBS.json      tells what NumPack loads from every {"target"} (a copy: NumPack rewrites metadata)
    python packages.py pack JOBS.json      packs every {"source", "target", "compression"}
    python packages.py pack-without-zstandard JOBS.json    as a plain install of NumPack does: with zlib

Prints a JSON list, one object a job: {array: sha256 of the loaded elements, or null where NumPack can't load it}.
"""

import hashlib
import json
import sys
from pathlib import Path

command, jobs_file = sys.argv[1:]
if command == "pack-without-zstandard":
    sys.modules["zstandard"] = None  # importing it then fails

import numpy as np
from numpack import NumPack, pack, unpack


def load(folder):
    loaded = {}
    with NumPack(folder) as store:
        for name in store.get_member_list():
            try:
                array = np.ascontiguousarray(store.load(name))
                loaded[name] = hashlib.sha256(f"{array.dtype} {array.shape} ".encode() + array.tobytes()).hexdigest()
            except Exception:  # NumPack raises many kinds; that it can't is its answer
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
