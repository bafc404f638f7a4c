#!/usr/bin/python3
"""read-back.py — reads NPZ and PNG files as the world does; for tests.

SPDX-License-Identifier: MIT

usage: read-back.py FILE

Prints what NumPy or Pillow finds in FILE. Exit status 77 where they are not
installed.
"""

import hashlib
import sys

try:
    import numpy
    from PIL import Image
except ImportError as error:
    print(error)
    sys.exit(77)


def show_npz(path):
    with numpy.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            array = arrays[name]
            digest = hashlib.sha256(array.tobytes()).hexdigest()
            print(name, array.dtype, array.shape, digest)


def show_png(path):
    with Image.open(path) as image:
        digest = hashlib.sha256(image.tobytes()).hexdigest()
        print(image.format, image.mode, image.size, digest)
        for key, value in image.text.items():
            print(f'{key}: {value}')


sys.stdout.reconfigure(encoding='utf-8')
(show_npz if sys.argv[1].endswith('.npz') else show_png)(sys.argv[1])
