#!/usr/bin/python3
"""test-window.py — the main job from end to end, in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-window.py RAQAM LOCALE_FOLDER OUTPUT_FOLDER

Trains the fast recipe on the real Hoda digits in a data folder of its own, explores
it, pauses, stops, comes back and resumes. Leaves pictures of both pages in
OUTPUT_FOLDER. Skipped without Hoda ($HODA_DIR), python3-gi, xdotool or ImageMagick.
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

RAQAM, LOCALES, OUTPUT = sys.argv[1:4]


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


hoda = os.environ.get('HODA_DIR', '')
if not (pathlib.Path(hoda) / 'Train 60000.cdb').is_file():
    skip('HODA_DIR names no folder with "Train 60000.cdb"')
for tool in ('xdotool', 'import'):
    if shutil.which(tool) is None:
        skip(f'{tool} is not installed')
try:
    import driver
except (ImportError, ValueError) as error:
    skip(f'python3-gi or gir1.2-atspi-2.0 is missing: {error}')

from driver import (Window, box, brightness, persian, picture, save_picture,  # noqa: E402
                    unnamed, wait)

def chart(window):
    return window.get('image', 'Loss').get_description()


def epoch(description):
    found = re.search(r'epoch ([0-9.]+)', description)
    return float(found.group(1)) if found else 0.0


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, data_home):
        self.data_home = data_home
        self.environment = {'XDG_DATA_HOME': data_home, 'RAQAM_LOCALE_DIR': LOCALES}
        self.window = None

    def open(self, *arguments, **environment):
        self.window = Window([RAQAM, *arguments], {**self.environment, **environment})

    def opens_with_an_offer_to_train(self):
        self.open()
        self.window.get('push button', 'Train on the Hoda Digits')

    def names_every_widget(self):
        assert not unnamed(self.window), unnamed(self.window)

    def starts_and_moves_the_curve(self):
        self.window.press('push button', 'Train on the Hoda Digits')
        wait(lambda: epoch(chart(self.window)) > 0, 'the first points', 60)
        before = chart(self.window)
        wait(lambda: chart(self.window) != before, 'the curve to move')

    def refreshes_the_grid(self):
        grid = self.window.get('image', 'Generated samples')
        wait(lambda: epoch(grid.get_description()) >= 0 and grid.get_description() != '',
             'the first samples', 60)
        said, shown = grid.get_description(), picture(grid)
        wait(lambda: grid.get_description() != said and picture(grid) != shown,
             'the grid to change', 90)

    def names_every_widget_of_a_run(self):
        assert not unnamed(self.window), unnamed(self.window)

    def explores_while_training(self):
        window = self.window
        window.show_page('Explore')
        image = window.press_until('push button', '۴',
                                   lambda: window.look('image', 'Generated digit ۴'))
        assert not unnamed(window), unnamed(window)
        self.stays_while_it_follows(image)

        # Without the training's own changes only the slider can change the picture.
        window.click(window.get('check box', 'Follow the training'))

        def still():
            first = picture(image)
            time.sleep(1.5)
            return first if picture(image) == first else None
        before = wait(still, 'a picture that stands still', 20)
        slider = window.press_until('page tab', 'Numbers',
                                    lambda: window.look('slider', 'Latent number 1'))
        slider.set_current_value(3.0 if slider.get_current_value() < 0 else -3.0)
        wait(lambda: picture(image) != before, 'the picture to change', 5)

    def stays_while_it_follows(self, image):
        """Two new states of the model that trains change the picture, not the digit."""
        for _ in range(2):
            before = picture(image)
            wait(lambda: picture(image) != before, 'the picture to follow the training')
        assert self.window.look('image', 'Generated digit ۴'), 'it is another digit'

    def draws_another_digit_by_a_key(self):
        image = self.window.get('image', 'Generated digit ۴')
        before = picture(image)
        self.window.key('7')
        wait(lambda: picture(self.window.get('image', 'Generated digit ۷')) != before, 'a ۷', 5)

    def pauses_and_continues(self):
        window = self.window
        window.show_page('Train')
        window.press('push button', 'Pause')
        window.get('label', 'Paused in epoch .*')
        window.press('push button', 'Continue')
        window.get('push button', 'Pause')
        before = chart(window)
        wait(lambda: chart(window) != before, 'the curve to go on')

    def stops_and_closes(self):
        window = self.window
        window.press('push button', 'Stop')
        window.get('label', 'Stopped in epoch .*', 40)
        self.stopped_at = epoch(chart(window))
        status = window.close()
        assert status == 0, f'exit status {status}'
        runs = pathlib.Path(self.data_home, 'raqam', 'runs')
        assert list(runs.glob('*/checkpoints/*.safetensors')), 'no checkpoint was kept'

    def comes_back_and_resumes(self):
        self.open()
        window = self.window
        window.press('push button', r'Resume run .* \(epoch \d+ of \d+\)')
        wait(lambda: epoch(chart(window)) > self.stopped_at, 'the resumed curve to go on', 60)

    def shows_both_pages(self):
        """Not a test but the pictures: of a run that is a little older, if it is quick."""
        window = self.window
        end = time.monotonic() + 40
        while epoch(chart(window)) < 0.6 and time.monotonic() < end:
            time.sleep(0.5)
        save_picture(f'{OUTPUT}/train.png')
        window.show_page('Explore')

        window.press_until('push button', '۴',
                           lambda: window.look('image', 'Generated digit ۴'))
        time.sleep(1)
        save_picture(f'{OUTPUT}/explore.png')
        window.show_page('Train')

    def closes_while_training(self):
        status = self.window.close()
        assert status == 0, f'exit status {status}'

    def is_mirrored_in_persian(self):
        self.open(**persian())
        window = self.window
        window.key('ctrl+r')
        wait(lambda: window.look('image', '.+') and len(list(window.nodes())) > 60, 'a run', 60)
        time.sleep(8)
        save_picture(f'{OUTPUT}/train-fa.png')
        spin = next(n for n in driver.walk(window.root) if n.get_role_name() == 'spin button')
        assert box(spin).x > driver.WIDTH / 2, 'the fields are not at the right'
        window.key('alt+2')
        time.sleep(2)
        save_picture(f'{OUTPUT}/explore-fa.png')
        assert window.close() == 0

    def is_dark_in_the_dark(self):
        self.open(ADW_DEBUG_COLOR_SCHEME='prefer-dark')
        window = self.window
        window.press('push button', 'Resume run .*')
        wait(lambda: epoch(chart(window)) > self.stopped_at, 'the resumed curve', 60)
        time.sleep(3)
        save_picture(f'{OUTPUT}/train-dark.png')
        assert brightness(picture(window.get('image', 'Loss'))) < 100, 'a chart is bright'
        window.press('push button', 'Stop')
        window.get('push button', 'Start')
        assert window.close() == 0

    def says_what_is_wrong_with_data(self):
        damaged = pathlib.Path(self.data_home, 'damaged.cdb')
        damaged.write_bytes(b'no digits' * 200)
        self.open(str(damaged))
        window = self.window
        window.get('push button', 'Resume run .*')  # what is found does not replace what is given
        window.get('push button', 'Train on the Chosen Data')
        window.press('push button', 'Start')
        window.get('label', r'(?s)The training ended: .*damaged\.cdb.*', 40)
        assert window.look('push button', 'Start'), 'it cannot be started again'
        assert window.close() == 0

    STEPS = (opens_with_an_offer_to_train, names_every_widget, starts_and_moves_the_curve,
             refreshes_the_grid, names_every_widget_of_a_run, explores_while_training,
             draws_another_digit_by_a_key, pauses_and_continues, stops_and_closes,
             comes_back_and_resumes, shows_both_pages, closes_while_training,
             is_mirrored_in_persian, is_dark_in_the_dark, says_what_is_wrong_with_data)


def main():
    pathlib.Path(OUTPUT).mkdir(parents=True, exist_ok=True)
    print(f'1..{len(Story.STEPS)}', flush=True)
    with tempfile.TemporaryDirectory() as data_home:
        story = Story(data_home)
        try:
            for number, step in enumerate(Story.STEPS, 1):
                try:
                    step(story)
                except Exception as error:
                    save_picture(f'{OUTPUT}/failed.png')
                    print(f'not ok {number} /window/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /window/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
