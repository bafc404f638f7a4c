#!/usr/bin/python3
"""torch-step.py — the training steps of both recipes in PyTorch, for comparison.

SPDX-License-Identifier: MIT

usage: torch-step.py BATCH STEPS [nchw] [cl] [fast] [fast-cl]

nchw and cl are the thesis recipe in PyTorch's own layout and with channels
last; fast and fast-cl the fast recipe. Eager mode, one thread, random data. Each
prints the median thread CPU time of a step, and of drawing one picture.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

CLASSES = 10


def one_hot(labels):
    return F.one_hot(labels, CLASSES).float()


class ThesisGenerator(nn.Module):
    latent = 100

    def __init__(self):
        super().__init__()
        self.width = self.latent + CLASSES
        self.dense = nn.Linear(self.width, 49 * self.width)
        self.up1 = nn.ConvTranspose2d(self.width, 128, 4, stride=2, padding=1)
        self.norm1 = nn.BatchNorm2d(128, eps=1e-3, momentum=0.01)
        self.up2 = nn.ConvTranspose2d(128, 128, 4, stride=2, padding=1)
        self.norm2 = nn.BatchNorm2d(128, eps=1e-3, momentum=0.01)
        self.out = nn.Conv2d(128, 1, 7, padding=3)

    def forward(self, z, labels):
        x = F.leaky_relu(self.dense(torch.cat([z, one_hot(labels)], 1)), 0.2)
        x = x.view(-1, 7, 7, self.width).permute(0, 3, 1, 2)
        if not self.channels_last:
            x = x.contiguous()
        x = self.norm1(F.leaky_relu(self.up1(x), 0.2))
        x = self.norm2(F.leaky_relu(self.up2(x), 0.2))
        return torch.sigmoid(self.out(x))


class ThesisDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1 + CLASSES, 64, 3, stride=2, padding=1)
        self.down2 = nn.Conv2d(64, 128, 3, stride=2, padding=1)
        self.head = nn.Linear(128, 1)

    def forward(self, images, labels):
        planes = one_hot(labels)[:, :, None, None].expand(-1, -1, 28, 28)
        x = torch.cat([images, planes], 1)
        x = F.dropout(F.leaky_relu(self.down1(x), 0.2), 0.4)
        x = F.dropout(F.leaky_relu(self.down2(x), 0.2), 0.4)
        return self.head(x.amax((2, 3)))[:, 0]


class ClassNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Embedding(CLASSES, channels)
        self.shift = nn.Embedding(CLASSES, channels)
        nn.init.ones_(self.scale.weight)
        nn.init.zeros_(self.shift.weight)

    def forward(self, x, labels):
        scale, shift = self.scale(labels), self.shift(labels)
        return self.norm(x) * scale[:, :, None, None] + shift[:, :, None, None]


class FastGenerator(nn.Module):
    latent = 32

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(self.latent + CLASSES, 49 * 64, bias=False)
        self.norm0 = ClassNorm(64)
        self.up1 = nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1, bias=False)
        self.norm1 = ClassNorm(32)
        self.up2 = nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1)

    def forward(self, z, labels):
        x = self.dense(torch.cat([z, one_hot(labels)], 1))
        x = x.view(-1, 7, 7, 64).permute(0, 3, 1, 2)
        if not self.channels_last:
            x = x.contiguous()
        x = F.relu(self.norm0(x, labels))
        x = F.relu(self.norm1(self.up1(x), labels))
        grey = torch.sigmoid(self.up2(x))
        if not self.training:
            return grey
        return grey + ((grey >= 0.5).float() - grey).detach()


class FastDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = spectral_norm(nn.Conv2d(1, 32, 4, stride=2, padding=1))
        self.down2 = spectral_norm(nn.Conv2d(32, 64, 4, stride=2, padding=1))
        self.head = spectral_norm(nn.Linear(3136, 1))
        self.embedding = spectral_norm(nn.Embedding(CLASSES, 3136))

    def forward(self, images, labels):
        x = F.leaky_relu(self.down1(images), 0.2)
        x = F.leaky_relu(self.down2(x), 0.2).flatten(1)
        return self.head(x)[:, 0] + (self.embedding(labels) * x).sum(1)


def bce(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


class ThesisStep:
    """Fake is 1 and real 0; new fakes for the generator."""

    networks = ThesisGenerator, ThesisDiscriminator
    adam = {'lr': 3e-4, 'betas': (0.9, 0.999), 'eps': 1e-7}

    def __call__(self, rig):
        n = len(rig.labels)
        with torch.no_grad():
            fakes = rig.generator(rig.latents(n), rig.labels)
        logits = rig.discriminator(torch.cat([fakes, rig.images]), rig.labels.repeat(2))
        rig.descend('discriminator', (bce(logits[:n], 1.0) + bce(logits[n:], 0.0)) / 2)
        fakes = rig.generator(rig.latents(n), rig.labels)
        rig.descend('generator', bce(rig.judge(fakes), 0.0))


class FastStep:
    """One batch of fakes serves both; the generator's average is kept."""

    networks = FastGenerator, FastDiscriminator
    adam = {'lr': 1e-3, 'betas': (0.5, 0.99)}

    def __call__(self, rig):
        n = len(rig.labels)
        fakes = rig.generator(rig.latents(n), rig.labels)
        logits = rig.discriminator(torch.cat([fakes.detach(), rig.images]), rig.labels.repeat(2))
        rig.descend('discriminator', (bce(logits[:n], 1.0) + bce(logits[n:], 0.0)) / 2)
        rig.descend('generator', bce(rig.judge(fakes), 0.0))
        with torch.no_grad():
            for average, weight in zip(rig.average, rig.generator.parameters()):
                average.lerp_(weight, 0.001)


class Rig:
    """Both networks, their optimisers, and one batch of data."""

    def __init__(self, step, batch, channels_last):
        torch.manual_seed(1)
        self.generator, self.discriminator = (network() for network in step.networks)
        self.generator.channels_last = channels_last
        self.images = torch.bernoulli(torch.full((batch, 1, 28, 28), 0.2))
        self.labels = torch.arange(batch) % CLASSES
        if channels_last:
            for network in (self.generator, self.discriminator):
                network.to(memory_format=torch.channels_last)
            self.images = self.images.contiguous(memory_format=torch.channels_last)
        self.optimisers = {name: torch.optim.Adam(getattr(self, name).parameters(), **step.adam)
                           for name in ('generator', 'discriminator')}
        self.average = [weight.detach().clone() for weight in self.generator.parameters()]

    def latents(self, n):
        return torch.randn(n, self.generator.latent)

    def judge(self, fakes):
        """The discriminator's logits, without gradients for its weights."""
        self.discriminator.requires_grad_(False)
        logits = self.discriminator(fakes, self.labels)
        self.discriminator.requires_grad_(True)
        return logits

    def descend(self, name, loss):
        self.optimisers[name].zero_grad(set_to_none=True)
        loss.backward()
        self.optimisers[name].step()

    def draw(self):
        with torch.no_grad():
            return self.generator(self.latents(1), self.labels[:1])


def median_time(action, n, warm):
    times = []
    for i in range(n + warm):
        start = time.thread_time()
        action()
        times.append(time.thread_time() - start)
    return sorted(times[warm:])[n // 2]


def main():
    batch, n_steps = int(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(1)
    for variant in sys.argv[3:] or ['nchw', 'cl']:
        step = FastStep() if variant.startswith('fast') else ThesisStep()
        rig = Rig(step, batch, variant.endswith('cl'))
        taken = median_time(lambda: step(rig), n_steps, 2)
        rig.generator.eval()
        picture = median_time(rig.draw, 50, 5)
        print(f'torch {torch.__version__} {variant:7s} batch {batch}: '
              f'step {taken * 1e3:9.1f} ms CPU  = {taken / batch * 1e3:7.3f} ms/img ; '
              f'gen batch1 {picture * 1e3:.2f} ms', flush=True)


if __name__ == '__main__':
    main()
