#!/usr/bin/python3
"""test-evaluate.py — judging a model in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-evaluate.py BUILD_FOLDER

Makes a small run on a small data set of its own making, and judges it. Leaves
pictures of the page in tests/pictures of the build folder. Skipped without python3-gi,
xdotool or ImageMagick.
"""

import json
import re
import shutil
import subprocess
import sys
import time

import driver
from driver import brightness, drop, picture, unnamed, wait
from philox import latents
from story import CLI, Story, save_picture, tell
from tiny_run import make_run


class EvaluateStory(Story):
    def begin(self):
        self.run = make_run(CLI, self.home)

    def open(self, *arguments, **environment):
        super().open(*arguments, **environment)
        self.window.key('alt+3')

    def evaluate(self):
        """By the keyboard, with as few images as the page offers."""
        spin = wait(lambda: self.window.look('spin button', 'Images'), 'the fields')
        spin.set_value(1000)
        self.window.key('ctrl+e')
        self.window.get('label', 'Confusion', 240)

    def offers_the_run(self):
        self.open()
        self.window.get('push button', 'Evaluate “tiny”')
        self.window.get('label', r'Train\.cdb · Test\.cdb')
        assert not unnamed(self.window), unnamed(self.window)
        save_picture('evaluate-welcome')

    def stops(self):
        window = self.window
        window.press('push button', 'Evaluate “tiny”')
        window.press('push button', 'Stop')
        window.get('push button', 'Evaluate', 60)
        assert window.look('label', 'Confusion') is None, 'it was not stopped'
        assert window.look('label', 'The model could not be judged.*') is None, 'it is an error'

    def evaluates(self):
        self.evaluate()
        self.window.get('label', r'Classifier: 3,?000 training images, .* on 600 test images it '
                                 r'never saw\. The model was trained on the same .*')
        assert not unnamed(self.window), unnamed(self.window)
        time.sleep(1)
        save_picture('evaluate')

    def counts_add_up(self):
        """Every row of the matrix holds its hundred pictures, and their cell has as many."""
        cells = self.window.all('table cell', 'Asked for.*')
        assert len(cells) == 100, len(cells)
        self.counts = {}
        for cell in cells:
            truth, read, count, of = re.fullmatch(
                r'Asked for (.), recognised as (.): (\d+) of (\d+)', cell.name).groups()
            assert of == '100', cell.name
            self.counts[truth, read] = int(count)
        for truth in '۰۱۲۳۴۵۶۷۸۹':
            assert sum(n for (t, _), n in self.counts.items() if t == truth) == 100, truth

    def shows_the_pictures_of_a_cell(self):
        window = self.window
        (truth, read), count = max(self.counts.items(), key=lambda item: item[1])
        window.click(window.get('table cell', f'Asked for {truth}, recognised as {read}: .*'))
        window.get('label', f'Asked for {truth}, recognised as {read}: {count}')
        window.get('image', f'Picture .*: asked for {truth}, recognised as {read}, .*')
        self.truth = truth

    def goes_through_cells_by_keys(self):
        """From the cell that was clicked, along its row and back."""
        window = self.window
        for key in ('Right', 'Left', 'Home', 'Return'):
            window.key(key)
        window.get('label', f'Asked for {self.truth}, recognised as ۰: .*')

    def opens_a_picture_in_explore(self):
        window = self.window
        (truth, read), _ = max(self.counts.items(), key=lambda item: item[1])
        window.click(window.get('table cell', f'Asked for {truth}, recognised as {read}: .*'))
        shown = window.get('image', f'Picture .*: asked for {truth}, .*')
        number = int(re.match(r'Picture ([\d,]+)', shown.name).group(1).replace(',', ''))
        window.click(shown)
        window.get('image', f'Generated digit {truth}')
        # The whole vector is what raqam-cli draws as this picture of the seed.
        window.press_until('page tab', 'Numbers', lambda: window.look('slider', 'Latent number 1'))
        sliders = [window.get('slider', f'Latent number {i}').value()
                   for i in range(1, 9)]
        want = latents(number - 1, 8)
        for got, wanted in zip(sliders, want):
            wanted = max(-6, min(6, wanted))
            assert abs(got - wanted) < 2e-3, (sliders, want)
        window.key('alt+3')

    def compares_with_the_thesis(self):
        window = self.window
        window.press('push button', 'Beside the thesis')
        window.get('table cell', 'thesis')
        time.sleep(0.5)
        save_picture('evaluate-thesis')
        window.press('push button', 'Real test images')
        window.press('push button', 'Generated')

    def explains_scores(self):
        window = self.window
        window.press('page tab', 'Scores')
        window.get('label', 'real to real .*')
        window.get('image', 'FID of each digit')
        assert not unnamed(window), unnamed(window)
        time.sleep(0.5)
        save_picture('evaluate-scores')

    def judges_over_time(self):
        window = self.window
        window.press('page tab', 'Over Time')
        window.press('push button', 'Judge the Checkpoints')
        window.get('label', '★ Best so far: .*', 120)
        chart = window.get('image', 'Accuracy')
        wait(lambda: chart.description().startswith('At epoch 3.0: all'), 'the newest', 120)
        assert (self.run / 'quality.csv').is_file()
        time.sleep(0.5)
        save_picture('evaluate-time')

    def asks_blindly(self):
        window = self.window
        window.press('page tab', 'By Eye')
        window.get('label', 'No answer yet.*')
        window.get('label', 'Which . did a person write.')
        names = {n.name for n in window.all('label')}
        assert not names & {'generated', 'written by a person'}, 'the answer is given away'
        for answers in (1, 2, 3):
            window.press('push button', 'The first picture is the real one')
            window.get('label', rf'\d of {answers} right: 50 % would be guessing.*')
            window.get('label', 'written by a person')
            window.press('push button', 'Next Pair')
        assert not unnamed(window), unnamed(window)
        time.sleep(0.5)
        save_picture('evaluate-eye')

    def exports(self):
        for name, check in (('report.json', lambda text: json.loads(text)),
                            ('report.md', lambda text: text.startswith('#')),
                            ('report.csv', lambda text: text.startswith('figure,class,value')),
                            ('report.pdf', lambda text: text.startswith('%PDF'))):
            path = self.home / name
            self.window.key('ctrl+s')
            search = ['xdotool', 'search', '--onlyvisible', '--name', '^Export Report$']
            dialog = wait(lambda: subprocess.run(search, capture_output=True,
                                                 text=True).stdout.split(), 'the dialog')[-1]
            subprocess.run(['xdotool', 'windowfocus', '--sync', dialog], check=True)
            time.sleep(0.3)
            self.window.key('ctrl+a')
            subprocess.run(['xdotool', 'type', '--delay', '5', str(path)], check=True)
            self.window.key('Return')
            self.window.get('label', f'Written: {re.escape(name)}', 60)
            assert check(path.read_bytes().decode('latin-1')), name
            self.window.place()

    def wait_for_end(self):
        button = self.window.get('push button', 'Evaluate Again')
        wait(lambda: button.has(driver.SENSITIVE),
             'the end of the evaluation', 60)
        return button

    def stops_training_on_generated(self):
        window = self.window
        window.press('page tab', 'Report')
        switch = window.get('check box', 'Train on these, test on real')
        if switch.box().x < 0:
            window.press('push button', 'What to judge')
            wait(lambda: switch.box().x > 0, 'the side')
            time.sleep(0.5)
        window.click(switch)
        self.wait_for_end().act()
        window.get('label', 'Training on generated digits · .* %', 120)
        save_picture('evaluate-utility')
        window.press('push button', 'Stop')
        self.wait_for_end()
        assert window.look('label', 'trained on real .*') is None, 'it was not stopped'

    def trains_on_generated(self):
        window = self.window
        self.wait_for_end().act()
        window.get('label', r'trained on real [\d.]+ %', 300)
        window.press('page tab', 'Scores')
        window.get('label', 'on 1,?000 generated')
        window.get('label', 'on 1,?000 real, 1,?000 generated')

    def says_what_is_wrong(self):
        window = self.window
        checkpoints = self.run / 'checkpoints'
        checkpoints.rename(self.run / 'elsewhere')
        window.press('page tab', 'Report')
        window.press('push button', 'Evaluate Again')
        window.get('label', r'(?s)The model could not be judged: .*tiny.*', 60)
        save_picture('evaluate-problem')
        (self.run / 'elsewhere').rename(checkpoints)
        window.close()

    def takes_a_dropped_model(self):
        """From another program's window, by the mouse."""
        self.open()
        window = self.window
        model = self.home / 'dropped.safetensors'
        shutil.copy(sorted((self.run / 'checkpoints').iterdir())[0], model)
        window.press('page tab', 'Report')
        drop(model, 750, 410, lambda: window.get('label', r'dropped\.safetensors'))
        window.close()

    def judges_while_training(self):
        """Of eight epochs every second; the training comes out as if nobody had judged."""
        self.open(self.home / 'Train.cdb')
        window = self.window
        window.press('page tab', 'Over Time')
        window.get('spin button', 'Judge every so many epochs').set_value(2)
        window.get('spin button', 'Images of each checkpoint').set_value(1000)
        window.click(window.get('check box', 'Judge while training'))
        window.key('alt+1')
        window.press('push button', 'Train on the Chosen Data')
        self.trained = run = wait(
            lambda: next(one.parent for one in self.run.parent.glob('*/run.json')
                         if one.parent != self.run), 'the run')

        answers, frame = [], window.frame()
        end = time.monotonic() + 300
        while time.monotonic() < end and '"finished"' not in (run / 'run.json').read_text():
            began = time.monotonic()
            frame.box()
            answers.append(time.monotonic() - began)
            time.sleep(0.1)
        assert '"finished"' in (run / 'run.json').read_text(), 'it does not end'
        typical, slowest = sorted(answers)[len(answers) // 2], max(answers)
        assert typical < 0.5 and slowest < 5, f'the window answered in {typical} s, {slowest} s'

        def judged():
            lines = (run / 'quality.csv').read_text().splitlines()
            return [dict(zip(lines[0].split(','), line.split(','))) for line in lines[1:]]
        wait(lambda: float(judged()[-1]['epoch']) > 7.9, 'the newest', 120)
        stretches = [int(float(row['epoch']) / 2 + 1e-6) for row in judged()]
        assert set(stretches) == {0, 1, 2, 3, 4} and len(stretches) < 7, stretches
        enough = 0.99 * max(float(row['accuracy']) for row in judged())
        self.best = min((row for row in judged() if float(row['accuracy']) >= enough),
                        key=lambda row: float(row['frechet']))
        window.close()

        def newest(folder):
            return sorted((folder / 'checkpoints').iterdir())[-1]
        alone, one = self.home / 'alone', newest(run)
        threads = re.search(rb'"raqam.threads":\s*"(\d+)"', one.read_bytes())[1].decode()
        subprocess.run([CLI, 'train', '--data', str(self.home / 'Train.cdb'), '--recipe', 'fast',
                        '--threads', threads, '--run', str(alone)], check=True,
                       capture_output=True)
        other = newest(alone)
        assert one.name == other.name and one.read_bytes() == other.read_bytes(), \
            'the training came out differently'

    def marks_the_best(self):
        """Of the run that was trained last, in the next session."""
        self.open()
        window = self.window
        window.press('page tab', 'Over Time')
        window.get('label', f'★ Best so far: epoch {float(self.best["epoch"]):.1f}, .*')
        window.get('push button', 'Evaluate It')
        time.sleep(1)
        save_picture('evaluate-trained')
        window.close()
        shutil.rmtree(self.trained)

    def is_mirrored_in_persian(self):
        self.open(LANGUAGE='fa')
        window = self.window
        spin = window.get('spin button', 'تصویرها')
        assert spin.box().x > driver.WIDTH / 2, 'the fields are not at the right'
        spin.set_value(1000)
        window.key('ctrl+e')
        def cells():
            return window.all('table cell', '.*[۰-۹].*[۰-۹].*')
        wait(lambda: len(cells()) >= 100, 'the matrix', 240)
        places = [n.box().x for n in cells()[:2]]
        assert places[0] > places[1], 'the matrix does not begin at the right'
        time.sleep(1)
        save_picture('evaluate-fa')
        window.close()

    def is_dark_in_the_dark_and_fits_a_narrow_window(self):
        self.open(ADW_DEBUG_COLOR_SCHEME='prefer-dark')
        window = self.window
        self.evaluate()
        time.sleep(1)
        save_picture('evaluate-dark')
        assert brightness(picture(window.get('label', 'Confusion'))) < 100, 'the page is bright'
        wide, driver.WIDTH = driver.WIDTH, 600
        try:
            window.place()
            wait(lambda: window.frame().box().width <= 600, 'a narrow window')
            time.sleep(1)
            cell = window.get('table cell', 'Asked for ۹, recognised as ۹: .*')
            assert cell.box().x + cell.box().width < 600, 'the matrix does not fit'
            save_picture('evaluate-narrow')
        finally:
            driver.WIDTH = wide
        window.close()

    STEPS = (offers_the_run, stops, evaluates, counts_add_up, shows_the_pictures_of_a_cell,
             goes_through_cells_by_keys, opens_a_picture_in_explore, compares_with_the_thesis,
             explains_scores, judges_over_time, asks_blindly, exports,
             stops_training_on_generated, trains_on_generated, says_what_is_wrong,
             takes_a_dropped_model, judges_while_training, marks_the_best,
             is_mirrored_in_persian, is_dark_in_the_dark_and_fits_a_narrow_window)


if __name__ == '__main__':
    sys.exit(tell('evaluate', EvaluateStory))
