#!/usr/bin/python3
"""test-window.py — the main job from end to end, in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-window.py BUILD_FOLDER

Trains the fast recipe on the real Hoda digits in a data folder of its own, explores
it, pauses, stops, comes back and resumes. Leaves pictures of both pages in
tests/pictures of the build folder. Skipped without Hoda ($HODA_DIR), python3-gi, xdotool
or ImageMagick.
"""

import os
import pathlib
import re
import sys
import time

import driver
from driver import brightness, persian, picture, unnamed, wait
from story import Story, save_picture, skip, tell

HODA = os.environ.get('HODA_DIR', '')
if not pathlib.Path(HODA, 'Train 60000.cdb').is_file():
    skip('HODA_DIR names no folder with "Train 60000.cdb"')


def chart(window):
    return window.get('image', 'Loss').description()


def epoch(description):
    found = re.search(r'epoch ([0-9.]+)', description)
    return float(found.group(1)) if found else 0.0


class WindowStory(Story):
    def begin(self):
        self.environment['HODA_DIR'] = HODA

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
        wait(lambda: epoch(grid.description()) >= 0 and grid.description() != '',
             'the first samples', 60)
        said, shown = grid.description(), picture(grid)
        wait(lambda: grid.description() != said and picture(grid) != shown,
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
        slider.set_value(3.0 if slider.value() < 0 else -3.0)
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
        window.close()
        runs = self.home / 'raqam' / 'runs'
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
        save_picture('train')
        window.show_page('Explore')

        window.press_until('push button', '۴',
                           lambda: window.look('image', 'Generated digit ۴'))
        time.sleep(1)
        save_picture('explore-followed')
        window.show_page('Train')

    def closes_while_training(self):
        self.window.close()

    def is_mirrored_in_persian(self):
        self.open(**persian())
        window = self.window
        window.key('ctrl+r')
        wait(lambda: window.look('image', '.+') and len(window.all()) > 60, 'a run', 60)
        time.sleep(8)
        save_picture('train-fa')
        spin = window.get('spin button', '.*')
        assert spin.box().x > driver.WIDTH / 2, 'the fields are not at the right'
        window.key('alt+2')
        time.sleep(2)
        save_picture('explore-followed-fa')
        window.close()

    def is_dark_in_the_dark(self):
        self.open(ADW_DEBUG_COLOR_SCHEME='prefer-dark')
        window = self.window
        window.press('push button', 'Resume run .*')
        wait(lambda: epoch(chart(window)) > self.stopped_at, 'the resumed curve', 60)
        time.sleep(3)
        save_picture('train-dark')
        assert brightness(picture(window.get('image', 'Loss'))) < 100, 'a chart is bright'
        window.press('push button', 'Stop')
        window.get('push button', 'Start')
        window.close()

    def says_what_is_wrong_with_data(self):
        damaged = self.home / 'damaged.cdb'
        damaged.write_bytes(b'no digits' * 200)
        self.open(damaged)
        window = self.window
        window.get('push button', 'Resume run .*')  # what is found does not replace what is given
        window.get('push button', 'Train on the Chosen Data')
        window.press('push button', 'Start')
        window.get('label', r'(?s)The training ended: .*damaged\.cdb.*', 40)
        assert window.look('push button', 'Start'), 'it cannot be started again'
        window.close()

    STEPS = (opens_with_an_offer_to_train, names_every_widget, starts_and_moves_the_curve,
             refreshes_the_grid, names_every_widget_of_a_run, explores_while_training,
             draws_another_digit_by_a_key, pauses_and_continues, stops_and_closes,
             comes_back_and_resumes, shows_both_pages, closes_while_training,
             is_mirrored_in_persian, is_dark_in_the_dark, says_what_is_wrong_with_data)


if __name__ == '__main__':
    sys.exit(tell('window', WindowStory))
