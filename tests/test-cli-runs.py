#!/usr/bin/python3
"""test-cli-runs.py — raqam-cli runs from outside; speaks TAP.

SPDX-License-Identifier: MIT

usage: test-cli-runs.py RAQAM_CLI
"""

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
    assert 'tensorboard' in commands, commands
    for command in commands:
        stdout, _ = place.run('runs', command, '--help')
        assert f'raqam-cli runs {command}' in stdout, stdout
    assert 'unknown command' in place.run('runs', 'lits', expect=2)[1]
    place.run('runs', expect=2)


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
