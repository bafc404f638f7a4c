#!/usr/bin/python3
"""test-plots.py — the charts of a run, looked at closely and taken along; speaks TAP.

SPDX-License-Identifier: MIT

usage: under-display test-plots.py BUILD_FOLDER

Resumes a run of its own making. Skipped without python3-gi, xdotool, ImageMagick or Pillow.
"""

import csv
import re
import subprocess
import sys
import time
import xml.etree.ElementTree

from driver import BORDER, persian, picture, unnamed, wait
from story import CLI, Story, save_picture, skip, tell
from tiny_run import begin_run

try:
    import PIL.Image
except ImportError:
    skip('Pillow is missing')

SVG = '{http://www.w3.org/2000/svg}'


def xdotool(*arguments):
    subprocess.run(['xdotool', *map(str, arguments)], check=True)


class PlotsStory(Story):
    def begin(self):
        self.run = begin_run(CLI, self.home, 'long', epochs=9999)

    def chart(self, title='Loss'):
        return self.window.get('image', title)

    def says(self, pattern, title='Loss'):
        """Its description, once it matches."""
        return wait(lambda: re.search(pattern, self.chart(title).description()),
                    f'{pattern!r}, not {self.chart(title).description()!r}', 10)

    def sight(self):
        """The epochs that are looked at, once there are such."""
        return [float(number) for number in self.says(r'in sight: ([\d.]+) to ([\d.]+)').groups()]

    def away(self):
        xdotool('mousemove', 640, 40)

    def plot(self):
        """The chart's pixels, but not its button and edges, which may have the focus's ring."""
        _, size, _, pixels = picture(self.chart()).split(b'\n', 3)
        width, height = map(int, size.split())
        row = len(pixels) // height
        edge = row // width * 8
        return [pixels[y * row + edge:(y + 1) * row - edge] for y in range(40, height - 8)]

    def rests(self):
        """What is plotted, once two looks in a row agree."""
        def same():
            look = self.plot()
            time.sleep(0.3)
            return look if self.plot() == look else None
        return wait(same, 'the chart to rest', 15)

    def option(self, name):
        """Chooses it in the chart's menu."""
        window = self.window
        window.click(wait(lambda: window.all(None, 'Options of the chart “Loss”'), 'the button')[0])
        item = wait(lambda: window.all(None, name), f'“{name}” in the menu')[0]
        item.act()
        wait(lambda: not window.all(None, name), 'the menu to go')
        self.away()

    def comes_to_a_run(self):
        self.open()
        self.window.show_page('Train')
        self.window.press('push button', 'Resume run long.*')
        self.says(r'^Generator -?[\d.]+, Discriminator -?[\d.]+, at epoch [1-9]')
        self.window.press('push button', 'Pause')
        self.window.get('label', 'Paused in epoch .*')
        assert not unnamed(self.window), unnamed(self.window)

    def zooms_by_keys(self):
        self.window.click(self.chart())
        self.away()
        whole = self.rests()
        self.window.key('plus')
        first, last = self.sight()
        assert last - first > 0 and first > 0, (first, last)
        assert self.rests() != whole, 'the picture is as before'
        self.window.key('equal')
        wait(lambda: self.sight()[1] - self.sight()[0] < 0.7 * (last - first), 'a closer look')
        self.window.key('minus')
        wait(lambda: self.sight() == [first, last], 'the look from before')

    def pans_by_keys(self):
        first, last = self.sight()
        self.window.key('Right')
        wait(lambda: self.sight()[0] > first, 'it to go right')
        self.window.key('Left')
        self.window.key('Left')
        wait(lambda: self.sight()[0] < first, 'it to go left')
        self.window.key('0')
        wait(lambda: 'in sight' not in self.chart().description(), 'the whole run')

    def zooms_and_pans_by_pointer(self):
        place = self.chart().box()
        x, y = place.x + BORDER + place.width * 3 // 4, place.y + BORDER + place.height // 2
        xdotool('mousemove', x, y, 'click', '4', 'click', '4')
        first, last = self.sight()
        xdotool('mousedown', '1', 'mousemove', x + 60, y, 'mouseup', '1')
        wait(lambda: self.sight()[0] < first, 'the drag to pan')
        time.sleep(0.6)  # else the next press would be the drag's second one
        xdotool('click', '--repeat', '2', '--delay', '60', '1')
        wait(lambda: 'in sight' not in self.chart().description(), 'the whole run')

    def reads_out_by_pointer(self):
        """What the crosshair tells is what the run's own file has for that epoch."""
        place = self.chart().box()
        xdotool('mousemove', place.x + BORDER + place.width // 2, place.y + BORDER + place.height // 2)
        self.says(r'at epoch [\d.]+; crosshair: Generator')
        save_picture('plots-crosshair')
        self.away()
        wait(lambda: 'crosshair' not in self.chart().description(), 'the crosshair to go')

    def reads_out_by_keys(self):
        self.window.key('shift+Right')
        told = self.says(r'crosshair: Generator (-?[\d.]+), Discriminator (-?[\d.]+), '
                         r'at epoch ([\d.]+)').groups()
        with (self.run / 'metrics.csv').open() as file:
            rows = [row for row in csv.DictReader(file)
                    if f'{float(row["epoch"]):.2f}' == told[2]]
        values = [(f'{float(row["loss_generator"]):.3f}', f'{float(row["loss_discriminator"]):.3f}')
                  for row in rows]
        assert told[:2] in values, (told, values)
        self.window.key('shift+Left')
        wait(lambda: float(self.says(r'crosshair: .* at epoch ([\d.]+)').group(1))
             < float(told[2]), 'the crosshair to go back')
        self.window.key('Escape')
        wait(lambda: 'crosshair' not in self.chart().description(), 'the crosshair to go')

    def changes_by_options(self):
        linear = self.rests()
        self.option('Logarithmic')
        wait(lambda: self.rests() != linear, 'another axis')
        save_picture('plots-log')
        self.option('Logarithmic')
        wait(lambda: self.rests() == linear, 'the axis before')
        self.option('Strong')
        wait(lambda: self.rests() != linear, 'another smoothing')
        self.option('Medium')
        wait(lambda: self.rests() == linear, 'the smoothing before')

    def save(self, name):
        path = self.home / name
        self.option('Save Chart…')
        search = ['xdotool', 'search', '--onlyvisible', '--name', '^Save Chart$']
        dialog = wait(lambda: subprocess.run(search, capture_output=True,
                                             text=True).stdout.split(), 'the dialog')[-1]
        xdotool('windowfocus', '--sync', dialog)
        time.sleep(0.3)
        self.window.key('ctrl+a')
        xdotool('type', '--delay', '5', path)
        self.window.key('Return')
        self.window.get('label', f'Saved: {re.escape(name)}', 30)
        self.window.place()
        return path

    def saves_each_format(self):
        image = PIL.Image.open(self.save('loss.png')).convert('RGB')
        assert image.width >= 1600 and image.getpixel((0, 0)) == (255, 255, 255), image
        assert len(image.getcolors(1 << 24)) > 20, 'it is empty'
        root = xml.etree.ElementTree.parse(self.save('loss.svg')).getroot()
        assert root.tag == f'{SVG}svg' and len(root.findall(f'.//{SVG}path')) > 5, root
        document = self.save('loss.pdf').read_bytes()
        assert document.startswith(b'%PDF') and b'%%EOF' in document[-20:], document[:20]

    def saves_the_table(self):
        """All points, as the run has them."""
        with self.save('loss.csv').open(newline='') as file:
            table = list(csv.reader(file))
        assert table[0] == ['epoch', 'Generator', 'Discriminator'], table[0]
        with (self.run / 'metrics.csv').open() as file:
            rows = [row for row in csv.DictReader(file) if row.get('loss_generator')]
        for mine, row in list(zip(table[1:], rows))[:500]:
            for text, name in zip(mine, ('epoch', 'loss_generator', 'loss_discriminator')):
                assert abs(float(text) - float(row[name])) <= 1e-4 * abs(float(row[name])) + 1e-6, \
                    (mine, row)

    def copies_the_picture(self):
        self.option('Copy Picture')
        self.window.get('label', 'Picture copied')

    def is_legible_in_persian(self):
        self.window.close()
        self.open(**persian())
        assert not unnamed(self.window), unnamed(self.window)

    STEPS = (comes_to_a_run, zooms_by_keys, pans_by_keys, zooms_and_pans_by_pointer,
             reads_out_by_pointer, reads_out_by_keys, changes_by_options, saves_each_format,
             saves_the_table, copies_the_picture, is_legible_in_persian)


if __name__ == '__main__':
    sys.exit(tell('plots', PlotsStory))
