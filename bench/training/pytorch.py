"""PyTorch's side of bench/training.sh: python3 pytorch.py NETWORK THREADS SECONDS FORMAT.

Each line on standard input is a round of at least SECONDS; the answer is a line with samples in a second. FORMAT is contiguous or
channels_last. The networks are those of bench/RealtimeCnn.Benchmarks/TrainedNetworks.cs.
"""
import sys
import time

import torch
from torch import nn


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


def two_convolutions():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(inplace=True), nn.Linear(128, 10))


def unit(inputs, outputs, kernel, stride=1, groups=1, activates=True):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return layers + [nn.ReLU6(inplace=True)] if activates else layers


class InvertedResidual(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        inner = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            *(unit(inputs, inner, 1) if expansion > 1 else []), *unit(inner, inner, 3, stride, inner), *unit(inner, outputs, 1, activates=False))

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


def inverted_residuals(stem, stages, last, dropout, classes):
    layers, inputs = unit(3, stem, 3, 2), stem
    for expansion, outputs, repeats, stride in stages:
        for i in range(repeats):
            layers.append(InvertedResidual(inputs, outputs, stride if i == 0 else 1, expansion))
            inputs = outputs
    return nn.Sequential(*layers, *unit(inputs, last, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(last, classes))


def hand_signs():
    return inverted_residuals(16, [(1, 16, 1, 1), (4, 24, 2, 2), (4, 32, 3, 2), (4, 48, 3, 2)], 192, 0.1, 11)


def mobilenet_v2():
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    return inverted_residuals(32, stages, 1280, 0.2, 1000)


NETWORKS = {
    "lenet5": (lenet5, (32, 1, 32, 32), 10),
    "conv32-conv64": (two_convolutions, (64, 1, 28, 28), 10),
    "hand-signs": (hand_signs, (32, 3, 64, 64), 11),
    "mobilenetv2-96": (mobilenet_v2, (16, 3, 96, 96), 1000),
}
WARM_UP_SECONDS = 1.0


def main(name, threads, seconds, memory_format):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    create, shape, classes = NETWORKS[name]
    layout = getattr(torch, {"contiguous": "contiguous_format"}.get(memory_format, memory_format))
    network = create().to(memory_format=layout).train()
    samples = (torch.rand(shape) * 2 - 1).contiguous(memory_format=layout)
    labels = torch.randint(classes, (shape[0],))
    loss, optimizer = nn.CrossEntropyLoss(), torch.optim.SGD(network.parameters(), lr=1e-4)

    def run(least):
        start, steps = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - start) < least:
            optimizer.zero_grad(set_to_none=True)
            loss(network(samples), labels).backward()
            optimizer.step()
            steps += 1
        return steps * shape[0] / elapsed

    run(WARM_UP_SECONDS)
    for _ in sys.stdin:
        print(f"{run(seconds):.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
