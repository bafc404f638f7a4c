#!/usr/bin/python3
"""test-long-work.py — what the desktop is told of a run, and a run without a window; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-long-work.py BUILD_FOLDER

Resumes runs of its own making. Skipped without python3-gi, xdotool or ImageMagick.
"""

import re
import subprocess
import sys

from driver import wait
from story import CLI, RAQAM, Story, tell
from desktop import Desktop
from tiny_run import begin_run

SUSPEND = 4  # of org.gnome.SessionManager's flags


class LongWorkStory(Story):
    def begin(self):
        self.environment['GSETTINGS_BACKEND'] = 'keyfile'
        self.desktop = Desktop()
        self.run = begin_run(CLI, self.home, 'long', epochs=9999)

    def says(self, summary, body):
        """In a notification."""
        def said():
            arguments = self.desktop.last('Notify')
            return arguments and arguments[3] == summary and re.fullmatch(body, arguments[4])
        wait(said, f'“{summary}”', 120)

    def is_shown(self):
        search = ['xdotool', 'search', '--onlyvisible', '--pid', str(self.window.process.pid)]
        return subprocess.run(search, capture_output=True, text=True).stdout.strip() != ''

    def shuts(self):
        """As the user does, who told it to train on."""
        self.window.frame().act('window.close')
        wait(lambda: not self.is_shown(), 'the window to go')

    def tells_how_far_it_is(self):
        self.open()
        self.window.show_page('Train')
        assert self.window.frame().name == 'Raqam', self.window.frame().name
        self.window.press('push button', 'Resume run long.*')
        wait(lambda: self.window.frame().name == '0 % – Raqam', 'the title')
        wait(lambda: self.desktop.last('Update') == (
            'application://io.github.raqam.Raqam.desktop',
            {'progress': 0.0, 'progress-visible': True}), f'the task bar: {self.desktop.calls}')

    def keeps_the_computer_awake(self):
        """But not while it is paused."""
        desktop, window = self.desktop, self.window
        wait(lambda: desktop.last('Inhibit'), 'it to keep awake')
        assert desktop.last('Inhibit')[2:] == ('A run is training', SUSPEND), desktop.calls
        window.press('push button', 'Pause')
        wait(lambda: desktop.count('Uninhibit') == 1, 'it to let sleep')
        window.press('push button', 'Continue')
        wait(lambda: desktop.count('Inhibit') == 2, 'it to keep awake again')

    def trains_on_without_a_window(self):
        window = self.window
        window.key('F10')
        window.get('menu item', 'Keep Training When Closed')
        window.key('Return')
        wait(lambda: 'keep-training=true' in ''.join(
            path.read_text() for path in self.home.glob('config/glib-2.0/settings/keyfile')),
            'the choice to be remembered')
        self.shuts()
        self.says('Training in the Background', 'long goes on without a window.*')
        lines = (self.run / 'metrics.csv').read_text().count('\n')
        wait(lambda: (self.run / 'metrics.csv').read_text().count('\n') > lines, 'it to go on', 90)

    def is_found_again(self):
        """The second program shows the first one's window, and ends."""
        subprocess.run([RAQAM], env=self.window.environment, timeout=60, check=True)
        wait(self.is_shown, 'the window')
        self.window.place()
        self.window.get('label', r'Epoch [\d,]+ of 9,?999')

    def quits_when_told_so(self):
        self.window.key('ctrl+q')
        assert self.window.process.wait(60) == 0
        assert '"stopped"' in (self.run / 'run.json').read_text()
        assert self.desktop.last('Update')[1]['progress-visible'] is False

    def ends_by_itself(self):
        """A run that is finished where nobody looks on."""
        begin_run(CLI, self.home, 'short', epochs=12)
        self.open()
        self.window.show_page('Train')
        self.window.press('push button', 'Resume run short.*')
        self.window.get('push button', 'Stop')
        self.shuts()
        self.says('Training Finished', r'short is finished\.')
        assert self.window.process.wait(60) == 0

    STEPS = (tells_how_far_it_is, keeps_the_computer_awake, trains_on_without_a_window,
             is_found_again, quits_when_told_so, ends_by_itself)


if __name__ == '__main__':
    sys.exit(tell('long-work', LongWorkStory))
