#!/usr/bin/python3
"""read-back.py — reads NPZ, PNG and GIF files as the world does; for tests.

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


def show_gif(path):
    with Image.open(path) as image:
        print(image.format, image.size, image.n_frames, 'frames, loop', image.info['loop'])
        for frame in range(image.n_frames):
            image.seek(frame)
            digest = hashlib.sha256(image.convert('L').tobytes()).hexdigest()
            print(image.info['duration'], 'ms', digest)


sys.stdout.reconfigure(encoding='utf-8')
{'npz': show_npz, 'gif': show_gif}.get(sys.argv[1].rpartition('.')[2], show_png)(sys.argv[1])
