#!/usr/bin/python3
"""test-explore-style.py — seeds and latent numbers in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-explore-style.py BUILD_FOLDER

Explores a small model of its own making. Skipped without python3-gi, xdotool or
ImageMagick.
"""

import subprocess
import sys
import time

from driver import BORDER, wait
from philox import latents
from story import CLI, Story, tell
from tiny_run import make_run

LATENT = 8
MOST = 2 ** 64 - 1


def xdotool(*words):
    subprocess.run(['xdotool', *map(str, words)], check=True)


def near(a, b, tolerance=2e-3):
    return all(abs(x - y) <= tolerance for x, y in zip(a, b, strict=True))


class ExploreStyleStory(Story):
    def begin(self):
        run = make_run(CLI, self.home)
        self.checkpoint = max((run / 'checkpoints').iterdir())

    def numbers(self):
        def all_of_them():
            found = self.window.all('slider', r'Latent number \d')
            return found if len(found) == LATENT else None
        return wait(all_of_them, 'the latent numbers')

    def vector(self):
        return [node.value() for node in self.numbers()]

    def seed(self):
        return self.window.get('text', 'Seed')

    def seed_text(self):
        return self.seed().text()

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
        self.open(self.checkpoint)
        self.window.show_page('Numbers')
        seed = int(wait(self.seed_text, 'a seed'))
        wait(lambda: near(self.vector(), latents(0, LATENT, seed)), 'the vector of the seed')

    def goes_to_a_seed(self):
        """As typed, in either digits, to the last of the 64 bits."""
        for text, seed in (('71404', 71404), ('۱۴۰۴', 1404), (str(MOST), MOST)):
            self.write_seed(text)
            wait(lambda: near(self.vector(), latents(0, LATENT, seed)), f'the vector of {text}')
        assert self.window.look('image', 'Generated digit ۰'), 'a digit was picked by a seed'

    def undoes_in_the_field(self):
        """After Enter the style, and what is only written as text."""
        window = self.window
        self.write_seed('11')
        wait(lambda: near(self.vector(), latents(0, LATENT, 11)), 'the vector of 11')
        self.write_seed('22')
        wait(lambda: near(self.vector(), latents(0, LATENT, 22)), 'the vector of 22')
        window.key('ctrl+z')
        wait(lambda: near(self.vector(), latents(0, LATENT, 11)), 'the vector of 11 again')
        assert self.seed_text() == '11', self.seed_text()
        window.key('ctrl+shift+z')
        wait(lambda: near(self.vector(), latents(0, LATENT, 22)), 'the vector of 22 again')
        xdotool('type', '--delay', 60, '3')
        wait(lambda: '3' in self.seed_text(), 'a letter more')
        window.key('ctrl+z')
        wait(lambda: '3' not in self.seed_text(), 'a letter less')
        assert near(self.vector(), latents(0, LATENT, 22)), 'the style was undone with the text'

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
        places = [node.box() for node in nodes]

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
        place = self.numbers()[2].box()
        xdotool('mousemove', place.x + BORDER + place.width // 2,
                place.y + BORDER + place.height // 2, 'click', '1')
        wait(lambda: abs(self.vector()[2]) < 0.05, 'what was clicked')
        for key in ('Right', 'Delete', 'Up', 'Up', 'Page_Down', 'End', 'BackSpace', 'Page_Up'):
            window.key(key)
        want = [*before[:2], self.vector()[2], -0.3, *before[4:7], 0.5]
        wait(lambda: near(self.vector(), want, 1e-3), f'{want}, not {self.vector()}')
        spin = window.get('spin button', 'Value of: Latent number 8')
        assert abs(spin.value() - 0.5) < 1e-6, spin.value()
        spin.set_value(1.25)
        wait(lambda: abs(self.vector()[7] - 1.25) < 1e-6, 'the number that was written')
        window.click(window.get('push button', 'All to Zero'))
        wait(lambda: near(self.vector(), [0] * LATENT, 1e-6), 'nothing but zeros')

    STEPS = (opens_with_a_seed, goes_to_a_seed, undoes_in_the_field, refuses_what_is_no_seed,
             surprises, draws_bars, changes_numbers_by_keys)


if __name__ == '__main__':
    sys.exit(tell('explore-style', ExploreStyleStory))
