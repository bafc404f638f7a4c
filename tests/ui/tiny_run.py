"""tiny_run.py — a run of a small recipe on small data, made within seconds.

SPDX-License-Identifier: MIT
"""

import json
import os
import struct
import subprocess

RECIPE = {
    'name': 'tiny', 'latent': 8, 'batch': 20, 'epochs': 3, 'ema_decay': 0.9, 'calibration': 50,
    'optimizer': {'generator_rate': 2e-3, 'discriminator_rate': 2e-3, 'epsilon': 1e-8},
    'generator': [
        {'layer': 'dense', 'side': 7, 'filters': 8, 'norm': 'class', 'activation': 'relu'},
        {'layer': 'transposed_conv', 'filters': 8, 'kernel': 4, 'stride': 2, 'norm': 'class',
         'activation': 'relu'},
        {'layer': 'transposed_conv', 'filters': 1, 'kernel': 4, 'stride': 2,
         'activation': 'sigmoid'}],
    'discriminator': [
        {'layer': 'conv', 'filters': 8, 'kernel': 4, 'stride': 2, 'spectral': True,
         'activation': 'leaky_relu'},
        {'layer': 'conv', 'filters': 8, 'kernel': 4, 'stride': 2, 'dropout': 0.2,
         'activation': 'leaky_relu'},
        {'layer': 'head', 'labels': 'projection'}],
}


def write_cdb(path, n, first):
    """Hoda's format, binary, 28 × 28: a bar whose place says the label, its length the image."""
    records = []
    for i in range(first, first + n):
        label = i % 10
        body = b''
        for row in range(28):
            ink = 6 + i // 10 % 17 if row // 3 == label or row % 28 == i // 10 % 7 else 0
            body += bytes([2, ink, 26 - ink]) if ink else bytes([28])
        records.append(struct.pack('<BBH', 0xff, label, len(body)) + body)
    header = struct.pack('<HBBBBI128IB', 2026, 1, 1, 28, 28, n, *[n // 10] * 10, *[0] * 118, 0)
    path.write_bytes(header.ljust(1024, b'\0') + b''.join(records))


def train(cli, home, name, *arguments, **changes):
    """A run of that name below @home as XDG_DATA_HOME, of the recipe with @changes."""
    recipe = home / f'{name}.json'
    recipe.write_text(json.dumps({**RECIPE, 'name': name, **changes}))
    run = home / 'raqam' / 'runs' / name
    run.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([cli, 'train', '--data', str(home / 'Train.cdb'), '--recipe', str(recipe),
                    '--run', str(run), *arguments], check=True, capture_output=True,
                   env={**os.environ, 'XDG_DATA_HOME': str(home)})
    return run


def begin_run(cli, home, name, epochs):
    """Train.cdb and a run on it that was stopped after a moment."""
    write_cdb(home / 'Train.cdb', 3000, 0)
    return train(cli, home, name, '--minutes', '0.05', '--threads', '1', epochs=epochs)


def make_run(cli, home):
    """Train.cdb, Test.cdb and a run on the first."""
    write_cdb(home / 'Train.cdb', 3000, 0)
    write_cdb(home / 'Test.cdb', 600, 3000)
    return train(cli, home, 'tiny')
