"""desktop.py — the parts of a desktop that a program calls, on the test's own bus.

SPDX-License-Identifier: MIT
"""

import threading

from gi.repository import Gio, GLib

INTERFACES = '''<node>
<interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
</interface>
<interface name="org.gnome.SessionManager">
  <method name="RegisterClient">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="o" direction="out"/>
  </method>
  <method name="Inhibit">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="u" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="Uninhibit"><arg type="u" direction="in"/></method>
</interface>
</node>'''

ANSWERS = {'Notify': GLib.Variant('(u)', (1,)), 'Inhibit': GLib.Variant('(u)', (7,)),
           'RegisterClient': GLib.Variant('(o)', ('/org/gnome/SessionManager/Client1',)),
           'GetCapabilities': GLib.Variant('(as)', (['body'],))}


class Desktop:
    """Notifications, the session's manager and the task bar, which write down what they hear.
    To be made before the program starts."""

    def __init__(self):
        self.calls = []  # (method, arguments), in order
        bus = self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)  # closed where nobody keeps it
        for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
            path = '/' + interface.name.replace('.', '/')
            bus.register_object(path, interface, self.called, None, None)
            bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                          'RequestName', GLib.Variant('(su)', (interface.name, 0)), None,
                          Gio.DBusCallFlags.NONE, -1, None)
        bus.signal_subscribe(None, 'com.canonical.Unity.LauncherEntry', 'Update', None, None,
                             Gio.DBusSignalFlags.NONE, self.updated)
        threading.Thread(target=GLib.MainLoop().run, daemon=True).start()

    def called(self, _bus, _sender, _path, _interface, method, arguments, invocation):
        self.calls.append((method, arguments.unpack()))
        invocation.return_value(ANSWERS.get(method))

    def updated(self, _bus, _sender, _path, _interface, signal, arguments):
        self.calls.append((signal, arguments.unpack()))

    def count(self, method):
        return sum(name == method for name, _ in self.calls)

    def last(self, method):
        """The arguments of its last call, or None."""
        return next((arguments for name, arguments in self.calls[::-1] if name == method), None)
