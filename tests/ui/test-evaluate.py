#!/usr/bin/python3
"""test-evaluate.py — judging a model in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-evaluate.py RAQAM RAQAM_CLI SCHEMA_FOLDER LOCALE_FOLDER OUTPUT_FOLDER

Makes a small run on a small data set of its own making, and judges it. Leaves
pictures of the page in OUTPUT_FOLDER. Skipped without python3-gi, xdotool or
ImageMagick.
"""

import json
import pathlib
import re
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
from driver import (Window, box, brightness, drop, picture, save_picture,  # noqa: E402
                    unnamed, wait)
from philox import latents  # noqa: E402
from tiny_run import make_run  # noqa: E402


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.run = make_run(CLI, self.home)
        self.environment = {'XDG_DATA_HOME': home, 'XDG_CACHE_HOME': f'{home}/cache',
                            'HODA_DIR': f'{home}/none', 'RAQAM_LOCALE_DIR': LOCALES,
                            'GSETTINGS_SCHEMA_DIR': SCHEMAS}
        self.window = None

    def open(self, *arguments, **environment):
        self.window = Window([RAQAM, *arguments], {**self.environment, **environment})
        self.window.key('alt+3')

    def evaluate(self):
        """By the keyboard, with as few images as the page offers."""
        spin = wait(lambda: self.window.look('spin button', 'Images'), 'the fields')
        spin.set_current_value(1000)
        self.window.key('ctrl+e')
        self.window.get('label', 'Confusion', 240)

    def offers_the_run(self):
        self.open()
        self.window.get('push button', 'Evaluate “tiny”')
        self.window.get('label', r'Train\.cdb · Test\.cdb')
        assert not unnamed(self.window), unnamed(self.window)
        save_picture(f'{OUTPUT}/evaluate-welcome.png')

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
        save_picture(f'{OUTPUT}/evaluate.png')

    def counts_add_up(self):
        """Every row of the matrix holds its hundred pictures, and their cell has as many."""
        cells = [n for n in self.window.nodes() if n.get_role_name() == 'table cell'
                 and (n.get_name() or '').startswith('Asked for')]
        assert len(cells) == 100, len(cells)
        self.counts = {}
        for cell in cells:
            truth, read, count, of = re.fullmatch(
                r'Asked for (.), recognised as (.): (\d+) of (\d+)', cell.get_name()).groups()
            assert of == '100', cell.get_name()
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
        number = int(re.match(r'Picture ([\d,]+)', shown.get_name()).group(1).replace(',', ''))
        window.click(shown)
        window.get('image', f'Generated digit {truth}')
        # The whole vector is what raqam-cli draws as this picture of the seed.
        window.press_until('page tab', 'Numbers', lambda: window.look('slider', 'Latent number 1'))
        sliders = [window.get('slider', f'Latent number {i}').get_current_value()
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
        save_picture(f'{OUTPUT}/evaluate-thesis.png')
        window.press('push button', 'Real test images')
        window.press('push button', 'Generated')

    def explains_scores(self):
        window = self.window
        window.press('page tab', 'Scores')
        window.get('label', 'real to real .*')
        window.get('image', 'FID of each digit')
        assert not unnamed(window), unnamed(window)
        time.sleep(0.5)
        save_picture(f'{OUTPUT}/evaluate-scores.png')

    def judges_over_time(self):
        window = self.window
        window.press('page tab', 'Over Time')
        window.press('push button', 'Judge the Checkpoints')
        window.get('label', '★ Best so far: .*', 120)
        chart = window.get('image', 'Accuracy')
        wait(lambda: chart.get_description().startswith('At epoch 3.0: all'), 'the newest', 120)
        assert (self.run / 'quality.csv').is_file()
        time.sleep(0.5)
        save_picture(f'{OUTPUT}/evaluate-time.png')

    def asks_blindly(self):
        window = self.window
        window.press('page tab', 'By Eye')
        window.get('label', 'No answer yet.*')
        window.get('label', 'Which . did a person write.')
        names = {n.get_name() for n in window.nodes() if n.get_role_name() == 'label'}
        assert not names & {'generated', 'written by a person'}, 'the answer is given away'
        for answers in (1, 2, 3):
            window.press('push button', 'The first picture is the real one')
            window.get('label', rf'\d of {answers} right: 50 % would be guessing.*')
            window.get('label', 'written by a person')
            window.press('push button', 'Next Pair')
        assert not unnamed(window), unnamed(window)
        time.sleep(0.5)
        save_picture(f'{OUTPUT}/evaluate-eye.png')

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
        wait(lambda: button.get_state_set().contains(driver.Atspi.StateType.SENSITIVE),
             'the end of the evaluation', 60)
        return button

    def stops_training_on_generated(self):
        window = self.window
        window.press('page tab', 'Report')
        switch = window.get('check box', 'Train on these, test on real')
        if box(switch).x < 0:
            window.press('push button', 'What to judge')
            wait(lambda: box(switch).x > 0, 'the side')
            time.sleep(0.5)
        window.click(switch)
        self.wait_for_end().do_action(0)
        window.get('label', 'Training on generated digits · .* %', 120)
        save_picture(f'{OUTPUT}/evaluate-utility.png')
        window.press('push button', 'Stop')
        self.wait_for_end()
        assert window.look('label', 'trained on real .*') is None, 'it was not stopped'

    def trains_on_generated(self):
        window = self.window
        self.wait_for_end().do_action(0)
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
        save_picture(f'{OUTPUT}/evaluate-problem.png')
        (self.run / 'elsewhere').rename(checkpoints)
        assert window.close() == 0

    def takes_a_dropped_model(self):
        """From another program's window, by the mouse."""
        self.open()
        window = self.window
        model = self.home / 'dropped.safetensors'
        shutil.copy(sorted((self.run / 'checkpoints').iterdir())[0], model)
        window.press('page tab', 'Report')
        drop(model, 750, 410, lambda: window.get('label', r'dropped\.safetensors'))
        assert window.close() == 0

    def judges_while_training(self):
        """Of eight epochs every second; the training comes out as if nobody had judged."""
        self.open(str(self.home / 'Train.cdb'))
        window = self.window
        window.press('page tab', 'Over Time')
        window.get('spin button', 'Judge every so many epochs').set_current_value(2)
        window.get('spin button', 'Images of each checkpoint').set_current_value(1000)
        window.click(window.get('check box', 'Judge while training'))
        window.key('alt+1')
        window.press('push button', 'Train on the Chosen Data')
        self.trained = run = wait(
            lambda: next(one.parent for one in self.run.parent.glob('*/run.json')
                         if one.parent != self.run), 'the run')

        answers = []
        end = time.monotonic() + 300
        while time.monotonic() < end and '"finished"' not in (run / 'run.json').read_text():
            began = time.monotonic()
            window.frame().get_name()
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
        assert window.close() == 0

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
        save_picture(f'{OUTPUT}/evaluate-trained.png')
        assert window.close() == 0
        shutil.rmtree(self.trained)

    def is_mirrored_in_persian(self):
        self.open(LANGUAGE='fa')
        window = self.window
        spin = window.get('spin button', 'تصویرها')
        assert box(spin).x > driver.WIDTH / 2, 'the fields are not at the right'
        spin.set_current_value(1000)
        window.key('ctrl+e')
        def cells():
            return [n for n in window.nodes() if n.get_role_name() == 'table cell'
                    and driver.seen(n) and re.search('[۰-۹].*[۰-۹]', n.get_name() or '')]
        wait(lambda: len(cells()) >= 100, 'the matrix', 240)
        places = [box(n).x for n in cells()[:2]]
        assert places[0] > places[1], 'the matrix does not begin at the right'
        time.sleep(1)
        save_picture(f'{OUTPUT}/evaluate-fa.png')
        assert window.close() == 0

    def is_dark_in_the_dark_and_fits_a_narrow_window(self):
        self.open(ADW_DEBUG_COLOR_SCHEME='prefer-dark')
        window = self.window
        self.evaluate()
        time.sleep(1)
        save_picture(f'{OUTPUT}/evaluate-dark.png')
        assert brightness(picture(window.get('label', 'Confusion'))) < 100, 'the page is bright'
        wide, driver.WIDTH = driver.WIDTH, 600
        try:
            window.place()
            wait(lambda: box(window.frame()).width <= 600, 'a narrow window')
            time.sleep(1)
            cell = window.get('table cell', 'Asked for ۹, recognised as ۹: .*')
            assert box(cell).x + box(cell).width < 600, 'the matrix does not fit'
            save_picture(f'{OUTPUT}/evaluate-narrow.png')
        finally:
            driver.WIDTH = wide
        assert window.close() == 0

    STEPS = (offers_the_run, stops, evaluates, counts_add_up, shows_the_pictures_of_a_cell,
             goes_through_cells_by_keys, opens_a_picture_in_explore, compares_with_the_thesis,
             explains_scores, judges_over_time, asks_blindly, exports,
             stops_training_on_generated, trains_on_generated, says_what_is_wrong,
             takes_a_dropped_model, judges_while_training, marks_the_best,
             is_mirrored_in_persian, is_dark_in_the_dark_and_fits_a_narrow_window)


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
                    save_picture(f'{OUTPUT}/evaluate-failed.png')
                    print(f'not ok {number} /evaluate/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /evaluate/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
