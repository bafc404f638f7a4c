#!/usr/bin/python3
"""test-directions.py — the sliders of the directions in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-directions.py BUILD_FOLDER

Explores a small model of its own making, whose latent vector has 8 numbers, and so
8 directions. Skipped without python3-gi, xdotool or ImageMagick.
"""

import json
import math
import subprocess
import sys

from driver import persian, picture, wait
from story import CLI, Story, save_picture, tell
from tiny_run import make_run

LATENT = 8
NAME = 'Direction .|Slant|Stroke width|Height|Width|Roundness|Ink'


class DirectionsStory(Story):
    def begin(self):
        run = make_run(CLI, self.home)
        self.checkpoint = max((run / 'checkpoints').iterdir())

    def sliders(self, name=NAME):
        return self.window.all('slider', name)

    def all_sliders(self, count=LATENT):
        def there():
            found = self.sliders()
            return found if len(found) == count else None
        return wait(there, f'{count} directions', 60)

    def value(self, name):
        found = self.sliders(name)
        return found[0].value() if found else math.nan

    def becomes(self, name, value):
        wait(lambda: abs(self.value(name) - value) < 2e-3, f'{name} at {value}')

    def menu(self, name):
        """A click while another popover is still open only closes that one."""
        window = self.window
        wait(lambda: not window.look('text', 'Name of the direction'), 'no popover')

        def opens():
            window.click(next(iter(window.all(None, f'Name and keep: {name}'))))
            return window.get('text', 'Name of the direction', 3)
        wait(opens, 'the popover')

    def book(self):
        return json.loads((self.home / 'raqam' / 'directions.json').read_text())['directions']

    def finds_them(self):
        self.open(self.checkpoint)
        names = [n.name for n in self.all_sliders()]
        assert len(set(names)) == LATENT, names
        self.first = names[0]
        for name in names:
            self.window.get('push button', f'{name} at .?−3')
            self.window.get('push button', f'{name} at .?3')
        save_picture('directions')

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
        self.window.press('push button', f'{self.first} at .?−3')
        self.becomes(self.first, -3)
        self.window.get('label', '\u200e−3.0')
        others = {n.name: self.value(n.name) for n in self.sliders()[1:]}
        self.window.press('push button', f'{self.first} at .?3')
        self.becomes(self.first, 3)
        for name, value in others.items():
            assert abs(self.value(name) - value) < 2e-3, name

    def all_to_zero(self):
        self.window.press('push button', '.*All to Zero')
        for node in self.sliders():
            self.becomes(node.name, 0)
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
        self.window.close()
        self.open(self.checkpoint)
        self.all_sliders(LATENT)
        self.window.key('4')
        kept = self.all_sliders(LATENT + 1)[0].name
        assert kept == self.first, kept
        self.menu(self.first)
        self.window.press('push button', '.*Keep No Longer')
        self.all_sliders(LATENT)
        assert self.book() == []
        self.window.close()

    def is_mirrored_in_persian(self):
        self.open(self.checkpoint, **persian())

        def ends():
            rows = [n for n in self.window.all('push button', '.*[3۳]') if 40 < n.box().width < 70]
            return rows[:2] if len(rows) >= 2 * LATENT else None
        low, high = wait(ends, 'the pictures at both ends', 60)
        assert low.box().x > high.box().x, (low.box().x, high.box().x)
        numbers = self.window.all('label', '\u200e−?[۰-۹]٫[۰-۹]')
        assert len(numbers) == LATENT, [n.name for n in numbers]
        save_picture('directions-fa')
        self.window.close()

    STEPS = (finds_them, goes_by_keys, goes_to_an_end, all_to_zero, renames, keeps, remembers,
             is_mirrored_in_persian)


if __name__ == '__main__':
    sys.exit(tell('directions', DirectionsStory))
