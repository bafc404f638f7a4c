#!/usr/bin/python3
"""safetensors-peer.py — reads a safetensors file as its format is published.

SPDX-License-Identifier: MIT

usage: safetensors-peer.py FILE

Prints each tensor's name, type, shape, offset in the file and numbers, the
metadata, and whether the checksum holds. Python's own library alone.
"""

import hashlib
import json
import struct
import sys

CODES = {'U8': 'B', 'F32': 'f', 'U64': 'Q', 'I64': 'q'}


def main():
    with open(sys.argv[1], 'rb') as file:
        whole = file.read()
    (length,) = struct.unpack_from('<Q', whole)
    header = json.loads(whole[8:8 + length].decode())
    metadata = header.pop('__metadata__')
    at = 0
    for name, tensor in header.items():
        begin, end = tensor['data_offsets']
        assert begin == at, f'{name} begins at {begin}'
        at = end
        code = CODES[tensor['dtype']]
        offset = 8 + length + begin
        numbers = struct.unpack(f'<{(end - begin) // struct.calcsize(code)}{code}',
                                whole[offset:offset + end - begin])
        print(name, tensor['dtype'], tensor['shape'], offset % struct.calcsize(code), list(numbers))
    assert 8 + length + at == len(whole)

    digits = metadata.pop('raqam.sha256')
    blank = whole.replace(digits.encode(), b'0' * 64)
    print(metadata)
    print('holds' if hashlib.sha256(blank).hexdigest() == digits else 'does not hold')


if __name__ == '__main__':
    main()
