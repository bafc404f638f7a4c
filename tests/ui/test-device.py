#!/usr/bin/python3
"""test-device.py — the choice of a device in the real window, and what it says of a GPU; TAP.

SPDX-License-Identifier: MIT

usage: under-display test-device.py BUILD_FOLDER

The GPU is the pretended one of tests/pretended-gpu. Trains on small data of its own. Leaves
pictures in tests/pictures of the build folder.
"""

import re
import sys

import driver
from driver import persian, wait
from story import BUILD, Story, save_picture, tell
from tiny_cdb import write_cdb

GPU = str(BUILD / 'tests' / 'pretended-gpu')
GPU_ENVIRONMENT = {name: GPU for name in ('LD_LIBRARY_PATH', 'RAQAM_CUDNN_DIR', 'RAQAM_MODULE_DIR')}
NO_DRIVER = {'LD_LIBRARY_PATH': '/nowhere', 'RAQAM_MODULE_DIR': '/nowhere'}


class DeviceStory(Story):
    """The steps, in order; the window remembers from one to the next."""

    def begin(self):
        self.data = self.home / 'Tiny.cdb'
        write_cdb(self.data)

    def open(self, gpu=GPU_ENVIRONMENT, **environment):
        super().open(self.data, GSETTINGS_BACKEND='keyfile', **gpu, **environment)

    def choose(self, row, *keys):
        """Opens the list of a combo row and goes through it with keys."""
        self.window.click(self.window.get('combo box', row))
        self.window.get('list item', '.*')
        for key in keys:
            self.window.key(key)

    def said(self, pattern, timeout=40):
        return self.window.get('label', pattern, timeout).name

    def names_the_gpu(self):
        self.open()
        self.said('Pretended GPU, 8.0 GiB')
        self.window.get('combo box', 'Precision')
        self.said('TF32: .*')
        save_picture('device')

    def offers_each_device(self):
        self.choose('Train on')
        save_picture('device-list')
        for key in ('Down', 'Down', 'Return'):
            self.window.key(key)
        wait(lambda: self.window.look('label', 'Pretended GPU, 8.0 GiB') is None, 'the CPU')
        self.choose('Train on', 'Up', 'Return')
        self.said('Pretended GPU, 8.0 GiB')

    def offers_precisions(self):
        self.choose('Precision', 'Down', 'Down', 'Down', 'Return')
        self.said('bf16: .*')

    def shows_the_gpu_at_work(self):
        self.window.press('push button', 'Start')
        self.said(r'Pretended GPU, TF32 · \d\.\d of 8\.0 GiB in use', 60)
        save_picture('device-run')
        self.said('Finished: .*', 90)
        self.window.close()

    def remembers(self):
        self.open()
        self.said('bf16: .*')
        assert self.window.look('label', 'GPU'), 'the GPU is not what is chosen'
        self.window.close()

    def says_why_there_is_no_gpu(self):
        """What was chosen stays chosen, and what is missing stands below it."""
        self.open(gpu=NO_DRIVER)
        self.said("No GPU can be used: .*")
        assert self.window.look('combo box', 'Precision') is None
        save_picture('device-none')
        self.window.press('push button', 'Start')
        self.said("The training ended: No GPU can be used: .*")
        self.window.press('push button', 'Go On with the CPU')
        self.said('Finished: .*', 90)
        self.window.close()

    def offers_the_cpu_when_the_gpu_fails(self):
        self.open(RAQAM_PRETENDED_FAILURE='9')
        window = self.window
        self.said('Pretended GPU, 8.0 GiB')
        window.press('push button', 'Start')
        self.said(r'The training ended: The pretended GPU fell off the bus\.', 60)
        save_picture('device-failed')
        self.said('Stopped in epoch .*')
        window.press('push button', 'Go On with the CPU')
        self.said('Finished: .*', 90)
        assert window.look('push button', 'Go On with the CPU') is None, 'it still offers the CPU'
        assert re.search(r'f32|bf16', self.said('.*oneDNN.*')), 'the CPU is not named'
        self.window.close()

    def explores_on_without_it(self):
        """A GPU that fails under the explorer is told, and the CPU draws the same picture."""
        self.open(RAQAM_PRETENDED_FAILURE='3')
        window = self.window
        window.show_page('Explore')
        window.get('image', 'Generated digit .')

        def fails():
            window.key('r')
            return window.look('label', '(?s)The picture could not be drawn: .*fell off the bus.*')
        wait(fails, 'the GPU to fail', 40)
        window.press('push button', 'Go On with the CPU')
        slider = window.press_until('page tab', 'Numbers',
                                    lambda: window.look('slider', 'Latent number 1'))
        before = driver.picture(window.get('image', 'Generated digit .'))
        slider.set_value(3.0 if slider.value() < 0 else -3.0)
        wait(lambda: driver.picture(window.get('image', 'Generated digit .')) != before,
             'the picture to change', 10)
        window.show_page('Train')
        window.get('combo box', 'Recipe')
        self.window.close()

    def is_mirrored_in_persian(self):
        self.open(RAQAM_PRETENDED_FAILURE='9', **persian())
        window = self.window
        field = window.get('combo box', '.*')
        assert field.box().x > driver.WIDTH / 2, 'the fields are not at the right'
        window.get('label', '.*Pretended GPU.*[8۸].*')
        save_picture('device-fa')
        window.key('ctrl+Return')
        window.get('label', '(?s).*fell off the bus.*', 60)
        save_picture('device-failed-fa')
        self.window.close()

    STEPS = (names_the_gpu, offers_each_device, offers_precisions, shows_the_gpu_at_work,
             remembers, offers_the_cpu_when_the_gpu_fails, explores_on_without_it,
             is_mirrored_in_persian, says_why_there_is_no_gpu)


if __name__ == '__main__':
    sys.exit(tell('device', DeviceStory))
