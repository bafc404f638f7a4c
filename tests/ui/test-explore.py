#!/usr/bin/python3
"""test-explore.py — exploring models in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-explore.py RAQAM RAQAM_CLI SCHEMA_FOLDER LOCALE_FOLDER OUTPUT_FOLDER

Makes small runs on a small data set of its own making, and explores them. Leaves
pictures of the page in OUTPUT_FOLDER. Skipped without python3-gi, xdotool or
ImageMagick.
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
from driver import (Window, box, brightness, drop, persian, picture,  # noqa: E402
                    save_picture, unnamed, wait, walk)
from tiny_run import make_run, train  # noqa: E402

TABS = {'Style': 'RaqamExploreDirections', 'Numbers': 'RaqamExploreNumbers',
        'Blend': 'RaqamExploreBlend', 'Variations': 'RaqamExploreVariations',
        'Draw': 'RaqamExploreDraw', 'Kept': 'RaqamExploreKept'}
LEFT = ('RaqamExploreModels', 'RaqamDigitRow', 'RaqamExploreSource', 'RaqamExploreWalk',
        'RaqamExploreExport', 'RaqamExploreOpinion')
LATENT = 8
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


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.run = make_run(CLI, self.home)
        self.other = train(CLI, self.home, 'longer', latent=2 * LATENT, epochs=1)
        self.checkpoints = sorted((self.run / 'checkpoints').iterdir())
        assert len(self.checkpoints) == 3, self.checkpoints
        write_quality(self.run, 300)
        self.environment = {'XDG_DATA_HOME': home, 'XDG_CACHE_HOME': f'{home}/cache',
                            'HODA_DIR': f'{home}/none', 'RAQAM_LOCALE_DIR': LOCALES,
                            'GSETTINGS_SCHEMA_DIR': SCHEMAS}
        self.window = None

    def open(self, *arguments, **environment):
        self.window = Window([RAQAM, *map(str, arguments)], {**self.environment, **environment})

    def digit(self, digit):
        return self.window.get('image', f'Generated digit {digit}')

    def shows_epoch(self, epoch):
        self.window.get('label', f'tiny, epoch {epoch}')

    def style(self):
        """The latent numbers, rounded as they are told."""
        self.window.show_page('Numbers')
        wait(lambda: self.window.look('slider', 'Latent number 1'), 'the numbers')
        return [round(node.get_current_value(), 2) for node in walk(self.window.root)
                if re.fullmatch(r'Latent number \d+', node.get_name() or '')
                and node.get_role_name() == 'slider']

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
            save_picture(f'{OUTPUT}/explore-{tab.lower()}.png')
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
        self.changes(image, lambda: window.get('slider', 'Checkpoint').set_current_value(0),
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
                     .set_current_value(0), 'the second model to change')
        window.get('label', 'tiny, epoch 1.00')
        window.get('label', 'tiny, epoch 3.00')
        self.changes(second, lambda: window.key('7'), 'the second model to follow')
        self.digit('۷, second model')
        assert not unnamed(window), unnamed(window)
        save_picture(f'{OUTPUT}/explore-beside.png')

    def says_why_it_cannot_compare(self):
        window = self.window
        self.compare_with('longer')
        window.get('label', 'This model has vectors of 16 numbers, the first one of 8: .*')
        time.sleep(0.5)
        save_picture(f'{OUTPUT}/explore-longer.png')
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
        window.get('slider', 'Checkpoint').set_current_value(0)
        window.get('label', f'(?s)The model could not be opened: .*{self.checkpoints[0].name}.*')
        self.shows_epoch('3.00')
        wait(lambda: window.get('slider', 'Checkpoint').get_current_value() == 2,
             'the slider to go back')
        save_picture(f'{OUTPUT}/explore-problem.png')
        self.checkpoints[0].write_bytes(whole)
        self.digit('۷')

    def takes_what_is_dropped(self):
        """A model's file and a run's folder."""
        model = self.home / 'dropped.safetensors'
        shutil.copy(self.checkpoints[0], model)
        drop(model, 320, 400, lambda: self.window.get('label', r'dropped\.safetensors'))
        drop(self.other, 320, 400, lambda: self.window.get('label', 'longer, epoch 1.00'))
        assert self.window.close() == 0

    def is_mirrored_in_persian(self):
        self.open(self.checkpoints[2], **persian())
        window = self.window
        image = window.get('image', '.*۰')
        wait(lambda: box(image).x > driver.WIDTH * 0.4, 'the picture at the right')
        time.sleep(1.5)
        save_picture(f'{OUTPUT}/explore-fa.png')
        assert window.close() == 0

    def resize(self, width, height):
        whole = driver.WIDTH, driver.HEIGHT
        driver.WIDTH, driver.HEIGHT = width, height
        try:
            def fits():  # what folds at this width does so a moment later
                self.window.place()
                time.sleep(0.3)
                return box(self.window.frame()).width <= width
            wait(fits, f'{width} pixels')
        finally:
            driver.WIDTH, driver.HEIGHT = whole

    def is_dark_in_the_dark_and_fits_a_narrow_window(self):
        self.open(self.checkpoints[2], ADW_DEBUG_COLOR_SCHEME='prefer-dark')
        window = self.window
        self.digit('۰')
        time.sleep(1)
        save_picture(f'{OUTPUT}/explore-dark.png')
        assert brightness(picture(window.get('slider', 'Checkpoint'))) < 120, 'the page is bright'
        for width in (600, 380):
            self.resize(width, 700)
            for tab in TABS:
                window.show_page(tab)
                time.sleep(0.5)
                save_picture(f'{OUTPUT}/explore-{width}-{tab.lower()}.png')
                for node in walk(window.frame()):
                    if node.get_name() in LEFT + (TABS[tab],):
                        place = box(node)
                        assert place.x >= 0 and place.x + place.width <= width, \
                            f'{tab}: {node.get_name()} is cut off at {width} pixels'
        assert window.close() == 0

    STEPS = (opens_a_checkpoint, names_every_widget, picks_digits_by_keys, keeps_the_style, undoes,
             goes_through_the_epochs, compares_two_epochs, says_why_it_cannot_compare,
             says_what_is_wrong, takes_what_is_dropped, is_mirrored_in_persian,
             is_dark_in_the_dark_and_fits_a_narrow_window)


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
                    save_picture(f'{OUTPUT}/explore-failed.png')
                    print(f'not ok {number} /explore/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /explore/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
