#!/usr/bin/python3
"""test-directions.py — the sliders of the directions in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-directions.py RAQAM RAQAM_CLI SCHEMA_FOLDER LOCALE_FOLDER OUTPUT_FOLDER

Explores a small model of its own making, whose latent vector has 8 numbers, and so
8 directions. Skipped without python3-gi, xdotool or ImageMagick.
"""

import json
import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

RAQAM, CLI, SCHEMAS, LOCALES, OUTPUT = sys.argv[1:6]


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


for tool in ('xdotool', 'import'):
    if shutil.which(tool) is None:
        skip(f'{tool} is not installed')
try:
    import driver
except (ImportError, ValueError) as missing:
    skip(f'GObject introspection for Python is missing: {missing}')
from driver import Window, box, persian, picture, save_picture, seen, wait  # noqa: E402
from tiny_run import make_run  # noqa: E402

LATENT = 8
NAME = 'Direction .|Slant|Stroke width|Height|Width|Roundness|Ink'


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        run = make_run(CLI, self.home)
        self.checkpoint = max((run / 'checkpoints').iterdir())
        self.environment = {'XDG_DATA_HOME': str(home), 'XDG_CACHE_HOME': f'{home}/cache',
                            'HODA_DIR': f'{home}/none', 'RAQAM_LOCALE_DIR': LOCALES,
                            'GSETTINGS_SCHEMA_DIR': SCHEMAS}
        self.window = None

    def open(self, **environment):
        self.window = Window([RAQAM, str(self.checkpoint)], {**self.environment, **environment})

    def sliders(self, name=NAME):
        return [n for n in self.window.nodes()
                if n.get_role_name() == 'slider' and re.fullmatch(name, n.get_name() or '') and seen(n)]

    def all_sliders(self, count=LATENT):
        def there():
            found = self.sliders()
            return found if len(found) == count else None
        return wait(there, f'{count} directions', 60)

    def value(self, name):
        found = self.sliders(name)
        return found[0].get_value_iface().get_current_value() if found else math.nan

    def becomes(self, name, value):
        wait(lambda: abs(self.value(name) - value) < 2e-3, f'{name} at {value}')

    def menu(self, name):
        node = next(n for n in self.window.nodes()
                    if n.get_name() == f'Name and keep: {name}' and seen(n))
        self.window.click(node)
        self.window.get('text', 'Name of the direction')

    def book(self):
        return json.loads((self.home / 'raqam' / 'directions.json').read_text())['directions']

    def finds_them(self):
        self.open()
        names = [n.get_name() for n in self.all_sliders()]
        assert len(set(names)) == LATENT, names
        self.first = names[0]
        for name in names:
            self.window.get('push button', f'{name} at -3')
            self.window.get('push button', f'{name} at 3')
        save_picture(f'{OUTPUT}/directions.png')

    def goes_by_keys(self):
        self.window.click(self.sliders(self.first)[0])
        self.window.key('Delete')
        self.becomes(self.first, 0)
        before = picture()
        for _ in range(10):
            self.window.key('Right')
        self.becomes(self.first, 1)
        wait(lambda: picture() != before, 'other pictures')

    def goes_to_an_end(self):
        others = {n.get_name(): self.value(n.get_name()) for n in self.sliders()[1:]}
        self.window.press('push button', f'{self.first} at 3')
        self.becomes(self.first, 3)
        for name, value in others.items():
            assert abs(self.value(name) - value) < 2e-3, name

    def all_to_zero(self):
        self.window.press('push button', '.*All to Zero')
        for node in self.sliders():
            self.becomes(node.get_name(), 0)
        self.window.key('ctrl+z')
        self.becomes(self.first, 3)

    def renames(self):
        self.menu(self.first)
        self.window.key('ctrl+a')
        subprocess.run(['xdotool', 'type', 'Tilt'], check=True)
        self.window.key('Return')
        self.becomes('Tilt', 3)
        assert [n['name'] for n in self.book()] == ['Tilt'], self.book()
        assert len(self.book()[0]['vector']) == LATENT and self.book()[0]['digit'] == 0
        self.menu('Tilt')
        self.window.press('push button', '.*Reset Name')
        self.becomes(self.first, 3)
        assert self.book() == []

    def keeps(self):
        self.menu(self.first)
        self.window.press('push button', '.*Keep for Every Digit')
        wait(lambda: len(self.book()) == 1, 'the file')
        assert 'digit' not in self.book()[0]
        self.all_sliders(LATENT)
        self.window.key('4')
        self.all_sliders(LATENT + 1)

    def remembers(self):
        assert self.window.close() == 0
        self.open()
        self.all_sliders(LATENT)
        self.window.key('4')
        kept = self.all_sliders(LATENT + 1)[0].get_name()
        assert kept == self.first, kept
        self.menu(self.first)
        self.window.press('push button', '.*Keep No Longer')
        self.all_sliders(LATENT)
        assert self.book() == []
        assert self.window.close() == 0

    def is_mirrored_in_persian(self):
        self.open(**persian())

        def ends():
            rows = [n for n in self.window.nodes() if n.get_role_name() == 'push button'
                    and re.search('[3۳]$', n.get_name() or '') and seen(n) and 40 < box(n).width < 70]
            return rows[:2] if len(rows) >= 2 * LATENT else None
        low, high = wait(ends, 'the pictures at both ends', 60)
        assert box(low).x > box(high).x, (box(low).x, box(high).x)
        save_picture(f'{OUTPUT}/directions-fa.png')
        assert self.window.close() == 0

    STEPS = (finds_them, goes_by_keys, goes_to_an_end, all_to_zero, renames, keeps, remembers,
             is_mirrored_in_persian)


def main():
    pathlib.Path(OUTPUT).mkdir(parents=True, exist_ok=True)
    print(f'1..{len(Story.STEPS)}', flush=True)
    with tempfile.TemporaryDirectory() as home:
        story = Story(home)
        try:
            for number, step in enumerate(Story.STEPS, 1):
                try:
                    step(story)
                except Exception as error:
                    save_picture(f'{OUTPUT}/directions-failed.png')
                    print(f'not ok {number} /directions/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /directions/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
