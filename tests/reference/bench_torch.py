#!/usr/bin/env python3
"""The workloads of `bench` in PyTorch, eager: the yardstick of docs/benchmarks.md.

    python3 tests/reference/bench_torch.py --device cuda [--only NAME,NAME] [--tf32] [--read-loss]

Prints one JSON object a line, with the names, sizes, method and fields of `cargo run --release --bin bench`. Optimizers are
fused; forward passes run in `inference_mode`; there are no CUDA graphs and no `torch.compile`. f32 throughout: TF32 is off
unless `--tf32` asks for it, and `impl` says which. A training step does not read the loss, unless `--read-loss` asks for
that: a step of a model that the library has compiled gives the loss, so it waits for its forward pass.
"""
import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

MANY = 64 << 20  # numbers in 256 MiB
MATRIX = (16384, 4096)
TINY, MNIST, WIDE, HUGE = (4, 16, 2), (784, 128, 10), (784, 2048, 2048, 10), (4096, 4096, 4096, 10)


class Clock:
    """Measures steps as examples/src/bench/clock.rs does."""

    def __init__(self, device):
        self.device = device
        self.warm_up, self.sample = (3, 1e-3) if device.type == "cpu" else (20, 5e-3)

    def seconds(self, steps, step):
        start = time.perf_counter()
        for _ in range(steps):
            step()
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        return (time.perf_counter() - start) / steps

    def median(self, step):
        self.seconds(self.warm_up, step)
        once = max(self.seconds(1, step), 1e-7)
        inner = max(int(self.sample / once), 1)
        samples, end = [], time.perf_counter() + 2.0
        while len(samples) < 200 and time.perf_counter() < end:
            samples.append(self.seconds(inner, step))
        return statistics.median(samples)


def mlp(sizes, device):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1]).to(device)


def momentum(model):
    return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)


def adam(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)


def products(batch, sizes, first=0):
    """Floating-point operations of linear layers, those of the products alone."""
    pairs = list(zip(sizes, sizes[1:]))[first:]
    return sum(2.0 * batch * inputs * outputs for inputs, outputs in pairs)


def training(sizes, batch, optimizer):
    def build(device, args):
        model = mlp(sizes, device)
        rule = optimizer(model)
        x = torch.randn(batch, sizes[0], device=device)
        labels = torch.arange(batch, device=device) * 7919 % sizes[-1]

        def step():
            rule.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x), labels)
            loss.backward()
            rule.step()
            if args.read_loss:
                loss.item()

        return step

    return build


def inference(make, *sizes):
    def build(device, args):
        model, x = make(device).eval(), torch.randn(*sizes, device=device)

        def step():
            with torch.inference_mode():
                model(x)

        return step

    return build


def call(function, *sizes, operands=1):
    def build(device, args):
        inputs = [torch.randn(*sizes, device=device) for _ in range(operands)]

        def step():
            with torch.inference_mode():
                function(*inputs)

        return step

    return build


def upload(device, args):
    x = torch.randn(MANY)
    return lambda: x.to(device)


def norm(width):
    return lambda device: nn.LayerNorm(width).to(device)


def trained(sizes, batch):
    return 2.0 * products(batch, sizes) + products(batch, sizes, 1)


def square(n):
    return call(torch.matmul, n, n, operands=2)


# name, where it is measured without being asked for, operations, bytes, what sets it up.
WORKLOADS = [
    ("mlp-tiny-forward", "any", None, None, inference(lambda device: mlp(TINY, device), 1, 4)),
    ("mlp-tiny-train", "any", None, None, training(TINY, 1, momentum)),
    ("mlp-train", "any", trained(MNIST, 64), None, training(MNIST, 64, momentum)),
    ("mlp-adam-train", "any", trained(MNIST, 64), None, training(MNIST, 64, adam)),
    ("mlp-adam-tape", "any", trained(MNIST, 64), None, training(MNIST, 64, adam)),
    ("mlp-large-train", "any", trained(WIDE, 256), None, training(WIDE, 256, adam)),
    ("mlp-large-tape", "any", trained(WIDE, 256), None, training(WIDE, 256, adam)),
    ("mlp-large-forward", "any", products(256, WIDE), None, inference(lambda device: mlp(WIDE, device), 256, 784)),
    ("mlp-4096-train", "large", trained(HUGE, 4096), None, training(HUGE, 4096, adam)),
    *[(f"matmul-{n}", "any" if n < 4096 else "large", 2.0 * n**3, None, square(n)) for n in (64, 256, 1024, 4096)],
    ("softmax-2048x4096", "any", None, 8.0 * 2048 * 4096, call(lambda x: torch.softmax(x, 1), 2048, 4096)),
    ("layernorm-4096x768", "any", None, 8.0 * 4096 * 768, inference(norm(768), 4096, 768)),
    ("gelu-2048x4096", "any", None, 8.0 * 2048 * 4096, call(lambda x: F.gelu(x, approximate="tanh"), 2048, 4096)),
    ("sum-rows-2048x4096", "any", None, 4.0 * 2048 * 4096, call(lambda x: x.sum(1), 2048, 4096)),
    ("copy-256m", "large", None, 8.0 * MANY, call(lambda x: x.transpose(0, 1).contiguous(), 4096, 4, 4096)),
    ("transpose-256m", "large", None, 8.0 * MANY, call(lambda x: x.t().contiguous(), 8192, 8192)),
    ("add-256m", "large", None, 12.0 * MANY, call(torch.add, MANY, operands=2)),
    ("relu-256m", "large", None, 8.0 * MANY, call(torch.relu, MANY)),
    ("gelu-256m", "large", None, 8.0 * MANY, call(F.gelu, MANY)),
    ("softmax-256m", "large", None, 8.0 * MANY, call(lambda x: torch.softmax(x, 1), *MATRIX)),
    ("layernorm-256m", "large", None, 8.0 * MANY, inference(norm(1024), MANY // 1024, 1024)),
    ("sum-256m", "large", None, 4.0 * MANY, call(torch.sum, MANY)),
    ("sum-rows-256m", "large", None, 4.0 * MANY, call(lambda x: x.sum(1), *MATRIX)),
    ("sum-columns-256m", "large", None, 4.0 * MANY, call(lambda x: x.sum(0), *MATRIX)),
    ("upload-256m", "transfer", None, 4.0 * MANY, upload),
    ("download-256m", "transfer", None, 4.0 * MANY, call(lambda x: x.to("cpu"), MANY)),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="workloads, with commas between")
    parser.add_argument("--tf32", action="store_true", help="let matrix products round their operands to TF32")
    parser.add_argument("--read-loss", action="store_true", help="read the loss of every training step")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = args.tf32
    device = torch.device(args.device)
    if device.type == "cuda":
        device = torch.device("cuda", device.index or 0)
    place = f"{device} {torch.cuda.get_device_name(device)}" if device.type == "cuda" else "cpu"

    only = [name for name in args.only.split(",") if name]
    unknown = set(only) - {name for name, *_ in WORKLOADS}
    if unknown:
        sys.exit(f"error: --only: expected workloads, found {', '.join(sorted(unknown))}")
    clock = Clock(device)
    for name, scale, operations, size, build in WORKLOADS:
        if name not in only if only else device.type == "cpu" and scale != "any":
            continue
        seconds = clock.median(build(device, args))
        line = {
            "impl": f"torch-{torch.__version__}" + ("-tf32" if args.tf32 else ""),
            "workload": name,
            "device": place,
            "threads": args.threads,
            "seconds": seconds,
            "unit": "step",
        }
        if operations:
            line["gflop_per_s"] = round(operations / seconds * 1e-9, 1)
        if size:
            line["gb_per_s"] = round(size / seconds * 1e-9, 1)
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
