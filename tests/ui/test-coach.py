#!/usr/bin/python3
"""test-coach.py — signs of trouble in a run, in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-coach.py RAQAM RAQAM_CLI DATA_BUILD_FOLDER LOCALE_FOLDER OUTPUT_FOLDER

A tiny run is resumed whose past had trouble that is over, and whose judgements say that it
collapses; then they are replaced by better ones. Skipped without python3-gi, xdotool or
ImageMagick.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

RAQAM, CLI, DATA, LOCALES, OUTPUT = sys.argv[1:6]


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


for tool in ('xdotool', 'import'):
    if shutil.which(tool) is None:
        skip(f'{tool} is not installed')
try:
    import driver
except (ImportError, ValueError) as error:
    skip(f'python3-gi or gir1.2-atspi-2.0 is missing: {error}')

import tiny_run  # noqa: E402
from driver import Window, save_picture, unnamed, wait  # noqa: E402

NAMES = ['step', 'epoch', 'images', 'seed', 'threshold', 'train', 'accuracy', 'frechet',
         *(f'{figure}_{digit}' for figure in ('accuracy', 'frechet') for digit in range(10)),
         'recall', 'memorisation', *(f'diversity_{digit}' for digit in range(10))]


def write_quality(run, recalls):
    lines = [[step, step / 150, 1000, 1, 1, '0a', 0.9, 9 - step, *[0.9] * 10, *[9] * 10, recall,
              0.4, *[0.9] * 10] for step, recall in enumerate(recalls, 1)]
    new = run / 'quality.new'
    new.write_text('\n'.join(','.join(map(str, line)) for line in [NAMES, *lines]) + '\n')
    new.replace(run / 'quality.csv')


def write_past(run):
    """The curves as they were, but a loss of 300 in the first 100 steps, and calm after them."""
    lines = (run / 'metrics.csv').read_text().splitlines()
    for i, line in enumerate(lines[1:], 1):
        words = line.split(',')
        words[3:7] = ['300' if i <= 100 else '0.9', '0.6', '0.56', '0.44']
        lines[i] = ','.join(words)
    assert len(lines) > 300, len(lines)
    (run / 'metrics.csv').write_text('\n'.join(lines) + '\n')


class Story:
    """The steps, in order: each builds on the one before."""

    def __init__(self, home):
        self.run = pathlib.Path(home) / 'raqam' / 'runs' / 'long'
        self.home = pathlib.Path(home)
        self.window = None

    def says(self, text):
        return self.window.get('label', text)

    def resumes_a_run_in_trouble(self):
        tiny_run.write_cdb(self.home / 'Train.cdb', 3000, 0)
        recipe = self.home / 'long.json'
        recipe.write_text(tiny_run.json.dumps({**tiny_run.RECIPE, 'name': 'long', 'epochs': 9999}))
        self.run.parent.mkdir(parents=True)
        subprocess.run([CLI, 'train', '--data', self.home / 'Train.cdb', '--recipe', recipe, '--run',
                        self.run, '--minutes', '0.05', '--threads', '1'], check=True,
                       capture_output=True, env={**os.environ, 'XDG_DATA_HOME': str(self.home)})
        write_past(self.run)
        write_quality(self.run, [0.6, 0.61, 0.2])
        self.window = Window([RAQAM], {'XDG_DATA_HOME': str(self.home), 'RAQAM_LOCALE_DIR': LOCALES,
                                       'GSETTINGS_SCHEMA_DIR': DATA})
        self.window.show_page('Train')
        self.window.press('push button', 'Resume run long.*')

    def names_what_holds(self):
        self.says('The generator is collapsing')
        self.says('The recall of the distribution fell from 61.0 % in epoch 0.01 to 20.0 % .*')
        self.window.get('alert', 'Sign of trouble: The generator is collapsing')
        self.window.get('list', 'Signs of trouble in the training')

    def opens_to_the_advice(self):
        advice = 'It draws fewer and fewer kinds of pictures.*'
        assert self.window.look('label', advice) is None
        self.window.click(self.says('The generator is collapsing'))
        self.says(advice)
        save_picture(f'{OUTPUT}/coach.png')

    def names_every_widget(self):
        assert not unnamed(self.window), unnamed(self.window)

    def goes_when_it_is_over(self):
        write_quality(self.run, [0.6, 0.61, 0.62])
        wait(lambda: self.window.look('label', 'The generator is collapsing') is None, 'the end')

    def keeps_what_was_seen(self):
        assert self.window.look('label', 'A loss has exploded') is None
        self.window.click(self.says('Seen earlier in this run'))
        self.says('A loss has exploded')
        self.says('epochs 0.01 to 0.67')

    def closes(self):
        self.window.press('push button', 'Stop')
        self.window.get('push button', 'Resume')
        assert self.window.close() == 0

    STEPS = (resumes_a_run_in_trouble, names_what_holds, opens_to_the_advice, names_every_widget,
             goes_when_it_is_over, keeps_what_was_seen, closes)


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
                    save_picture(f'{OUTPUT}/coach-failed.png')
                    print(f'not ok {number} /coach/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /coach/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
