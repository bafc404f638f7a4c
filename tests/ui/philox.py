"""philox.py — the latent vectors of a seed, computed apart from the engine.

SPDX-License-Identifier: MIT
"""

import math


def philox(counter, key):
    """Philox 4x32-10 (Salmon et al., SC 2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        low0, high0 = 0xD2511F53 * c[0] & 0xffffffff, 0xD2511F53 * c[0] >> 32
        low1, high1 = 0xCD9E8D57 * c[2] & 0xffffffff, 0xCD9E8D57 * c[2] >> 32
        c = [high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0]
        k = [(k[0] + 0x9E3779B9) & 0xffffffff, (k[1] + 0xBB67AE85) & 0xffffffff]
    return c


def latents(number, length, seed=1):
    """Latent vector @number of @seed, after src/engine/philox.h's own words."""
    values = []
    for block in range(length // 4):
        words = philox((number * (length // 4) + block, 200, 0, 0), (seed & 0xffffffff, seed >> 32))
        uniform = [((word >> 9) + 0.5) / 8388608 for word in words]
        for pair in (0, 2):
            radius = math.sqrt(-2 * math.log(uniform[pair]))
            angle = 2 * math.pi * uniform[pair + 1]
            values += [radius * math.cos(angle), radius * math.sin(angle)]
    return values
