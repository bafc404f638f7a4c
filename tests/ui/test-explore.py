#!/usr/bin/python3
"""test-explore.py — exploring models in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-explore.py BUILD_FOLDER

Makes small runs on a small data set of its own making, and explores them. Leaves
pictures of the page in tests/pictures of the build folder. Skipped without python3-gi,
xdotool or ImageMagick.
"""

import shutil
import sys
import time

import driver
from driver import BORDER, brightness, drop, persian, picture, unnamed, wait
from story import CLI, Story, save_picture, tell
from tiny_run import make_run, train

TABS = {'Style': 'RaqamExploreDirections', 'Numbers': 'RaqamExploreNumbers',
        'Blend': 'RaqamExploreBlend', 'Variations': 'RaqamExploreVariations',
        'Draw': 'RaqamExploreDraw', 'Kept': 'RaqamExploreKept'}
LEFT = ('RaqamExploreModels', 'RaqamDigitRow', 'RaqamExploreSource', 'RaqamExploreWalk',
        'RaqamExploreExport', 'RaqamExploreOpinion')
LATENT = 8
BAR = 14  # pixels that the scroll bar takes over the content when the pointer is near
ALIKE = 8  # difference() of one picture drawn in two places: they may be half a pixel apart


def blocks(node):
    """Mean brightness, 0 to 255, of each of the 7 × 7 parts of a picture."""
    _, size, highest, pixels = picture(node).split(b'\n', 3)
    width, height = map(int, size.split())
    step = 3 if int(highest) < 256 else 6
    part = min(width, height) // 7
    left, top = (width - 7 * part) // 2, (height - 7 * part) // 2
    means = []
    for i in range(49):
        x, y = left + i % 7 * part, top + i // 7 * part
        rows = [pixels[((y + j) * width + x) * step:((y + j) * width + x + part) * step:step]
                for j in range(part)]
        means.append(sum(map(sum, rows)) / part ** 2)
    return means


def difference(one, other):
    return max(abs(a - b) for a, b in zip(blocks(one), blocks(other)))


def write_quality(run, best):
    """quality.csv in which all are judged alike and @best comes nearest to the real digits."""
    names = ['step', 'epoch', 'images', 'seed', 'threshold', 'train', 'accuracy', 'frechet']
    names += [f'{figure}_{digit}' for figure in ('accuracy', 'frechet') for digit in range(10)]
    lines = [','.join(names)]
    for step in (150, 300, 450):
        frechet = '1' if step == best else '2'
        lines.append(','.join([str(step), str(step / 150), '1000', '1', '1', '0' * 16, '0.9',
                               frechet] + ['0.9'] * 10 + [frechet] * 10))
    (run / 'quality.csv').write_text('\n'.join(lines) + '\n')


class ExploreStory(Story):
    def begin(self):
        self.run = make_run(CLI, self.home)
        self.other = train(CLI, self.home, 'longer', latent=2 * LATENT, epochs=1)
        self.checkpoints = sorted((self.run / 'checkpoints').iterdir())
        assert len(self.checkpoints) == 3, self.checkpoints
        write_quality(self.run, 300)

    def digit(self, digit):
        return self.window.get('image', f'Generated digit {digit}')

    def shows_epoch(self, epoch):
        self.window.get('label', f'tiny, epoch {epoch}')

    def style(self):
        """The latent numbers, rounded as they are told."""
        self.window.show_page('Numbers')
        wait(lambda: self.window.look('slider', 'Latent number 1'), 'the numbers')
        return [round(node.value(), 2) for node in self.window.all('slider', r'Latent number \d+')]

    def changes(self, node, action, what):
        """@action changes how @node looks."""
        before = picture(node)
        action()
        wait(lambda: picture(node) != before, what, 10)

    def opens_a_checkpoint(self):
        """That of the program's argument, not the newest."""
        self.open(self.checkpoints[1])
        self.shows_epoch('2.00')
        self.digit('۰')
        time.sleep(1)
        self.shows_epoch('2.00')

    def names_every_widget(self):
        for tab in TABS:
            self.window.show_page(tab)
            time.sleep(0.7)
            save_picture(f'explore-{tab.lower()}')
            assert not unnamed(self.window), (tab, unnamed(self.window))

    def picks_digits_by_keys(self):
        window = self.window
        for key, digit in (('4', '۴'), ('KP_7', '۷'), ('Farsi_5', '۵'), ('Arabic_9', '۹')):
            image = window.get('image', 'Generated digit .')
            self.changes(image, lambda: window.key(key), f'{key} to draw')
            self.digit(digit)

    def keeps_the_style(self):
        before = self.style()
        assert len(before) == LATENT and any(before), before
        self.window.key('4')
        self.digit('۴')
        assert self.style() == before, (self.style(), before)

    def undoes(self):
        window = self.window
        window.key('ctrl+z')
        self.digit('۹')
        window.key('ctrl+z')
        self.digit('۵')
        window.key('ctrl+shift+z')
        window.key('ctrl+shift+z')
        self.digit('۴')

    def goes_through_the_epochs(self):
        """Another state of the same generator draws the same style and digit."""
        window, before = self.window, self.style()
        image = self.digit('۴')
        self.changes(image, lambda: window.key('bracketright'), 'a later state to draw')
        self.shows_epoch('3.00')
        self.changes(image, lambda: window.press('push button', 'Earlier checkpoint'), 'an earlier')
        self.shows_epoch('2.00')
        self.changes(image, lambda: window.get('slider', 'Checkpoint').set_value(0),
                     'the first')
        self.shows_epoch('1.00')
        window.press('push button', 'Best checkpoint: epoch 2.00')
        self.shows_epoch('2.00')
        self.digit('۴')
        assert self.style() == before, (self.style(), before)

    def compare_with(self, run):
        window = self.window
        window.click(window.get('push button', 'Compare with…|Open another second model'))
        window.get('entry', 'Search runs')
        time.sleep(0.5)
        for letter in run:
            window.key(letter)
        time.sleep(0.3)
        window.key('Return')

    def compares_two_epochs(self):
        """The same checkpoint draws the same picture on both sides, another one another."""
        window = self.window
        self.compare_with('tiny')
        first = self.digit('۴')
        second = self.digit('۴, second model')
        wait(lambda: difference(first, second) > ALIKE, 'epoch 3 to differ from epoch 2')
        window.key('bracketright')
        wait(lambda: difference(first, second) < ALIKE, 'epoch 3 on both sides')
        self.changes(second, lambda: window.get('slider', 'Checkpoint of the second model')
                     .set_value(0), 'the second model to change')
        window.get('label', 'tiny, epoch 1.00')
        window.get('label', 'tiny, epoch 3.00')
        self.changes(second, lambda: window.key('7'), 'the second model to follow')
        self.digit('۷, second model')
        assert not unnamed(window), unnamed(window)
        save_picture('explore-beside')

    def says_why_it_cannot_compare(self):
        window = self.window
        self.compare_with('longer')
        window.get('label', 'This model has vectors of 16 numbers, the first one of 8: .*')
        time.sleep(0.5)
        save_picture('explore-longer')
        window.press('push button', 'Compare no more')
        wait(lambda: window.look('image', 'Generated digit ۷, second model') is None,
             'one picture only')
        window.get('push button', 'Compare with…')

    def says_what_is_wrong(self):
        """What is damaged since it was listed is told, and what is shown stays."""
        window = self.window
        self.shows_epoch('3.00')
        whole = self.checkpoints[0].read_bytes()
        self.checkpoints[0].write_bytes(whole[:len(whole) // 2])
        window.get('slider', 'Checkpoint').set_value(0)
        window.get('label', f'(?s)The model could not be opened: .*{self.checkpoints[0].name}.*')
        self.shows_epoch('3.00')
        wait(lambda: window.get('slider', 'Checkpoint').value() == 2,
             'the slider to go back')
        save_picture('explore-problem')
        self.checkpoints[0].write_bytes(whole)
        self.digit('۷')

    def takes_what_is_dropped(self):
        """A model's file and a run's folder."""
        model = self.home / 'dropped.safetensors'
        shutil.copy(self.checkpoints[0], model)
        drop(model, 320, 400, lambda: self.window.get('label', r'dropped\.safetensors'))
        drop(self.other, 320, 400, lambda: self.window.get('label', 'longer, epoch 1.00'))
        self.window.close()

    def is_mirrored_in_persian(self):
        self.open(self.checkpoints[2], **persian())
        window = self.window
        image = window.get('image', '.*۰')
        wait(lambda: image.box().x > driver.WIDTH * 0.4, 'the picture at the right')
        time.sleep(1.5)
        save_picture('explore-fa')
        window.close()

    def resize(self, width, height):
        whole = driver.WIDTH, driver.HEIGHT
        driver.WIDTH, driver.HEIGHT = width, height
        try:
            def fits():  # what folds at this width does so a moment later
                self.window.place()
                time.sleep(0.3)
                return self.window.frame().box().width <= width
            wait(fits, f'{width} pixels')
        finally:
            driver.WIDTH, driver.HEIGHT = whole

    def is_dark_in_the_dark_and_fits_a_narrow_window(self):
        self.open(self.checkpoints[2], ADW_DEBUG_COLOR_SCHEME='prefer-dark')
        window = self.window
        self.digit('۰')
        time.sleep(1)
        save_picture('explore-dark')
        assert brightness(picture(window.get('slider', 'Checkpoint'))) < 120, 'the page is bright'
        for width in (600, 380):
            self.resize(width, 700)
            for tab in TABS:
                window.show_page(tab)
                time.sleep(0.5)
                save_picture(f'explore-{width}-{tab.lower()}')
                for node in window.all(None, '|'.join(LEFT + (TABS[tab],))):
                    place = node.box()
                    assert place.x >= 0 and place.x + place.width <= width - 2 * BORDER - BAR, \
                        f'{tab}: {node.name} is cut off at {width} pixels, or below the scroll bar'
        window.close()

    STEPS = (opens_a_checkpoint, names_every_widget, picks_digits_by_keys, keeps_the_style, undoes,
             goes_through_the_epochs, compares_two_epochs, says_why_it_cannot_compare,
             says_what_is_wrong, takes_what_is_dropped, is_mirrored_in_persian,
             is_dark_in_the_dark_and_fits_a_narrow_window)


if __name__ == '__main__':
    sys.exit(tell('explore', ExploreStory))
