"""driver.py — drives a GTK 4 window through AT-SPI, as a screen reader would.

SPDX-License-Identifier: MIT
"""

import locale
import os
import re
import shutil
import subprocess
import sys
import time

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

WIDTH, HEIGHT = 1280, 800
BORDER = 5  # that the window draws around itself where nothing is composited

CONTROLS = ('push button', 'toggle button', 'slider', 'spin button', 'image', 'combo box',
            'check box', 'switch', 'entry', 'page tab', 'text', 'progress bar', 'table cell')


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


def hidden(node):
    """Whether @node, and with it what lies in it, is not shown. Some nodes have no place."""
    return (node.get_child_count() > 0 and node.get_component_iface() is not None
            and not seen(node))


def walk(node):
    """@node and what lies in it, but for pages that are not shown, which may be most of it."""
    yield node
    for child in children(node):
        if child is not None and not hidden(child):
            yield from walk(child)


def above(node):
    while (node := node.get_parent()) is not None:
        yield node


def box(node):
    """@node's place in the window; GTK 4.8 gives hidden widgets no size."""
    return node.get_extents(Atspi.CoordType.WINDOW)


def seen(node):
    return box(node).width > 0


def is_ornament(node):
    """A picture in a control or row that itself has a name, or a drop-down's own button."""
    role, name = node.get_role_name(), node.get_name()
    if role == 'image' and name in ('GtkImage', 'GtkPicture'):
        return any(over.get_role_name() in CONTROLS + ('list item',) for over in above(node))
    return name == 'GtkToggleButton' and node.get_parent().get_role_name() == 'combo box'


def unnamed(window):
    """What a screen reader could not name: no name, or only the class's."""
    found = []
    for node in walk(window.root):
        if node.get_role_name() in CONTROLS and seen(node) and not is_ornament(node):
            name = node.get_name() or ''
            if name == '' or re.match('(Gtk|Adw|Raqam)[A-Z]', name):
                found.append(f'{node.get_role_name()} {name!r} in '
                             f'{node.get_parent().get_name()!r}')
    return found


def persian():
    """Persian digits too, where the system has the locale; else only the language."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, 'fa_IR.UTF-8')
    except locale.Error:
        return {'LANGUAGE': 'fa'}
    locale.setlocale(locale.LC_ALL, before)
    return {'LANGUAGE': 'fa', 'LC_ALL': 'fa_IR.UTF-8'}


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
        for node in walk(self.root):
            if node.get_role_name() == role and re.fullmatch(name, node.get_name() or '') \
                    and seen(node):
                return node
        return None

    def get(self, role, name, timeout=20):
        return wait(lambda: self.look(role, name), f'{role} {name!r}', timeout)

    def press(self, role, name):
        node = self.get(role, name)
        assert node.do_action(0), f'{role} {name!r} has no action'

    def show_page(self, name):
        """Of a page that may still be coming in."""
        selected = Atspi.StateType.SELECTED
        self.press_until('page tab', name, lambda: self.get('page tab', name).get_state_set()
                         .contains(selected))

    def key(self, keys):
        subprocess.run(['xdotool', 'key', keys], check=True)

    def press_until(self, role, name, then, timeout=40):
        """A press on a page that is still coming in is lost: presses until @then() is true."""
        def pressed():
            self.press(role, name)
            end = time.monotonic() + 2
            while time.monotonic() < end:
                value = then()
                if value:
                    return value
                time.sleep(0.05)
            return None
        return wait(pressed, f'what {role} {name!r} leads to', timeout)

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
    command = ['import', '-window', 'root']
    if node is not None:
        place = box(node)
        command += ['-crop', f'{place.width}x{place.height}'
                             f'+{place.x + BORDER}+{place.y + BORDER}']
    # Behind -silent, import ignores -crop.
    return subprocess.run([*command, '-silent', 'ppm:-'], check=True, capture_output=True).stdout


def save_picture(path):
    subprocess.run(['import', '-window', 'root', '-silent', str(path)], check=True)


def brightness(ppm):
    """Mean of all bytes, 0 to 255."""
    pixels = ppm.split(b'\n', 3)[3]
    return sum(pixels) / len(pixels)


DRAG_SOURCE = '''
import sys
import gi
gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GLib, Gtk

def prepare(source, x, y):
    uri = Gio.File.new_for_path(sys.argv[1]).get_uri()
    text = GLib.Bytes.new((uri + chr(13) + chr(10)).encode())
    return Gdk.ContentProvider.new_for_bytes('text/uri-list', text)

def activate(application):
    window = Gtk.ApplicationWindow(application=application, title='Drag source')
    window.set_decorated(False)
    label = Gtk.Label(label='Drag me')
    label.set_size_request(160, 120)
    source = Gtk.DragSource()
    source.connect('prepare', prepare)
    label.add_controller(source)
    window.set_child(label)
    window.present()

application = Gtk.Application()
application.connect('activate', activate)
application.run([])
'''


def drop(path, x, y, then):
    """Drags the file @path from another program's window to (@x, @y); returns @then()."""
    source = subprocess.Popen([sys.executable, '-c', DRAG_SOURCE, str(path)])
    try:
        search = ['xdotool', 'search', '--onlyvisible', '--name', '^Drag source$']
        place = wait(lambda: subprocess.run(search, capture_output=True,
                                            text=True).stdout.split(), 'the drag source')[-1]
        for command in (['windowmove', '--sync', place, '1100', '640'],
                        ['windowraise', place], ['mousemove', '1180', '700'],
                        ['mousedown', '1'], ['mousemove', '1160', '690'],
                        ['mousemove', '1130', '680'], ['mousemove', '1000', '600'],
                        ['mousemove', str(x + 10), str(y + 10)], ['mousemove', str(x), str(y)],
                        ['mouseup', '1']):
            subprocess.run(['xdotool', *command], check=True)
            time.sleep(0.3)
        return then()
    finally:
        source.kill()
        source.wait()
