"""story.py — what every test of the real window has in common.

SPDX-License-Identifier: MIT

A test is a class derived from Story, whose STEPS are its methods in the order in which they
are told, each building on the ones before. Its program is called with the build folder.
Importing this module skips the test where something is missing that it cannot do without.
"""

import pathlib
import shutil
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).parent.parent))

BUILD = pathlib.Path(sys.argv[1]).absolute()
RAQAM = str(BUILD / 'src' / 'app' / 'raqam')
CLI = str(BUILD / 'src' / 'cli' / 'raqam-cli')
PICTURES = BUILD / 'tests' / 'pictures'


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


for tool in ('xdotool', 'import'):
    if shutil.which(tool) is None:
        skip(f'{tool} is not installed')
try:
    import driver
except ImportError as missing:
    skip(f'GObject introspection for Python is missing: {missing}')


class Story:
    """A window, and a folder of its own for all that the program writes."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.environment = {
            **{f'XDG_{name}_HOME': str(self.home / name.lower()) for name in ('CONFIG', 'CACHE')},
            'XDG_DATA_HOME': home, 'HOME': home, 'HODA_DIR': f'{home}/none',
            'RAQAM_LOCALE_DIR': str(BUILD / 'po'), 'GSETTINGS_SCHEMA_DIR': str(BUILD / 'data')}
        self.window = None
        self.begin()

    def begin(self):
        """What a story needs before its first step."""

    def open(self, *arguments, **environment):
        self.window = driver.Window([RAQAM, *map(str, arguments)],
                                    {**self.environment, **environment})


def save_picture(name):
    """The display, for people to look at."""
    driver.save_picture(PICTURES / f'{name}.png')


def tell(name, story_class):
    """Runs the steps up to the first that fails; speaks TAP; returns the exit status."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    steps = story_class.STEPS
    print(f'1..{len(steps)}', flush=True)
    with tempfile.TemporaryDirectory() as home:
        story = story_class(home)
        try:
            for number, step in enumerate(steps, 1):
                try:
                    step(story)
                except Exception as error:
                    save_picture(f'{name}-failed')
                    print(f'not ok {number} /{name}/{step.__name__}')
                    print(f'# {type(error).__name__}: {error}'.replace('\n', '\n# '))
                    print('Bail out! each step builds on the one before')
                    return 1
                print(f'ok {number} /{name}/{step.__name__}', flush=True)
        finally:
            if story.window is not None:
                story.window.kill()
    return 0
