"""cli_place.py — a folder with small data and a small recipe, and raqam-cli in it.

SPDX-License-Identifier: MIT

Of a test that is run with the path of raqam-cli as its first argument.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

from tiny_cdb import write_cdb

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
PATIENCE = 100  # seconds, for a machine that has other things to do

RECIPE = {
    'name': 'tiny', 'latent': 8, 'batch': 16, 'epochs': 3, 'ema_decay': 0.9, 'calibration': 50,
    'optimizer': {'generator_rate': 1e-3, 'discriminator_rate': 1e-3, 'epsilon': 1e-8},
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


class Skip(Exception):
    """A test that cannot be done here, and why."""


class Place:
    """A folder with data and recipes, and raqam-cli in it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / 'Tiny.cdb'
        write_cdb(self.data)
        self.recipe = self.write_recipe('tiny.json')
        self.environment = {
            'PATH': os.environ['PATH'], 'HOME': folder, 'XDG_DATA_HOME': str(self.folder / 'data'),
            'TERM': 'xterm', 'LC_ALL': 'C', 'G_DEBUG': 'fatal-warnings',
            **{k: v for k, v in os.environ.items() if k.endswith('SAN_OPTIONS')}}
        self.trained = None

    def write_recipe(self, name, **changes):
        path = self.folder / name
        path.write_text(json.dumps({**RECIPE, **changes}), encoding='utf-8')
        return path

    def start(self, *arguments, stderr=subprocess.PIPE):
        return subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder,
                                env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=stderr, text=True,
                                encoding='utf-8')

    def run(self, *arguments, expect=0):
        process = self.start(*arguments)
        stdout, stderr = finish(process)
        assert process.returncode == expect, (arguments, process.returncode, stdout, stderr)
        return stdout, stderr

    def train(self, run, *more, expect=0):
        return self.run('train', '--data', self.data, '--recipe', self.recipe, '--run', run,
                        '--threads', 1, *more, expect=expect)

    def model(self):
        """A run that has been trained, made once."""
        if self.trained is None:
            self.train('trained')
            self.trained = 'trained'
        return self.trained


def finish(process):
    """What it has written; it does not outlive our patience."""
    try:
        return process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise


def checkpoints(folder):
    return sorted((folder / 'checkpoints').glob('*.safetensors'))


def run_tests(functions, suite):
    """All that are called test_…, one after the other, in one place; speaks TAP.

    Returns: the exit status
    """
    tests = [(name[len('test_'):].replace('_', '-'), test) for name, test in functions.items()
             if name.startswith('test_')]
    failed = 0
    print(f'1..{len(tests)}', flush=True)
    with tempfile.TemporaryDirectory(prefix=f'raqam-{suite}-') as folder:
        place = Place(folder)
        for number, (name, test) in enumerate(tests, 1):
            try:
                test(place)
                print(f'ok {number} /{suite}/{name}', flush=True)
            except Skip as why:
                print(f'ok {number} /{suite}/{name} # SKIP {why}', flush=True)
            except Exception:
                failed += 1
                print(f'not ok {number} /{suite}/{name}')
                print('# ' + traceback.format_exc().replace('\n', '\n# '), flush=True)
    return 1 if failed else 0
