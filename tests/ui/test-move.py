#!/usr/bin/python3
"""test-move.py — blends, morphs and walks in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-move.py RAQAM RAQAM_CLI SCHEMA_FOLDER LOCALE_FOLDER OUTPUT_FOLDER

Makes a small run on a small data set of its own making, and moves about in it. Leaves
pictures in OUTPUT_FOLDER. Skipped without python3-gi, xdotool or ImageMagick.
"""

import pathlib
import re
import shutil
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
from driver import Window, save_picture, unnamed, wait, walk  # noqa: E402
from tiny_run import make_run  # noqa: E402

STRIP = 'Pictures from one end of the blend to the other'
PLACE = 'Place on the way from one end to the other'


def count_frames(gif):
    """By the format itself: every frame has one graphic control extension."""
    return gif.count(b'\x21\xf9\x04')


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.run = make_run(CLI, self.home)
        self.environment = {'XDG_DATA_HOME': home, 'XDG_CACHE_HOME': f'{home}/cache', 'HOME': home,
                            'HODA_DIR': f'{home}/none', 'RAQAM_LOCALE_DIR': LOCALES,
                            'GSETTINGS_SCHEMA_DIR': SCHEMAS}
        self.window = None

    def image(self, digit='.'):
        return self.window.get('image', f'Generated digit {digit}')

    def place(self):
        return round(self.window.get('slider', PLACE).get_current_value(), 2)

    def at(self, place):
        wait(lambda: self.place() == place, f'{place} of the way; it is {self.place()}', 10)

    def can(self, name):
        button = self.window.get('push button', name)
        return button.get_state_set().contains(driver.Atspi.StateType.SENSITIVE)

    def undo(self):
        self.window.press('push button', 'Undo')

    def shows_the_way(self):
        self.window = Window([RAQAM, str(self.run)], self.environment)
        self.window.show_page('Explore')
        self.image('۰')
        self.window.show_page('Blend')
        self.at(0)
        assert not unnamed(self.window), unnamed(self.window)
        save_picture(f'{OUTPUT}/move-blend.png')

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
        while self.can('Undo'):
            self.undo()
            time.sleep(0.5)
        self.at(0)
        self.image('۰')

    def goes_along_it_by_the_slider(self):
        self.window.get('slider', PLACE).set_current_value(0.75)
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

    def plays_back_and_forth(self):
        self.window.press('push button', 'Play back and forth')
        seen = set()
        wait(lambda: seen.add(self.place()) or len(seen) > 4, 'five places on the way')
        self.window.press('push button', 'Play back and forth')
        time.sleep(1)
        place = self.place()
        time.sleep(1)
        assert self.place() == place

    def saves_a_morph(self):
        """Two legs of two seconds, of 25 frames each."""
        window = self.window
        assert not self.can(r'Save as GIF…')
        window.press('push button', 'Add This')
        assert not self.can(r'Save as GIF…')
        window.key('r')
        window.press('push button', 'Add This')
        window.get('push button', r'Picture 2, .: remove.*')
        save_picture(f'{OUTPUT}/move-morph.png')
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
        return [round(node.get_current_value(), 2) for node in walk(self.window.root)
                if re.fullmatch(r'Latent number \d+', node.get_name() or '')
                and node.get_role_name() == 'slider']

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
             follows_another_digit, plays_back_and_forth, saves_a_morph, walks_by_itself,
             walks_on_from_another_digit)


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
                    save_picture(f'{OUTPUT}/move-failed.png')
                    print(f'not ok {number} /move/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /move/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
