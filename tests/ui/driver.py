"""driver.py — drives a GTK 4 window through AT-SPI, as a screen reader would.

SPDX-License-Identifier: MIT

Asks the program's accessibility cache over D-Bus for the whole tree at once: libatspi asks for
every property of every widget by itself, and a busy machine takes seconds for that.
GTK puts a widget there once its parent was asked for its children, and leaves it there when
it is hidden; hidden ones do not count among the children, nor in their numbering.
"""

import collections
import locale
import os
import re
import shutil
import subprocess
import sys
import time

from gi.repository import Gio, GLib

WIDTH, HEIGHT = 1280, 800
BORDER = 5  # that the window draws around itself where nothing is composited

# AtspiRole and AtspiStateType, from at-spi2-core's atspi-constants.h.
ROLES = {2: 'alert', 7: 'check box', 11: 'combo box', 23: 'frame', 27: 'image', 29: 'label',
         31: 'list', 32: 'list item', 35: 'menu item', 37: 'page tab', 42: 'progress bar',
         43: 'push button', 51: 'slider', 52: 'spin button', 56: 'table cell', 61: 'text',
         62: 'toggle button', 79: 'entry'}
SELECTED, SENSITIVE = 23, 24

ROOT = '/org/a11y/atspi/accessible/root'

CONTROLS = ('push button', 'toggle button', 'slider', 'spin button', 'image', 'combo box',
            'check box', 'entry', 'page tab', 'text', 'progress bar', 'table cell')

WINDOW = GLib.Variant('(u)', (1,))  # coordinates of AtspiCoordType

Box = collections.namedtuple('Box', 'x y width height')


def wait(condition, what, timeout=40):
    """Polls until @condition() is true and returns its value."""
    end = time.monotonic() + timeout
    while True:
        late = time.monotonic() >= end  # a look that took long is not the last one
        why = ''
        try:
            value = condition()
            if value:
                return value
        except Exception as error:  # objects vanish while the tree changes
            why = f' ({type(error).__name__}: {error})'
        if late:
            raise AssertionError(f'waited {timeout} s in vain: {what}{why}')
        time.sleep(0.1)


def a11y_bus():
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None,
                                None, Gio.DBusCallFlags.NONE, -1, None).unpack()[0]
    flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
             | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


class Node:
    """A widget: its name, role and place in the tree as they were when the tree was read;
    everything else is asked for."""

    def __init__(self, bus, owner, item):
        """@item as it came: to unpack it all takes several times as long."""
        self.bus, self.owner = bus, owner
        self.path = item.get_child_value(0).get_child_value(1).get_string()
        self.over = item.get_child_value(2).get_child_value(1).get_string()
        self.index = item.get_child_value(3).get_int32()
        self.n_children = item.get_child_value(4).get_int32()
        self.name = item.get_child_value(6).get_string()
        role = item.get_child_value(7).get_uint32()
        self.role = ROLES.get(role, str(role))
        self.parent, self.children = None, []
        # Pages of a stack have no place of their own.
        self.shown = None if 'org.a11y.atspi.Component' in item.get_child_value(5).get_strv() else True

    def call(self, interface, method, arguments=None):
        if '.' not in interface:
            interface = f'org.a11y.atspi.{interface}'
        answer = self.bus.call_sync(self.owner, self.path, interface, method, arguments, None,
                                    Gio.DBusCallFlags.NONE, -1, None).unpack()
        return answer[0] if answer else None

    def property(self, interface, name):
        return self.call('org.freedesktop.DBus.Properties', 'Get',
                         GLib.Variant('(ss)', (f'org.a11y.atspi.{interface}', name)))

    def box(self):
        """Its place in the window; GTK 4.8 gives hidden widgets no size."""
        return Box(*self.call('Component', 'GetExtents', WINDOW))

    def seen(self):
        """Whether it and all that it lies in had a size when first asked."""
        if self.shown is None:
            try:
                self.shown = self.box().width > 0
            except GLib.Error:  # it is gone
                self.shown = False
        return self.shown and (self.parent is None or self.parent.seen())

    def above(self):
        node = self
        while (node := node.parent) is not None:
            yield node

    def description(self):
        return self.property('Accessible', 'Description')

    def value(self):
        return self.property('Value', 'CurrentValue')

    def set_value(self, value):
        self.call('org.freedesktop.DBus.Properties', 'Set', GLib.Variant(
            '(ssv)', ('org.a11y.atspi.Value', 'CurrentValue', GLib.Variant('d', value))))

    def text(self):
        length = self.property('Text', 'CharacterCount')
        return self.call('Text', 'GetText', GLib.Variant('(ii)', (0, length)))

    def has(self, state):
        words = self.call('Accessible', 'GetState')
        return bool(words[state // 32] >> state % 32 & 1)

    def act(self, name=None):
        """Does its action of that name, or its first one."""
        actions = [action[0] for action in self.call('Action', 'GetActions')]
        number = 0 if name is None else actions.index(name)
        assert self.call('Action', 'DoAction', GLib.Variant('(i)', (number,))), \
            f'{self.role} {self.name!r} did nothing'


def is_ornament(node):
    """A picture in a control or row that itself has a name, or a drop-down's own button."""
    if node.role == 'image' and node.name in ('GtkImage', 'GtkPicture'):
        return any(over.role in CONTROLS + ('list item',) for over in node.above())
    return node.name == 'GtkToggleButton' and node.parent.role == 'combo box'


def unnamed(window):
    """What a screen reader could not name: no name, or only the class's."""
    return [f'{node.role} {node.name!r} in {node.parent.name!r}' for node in window.tree()
            if node.role in CONTROLS and re.match('$|(Gtk|Adw|Raqam)[A-Z]', node.name)
            and node.seen() and not is_ornament(node)]


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
        self.bus = a11y_bus()
        self.environment = {**os.environ, **environment}
        self.owner = self.start(command)
        wait(self.frame, 'its window')
        self.place()

    def start(self, command):
        """On a busy machine GTK now and then misses the bus, and does not try again."""
        for patience in (20, 20, 40):
            self.process = subprocess.Popen(command, env=self.environment)
            try:
                return wait(self.find_owner, 'the program on the accessibility bus', patience)
            except AssertionError as error:
                missed = error
                self.kill()
        raise missed

    def ask(self, owner, path, interface, method, arguments=None):
        return self.bus.call_sync(owner, path, interface, method, arguments, None,
                                  Gio.DBusCallFlags.NONE, -1, None).unpack()[0]

    def find_owner(self):
        """The program's name on the bus."""
        programs = self.ask('org.a11y.atspi.Registry', ROOT,
                            'org.a11y.atspi.Accessible', 'GetChildren')
        for owner, _ in programs:
            pid = self.ask('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                           'GetConnectionUnixProcessID', GLib.Variant('(s)', (owner,)))
            if pid == self.process.pid:
                return owner
        return None

    def discover(self, path):
        """Has what is shown in the widget of that path put into the cache."""
        try:
            for _, child in self.ask(self.owner, path, 'org.a11y.atspi.Accessible', 'GetChildren'):
                extents = self.ask(self.owner, child, 'org.a11y.atspi.Component', 'GetExtents',
                                   WINDOW)
                if extents[2] > 0:
                    self.discover(child)
        except GLib.Error:
            pass  # one that was there is gone: the next look finds the others

    def tree(self):
        """Every widget, each behind what it lies in, shown or not."""
        known = set()
        self.ask(self.owner, ROOT, 'org.a11y.atspi.Accessible', 'GetChildren')
        while True:
            items = self.bus.call_sync(self.owner, '/org/a11y/atspi/cache', 'org.a11y.atspi.Cache',
                                       'GetItems', None, None, Gio.DBusCallFlags.NONE, -1, None)
            items = items.get_child_value(0)
            nodes = [Node(self.bus, self.owner, items.get_child_value(i))
                     for i in range(items.n_children())]
            nodes = {node.path: node for node in sorted(nodes, key=lambda node: node.index)}
            for node in nodes.values():
                if (over := nodes.get(node.over)) is not None:
                    node.parent = over
                    over.children.append(node)
            new = [node.path for node in nodes.values() if node.path not in known
                   and len({child.index for child in node.children}) < node.n_children
                   and node.seen()]
            if not new:
                break
            known.update(nodes)
            for path in new:
                self.discover(path)
        stack, found = [nodes[ROOT]], []
        while stack:
            node = stack.pop()
            found.append(node)
            stack += node.children[::-1]
        return found

    def all(self, role=None, name='.*'):
        """Those that are seen, have this role and a name that matches, in order."""
        return [node for node in self.tree() if role in (None, node.role)
                and re.fullmatch(name, node.name) and node.seen()]

    def look(self, role, name):
        """The first of them, or None."""
        return next((node for node in self.tree() if node.role == role
                     and re.fullmatch(name, node.name) and node.seen()), None)

    def get(self, role, name, timeout=40):
        return wait(lambda: self.look(role, name), f'{role} {name!r}', timeout)

    def frame(self):
        return next(node for node in self.tree() if node.role == 'frame')

    def place(self):
        """Without a window manager nobody else gives it its place and the keys."""
        search = ['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)]
        ids = wait(lambda: subprocess.run(search, capture_output=True, text=True).stdout.split(),
                   'the window on the display')
        for command in (['windowmove', ids[-1], '0', '0'],
                        ['windowsize', ids[-1], str(WIDTH), str(HEIGHT)],
                        ['windowfocus', ids[-1]]):
            subprocess.run(['xdotool', *command], check=True)

    def press(self, role, name):
        self.get(role, name).act()

    def press_until(self, role, name, then, timeout=60):
        """A press on a page that is still coming in is lost: presses until @then() is true."""
        def pressed():
            self.press(role, name)
            return wait(then, f'what {role} {name!r} leads to', 3)
        return wait(pressed, f'what {role} {name!r} leads to', timeout)

    def show_page(self, name):
        """Of a page that may still be coming in."""
        self.press_until('page tab', name, lambda: self.get('page tab', name).has(SELECTED))

    def can(self, name):
        """Whether that button can be pressed."""
        return self.get('push button', name).has(SENSITIVE)

    def key(self, keys):
        subprocess.run(['xdotool', 'key', keys], check=True)

    def click(self, node):
        place = node.box()
        subprocess.run(['xdotool', 'mousemove', str(place.x + BORDER + place.width // 2),
                        str(place.y + BORDER + place.height // 2), 'click', '1'], check=True)

    def close(self, timeout=60):
        """Closes the window, and with it the program, which must end well."""
        self.frame().act('window.close')
        status = self.process.wait(timeout)
        assert status == 0, f'exit status {status}'

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def picture(node=None):
    """The display's pixels, or those of @node's place, as PPM."""
    command = ['import', '-window', 'root']
    if node is not None:
        place = node.box()
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
