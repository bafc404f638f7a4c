#!/usr/bin/python3
"""test-move.py — blends, morphs and walks in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-move.py BUILD_FOLDER

Makes a small run on a small data set of its own making, and moves about in it. Leaves
pictures in tests/pictures of the build folder. Skipped without python3-gi, xdotool or
ImageMagick.
"""

import pathlib
import sys
import time

from driver import picture, unnamed, wait
from story import CLI, Story, save_picture, tell
from tiny_run import make_run

STRIP = 'Pictures from one end of the blend to the other'
PLACE = 'Place on the way from one end to the other'


def count_frames(gif):
    """By the format itself: every frame has one graphic control extension."""
    return gif.count(b'\x21\xf9\x04')


class MoveStory(Story):
    def begin(self):
        self.run = make_run(CLI, self.home)

    def image(self, digit='.'):
        return self.window.get('image', f'Generated digit {digit}')

    def place(self):
        return round(self.window.get('slider', PLACE).value(), 2)

    def at(self, place):
        wait(lambda: self.place() == place, f'{place} of the way; it is {self.place()}', 10)

    def undo(self):
        self.window.press('push button', 'Undo')

    def shows_the_way(self):
        self.open(self.run)
        self.window.show_page('Explore')
        self.image('۰')
        self.window.show_page('Blend')
        self.at(0)
        assert not unnamed(self.window), unnamed(self.window)
        save_picture('move-blend')

    def goes_along_it_by_keys(self):
        """Quick steps are undone together."""
        window = self.window
        window.click(window.get('slider', STRIP))
        self.at(0.5)
        for key, place in (('End', 1), ('Left', 0.99), ('Prior', 1), ('Next', 0.9)):
            window.key(key)
            self.at(place)
        self.image('۱')
        time.sleep(1.5)
        for key in ('Left', 'Left', 'Home', 'Right'):
            window.key(key)
        self.at(0.01)
        self.undo()
        self.at(0.9)
        while self.window.can('Undo'):
            self.undo()
            time.sleep(0.5)
        self.at(0)
        self.image('۰')

    def goes_along_it_by_the_slider(self):
        self.window.get('slider', PLACE).set_value(0.75)
        self.image('۱')
        self.at(0.75)
        self.window.press('push button', 'Swap the ends')
        self.window.get('combo box', 'Blend from')
        self.undo()
        self.image('۰')

    def follows_another_digit(self):
        self.window.key('3')
        self.image('۳')
        self.at(0)

    def says(self, digit, mixed):
        wait(lambda: self.image(digit).description() == mixed,
             f'{mixed!r}; it is {self.image(digit).description()!r}', 10)

    def begins_at_a_blend(self):
        """A held picture that mixes two digits is that picture, and leads evenly to one of them."""
        place = self.window.get('slider', PLACE)
        self.says('۳', '')
        place.set_value(0.4)
        self.says('۳', 'With 40 % of ۰')
        self.window.press('push button', 'From Here')
        self.at(0)
        held = picture(self.image('۳'))
        for to, digit, mixed in ((1, '۰', ''), (0.5, '۰', 'With 30 % of ۳'),
                                 (0, '۳', 'With 40 % of ۰')):
            place.set_value(to)
            self.says(digit, mixed)
        wait(lambda: picture(self.image('۳')) == held, 'the picture that was held', 10)
        time.sleep(1.2)
        self.window.key('3')
        self.says('۳', '')
        self.undo()
        self.says('۳', 'With 40 % of ۰')
        self.at(0)

    def plays_back_and_forth(self):
        self.window.press('push button', 'Play back and forth')
        seen = set()
        wait(lambda: seen.add(self.place()) or len(seen) > 4, 'five places on the way')
        self.window.press('push button', 'Play back and forth')

        def rests():
            place = self.place()
            time.sleep(1)
            return self.place() == place
        wait(rests, 'it to end')

    def saves_a_morph(self):
        """Two legs of two seconds, of 25 frames each."""
        window = self.window
        assert not self.window.can(r'Save as GIF…')
        window.press('push button', 'Add This')
        window.get('push button', r'Picture 1, .: remove.*')
        assert not self.window.can(r'Save as GIF…')
        window.key('r')
        window.press('push button', 'Add This')
        window.get('push button', r'Picture 2, .: remove.*')
        save_picture('move-morph')
        window.press('push button', r'Save as GIF…')
        window.get('push button', '(_Save )?Save')
        time.sleep(1)
        window.key('Return')
        gifs = wait(lambda: list(pathlib.Path('.').glob('morph.gif')) + list(self.home.glob('morph.gif')),
                    'the animation')
        window.get('label', 'Written: morph.gif')
        gif = gifs[0].read_bytes()
        gifs[0].unlink()
        assert gif.startswith(b'GIF89a') and b'NETSCAPE2.0' in gif
        assert count_frames(gif) == 100, count_frames(gif)

    def style(self):
        """The latent numbers, rounded as they are told."""
        return [round(node.value(), 2) for node in self.window.all('slider', r'Latent number \d+')]

    def rests(self):
        """The style, once it has not changed for a second; a walk never rests so long."""
        def same():
            before = self.style()
            time.sleep(1)
            return self.style() == before and before
        return wait(same, 'the style to rest', 20)

    def walks_by_itself(self):
        """It moves the style until it is told to stop, and is one step back."""
        window = self.window
        window.show_page('Numbers')
        before = self.rests()
        window.key('w')
        wait(lambda: self.style() != before, 'a step')
        middle = self.style()
        wait(lambda: self.style() != middle, 'another step')
        window.key('w')
        assert self.rests() != before
        self.undo()
        wait(lambda: self.style() == before, 'where it began', 10)

    def walks_on_from_another_digit(self):
        """Undo ends it."""
        window = self.window
        window.key('w')
        time.sleep(0.5)
        window.key('6')
        self.image('۶')
        before = self.style()
        wait(lambda: self.style() != before, 'a step')
        self.undo()
        self.rests()

    STEPS = (shows_the_way, goes_along_it_by_keys, goes_along_it_by_the_slider,
             follows_another_digit, begins_at_a_blend, plays_back_and_forth, saves_a_morph,
             walks_by_itself, walks_on_from_another_digit)


if __name__ == '__main__':
    sys.exit(tell('move', MoveStory))
