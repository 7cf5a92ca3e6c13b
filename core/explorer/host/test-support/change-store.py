"""Changes a store with NumPack, as a user's program would: change-store.py STORE STEP."""

import sys

import numpy as np
from numpack import NumPack

path, step = sys.argv[1:]
with NumPack(path) as npk:
    if step == "create":
        npk.save({"rows": np.arange(40, dtype=np.int32).reshape(10, 4), "still": np.zeros(3)})
    elif step == "append":
        npk.append({"rows": np.arange(40, 60, dtype=np.int32).reshape(5, 4)})
    elif step == "drop":
        npk.drop("rows", [0, 2])
    elif step == "replace":
        npk.replace({"rows": np.full((1, 4), -1, dtype=np.int32)}, [0])
    elif step == "save":
        npk.save({"rows": np.arange(6, dtype=np.float64).reshape(2, 3), "new": np.ones(7, dtype=bool)})
