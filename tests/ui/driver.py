"""driver.py — drives a GTK 4 window through AT-SPI, as a screen reader would.

SPDX-License-Identifier: MIT
"""

import os
import re
import shutil
import subprocess
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

WIDTH, HEIGHT = 1280, 800
BORDER = 5  # that the window draws around itself where nothing is composited


def wait(condition, what, timeout=20):
    """Polls until @condition() is true and returns its value."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            value = condition()
            if value:
                return value
        except Exception:  # objects vanish while the tree changes
            pass
        time.sleep(0.05)
    raise AssertionError(f'waited {timeout} s in vain: {what}')


def children(node):
    return [node.get_child_at_index(i) for i in range(node.get_child_count())]


def walk(node):
    yield node
    for child in children(node):
        if child is not None:
            yield from walk(child)


def hidden(node):
    """Whether @node, and with it what lies in it, is not shown. Some nodes have no place."""
    return (node.get_child_count() > 0 and node.get_component_iface() is not None
            and not seen(node))


def walk_seen(node):
    """walk() without what lies in pages that are not shown, which may be most of it."""
    yield node
    for child in children(node):
        if child is not None and not hidden(child):
            yield from walk_seen(child)


def above(node):
    while (node := node.get_parent()) is not None:
        yield node


def box(node):
    """@node's place in the window; GTK 4.8 gives hidden widgets no size."""
    return node.get_extents(Atspi.CoordType.WINDOW)


def seen(node):
    return box(node).width > 0


class Window:
    """One running program and its window."""

    def __init__(self, command, environment):
        self.root = self.start(command, {**os.environ, **environment})
        wait(lambda: self.frame() is not None, 'its window')
        self.place()

    def start(self, command, environment):
        """On a busy machine GTK now and then misses the bus, and does not try again."""
        for patience in (20, 20, 40):
            self.process = subprocess.Popen(command, env=environment)
            try:
                return wait(self.find_application, 'the program on the accessibility bus', patience)
            except AssertionError as error:
                missed = error
                self.kill()
        raise missed

    def find_application(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            try:
                application = desktop.get_child_at_index(i)
                if application.get_process_id() == self.process.pid:
                    return application
            except Exception:  # one that has just ended
                pass
        desktop.clear_cache()
        return None

    def frame(self):
        return next(n for n in children(self.root) if n.get_role_name() == 'frame')

    def place(self):
        """Without a window manager nobody else gives it its place and the keys."""
        if shutil.which('xdotool') is None:
            return
        search = ['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)]
        ids = wait(lambda: subprocess.run(search, capture_output=True, text=True).stdout.split(),
                   'the window on the display')
        for command in (['windowmove', ids[-1], '0', '0'],
                        ['windowsize', ids[-1], str(WIDTH), str(HEIGHT)],
                        ['windowfocus', ids[-1]]):
            subprocess.run(['xdotool', *command], check=True)

    def nodes(self):
        return walk(self.root)

    def look(self, role, name):
        """The visible widget with this role and a name that matches, or None."""
        for node in walk_seen(self.root):
            if node.get_role_name() == role and re.fullmatch(name, node.get_name() or '') \
                    and seen(node):
                return node
        return None

    def get(self, role, name, timeout=20):
        return wait(lambda: self.look(role, name), f'{role} {name!r}', timeout)

    def press(self, role, name):
        node = self.get(role, name)
        assert node.do_action(0), f'{role} {name!r} has no action'

    def key(self, keys):
        subprocess.run(['xdotool', 'key', keys], check=True)

    def show_page(self, name):
        self.press('page tab', name)

    def click(self, node):
        place = box(node)
        subprocess.run(['xdotool', 'mousemove', str(place.x + BORDER + place.width // 2),
                        str(place.y + BORDER + place.height // 2), 'click', '1'], check=True)

    def close(self, timeout=30):
        """Closes the window; returns the program's exit status."""
        frame = self.frame()
        names = [frame.get_action_name(i) for i in range(frame.get_n_actions())]
        frame.do_action(names.index('window.close'))
        return self.process.wait(timeout)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def picture(node=None):
    """The display's pixels, or those of @node's place, as PPM."""
    command = ['import', '-window', 'root', '-silent']
    if node is not None:
        place = box(node)
        command += ['-crop', f'{place.width}x{place.height}'
                             f'+{place.x + BORDER}+{place.y + BORDER}']
    return subprocess.run([*command, 'ppm:-'], check=True, capture_output=True).stdout


def save_picture(path):
    subprocess.run(['import', '-window', 'root', '-silent', str(path)], check=True)


def brightness(ppm):
    """Mean of all bytes, 0 to 255."""
    pixels = ppm.split(b'\n', 3)[3]
    return sum(pixels) / len(pixels)
