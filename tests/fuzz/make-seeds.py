#!/usr/bin/python3
"""make-seeds.py — small whole files for the fuzzers to begin from.

SPDX-License-Identifier: MIT

usage: make-seeds.py FOLDER

Writes into FOLDER/cdb the four kinds of .cdb, each with three records; where
each record has its own size, one is larger than 28 × 28. Into FOLDER/safetensors
go three files, without our checksum, which no mutation would keep.
"""

import json
import pathlib
import struct
import sys


def runs(row):
    """The lengths of the runs of a row of 0 and 1, background first."""
    colour, length = 0, 0
    for pixel in row:
        if pixel != colour:
            yield length
            colour, length = pixel, 0
        length += 1
    yield length


def record(label, rows, grey, fixed):
    height, width = len(rows), len(rows[0])
    if grey:
        body = bytes(rows[y][x] * 200 for x in range(width) for y in range(height))
    else:
        body = bytes(run for row in rows for run in runs(row))
    size = b'' if fixed else bytes([width, height])
    return bytes([255, label]) + size + struct.pack('<H', len(body)) + body


def cdb(images, grey, fixed):
    counts = [0] * 128
    for label, _ in images:
        counts[label] += 1
    rows = images[0][1]
    sides = (len(rows), len(rows[0])) if fixed else (0, 0)
    header = struct.pack('<HBBBBI128IB', 2005, 8, 4, *sides, len(images), *counts, grey)
    records = b''.join(record(label, rows, grey, fixed) for label, rows in images)
    return header.ljust(1024, b'\0') + records


def safetensors(tensors, metadata):
    header, at = {'__metadata__': metadata} if metadata else {}, 0
    for name, dtype, shape, size in tensors:
        header[name] = {'dtype': dtype, 'shape': shape, 'data_offsets': [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    return struct.pack('<Q', len(text)) + text + bytes(range(at))


def write_cdb(folder):
    folder.mkdir(parents=True, exist_ok=True)
    cross = [[1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1]]
    small = [(3, cross), (9, [[0] * 4] * 3), (3, cross[::-1])]
    large = [[(x ^ y) & 4 and 1 for x in range(31)] for y in range(40)]
    for grey in (False, True):
        for fixed in (False, True):
            images = small if fixed else small[:2] + [(3, large)]
            name = f"{'grey' if grey else 'binary'}-{'fixed' if fixed else 'variable'}.cdb"
            (folder / name).write_bytes(cdb(images, grey, fixed))


def write_safetensors(folder):
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        'empty': ([], None),
        'named': ([], {'format': 'pt', 'name': 'رقم \n'}),
        'three': ([('step', 'U64', [], 8), ('weight', 'F32', [2, 0, 3], 0),
                   ('bias', 'BF16', [2, 3], 12)], {'a': ''}),
    }
    for name, (tensors, metadata) in files.items():
        (folder / f'{name}.safetensors').write_bytes(safetensors(tensors, metadata))


def main():
    folder = pathlib.Path(sys.argv[1])
    write_cdb(folder / 'cdb')
    write_safetensors(folder / 'safetensors')


main()
