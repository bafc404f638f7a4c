"""tiny_cdb.py — a small data set in Hoda's format, for tests of whole programs.

SPDX-License-Identifier: MIT
"""

import struct


def write_cdb(path, n=160):
    """Hoda's format, binary, 28 × 28: a bar whose place and length say the label."""
    records = []
    for i in range(n):
        label = i % 10
        body = b''
        for row in range(28):
            ink = 4 + label if (row // 3 == label or row % 28 == i % 7) else 0
            body += bytes([4, ink, 24 - ink]) if ink else bytes([28])
        records.append(struct.pack('<BBH', 0xff, label, len(body)) + body)
    counts = [n // 10] * 10 + [0] * 118
    header = struct.pack('<HBBBBI128IB', 2026, 1, 1, 28, 28, n, *counts, 0)
    path.write_bytes(header.ljust(1024, b'\0') + b''.join(records))
