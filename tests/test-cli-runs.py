#!/usr/bin/python3
"""test-cli-runs.py — raqam-cli runs from outside; speaks TAP.

SPDX-License-Identifier: MIT

usage: test-cli-runs.py RAQAM_CLI
"""

import fcntl
import json
import pathlib
import shutil
import sys

from cli_place import Skip, checkpoints, run_tests

CLASSES = range(10)


def write_quality(run, steps):
    """quality.csv as docs of the format have it: @steps by (accuracy, FID)."""
    lines = ['step,epoch,images,seed,threshold,train,accuracy,frechet,'
             + ','.join(f'accuracy_{c}' for c in CLASSES) + ','
             + ','.join(f'frechet_{c}' for c in CLASSES)]
    for step, (accuracy, fid) in sorted(steps.items()):
        lines.append(f'{step},{step / 10},1000,1,1,0123456789abcdef,{accuracy},{fid},'
                     + ','.join([str(accuracy)] * 10) + ',' + ','.join([str(fid)] * 10))
    (run / 'quality.csv').write_text('\n'.join(lines) + '\n', encoding='utf-8')


def read_curves(run):
    """metrics.csv: its lines by step, as numbers by column."""
    header, *lines = (run / 'metrics.csv').read_text(encoding='utf-8').split()
    rows = [dict(zip(header.split(','), map(float, line.split(',')))) for line in lines]
    return {int(row['step']): row for row in rows}


def test_help(place):
    """Every subcommand says how it is used, and what is wrong is refused."""
    stdout, _ = place.run('runs', '--help')
    commands = [line.split()[0] for line in stdout.split('Commands:')[1].splitlines()
                if line.startswith('  ')]
    assert len(commands) == 12 and 'tensorboard' in commands, commands
    for command in commands:
        stdout, _ = place.run('runs', command, '--help')
        assert f'raqam-cli runs {command}' in stdout, stdout
    assert 'unknown command' in place.run('runs', 'lits', expect=2)[1]
    place.run('runs', expect=2)


def runs_folder(place):
    return place.folder / 'data' / 'raqam' / 'runs'


def kept(place, name):
    """A run among those that are kept: a copy of the trained one."""
    place.model()
    folder = runs_folder(place) / name
    shutil.copytree(place.folder / 'trained', folder)
    return folder


def change(run, **members):
    path = run / 'run.json'
    path.write_text(json.dumps({**json.loads(path.read_text('utf-8')), **members}), 'utf-8')


def listed(place):
    return {pathlib.Path(run['folder']).name: run
            for run in json.loads(place.run('runs', 'list', '--json')[0])}


def test_list(place):
    """Newest first, with state and figures; damaged ones and other things are left out."""
    assert 'no runs' in place.run('runs', 'list')[0]
    assert listed(place) == {}
    old, new, torn = (kept(place, name) for name in ('old', 'new', 'torn'))
    change(old, changed=1000, name='An old one', tags=['a', 'b'], notes='good')
    change(new, changed=2000, state='training')
    (torn / 'run.json').write_text('{"raqam_run": 1,', 'utf-8')
    (runs_folder(place) / 'file').write_text('a file', 'utf-8')
    write_quality(old, {10: (0.5, 3.5), 20: (0.75, 12.5)})
    lines = place.run('runs', 'list')[0].splitlines()
    assert [line.split()[0] for line in lines] == ['RUN', 'new', 'old'], lines
    assert 'interrupted' in lines[1] and '75.00 %' in lines[2] and '12.50' in lines[2], lines
    runs = listed(place)
    assert list(runs) == ['new', 'old'], runs
    assert runs['new']['state'] == 'interrupted' and runs['new']['fid'] is None, runs['new']
    assert (runs['old']['accuracy'], runs['old']['fid'], runs['old']['tags'], runs['old']['notes'],
            runs['old']['name']) == (0.75, 12.5, ['a', 'b'], 'good', 'An old one'), runs['old']
    assert runs['old']['bytes'] == sum(p.stat().st_size for p in old.rglob('*') if p.is_file())


def test_show(place):
    stdout, _ = place.run('runs', 'show', 'old')
    assert 'optimizer.beta1' in stdout and '75.00 %' in stdout and 'a, b' in stdout, stdout
    shown = json.loads(place.run('runs', 'show', 'old', '--json')[0])
    steps = [int(path.stem.removeprefix('step-')) for path in checkpoints(place.folder / 'trained')]
    assert shown['checkpoints'] == steps and shown['settings']['latent'] == '8', shown
    by_path = json.loads(place.run('runs', 'show', 'trained', '--json')[0])
    assert by_path['folder'] == str(place.folder / 'trained'), by_path
    assert 'run.json' in place.run('runs', 'show', 'nothing', expect=1)[1]
    assert 'run.json' in place.run('runs', 'show', 'torn', expect=1)[1]


def test_compare(place):
    assert 'same' in place.run('runs', 'compare', 'old', 'new')[0]
    recipe = json.loads((runs_folder(place) / 'new' / 'run.json').read_text('utf-8'))['recipe']
    recipe['optimizer']['beta1'] = 0.25
    change(runs_folder(place) / 'new', recipe=recipe)
    stdout, _ = place.run('runs', 'compare', 'old', 'new')
    assert any(line.split() == ['optimizer.beta1', '0.9', '0.25'] for line in stdout.splitlines()), \
        stdout
    first, second = json.loads(place.run('runs', 'compare', 'old', 'new', '--json')[0])
    assert first['settings'] == {'optimizer.beta1': '0.9'}, first
    assert second['settings'] == {'optimizer.beta1': '0.25'}, second
    place.run('runs', 'compare', 'old', expect=2)
    place.run('runs', 'compare', 'old', 'nothing', expect=1)


def test_delete(place):
    """Nothing without --yes; then back again; then gone."""
    folder = runs_folder(place) / 'new'
    assert '--yes' in place.run('runs', 'delete', 'new', expect=2)[1]
    assert folder.exists()
    stdout, _ = place.run('runs', 'delete', 'new', 'torn', '--yes')
    assert 'raqam-cli runs restore new' in stdout and not folder.exists(), stdout
    assert list(listed(place)) == ['old']
    assert place.run('runs', 'restore')[0].split() == ['new', 'torn']
    place.run('runs', 'restore', 'new')
    assert folder.exists() and not list(runs_folder(place).glob('.trash/new'))
    place.run('runs', 'restore', 'new', expect=1)
    place.run('runs', 'delete', 'nothing', '--yes', expect=1)
    assert 'not among those' in place.run('runs', 'delete', 'trained', '--yes', expect=1)[1]
    assert '--yes' in place.run('runs', 'empty-trash', expect=2)[1]
    assert (runs_folder(place) / '.trash' / 'torn').exists()
    place.run('runs', 'empty-trash', '--yes')
    assert not (runs_folder(place) / '.trash' / 'torn').exists()


def test_training_is_left_alone(place):
    """What is being trained is not deleted, thinned or written to."""
    run = runs_folder(place) / 'old'
    with open(run / 'lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for arguments in (['delete', 'old', '--yes'], ['thin', 'old'], ['note', 'old', 'x'],
                          ['tag', 'old', 'x']):
            assert 'being trained' in place.run('runs', *arguments, expect=1)[1], arguments
    assert run.exists() and len(checkpoints(run)) == len(checkpoints(place.folder / 'trained'))


def test_note_and_tag(place):
    place.run('runs', 'note', 'old', 'یک یادداشت')
    assert place.run('runs', 'note', 'old')[0] == 'یک یادداشت\n'
    place.run('runs', 'note', 'old', '')
    assert listed(place)['old']['notes'] is None
    assert place.run('runs', 'tag', 'old', 'c', 'b', 'c')[0].split() == ['a', 'b', 'c']
    place.run('runs', 'tag', 'old', '--remove', 'a', 'none')
    assert place.run('runs', 'tag', 'old')[0].split() == ['b', 'c']
    assert 'UTF-8' in place.run('runs', 'note', 'old', b'\xff'.decode('utf-8', 'surrogateescape'),
                                expect=2)[1]
    place.run('runs', 'note', 'nothing', 'x', expect=1)


def test_fork(place):
    """From an epoch on, it comes to where the first came."""
    first = place.folder / 'trained'
    steps = [int(path.stem.removeprefix('step-')) for path in checkpoints(first)]
    middle = steps[len(steps) // 2 - 1]
    place.run('runs', 'fork', 'trained', 'branch', '--checkpoint', f'step-{middle}')
    branch = runs_folder(place) / 'branch'
    assert [path.stem for path in checkpoints(branch)] == [f'step-{middle:012}']
    assert max(read_curves(branch)) == middle
    place.run('train', '--run', branch, '--resume', '--threads', 1)
    assert checkpoints(branch)[-1].read_bytes() == checkpoints(first)[-1].read_bytes()
    assert 'step-' in place.run('runs', 'fork', 'trained', 'other', '--checkpoint', 77, expect=1)[1]
    assert 'already' in place.run('runs', 'fork', 'trained', 'branch', expect=1)[1]
    place.run('runs', 'fork', 'trained', 'other', '--checkpoint', 'soon', expect=2)
    assert not (runs_folder(place) / 'other').exists()


def test_duplicate(place):
    """Only the settings; and trained, it is the same run once more."""
    place.run('runs', 'duplicate', 'trained', 'again')
    again = runs_folder(place) / 'again'
    assert [path.name for path in again.iterdir()] == ['run.json']
    assert listed(place)['again']['state'] == 'new'
    place.run('train', '--run', again, '--resume', '--threads', 1)
    assert checkpoints(again)[-1].read_bytes() == checkpoints(place.folder / 'trained')[-1].read_bytes()
    assert 'already' in place.run('runs', 'duplicate', 'trained', 'again', expect=1)[1]


def test_thin(place):
    run = kept(place, 'thick')
    before = checkpoints(run)
    stdout, _ = place.run('runs', 'thin', 'thick', '--dry-run')
    going = [line.split()[0] for line in stdout.splitlines() if ' goes ' in line]
    assert checkpoints(run) == before and len(going) == len(before) - 2 > 0, stdout
    assert f'{sum(path.stat().st_size for path in before[1:-1])} bytes would be freed' in stdout
    place.run('runs', 'thin', 'thick')
    assert checkpoints(run) == [before[0], before[-1]]
    place.run('runs', 'thin', 'thick', '--every', 'often', expect=2)
    for path in checkpoints(run):
        path.write_bytes(b'torn')
    place.run('runs', 'thin', 'thick', expect=1)


def test_tensorboard_file(place):
    """An event file where it is asked for; again the same."""
    place.model()
    stdout, _ = place.run('runs', 'tensorboard', 'trained', 'events')
    first = (place.folder / stdout.splitlines()[0])
    assert first.parent == place.folder / 'events' / 'trained', first
    assert first.name.startswith('events.out.tfevents.') and first.name.endswith('.raqam'), first
    before = first.read_bytes()
    place.run('runs', 'tensorboard', 'trained', 'events')
    assert [first] == list(first.parent.iterdir()) and first.read_bytes() == before


def test_tensorboard_refusals(place):
    place.model()
    assert 'name a run' in place.run('runs', 'tensorboard', 'trained', expect=2)[1]
    assert 'run.json' in place.run('runs', 'tensorboard', 'nothing', 'events', expect=1)[1]
    (place.folder / 'file').write_text('a file', encoding='utf-8')
    assert 'file' in place.run('runs', 'tensorboard', 'trained', 'file', expect=1)[1]


def test_tensorboard_reader(place):
    """TensorBoard's own reader finds what the run's files say."""
    try:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    except ImportError as why:
        raise Skip(f'TensorBoard is not installed: {why}') from why

    place.train('judged')
    run = place.folder / 'judged'
    steps = [int(path.stem.removeprefix('step-')) for path in checkpoints(run)]
    write_quality(run, {steps[-1]: (0.75, 12.5)})
    place.run('runs', 'tensorboard', 'judged', 'judged-events')

    events = EventAccumulator(str(place.folder / 'judged-events' / 'judged'),
                              size_guidance={'scalars': 0, 'images': 0})
    events.Reload()
    curves = read_curves(run)
    for tag, column in {'loss/generator': 'loss_generator',
                        'loss/discriminator': 'loss_discriminator',
                        'probability/real': 'p_real', 'probability/fakes': 'p_fake',
                        'rate/generator': 'rate_generator',
                        'rate/discriminator': 'rate_discriminator'}.items():
        got = {event.step: event.value for event in events.Scalars(tag)}
        assert got.keys() == curves.keys(), (tag, len(got), len(curves))
        assert all(abs(got[step] - curves[step][column]) <= 1e-6 * abs(got[step]) for step in got)
    for tag, value in {'quality/accuracy': 0.75, 'quality/fid': 12.5, 'accuracy_of/9': 0.75,
                       'fid_of/0': 12.5}.items():
        assert [(e.step, e.value) for e in events.Scalars(tag)] == [(steps[-1], value)], tag
    images = {f'step-{event.step:012}.png': event for event in events.Images('samples')}
    sheets = {path.name: path.read_bytes() for path in (run / 'samples').iterdir()}
    assert {name: image.encoded_image_string for name, image in images.items()} == sheets


if __name__ == '__main__':
    sys.exit(run_tests(dict(globals()), 'cli-runs'))
