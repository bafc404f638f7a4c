#!/usr/bin/python3
"""test-cli.py — raqam-cli from outside: what it says, keeps and returns; speaks TAP.

SPDX-License-Identifier: MIT

usage: test-cli.py RAQAM_CLI [PRETENDED_GPU]

PRETENDED_GPU is the folder that tests/pretended-gpu was built in.

It trains tiny networks on a small data set of its own making. What it expects of
files follows their published formats: .cdb, safetensors, NPY, zip, PNG.
"""

import collections
import contextlib
import json
import os
import pathlib
import pty
import signal
import struct
import subprocess
import sys
import time
import zipfile

from cli_place import PATIENCE, PROGRAM, RECIPE, Skip, checkpoints, finish, run_tests
from tiny_cdb import write_cdb

PRETENDED_GPU = str(pathlib.Path(sys.argv[2]).resolve()) if len(sys.argv) > 2 else None

def wait_for(what, process):
    """Until @what() is true; @process must live on as long."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert process.poll() is None, process.communicate()
        if time.monotonic() > end:
            process.kill()
            raise AssertionError('nothing happened', process.communicate())
        time.sleep(0.01)


def is_under_way(folder):
    """Whether a step has been made and written down."""
    return any('step-000000000000' not in path.name for path in checkpoints(folder))


def read_safetensors(path):
    """Header and data: 8 bytes of length, JSON, data."""
    content = path.read_bytes()
    n = struct.unpack('<Q', content[:8])[0]
    return json.loads(content[8:8 + n]), content[8 + n:]


def weights(path):
    """All tensors of a checkpoint, by name."""
    header, data = read_safetensors(path)
    return {name: data[slice(*tensor['data_offsets'])]
            for name, tensor in header.items() if name != '__metadata__'}


def read_npz(path):
    """{name: (shape, bytes)} of uint8 arrays, by NumPy's format 1.0."""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            content = archive.read(name)
            assert content[:8] == b'\x93NUMPY\x01\x00', content[:8]
            n = struct.unpack('<H', content[8:10])[0]
            header = eval(content[10:10 + n], {'__builtins__': {}})
            assert header['descr'] in ('|u1', 'u1') and not header['fortran_order'], header
            arrays[name[:-len('.npy')]] = header['shape'], content[10 + n:]
    return arrays


def test_help(place):
    stdout, stderr = place.run('--help')
    assert stderr == ''
    for word in ('train', 'generate', 'evaluate', 'info', 'my-run', 'exit status'):
        assert word in stdout, word
    for command, words in {
            'train': ['--data', '--recipe', '--run', '--epochs', '--minutes', '--seed', '--device',
                      '--precision', '--threads', '--resume', 'Ctrl-C', 'Examples:', 'thesis'],
            'generate': ['--model', '--out', '--digit', '--count', '--seed', '--threshold',
                         '--device', 'Examples:', 'numpy'],
            'evaluate': ['--model', '--data', '--images', '--seed', '--report', '--no-scores',
                         '--utility', '--every', '--device', '--threads', 'Ctrl-C', 'Examples:'],
            'info': ['FILE', 'checksum', 'Examples:'],
            'devices': ['--device', '--precision', 'auto']}.items():
        stdout, stderr = place.run(command, '--help')
        assert stderr == ''
        for word in words:
            assert word in stdout, (command, word)
    assert place.run('--version')[0].startswith('raqam-cli ')


def test_misuse(place):
    (place.folder / 'folder.json').mkdir()
    train = ['train', '--data', place.data, '--run', 'never']
    draw = ['generate', '--model', 'x', '--out', 'x.png']
    judge = ['evaluate', '--model', 'x', '--data', place.data]
    for arguments, word in [
            ([], 'Usage'),
            (['judge'], 'unknown command “judge”'),
            (['evaluate'], '--model is missing'),
            ([*judge, '--images', '99'], '--images takes a whole number between 100 and 100000'),
            ([*judge, '--images', '1e3'], '“1e3”'),
            ([*judge, '--report', 'x.doc'], '.json, .md, .csv or .pdf'),
            ([*judge, '--report', '.json'], '.json, .md, .csv or .pdf'),
            ([*judge, '--report', 'gone/x.json'], 'no folder “gone”'),
            ([*judge, '--report', '/'], '.json, .md, .csv or .pdf'),
            ([*judge, '--report', 'folder.json'], '“folder.json” is a folder'),
            ([*judge, '--every', '-1'], '--every'),
            ([*judge, '--every', '3', '--report', 'x.json'], '--report does not go with --every'),
            ([*judge, '--every', '3', '--utility'], '--utility does not go with --every'),
            ([*judge, '--data', ''], '--data is empty'),
            ([*judge, '--device', 'gpu'], 'auto, cpu, cuda'),
            (['train', '--epoch', '3'], '--epoch'),
            ([*train, '--epochs', '0'], '--epochs takes a whole number between 1 and 100000'),
            ([*train, '--epochs', '3x'], '“3x”'),
            ([*train, '--minutes', '-1'], '--minutes'),
            ([*train, '--minutes', 'nan'], '--minutes'),
            ([*train, '--seed', '9223372036854775808'], '--seed'),
            ([*train, '--seed', 'one'], '--seed'),
            ([*train, '--device', 'gpu'], 'auto, cpu, cuda'),
            ([*train, '--precision', 'f16'], 'f32, tf32, bf16'),
            ([*train, '--threads', '0'], '--threads'),
            (['train', 'more', *train[1:]], '“more”'),
            (['train', '--resume'], '--run'),
            (['train', '--data', place.data, '--run', ''], '--run is empty'),
            ([*train, '--data', ''], '--data is empty'),
            ([*train, '--resume', '--seed', '3'], '--seed'),
            (['train', '--run', 'never'], '--data is missing'),
            (['generate', '--out', 'x.png'], '--model is missing'),
            (['generate', '--model', 'x'], '--out is missing'),
            (['generate', '--model', 'x', '--out', 'x.jpg'], '.npz'),
            (['generate', '--model', 'x', '--out', '.png'], '.npz'),
            ([*draw, '--digit', '10'], '--digit'),
            ([*draw, '--digit', 'x'], '--digit'),
            ([*draw, '--count', '0'], '--count'),
            ([*draw, '--count', '1000001'], '--count'),
            ([*draw, '--seed', '-1'], '--seed'),
            ([*draw, '--threshold', '0'], '--threshold'),
            ([*draw, '--threshold', '1.5'], '--threshold'),
            ([*draw, '--threshold', '0,5'], '--threshold'),
            ([*draw, 'more'], '“more”'),
            (['info'], 'name a checkpoint'),
            (['info', 'a', 'b'], '“b”')]:
        stdout, stderr = place.run(*arguments, expect=2)
        assert stdout == '' and word in stderr, (arguments, stdout, stderr)
        assert '--help' in stderr
    assert not (place.folder / 'never').exists()


def test_failures(place):
    cut = place.folder / 'Cut.cdb'
    cut.write_bytes(place.data.read_bytes()[:3000])
    wrong = place.write_recipe('wrong.json', latent=1000)
    for arguments, word in [
            (['train', '--data', 'none.cdb', '--run', 'never'], 'none.cdb'),
            (['train', '--data', cut, '--run', 'never'], 'Cut.cdb'),
            (['train', '--data', place.data, '--recipe', wrong, '--run', 'never'], '“latent” is 1000'),
            (['train', '--data', place.data, '--recipe', 'quick', '--run', 'never'], 'fast'),
            (['train', '--resume', '--run', 'never'], 'never'),
            (['generate', '--model', 'never', '--out', 'x.png'], 'never'),
            (['generate', '--model', place.data, '--out', 'x.png'], 'Tiny.cdb'),
            (['info', 'never'], 'never'),
            (['info', place.data], 'Tiny.cdb')]:
        stdout, stderr = place.run(*arguments, expect=1)
        assert stdout == '' and word in stderr, (arguments, stdout, stderr)
    assert not (place.folder / 'never').exists() and not (place.folder / 'x.png').exists()


def test_train(place):
    stdout, stderr = place.train('first')
    folder = place.folder / 'first'
    newest = checkpoints(folder)[-1]
    assert newest.name == 'step-000000000030.safetensors', newest  # 3 epochs of 10 steps
    assert f'first/checkpoints/{newest.name}' in stdout and 'Finished' in stdout
    assert (folder / 'samples' / (newest.stem + '.png')).read_bytes()[:4] == b'\x89PNG'
    assert f'first/samples/{newest.stem}.png' in stdout
    assert '160 images' in stderr and 'epoch 3.00 of 3' in stderr and '\r' not in stderr
    assert json.loads((folder / 'run.json').read_text())['state'] == 'finished'

    before = {path: path.read_bytes() for path in folder.rglob('*') if path.is_file()}
    assert 'already' in place.train('first', expect=1)[1]
    assert 'finished' in place.run('train', '--run', 'first', '--resume', expect=1)[1]
    assert before == {path: path.read_bytes() for path in before}

    stdout, _ = place.run('train', '--run', 'first', '--resume', '--epochs', 4, '--threads', 1)
    assert checkpoints(folder)[-1].name == 'step-000000000040.safetensors'


def test_options(place):
    stdout, _ = place.run('train', '--data', place.data, '--recipe', place.recipe, '--run', 'seven',
                          '--seed', 7, '--epochs', 1, '--threads', 1)
    seven = json.loads((place.folder / 'seven' / 'run.json').read_text())
    assert seven['recipe']['seed'] == 7 and seven['recipe']['epochs'] == 1
    place.train('one', '--epochs', 1)
    first, other = (weights(checkpoints(place.folder / run)[-1]) for run in ('seven', 'one'))
    assert first.keys() == other.keys() and first != other

    long = place.write_recipe('long.json', epochs=100000)
    stdout, _ = place.run('train', '--data', place.data, '--recipe', long, '--run', 'short',
                          '--minutes', 0.02)
    assert 'Stopped' in stdout and '--resume' in stdout
    stderr = place.run('train', '--recipe', 'fast', '--run', 'short', '--resume', expect=2)[1]
    assert '“fast”' in stderr and '“tiny”' in stderr, stderr
    place.run('train', '--recipe', long, '--run', 'short', '--resume', '--minutes', 0.01)


@contextlib.contextmanager
def gpu(place, failure=None):
    """@place with a pretended GPU, which fails as @failure says."""
    if PRETENDED_GPU is None:
        raise Skip('no folder of the pretended GPU was named')
    before = dict(place.environment)
    place.environment.update({name: PRETENDED_GPU for name in (
        'LD_LIBRARY_PATH', 'RAQAM_CUDNN_DIR', 'RAQAM_MODULE_DIR')})
    if failure is not None:
        place.environment['RAQAM_PRETENDED_FAILURE'] = failure
    yield
    place.environment.clear()
    place.environment.update(before)


def train_on(place, run, device, *more, expect=0):
    return place.train(run, '--device', device, '--epochs', 8, *more, expect=expect)


def test_devices(place):
    stdout, stderr = place.run('devices')
    cpu, cuda = stdout.splitlines()
    assert stderr == '' and cpu.startswith('cpu ') and 'f32' in cpu, stdout
    assert cuda.startswith('cuda '), stdout
    with gpu(place):
        cuda = place.run('devices')[0].splitlines()[1]
        assert cuda == 'cuda  Pretended GPU; 8.0 GiB; tf32, f32, bf16', cuda
    with gpu(place, 'probe'):
        cuda = place.run('devices')[0].splitlines()[1]
        assert cuda.startswith('cuda  cannot be used: The pretended GPU has no memory'), cuda


def test_gpu(place):
    train_on(place, 'on-cpu', 'cpu')
    with gpu(place):
        _, stderr = train_on(place, 'on-gpu', 'cuda', '--precision', 'bf16')
        assert 'Pretended GPU' in stderr, stderr
        place.run('generate', '--model', 'on-gpu', '--device', 'cuda', '--out', 'gpu.npz')
    place.run('generate', '--model', 'on-gpu', '--device', 'cpu', '--out', 'cpu.npz')
    assert read_npz(place.folder / 'gpu.npz') == read_npz(place.folder / 'cpu.npz')
    assert weights(checkpoints(place.folder / 'on-gpu')[-1]) == weights(
        checkpoints(place.folder / 'on-cpu')[-1])


def test_gpu_cannot_be_opened(place):
    with gpu(place, 'open'):
        _, stderr = train_on(place, 'never-opened', 'auto')
        assert 'The pretended GPU cannot be opened. Training goes on with the CPU.' in stderr, stderr
        _, stderr = place.run('generate', '--model', 'never-opened', '--out', 'a.png')
        assert 'The pretended GPU cannot be opened. Drawing on the CPU.' in stderr, stderr
        _, stderr = train_on(place, 'refused', 'cuda', expect=1)
        assert 'The pretended GPU cannot be opened' in stderr, stderr
        assert not (place.folder / 'refused').exists()
        place.run('generate', '--model', 'never-opened', '--device', 'cuda', '--out', 'b.png',
                  expect=1)


def test_gpu_fails_on_the_way(place):
    """With auto the CPU goes on, to the same weights; with cuda the checkpoint is kept."""
    with gpu(place, '27'):
        stdout, stderr = train_on(place, 'rescued', 'auto')
        assert 'fell off the bus' in stderr and 'Going on with the CPU' in stderr, stderr
        assert 'Finished' in stdout, stdout
        _, stderr = train_on(place, 'lost', 'cuda', expect=1)
        assert 'fell off the bus' in stderr and 'Going on' not in stderr, stderr
        assert 'The last good checkpoint is kept' in stderr, stderr
    assert weights(checkpoints(place.folder / 'rescued')[-1]) == weights(
        checkpoints(place.folder / 'on-cpu')[-1])
    place.run('train', '--run', 'lost', '--resume', '--device', 'cpu', '--threads', 1)
    assert weights(checkpoints(place.folder / 'lost')[-1]) == weights(
        checkpoints(place.folder / 'on-cpu')[-1])


def test_several_files(place):
    more = place.folder / 'More.cdb'
    write_cdb(more, 40)
    stdout, stderr = place.run('train', '--data', place.data, more, '--recipe', place.recipe, '--run',
                               'both', '--epochs', 1)
    assert '200 images' in stderr
    data = json.loads((place.folder / 'both' / 'run.json').read_text())['data']
    assert data == [str(place.data), str(more)], data


def interrupt(place, run, number, *more):
    """Trains in @run until a step is made, and then sends the signal."""
    process = place.start('train', '--data', place.data, '--recipe', place.recipe, '--run', run,
                          '--threads', 1, *more)
    wait_for(lambda: is_under_way(place.folder / run), process)
    process.send_signal(number)
    stdout, stderr = finish(process)
    return process.returncode, stdout, stderr


def test_interrupt(place):
    """Ctrl-C, then --resume: bit for bit what comes of a run that never stopped."""
    place.recipe = place.write_recipe('tiny.json', epochs=100)
    try:
        place.train('whole')
        status, stdout, stderr = interrupt(place, 'stopped', signal.SIGINT)
        newest = checkpoints(place.folder / 'stopped')[-1]
        assert status == 130, (status, stdout, stderr)
        assert 'Stopping' in stderr and 'Stopped at epoch' in stdout
        assert f'stopped/checkpoints/{newest.name}' in stdout
        assert 'raqam-cli train --run stopped --resume' in stdout
        assert int(read_safetensors(newest)[0]['__metadata__']['raqam.step']) < 1000

        place.run('train', '--run', 'stopped', '--resume', '--threads', 1)
        whole, stopped = (checkpoints(place.folder / run)[-1] for run in ('whole', 'stopped'))
        assert whole.name == stopped.name == 'step-000000001000.safetensors'
        assert weights(whole) == weights(stopped)
    finally:
        place.recipe = place.write_recipe('tiny.json')


def test_terminate(place):
    status, stdout, _ = interrupt(place, 'terminated', signal.SIGTERM, '--epochs', 100000)
    assert status == 128 + signal.SIGTERM and 'Stopped at epoch' in stdout


def test_broken_pipe(place):
    """Whoever reads the progress may go away before the run does."""
    process = place.start('train', '--data', place.data, '--recipe', place.recipe, '--run', 'piped',
                          '--threads', 1, '--epochs', 100000)
    wait_for(lambda: is_under_way(place.folder / 'piped'), process)
    process.stderr.close()
    process.stdout.close()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 130, process.returncode
    run = json.loads((place.folder / 'piped' / 'run.json').read_text())
    assert run['state'] == 'stopped', run['state']


def test_deleted(place):
    """A run's folder that is gone is made again: the training is still there."""
    process = place.start('train', '--data', place.data, '--recipe', place.recipe, '--run', 'deleted',
                          '--threads', 1, '--epochs', 100000)
    folder = place.folder / 'deleted'
    wait_for(lambda: is_under_way(folder), process)
    folder.rename(place.folder / 'moved')
    process.send_signal(signal.SIGINT)
    stdout, stderr = finish(process)
    assert process.returncode == 130, (process.returncode, stderr)
    assert 'deleted/checkpoints' in stdout and checkpoints(folder), stdout
    for run in ('deleted', 'moved'):
        assert place.run('train', '--run', run, '--resume', '--minutes', 0.01)


def test_twice(place):
    """A second Ctrl-C does not wait for a step of several seconds."""
    wide = [{**layer, 'filters': 192} if layer.get('filters') == 8 else layer
            for layer in RECIPE['generator']]
    slow = place.write_recipe('slow.json', batch=160, generator=wide, discriminator=[
        {'layer': 'conv', 'filters': 256, 'kernel': 11},
        {'layer': 'conv', 'filters': 256, 'kernel': 11, 'stride': 2},
        {'layer': 'head', 'labels': 'projection'}])
    process = place.start('train', '--data', place.data, '--recipe', slow, '--run', 'twice',
                          '--threads', 1)
    wait_for(lambda: checkpoints(place.folder / 'twice'), process)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    for line in process.stderr:
        if 'Stopping' in line:
            break
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    stdout, stderr = finish(process)
    assert process.returncode == 130 and stdout == '' and 'at once' in stderr, (stdout, stderr)
    assert time.monotonic() - sent < 2


def test_kill(place):
    """Killed at any moment: nothing is broken, and the run goes on."""
    process = place.start('train', '--data', place.data, '--recipe', place.recipe, '--run', 'killed',
                          '--threads', 1, '--epochs', 100000)
    folder = place.folder / 'killed'
    wait_for(lambda: is_under_way(folder), process)
    time.sleep(0.3)
    process.kill()
    process.communicate()

    assert json.loads((folder / 'run.json').read_text())['state'] == 'training'
    for path in checkpoints(folder):
        assert 'holds' in place.run('info', path)[0]
    last = int(checkpoints(folder)[-1].stem[-12:])
    stdout, _ = place.run('train', '--run', 'killed', '--resume', '--minutes', 0.02)
    assert int(checkpoints(folder)[-1].stem[-12:]) > last


def test_terminal(place):
    """On a terminal the progress is one line, written over."""
    master, slave = pty.openpty()
    process = place.start('train', '--data', place.data, '--recipe', place.recipe, '--run', 'terminal',
                          '--epochs', 30, stderr=slave)
    os.close(slave)
    shown = b''
    try:
        while part := os.read(master, 4096):
            shown += part
    except OSError:
        pass  # what Linux says when the other side has closed
    stdout, _ = finish(process)
    assert process.returncode == 0 and 'Finished' in stdout
    lines = shown.decode().replace('\r\n', '\n').split('\n')
    progress = [line for line in lines if 'epoch' in line]
    assert len(progress) == 1 and progress[0].startswith('\repoch '), lines
    assert '\x1b[K' in progress[0] and 'epoch 30.00 of 30' in progress[0]


def test_generate(place):
    model = place.model()
    out = place.folder / 'd.npz'

    def draw(*arguments):
        place.run('generate', '--model', model, '--out', out, *arguments)
        arrays = read_npz(out)
        assert set(arrays) == {'images', 'labels'}
        return arrays['images'], arrays['labels'], out.read_bytes()

    images, labels, content = draw('--count', 30)
    assert images[0] == (30, 28, 28) and labels[0] == (30,)
    assert collections.Counter(labels[1]) == {digit: 3 for digit in range(10)}
    assert list(labels[1][:12]) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert set(images[1]) <= {0, 255}
    assert draw('--count', 30)[2] == content, 'the same seed draws the same digits'
    assert draw('--count', 30, '--seed', 2)[0] != images
    assert draw('--count', 12)[0][1] == images[1][:12 * 784], 'a larger count adds to them'
    assert len(draw()[1][1]) == 100
    assert draw('--count', 2500)[0][1][:30 * 784] == images[1]

    assert set(draw('--count', 5, '--digit', 7)[1][1]) == {7}
    assert draw('--count', 5, '--digit', '۷')[2] == draw('--count', 5, '--digit', 7)[2]
    greys = draw('--count', 30, '--threshold', 'none')[0][1]
    assert not set(greys) <= {0, 255}
    assert draw('--count', 30, '--threshold', '0.5')[0] == images
    assert images[1] == bytes(255 if grey >= 127.5 else 0 for grey in greys)
    assert draw('--count', 30, '--threshold', '0.25')[0][1] == bytes(
        255 if grey >= 63.75 else 0 for grey in greys)


def png_size(path):
    content = path.read_bytes()
    assert content[:8] == b'\x89PNG\r\n\x1a\n' and content[-8:-4] == b'IEND', path
    return struct.unpack('>II', content[16:24])


def test_picture(place):
    model = place.model()
    sheet = place.folder / 'sheet.png'
    stdout, _ = place.run('generate', '--model', model, '--out', sheet)
    first = sheet.read_bytes()
    width, height = png_size(sheet)
    assert '100 digits' in stdout and width == height >= 280, (width, height)

    place.run('generate', '--model', model, '--out', sheet)
    assert sheet.read_bytes() == first
    place.run('generate', '--model', model, '--out', sheet, '--digit', 4, '--count', 25)
    width, height = png_size(sheet)
    assert width == height
    newest = checkpoints(place.folder / model)[-1]
    place.run('generate', '--model', newest, '--out', place.folder / 'same.PNG')
    assert (place.folder / 'same.PNG').read_bytes() == first, 'a run stands for its newest checkpoint'
    assert 'none/x.png' in place.run('generate', '--model', model, '--out', 'none/x.png', expect=1)[1]


def test_info(place):
    folder = place.folder / place.model()
    newest = checkpoints(folder)[-1]
    header, _ = read_safetensors(newest)
    stdout, _ = place.run('info', newest)
    # dense 7·7·8·18 and bias, tconv 4·4·8·8 and bias, two class norms, tconv 4·4·8 and bias;
    # conv 4·4·8 and bias, conv 4·4·8·8 and bias, head 11·392 and bias
    generator = 392 * 18 + 392 + 1024 + 8 + 2 * 160 + 128 + 1
    discriminator = 128 + 8 + 1024 + 8 + 11 * 392 + 1
    for word in ('tiny', f'generator {generator}, discriminator {discriminator}', '3.00 of 3', '30',
                 'holds', f'{len(header) - 1}\n', '392 × 18', *(set(header) - {'__metadata__'})):
        assert word in stdout, word
    assert stdout in place.run('info', folder)[0]
    assert 'finished' in place.run('info', folder)[0]

    damaged = place.folder / 'damaged.safetensors'
    content = bytearray(newest.read_bytes())
    content[-5] ^= 1
    damaged.write_bytes(content)
    stdout, stderr = place.run('info', damaged, expect=1)
    assert stdout == '' and 'damaged.safetensors' in stderr
    damaged.write_bytes(content[:-5])
    place.run('info', damaged, expect=1)
    place.run('generate', '--model', damaged, '--out', 'x.png', expect=1)


def test_evaluate(place):
    """The report in every form; with one seed always the same."""
    judge = ['evaluate', '--model', place.model(), '--data', place.data, '--images', 100,
             '--threads', 1]
    reports = [place.folder / f'report.{kind}' for kind in ('json', 'md', 'csv', 'pdf')]
    stdout, stderr = place.run(*judge, *(word for path in reports for word in ('--report', path)))
    for word in ('held back', 'macro avg', 'FID', 'Memorisation', 'on the test images too'):
        assert word in stdout, (word, stdout)
    for path in reports:
        assert str(path) in stderr, stderr
    report = json.loads(reports[0].read_text(encoding='utf-8'))
    assert report['settings'] == {
        'images': 100, 'seed': 1, 'threshold': True, 'scores': True, 'utility': False,
        'utility_epochs': 0, 'device': 'auto', 'precision': 'auto'}, report['settings']
    assert report['data']['train_images'] == 140 and report['data']['test_images'] == 20
    assert report['model']['trained_on'] == 'train and test', report['model']
    assert sum(map(sum, report['confusion'].values())) == 100
    assert f'{report["scores"]["fid"]:.4f}' in stdout
    assert '| --- |' in reports[1].read_text(encoding='utf-8')
    assert f'report.accuracy,,{report["report"]["accuracy"]}\n' in reports[2].read_text('utf-8')
    assert reports[3].read_bytes().startswith(b'%PDF')

    place.run(*judge, '--report', 'again.JSON')
    assert (place.folder / 'again.JSON').read_bytes() == reports[0].read_bytes()
    place.run(*judge, '--seed', 2, '--no-scores', '--report', 'other.json')
    other = json.loads((place.folder / 'other.json').read_text(encoding='utf-8'))
    assert 'scores' not in other and other['settings']['seed'] == 2
    assert other['classifier'] == report['classifier']


def test_evaluate_every(place):
    """The checkpoints of a run, each judged once."""
    judge = ['evaluate', '--model', place.model(), '--data', place.data, '--images', 100,
             '--threads', 1, '--every', 1]
    stdout, _ = place.run(*judge)
    assert stdout.count('best') == 1 and 'accuracy' in stdout, stdout
    quality = place.folder / place.model() / 'quality.csv'
    lines = quality.read_text().splitlines()
    assert len(lines) == len(stdout.splitlines()) > 2, (lines, stdout)
    before = quality.stat().st_mtime_ns
    assert place.run(*judge)[0] == stdout and quality.stat().st_mtime_ns == before
    # One that is damaged is told of, beside what is known of the others.
    spoilt = checkpoints(place.folder / place.model())[0].with_name('step-000000000001.safetensors')
    spoilt.write_bytes(b'spoilt')
    stdout, stderr = place.run(*judge, expect=1)
    spoilt.unlink()
    assert spoilt.name in stderr and 'best' in stdout, (stdout, stderr)
    place.run('evaluate', '--model', checkpoints(place.folder / place.model())[0], '--data',
              place.data, '--every', 1, expect=2)


def test_evaluate_fails(place):
    """What cannot be judged is said, and no report is left."""
    judge = ['evaluate', '--images', 100, '--report', 'failed.json']
    for arguments, word in [
            (['--model', 'nowhere', '--data', place.data], 'nowhere'),
            (['--model', place.model(), '--data', place.recipe], place.recipe.name),
            (['--model', place.recipe, '--data', place.data], place.recipe.name)]:
        stdout, stderr = place.run(*judge, *arguments, expect=1)
        assert stdout == '' and word in stderr, stderr
    assert not (place.folder / 'failed.json').exists()


def test_evaluate_interrupted(place):
    """Ctrl-C stops the judge too."""
    process = place.start('evaluate', '--model', place.model(), '--data', place.data, '--images',
                          20000, '--threads', 1, '--utility', '--report', 'stopped.json')
    for line in process.stderr:
        if '%' in line:
            break
    process.send_signal(signal.SIGINT)
    stdout, stderr = finish(process)
    assert process.returncode == 130 and stdout == '', (process.returncode, stdout, stderr)
    assert 'Stopping' in stderr and not (place.folder / 'stopped.json').exists()


def test_signs(place):
    """A loss that explodes is told once when it does, and listed afterwards; a sound run has none."""
    wild = place.write_recipe('wild.json', epochs=30, optimizer={
        'generator_rate': 1, 'discriminator_rate': 1, 'beta1': 0.5, 'beta2': 0.99, 'epsilon': 1e-8})
    stdout, stderr = place.run('train', '--data', place.data, '--recipe', wild, '--run', 'wild',
                               '--threads', 1)
    told = 'A loss has exploded'
    assert stderr.count(f'{told}, since epoch 0.') == 1, stderr
    assert stdout.count(told) == 1 and '(explosion, since epoch 0.' in stdout, stdout
    assert 'Lower the learning rate' in stdout and stdout.index(told) < stdout.index('Finished')
    listed = stdout[stdout.index('Signs of trouble'):stdout.index('Finished')]
    assert place.run('info', 'wild')[0].endswith(listed)
    assert 'Signs of trouble' not in place.run('info', place.model())[0]

    quality = place.folder / 'wild' / 'quality.csv'
    names = ['step', 'epoch', 'images', 'seed', 'threshold', 'train', 'accuracy', 'frechet']
    names += [f'{figure}_{digit}' for figure in ('accuracy', 'frechet') for digit in range(10)]
    lines = [[step, step / 10, 1000, 1, 1, '0a', 0.9, 1 + step] + [0.9] * 10 + [step] * 10
             for step in range(10, 80, 10)]
    quality.write_text('\n'.join(','.join(map(str, line)) for line in [names, *lines]) + '\n')
    stdout, _ = place.run('info', 'wild')
    assert '6 judgements in a row had not come below the best FID, 11.00 in epoch 1.00' in stdout, stdout


def test_full_output(place):
    """No success where nobody can read the answer."""
    with open('/dev/full', 'w', encoding='utf-8') as full:
        for arguments in (['info', place.model()], ['--help'], ['train', '--help']):
            process = subprocess.run([PROGRAM, *arguments], cwd=place.folder, env=place.environment,
                                     stdout=full, stderr=subprocess.PIPE, encoding='utf-8',
                                     timeout=PATIENCE)
            assert process.returncode == 1 and 'standard output' in process.stderr, process


def test_damaged_newest(place):
    """A run whose newest checkpoint is broken stands for the one before."""
    place.train('broken')
    before, newest = checkpoints(place.folder / 'broken')[-2:]
    newest.write_bytes(newest.read_bytes()[:1000])
    stdout, _ = place.run('info', 'broken')
    assert before.name in stdout
    assert any(line.startswith('Damaged') and newest.name in line for line in stdout.splitlines())
    place.run('generate', '--model', 'broken', '--out', 'from-before.png')
    stderr = place.run('train', '--run', 'broken', '--resume', '--threads', 1)[1]
    assert newest.name in stderr and 'damaged' in stderr, stderr
    assert newest.with_name(newest.name + '.damaged').exists() and newest.exists()


def test_hoda(place):
    """On the real data, with the built-in recipe and without a word of more."""
    hoda = os.environ.get('HODA_DIR')
    if not hoda or not (pathlib.Path(hoda) / 'Train 60000.cdb').exists():
        raise Skip('HODA_DIR does not lead to "Train 60000.cdb"')
    place.environment['HODA_DIR'] = hoda
    try:
        stdout, stderr = place.run('train', '--run', 'hoda', '--minutes', 0.05)
    finally:
        del place.environment['HODA_DIR']
    assert '60000 images' in stderr and 'Stopped at epoch' in stdout
    place.run('generate', '--model', 'hoda', '--out', 'hoda.png')


if __name__ == '__main__':
    sys.exit(run_tests(dict(globals()), 'cli'))
