#!/usr/bin/python3
"""test-device.py — the choice of a device in the real window, and what it says of a GPU; TAP.

SPDX-License-Identifier: MIT

usage: under-display test-device.py RAQAM LOCALE_FOLDER SCHEMA_FOLDER GPU_FOLDER OUTPUT_FOLDER

GPU_FOLDER is where tests/pretended-gpu was built. Trains on small data of its own.
Leaves pictures in OUTPUT_FOLDER.
"""

import pathlib
import re
import shutil
import sys
import tempfile

RAQAM, LOCALES, SCHEMAS, GPU, OUTPUT = sys.argv[1:6]

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))


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

from driver import Window, box, persian, save_picture, seen, wait, walk  # noqa: E402
from tiny_cdb import write_cdb  # noqa: E402

GPU_ENVIRONMENT = {name: GPU for name in ('LD_LIBRARY_PATH', 'RAQAM_CUDNN_DIR', 'RAQAM_MODULE_DIR')}
NO_DRIVER = {'LD_LIBRARY_PATH': '/nowhere', 'RAQAM_MODULE_DIR': '/nowhere'}


class Story:
    """The steps, in order; the window remembers from one to the next."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / 'Tiny.cdb'
        write_cdb(self.data)
        self.window = None

    def open(self, gpu=GPU_ENVIRONMENT, **environment):
        home = {f'XDG_{name}_HOME': str(self.folder / name.lower())
                for name in ('CONFIG', 'DATA', 'CACHE')}
        self.window = Window([RAQAM, str(self.data)], {
            'RAQAM_LOCALE_DIR': LOCALES, 'GSETTINGS_SCHEMA_DIR': SCHEMAS,
            'GSETTINGS_BACKEND': 'keyfile', **home, **gpu, **environment})

    def close(self):
        status = self.window.close()
        assert status == 0, f'exit status {status}'

    def choose(self, row, *keys):
        """Opens the list of a combo row and goes through it with keys."""
        self.window.click(self.window.get('combo box', row))
        popover = f'the list of {row!r}'
        wait(lambda: any(seen(n) for n in self.window.nodes()
                         if n.get_role_name() == 'list item'), popover)
        for key in keys:
            self.window.key(key)

    def said(self, pattern, timeout=30):
        return self.window.get('label', pattern, timeout).get_name()

    def names_the_gpu(self):
        self.open()
        self.said('Pretended GPU, 8.0 GiB')
        self.window.get('combo box', 'Precision')
        self.said('TF32: .*')
        save_picture(f'{OUTPUT}/device.png')

    def offers_each_device(self):
        self.choose('Train on')
        save_picture(f'{OUTPUT}/device-list.png')
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
        save_picture(f'{OUTPUT}/device-run.png')
        self.said('Finished: .*', 90)
        self.close()

    def remembers(self):
        self.open()
        self.said('bf16: .*')
        assert self.window.look('label', 'GPU'), 'the GPU is not what is chosen'
        self.close()

    def says_why_there_is_no_gpu(self):
        """What was chosen stays chosen, and what is missing stands below it."""
        self.open(gpu=NO_DRIVER)
        self.said("No GPU can be used: .*")
        assert self.window.look('combo box', 'Precision') is None
        save_picture(f'{OUTPUT}/device-none.png')
        self.window.press('push button', 'Start')
        self.said("The training ended: No GPU can be used: .*")
        self.window.press('push button', 'Go On with the CPU')
        self.said('Finished: .*', 90)
        self.close()

    def offers_the_cpu_when_the_gpu_fails(self):
        self.open(RAQAM_PRETENDED_FAILURE='9')
        window = self.window
        self.said('Pretended GPU, 8.0 GiB')
        window.press('push button', 'Start')
        self.said(r'The training ended: The pretended GPU fell off the bus\.', 60)
        save_picture(f'{OUTPUT}/device-failed.png')
        self.said('Stopped in epoch .*')
        window.press('push button', 'Go On with the CPU')
        self.said('Finished: .*', 90)
        assert window.look('push button', 'Go On with the CPU') is None, 'it still offers the CPU'
        assert re.search(r'f32|bf16', self.said('.*oneDNN.*')), 'the CPU is not named'
        self.close()

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
        slider.set_current_value(3.0 if slider.get_current_value() < 0 else -3.0)
        wait(lambda: driver.picture(window.get('image', 'Generated digit .')) != before,
             'the picture to change', 10)
        window.show_page('Train')
        window.get('combo box', 'Recipe')
        self.close()

    def is_mirrored_in_persian(self):
        self.open(RAQAM_PRETENDED_FAILURE='9', **persian())
        window = self.window
        combos = wait(lambda: [n for n in walk(window.root)
                               if n.get_role_name() == 'combo box' and seen(n)], 'the fields')
        assert box(combos[0]).x > driver.WIDTH / 2, 'the fields are not at the right'
        wait(lambda: any(re.search('Pretended GPU.*[8۸]', n.get_name() or '')
                         for n in walk(window.root) if n.get_role_name() == 'label'),
             'its memory')
        save_picture(f'{OUTPUT}/device-fa.png')
        window.key('ctrl+Return')
        wait(lambda: any('fell off the bus' in (n.get_name() or '') for n in walk(window.root)
                         if n.get_role_name() == 'label' and seen(n)), 'the failure', 60)
        save_picture(f'{OUTPUT}/device-failed-fa.png')
        self.close()

    STEPS = (names_the_gpu, offers_each_device, offers_precisions, shows_the_gpu_at_work,
             remembers, offers_the_cpu_when_the_gpu_fails, explores_on_without_it,
             is_mirrored_in_persian, says_why_there_is_no_gpu)


def main():
    pathlib.Path(OUTPUT).mkdir(parents=True, exist_ok=True)
    print(f'1..{len(Story.STEPS)}', flush=True)
    with tempfile.TemporaryDirectory() as folder:
        story = Story(folder)
        try:
            for number, step in enumerate(Story.STEPS, 1):
                try:
                    step(story)
                except Exception as error:
                    save_picture(f'{OUTPUT}/device-stuck.png')
                    print(f'not ok {number} /device/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}')
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /device/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0


if __name__ == '__main__':
    sys.exit(main())
