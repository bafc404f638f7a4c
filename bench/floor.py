#!/usr/bin/python3
"""floor.py — the least time that a training step can take on a device.

SPDX-License-Identifier: MIT

usage: bench/floor.py RECIPE.json TFLOP_S GB_S [BYTES]

Work and bytes of each product of a recipe's step, an image, with what algebra saves
(docs/performance.md): label planes are a table, a global maximum sends its gradient to
one place in a plane. Every product reads its inputs once and writes its output once;
all else rides on it. The floor is the sum over products of the larger of compute and
traffic. BYTES is the size of an activation: 2 for bf16, 4 (unless said) for TF32 and f32.
"""

import json
import pathlib
import sys

SIDE = 28


class Layer:
    """One product: multiply-adds, and elements that it reads and writes, an image."""

    def __init__(self, macs, n_in, n_out):
        self.macs, self.n_in, self.n_out = macs, n_in, n_out


def generator(recipe):
    side, channels, layers = 1, recipe['latent'], []
    for layer in recipe['generator']:
        kind, filters = layer['layer'], layer['filters']
        n_in = side * side * channels
        if kind == 'dense':
            side = layer['side']
            layers.append(Layer(n_in * side * side * filters, n_in, side * side * filters))
        elif kind == 'transposed_conv':
            macs = side * side * layer['kernel'] ** 2 * channels * filters
            side *= layer['stride']
            layers.append(Layer(macs, n_in, side * side * filters))
        else:
            side = -(-side // layer.get('stride', 1))
            layers.append(Layer(side * side * layer['kernel'] ** 2 * channels * filters, n_in,
                                side * side * filters))
        channels = filters
    return layers


def discriminator(recipe):
    """The convolutions, and whether a global maximum is behind the last."""
    side, channels, layers, pooled = SIDE, 1, [], False
    for layer in recipe['discriminator']:
        if layer['layer'] == 'head':
            pooled = layer.get('pool') == 'max'
            continue
        n_in, filters = side * side * channels, layer['filters']
        side = -(-side // layer['stride'])
        layers.append(Layer(side * side * layer['kernel'] ** 2 * channels * filters, n_in,
                            side * side * filters))
        channels = filters
    return layers, pooled, channels, side * side


def products(recipe):
    """(name, multiply-adds, elements, times a step) of every product, an image."""
    made = generator(recipe)
    judged, pooled, channels, places = discriminator(recipe)
    forwards = 1 if recipe.get('one_fake_batch') else 2
    for i, layer in enumerate(made):
        n_in = layer.n_in if i > 0 else 0
        yield f'G{i} forward', layer.macs, n_in + layer.n_out, forwards
        yield f'G{i} dW', layer.macs, n_in + layer.n_out, 1
        if i > 0:
            yield f'G{i} dX', layer.macs, layer.n_out + 2 * layer.n_in, 1
    for i, layer in enumerate(judged):
        last = pooled and i == len(judged) - 1
        n_out = 2 * channels if last else layer.n_out
        share = 1 / places if last else 1
        yield f'D{i} forward', layer.macs, layer.n_in + n_out, 3
        yield f'D{i} dW', layer.macs * share, layer.n_in + n_out, 2
        if i > 0:
            yield f'D{i} dX', layer.macs * share, n_out + 2 * layer.n_in, 3
        else:
            yield f'D{i} dX', layer.macs, n_out + layer.n_in, 1


def flop(recipe):
    """Floating-point operations of a step, an image."""
    return sum(2 * macs * times for _, macs, _, times in products(recipe))


def floor_seconds(recipe, flop_s, bytes_s, size):
    """Seconds of a step's floor, an image."""
    return sum(times * max(2 * macs / flop_s, elements * size / bytes_s)
               for _, macs, elements, times in products(recipe))


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__.split('\n\n')[2])
    recipe = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'))
    flop_s, bytes_s = float(sys.argv[2]) * 1e12, float(sys.argv[3]) * 1e9
    size = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    for name, macs, elements, times in products(recipe):
        print(f'{name:12s} × {times}  {2 * macs / 1e6:8.2f} MFLOP  {elements * size / 1e3:8.1f} kB')
    image = floor_seconds(recipe, flop_s, bytes_s, size)
    print(f'{flop(recipe) / 1e6:.1f} MFLOP an image; floor {image * 1e9:.0f} ns an image, '
          f'{image * recipe["batch"] * 1e3:.3f} ms a step of {recipe["batch"]}')


if __name__ == '__main__':
    main()
