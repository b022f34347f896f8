"""Makes the archives of this folder. Needs NumPy alone: python make.py"""

import numpy as np

arrays = {}
for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", ">i2", ">f4", ">f8", ">i8"]:
    arrays[name.replace(">", "big_")] = (np.arange(6) - 2).reshape(2, 3).astype(name)
for name in ["u1", "u2", "u4"]:
    arrays[name] = np.array([0, 1, 200], dtype=name) * (np.iinfo(name).max // 255)
arrays["b1"] = np.array([[True, False], [False, True]])
arrays["columns"] = np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4))
arrays["scalar"] = np.array(2.5)
arrays["empty"] = np.zeros((0, 3), dtype="f4")
np.savez("stored.npz", **arrays)
np.savez_compressed("compressed.npz", **arrays)
np.savez("odd.npz", c16=np.zeros(2, dtype="c16"))
