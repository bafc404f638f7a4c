#!/usr/bin/python3
"""test-coach.py — signs of trouble in a run, in the real window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-coach.py BUILD_FOLDER

A tiny run is resumed whose past had trouble that is over, and whose judgements say that it
collapses; then they are replaced by better ones. Skipped without python3-gi, xdotool or
ImageMagick.
"""

import sys

from driver import unnamed, wait
from story import CLI, Story, save_picture, tell
from tiny_run import begin_run

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


class CoachStory(Story):
    def says(self, text):
        return self.window.get('label', text)

    def resumes_a_run_in_trouble(self):
        self.run = begin_run(CLI, self.home, 'long', epochs=9999)
        write_past(self.run)
        write_quality(self.run, [0.6, 0.61, 0.2])
        self.open()
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
        save_picture('coach')

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
        self.window.close()

    STEPS = (resumes_a_run_in_trouble, names_what_holds, opens_to_the_advice, names_every_widget,
             goes_when_it_is_over, keeps_what_was_seen, closes)


if __name__ == '__main__':
    sys.exit(tell('coach', CoachStory))
