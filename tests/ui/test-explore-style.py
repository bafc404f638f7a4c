#!/usr/bin/python3
"""test-explore-style.py — seeds and latent numbers in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-explore-style.py RAQAM RAQAM_CLI SCHEMA_FOLDER LOCALE_FOLDER OUTPUT_FOLDER

Explores a small model of its own making. Skipped without python3-gi, xdotool or
ImageMagick.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

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
from driver import BORDER, Window, box, save_picture, wait, walk  # noqa: E402
from philox import latents  # noqa: E402
from tiny_run import make_run  # noqa: E402

LATENT = 8
MOST = 2 ** 64 - 1


def xdotool(*words):
    subprocess.run(['xdotool', *map(str, words)], check=True)


def near(a, b, tolerance=2e-3):
    return all(abs(x - y) <= tolerance for x, y in zip(a, b, strict=True))


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, home):
        home = pathlib.Path(home)
        run = make_run(CLI, home)
        self.checkpoint = max((run / 'checkpoints').iterdir())
        self.environment = {'XDG_DATA_HOME': str(home), 'XDG_CACHE_HOME': f'{home}/cache',
                            'HODA_DIR': f'{home}/none', 'RAQAM_LOCALE_DIR': LOCALES,
                            'GSETTINGS_SCHEMA_DIR': SCHEMAS}
        self.window = None

    def open(self, **environment):
        self.window = Window([RAQAM, str(self.checkpoint)], {**self.environment, **environment})

    def numbers(self):
        """In one walk: a busy machine takes seconds for each."""
        def all_of_them():
            found = {n.get_name(): n for n in walk(self.window.root)
                     if n.get_role_name() == 'slider'}
            return [found[f'Latent number {i}'] for i in range(1, LATENT + 1)]
        return wait(all_of_them, 'the latent numbers')

    def vector(self):
        return [node.get_current_value() for node in self.numbers()]

    def seed(self):
        return self.window.get('text', 'Seed')

    def seed_text(self):
        seed = self.seed()
        return seed.get_text(0, seed.get_character_count())

    def write_seed(self, text):
        def written():  # a busy display loses keys, most of all those of another keyboard
            self.window.click(self.seed())
            self.window.key('ctrl+a')
            xdotool('type', '--delay', 60, text)
            time.sleep(0.5)
            return self.seed_text() == text
        wait(written, f'{text} in the field', 40)
        self.window.key('Return')

    def opens_with_a_seed(self):
        """The first picture's seed is told, and is what it was drawn from."""
        self.open()
        self.window.show_page('Numbers')
        seed = int(wait(self.seed_text, 'a seed'))
        wait(lambda: near(self.vector(), latents(0, LATENT, seed)), 'the vector of the seed')

    def goes_to_a_seed(self):
        """As typed, in either digits, to the last of the 64 bits."""
        for text, seed in (('71404', 71404), ('۱۴۰۴', 1404), (str(MOST), MOST)):
            self.write_seed(text)
            wait(lambda: near(self.vector(), latents(0, LATENT, seed)), f'the vector of {text}')
        assert self.window.look('image', 'Generated digit ۰'), 'a digit was picked by a seed'

    def refuses_what_is_no_seed(self):
        before = self.vector()
        self.write_seed(str(MOST + 1))
        time.sleep(1)
        assert near(self.vector(), before), 'it went somewhere'
        assert self.seed_text() == str(MOST + 1), 'what was typed is gone'
        self.write_seed('1404')
        wait(lambda: near(self.vector(), latents(0, LATENT, 1404)), 'the vector of a seed')

    def surprises(self):
        self.window.press('push button', 'Surprise Me')
        wait(lambda: self.seed_text() != '1404', 'another seed')
        wait(lambda: near(self.vector(), latents(0, LATENT, int(self.seed_text()))), 'its vector')
        self.window.press('push button', 'Undo')
        wait(lambda: self.seed_text() == '1404', 'the seed before')
        assert near(self.vector(), latents(0, LATENT, 1404))

    def draws_bars(self):
        """One quick stroke sets every bar that it passes, and is undone at once."""
        before = self.vector()
        nodes = self.numbers()
        places = [box(node) for node in nodes]

        def point(bar, share):
            place = places[bar]
            return (place.x + BORDER + place.width // 2,
                    place.y + BORDER + round(place.height * (1 - share)))
        xdotool('mousemove', *point(1, 0.25), 'mousedown', 1)
        xdotool('mousemove', *point(6, 0.75))
        xdotool('mouseup', 1)
        want = [before[0], -1.5, -0.9, -0.3, 0.3, 0.9, 1.5, before[7]]
        wait(lambda: near(self.vector(), want, 0.1), f'{want}, not {self.vector()}')
        time.sleep(1.2)
        self.window.press('push button', 'Undo')
        wait(lambda: near(self.vector(), before), 'the vector before')

    def changes_numbers_by_keys(self):
        window = self.window
        before = self.vector()
        place = box(self.numbers()[2])
        xdotool('mousemove', place.x + BORDER + place.width // 2,
                place.y + BORDER + place.height // 2, 'click', '1')
        wait(lambda: abs(self.vector()[2]) < 0.05, 'what was clicked')
        for key in ('Right', 'Delete', 'Up', 'Up', 'Page_Down', 'End', 'BackSpace', 'Page_Up'):
            window.key(key)
        want = [*before[:2], self.vector()[2], -0.3, *before[4:7], 0.5]
        wait(lambda: near(self.vector(), want, 1e-3), f'{want}, not {self.vector()}')
        spin = window.get('spin button', 'Value of: Latent number 8')
        assert abs(spin.get_current_value() - 0.5) < 1e-6, spin.get_current_value()
        spin.set_current_value(1.25)
        wait(lambda: abs(self.vector()[7] - 1.25) < 1e-6, 'the number that was written')
        below = max((n for n in window.nodes() if n.get_name() == 'All to Zero'
                     and n.get_role_name() == 'push button'), key=lambda n: box(n).y)
        window.click(below)  # the tab before has another of that name
        wait(lambda: near(self.vector(), [0] * LATENT, 1e-6), 'nothing but zeros')

    STEPS = (opens_with_a_seed, goes_to_a_seed, refuses_what_is_no_seed, surprises, draws_bars,
             changes_numbers_by_keys)


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
                    save_picture(f'{OUTPUT}/explore-style-failed.png')
                    print(f'not ok {number} /explore-style/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /explore-style/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
