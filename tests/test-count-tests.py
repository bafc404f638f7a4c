#!/usr/bin/python3
"""test-count-tests.py — whether tools/count-tests adds up right; speaks TAP.

SPDX-License-Identifier: MIT

usage: test-count-tests.py SOURCE_ROOT
"""

import json
import pathlib
import subprocess
import sys
import tempfile

TAP = 'TAP version 13\n# a remark\n1..3\nok 1 /a/one\nok 2 /a/two # SKIP no data\nok 3 - three\n'
BROKEN = '1..2\nnot ok 1 /b/one - it fell\n# not ok 9 in\n# a remark\nok 2 /b/two\n'
MANY = '1..9\n' + ''.join(f'ok {i} /m/{i} # SKIP no GPU\n' for i in range(1, 9)) + 'ok 9 /m/9\n'

SKIPPED = ['Skipped: no data', '  log: a /a/two']

# Name: the log's entries as (name, output, result, exit status), the lines
# that must come out, the exit status.
CASES = {
    'tap': ([('a', TAP, 'OK', 0)], SKIPPED + ['2 passed, 0 failed, 1 skipped'], 0),
    'failed': ([('a', TAP, 'OK', 0), ('b', BROKEN, 'FAIL', 1)],
               SKIPPED + ['Failed: not ok 9 in a remark', '  log: b /b/one - it fell',
                          '3 passed, 1 failed, 1 skipped'], 1),
    'many': ([('m', MANY, 'OK', 0)],
             ['Skipped: no GPU'] + [f'  log: m /m/{i}' for i in range(1, 7)]
             + ['  and 2 more', '1 passed, 0 failed, 8 skipped'], 0),
    'shared-reason': ([('a', TAP, 'OK', 0), ('b', TAP, 'OK', 0)],
                      SKIPPED + ['  log: b /a/two', '4 passed, 0 failed, 2 skipped'], 0),
    'crash': ([('c', '1..2\nok 1 /c/one\n', 'FAIL', -11)],
              ['Failed: fail, exit status -11', '  log: c', '1 passed, 1 failed'], 1),
    'timeout': ([('d', '', 'TIMEOUT', -9)],
                ['Failed: timeout, exit status -9', '  log: d', '0 passed, 1 failed'], 1),
    'whole-program': ([('e', '', 'OK', 0), ('f', 'said nothing of TAP\n', 'FAIL', 2)],
                      ['Failed: fail, exit status 2', '  log: f', '1 passed, 1 failed'], 1),
    'all-skipped': ([('g', '1..0 # SKIP no display\n', 'SKIP', 0)],
                    ['Skipped: no display', '  log: g',
                     'Failed: there was no test that ran', '0 passed, 1 failed, 1 skipped'], 1),
    'empty': ([], ['Failed: there was no test that ran', '0 passed, 1 failed'], 1),
    'no-log': (None, ['Failed: no tests ran (No such file or directory)',
                      '  log/testlog.json', '0 passed, 1 failed'], 1),
}


def count(root, entries):
    with tempfile.TemporaryDirectory() as folder:
        if entries is not None:
            log = pathlib.Path(folder) / 'log/testlog.json'
            log.parent.mkdir()
            keys = 'name', 'stdout', 'result', 'returncode'
            log.write_text(''.join(json.dumps(dict(zip(keys, (f'raqam:x / {e[0]}',) + e[1:]))) + '\n'
                                   for e in entries))
        done = subprocess.run([root / 'tools/count-tests', 'log/testlog.json'], cwd=folder,
                              stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.splitlines(), done.returncode


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    print(f'1..{len(CASES)}')
    failed = False
    for number, (name, (entries, lines, status)) in enumerate(CASES.items(), 1):
        got = count(root, entries)
        if got == (lines, status):
            print(f'ok {number} /count-tests/{name}')
        else:
            failed = True
            print(f'not ok {number} /count-tests/{name}')
            print(f'# expected {(lines, status)}, got {got}')
    return failed


if __name__ == '__main__':
    sys.exit(main())
