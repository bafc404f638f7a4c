#!/usr/bin/python3
"""test-source.py — the rules that the source tree keeps; speaks TAP.

SPDX-License-Identifier: MIT

usage: test-source.py SOURCE_ROOT

Arrows between the layers run one way: app, cli → print → engine → engine/backend.h
← cpu, cuda. Includes name their layer, so a wrong arrow shows in the text.
Each rule first has to find the fault in a small tree that breaks it.
"""

import pathlib
import re
import sys
import tempfile

SOURCES = ('.c', '.cc', '.h', '.cu', '.cuh')
LONGEST = 600

# What each layer may include of the project, as beginnings of the path, and
# what it may never include of the system. cli is the engine without a window.
BACKEND = ('engine/backend.h', 'engine/error.h', 'engine/philox.h')
WINDOW = 'gtk|gdk|gsk|adwaita|graphene|'
LAYERS = {
    'engine': (('engine/',), WINDOW + 'oneapi|cuda|cudnn|cublas'),
    'cpu': (BACKEND + ('cpu/',), WINDOW + 'gio|json-glib|cuda|cudnn|cublas'),
    'cuda': (BACKEND + ('cuda/', 'emulator.h'), WINDOW + 'gio|json-glib|oneapi'),
    'print': (('print/', 'engine/'), WINDOW + 'oneapi|cuda|cudnn|cublas'),
    'cli': (('cli/', 'print/', 'engine/'), WINDOW + 'oneapi|cuda|cudnn|cublas'),
    'app': (('app/', 'print/', 'engine/'), 'oneapi|cuda|cudnn|cublas'),
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)
UNFINISHED = re.compile(r'\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b')
TRANSLATABLE = re.compile(r'\b(N|C|NC)?_ ?\(|translatable="(yes|true)"|^Comment=|<summary>', re.M)


def read(path):
    return path.read_text(encoding='utf-8')


def files(root, folders, suffixes):
    """The files of @folders, each with its name from @root."""
    for folder in folders:
        for path in sorted((root / folder).rglob('*')):
            if path.suffix in suffixes:
                yield path, path.relative_to(root).as_posix()


def wrong_includes(root):
    for path, name in files(root, ['src'], SOURCES):
        layer = name.split('/')[1]
        if layer not in LAYERS:
            yield f'{name} is in no layer that this test knows'
            continue
        allowed, foreign = LAYERS[layer]
        for quote, header in INCLUDE.findall(read(path)):
            ours = quote == '"' or header.split('/')[0] in LAYERS
            if not header.startswith(allowed) if ours else re.match(foreign, header):
                yield f'{name} includes {header}, which is not for src/{layer}'


def long_files(root):
    for path, name in files(root, ['src', 'tests', 'bench'], SOURCES):
        lines = read(path).count('\n')
        if lines > LONGEST:
            yield f'{name} has {lines} lines; more than {LONGEST} are two ideas'


def unfinished(root):
    suffixes = SOURCES + ('.build', '.css', '.py', '.ui')
    for path, name in files(root, ['bench', 'data', 'src', 'tests'], suffixes):
        for number, line in enumerate(read(path).splitlines(), 1):
            if UNFINISHED.search(line):
                yield f'{name}:{number}: {line.strip()}'


def untranslated(root):
    listed = {line for line in read(root / 'po/POTFILES.in').splitlines()
              if line and not line.startswith('#')}
    for name in sorted(listed):
        if not (root / name).is_file():
            yield f'po/POTFILES.in names {name}, which is not there'
    for path, name in files(root, ['data', 'src'], SOURCES + ('.in', '.ui')):
        if name not in listed and TRANSLATABLE.search(read(path)):
            yield f'{name} has words to translate, but po/POTFILES.in lacks it'


def cut_formats(root):
    """gettext reads "%" PRIu64 and "%zu"; at GLib's macros a string would end for it."""
    cut = re.compile(r'\b(N|C|NC)?_ ?\((?:\s*"(?:\\.|[^"\\])*"|\s*PRI\w+)+\s*G_\w+_FORMAT')
    for path, name in files(root, ['src'], SOURCES):
        text = read(path)
        for match in cut.finditer(text):
            yield f'{name}:{text.count(chr(10), 0, match.end()) + 1}: write PRIu64, PRId64 or %zu'


# Each rule, with a tree that breaks it and the files that it must then name.
RULES = {
    'layers': (wrong_includes, {
        'src/engine/a.c': '#include "engine/a.h"\n#include <gtk/gtk.h>\n',
        'src/engine/b.c': '# include "cpu/device.h"\n',
        'src/cpu/c.c': '#include "cpu/c.h"\n#include "engine/recipe.h"\n',
        'src/cli/d.h': '#include <app/window.h>\n',
        'src/gpu/e.c': '',
        'src/cpu/f.c': '#include "engine/backend.h"\n#include <math.h>\n',
    }, ['src/cli/d.h', 'src/cpu/c.c', 'src/engine/a.c', 'src/engine/b.c', 'src/gpu/e.c']),
    'length': (long_files, {
        'src/cpu/a.c': '\n' * LONGEST,
        'src/cpu/b.c': '\n' * (LONGEST + 1),
    }, ['src/cpu/b.c']),
    'finished': (unfinished, {
        'src/cpu/a.c': '/* TO' 'DO: the rest. */\n',
        'src/cpu/b.c': 'mastodon_t animals;\n',
    }, ['src/cpu/a.c:1']),
    'potfiles': (untranslated, {
        'po/POTFILES.in': '# Sorted.\nsrc/app/a.c\nsrc/app/gone.c\n',
        'src/app/a.c': 'puts (_ ("Train"));\n',
        'src/app/b.c': 'puts (_("Explore"));\n',
        'src/app/c.c': 'example_ ("not a mark");\n',
        'data/ui/d.ui': '<property name="label" translatable="yes">Stop</property>\n',
    }, ['data/ui/d.ui', 'po/POTFILES.in names src/app/gone.c', 'src/app/b.c']),
    'formats': (cut_formats, {
        'src/engine/a.c': 'fail (_("%" PRIu64 " of %zu"\n  " bytes %" G_GSIZE_FORMAT), n);\n',
        'src/engine/b.c': 'printf ("%" G_GSIZE_FORMAT, n), puts (_("a \\"b\\""));\n',
    }, ['src/engine/a.c:2']),
}


def find_planted_faults(rule, tree, expected):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in tree.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding='utf-8')
        found = sorted(rule(root))
    if len(found) != len(expected) or not all(f.startswith(e) for f, e in zip(found, expected)):
        yield f'expected faults in {expected}, found {found}'


def main():
    root = pathlib.Path(sys.argv[1])
    tests = []
    for name, (rule, tree, expected) in RULES.items():
        tests.append((f'/source/{name}/planted', find_planted_faults(rule, tree, expected)))
        tests.append((f'/source/{name}/project', rule(root)))

    print(f'1..{len(tests)}')
    failed = False
    for number, (path, faults) in enumerate(tests, 1):
        faults = list(faults)
        failed = failed or bool(faults)
        print(f'{"not " if faults else ""}ok {number} {path}')
        for fault in faults:
            print(f'# {fault}')
    return failed


if __name__ == '__main__':
    sys.exit(main())
