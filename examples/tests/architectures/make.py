"""What PyTorch makes of known architectures: names and shapes of their states, outputs and gradients, a json file each.

    python -m venv env && env/bin/pip install torch torchvision transformers
    env/bin/python examples/tests/architectures/make.py [--only resnet18,gpt2] [--out FOLDER]

No weights are stored: each is made by a recipe from its name (`uniform` below), here and in the tests, and all is computed in float64
and rounded. A tensor is kept as its sum, the sum of its magnitudes, and a few elements.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import torch
from torch import nn

MASK = (1 << 64) - 1


def fnv(name):
    """FNV-1a, 64 bits, of the name's bytes."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def mixed(name, count):
    """splitmix64 at `fnv(name)` + 1, + 2, ..: 64 random bits each."""
    with np.errstate(over="ignore"):
        z = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(fnv(name))) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(name, shape):
    """Numbers in [-1, 1), from the top 24 bits: the same in float32 and float64."""
    bits = mixed(name, math.prod(shape)) >> np.uint64(40)
    return torch.from_numpy((bits.astype(np.float64) / 2**23 - 1).reshape(shape))


def tokens(name, shape, classes):
    """Whole numbers from 0, below `classes`."""
    bits = (mixed(name, math.prod(shape)) >> np.uint64(33)) % np.uint64(classes)
    return torch.from_numpy(bits.astype(np.int64).reshape(shape))


def fill(model):
    """Every number of the state from its name: deviations as fresh layers have them, norms near 1."""
    for name, tensor in model.state_dict(keep_vars=True).items():
        if not tensor.is_floating_point():
            continue
        drawn = uniform(name, tuple(tensor.shape))
        last = name.rsplit(".", 1)[-1]
        with torch.no_grad():
            if last == "running_var":
                tensor.copy_(1 + 0.5 * drawn)
            elif tensor.dim() > 1:
                tensor.copy_(drawn * math.sqrt(3.0 / math.prod(tensor.shape[1:])))
            elif last == "weight":
                tensor.copy_(1 + 0.1 * drawn)
            else:
                tensor.copy_(0.1 * drawn)


def kept(tensor):
    flat = tensor.detach().double().reshape(-1)
    count = min(flat.numel(), 6)
    places = [int(i * (flat.numel() - 1) // max(count - 1, 1)) for i in range(count)]
    return {
        "shape": list(tensor.shape),
        "sum": float(flat.sum()),
        "magnitude": float(flat.abs().sum()),
        "elements": [[place, float(flat[place])] for place in places],
    }


class LeNet5(nn.Module):
    """LeCun, Bottou, Bengio, Haffner, 1998, with the activations and the pooling that are usual since."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = nn.functional.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = torch.relu(self.fc1(x.flatten(1)))
        return self.fc3(torch.relu(self.fc2(x)))


class Double(nn.Sequential):
    def __init__(self, inputs, outputs):
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
        )


class UNet(nn.Module):
    """Ronneberger, Fischer, Brox, 2015, with padded convolutions; three levels."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2 = Double(1, 16), Double(16, 32)
        self.middle = Double(32, 64)
        self.up2, self.join2 = nn.ConvTranspose2d(64, 32, 2, stride=2), Double(64, 32)
        self.up1, self.join1 = nn.ConvTranspose2d(32, 16, 2, stride=2), Double(32, 16)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(nn.functional.max_pool2d(a, 2))
        c = self.middle(nn.functional.max_pool2d(b, 2))
        b = self.join2(torch.cat([b, self.up2(c)], 1))
        a = self.join1(torch.cat([a, self.up1(b)], 1))
        return self.out(a)


class VAE(nn.Module):
    """Kingma, Welling, 2013; the noise is an input."""

    def __init__(self):
        super().__init__()
        self.hidden, self.mean, self.log_var = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
        self.decode, self.out = nn.Linear(20, 400), nn.Linear(400, 784)

    def forward(self, x, noise):
        h = torch.relu(self.hidden(x))
        mean, log_var = self.mean(h), self.log_var(h)
        z = mean + torch.exp(0.5 * log_var) * noise
        return torch.sigmoid(self.out(torch.relu(self.decode(z)))), mean, log_var


class CharLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(65, 64)
        self.lstm = nn.LSTM(64, 128, num_layers=2, batch_first=True)
        self.out = nn.Linear(128, 65)

    def forward(self, ids):
        return self.out(self.lstm(self.embedding(ids))[0])


def gpt2(**config):
    from transformers import GPT2Config, GPT2LMHeadModel

    plain = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "attn_implementation": "eager"}
    model = GPT2LMHeadModel(GPT2Config(**plain, **config))
    model.forward_ids = lambda ids: model(ids).logits
    return model


def bert(**config):
    from transformers import BertConfig, BertModel

    plain = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "attn_implementation": "eager"}
    model = BertModel(BertConfig(**plain, **config))
    # Of every sequence some tokens only fill it up.
    mask = lambda ids: (tokens("mask", tuple(ids.shape), 4) > 0).long()
    model.forward_ids = lambda ids: tuple(model(ids, attention_mask=mask(ids))[:2])
    return model


def vision(name):
    import torchvision

    return getattr(torchvision.models, name)()


def small_vision():
    from torchvision.models import VisionTransformer

    return VisionTransformer(224, 16, num_layers=12, num_heads=12, hidden_dim=24, mlp_dim=96, num_classes=10)


IMAGES, SMALL = (2, 3, 224, 224), {"n_embd": 24, "n_layer": 12, "n_head": 12, "vocab_size": 65, "n_positions": 32}
SMALL_BERT = {
    "hidden_size": 24, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 96,
    "vocab_size": 65, "max_position_embeddings": 32,
}
# Name: model, the inputs' shapes, and the number of classes where they are whole numbers.
ARCHITECTURES = {
    "lenet5": (LeNet5, [(2, 1, 28, 28)], None),
    "resnet18": (lambda: vision("resnet18"), [IMAGES], None),
    "resnet50": (lambda: vision("resnet50"), [IMAGES], None),
    "mobilenet_v2": (lambda: vision("mobilenet_v2"), [IMAGES], None),
    "unet": (UNet, [(2, 1, 32, 32)], None),
    "vae": (VAE, [(3, 784), (3, 20)], None),
    "char_lstm": (CharLSTM, [(2, 12)], 65),
    "gpt2_small": (lambda: gpt2(**SMALL), [(2, 32)], 65),
    "gpt2": (gpt2, [(1, 16)], 50257),
    "bert_small": (lambda: bert(**SMALL_BERT), [(2, 16)], 65),
    "bert": (bert, [(1, 16)], 30522),
    "vit_small": (small_vision, [(1, 3, 224, 224)], None),
    "vit_b_16": (lambda: vision("vit_b_16"), [(1, 3, 224, 224)], None),
}


def run(name, training):
    make, shapes, classes = ARCHITECTURES[name]
    model = make().double()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    fill(model)
    model.train(training)
    whole = classes is not None
    inputs = [tokens(f"input.{i}", s, classes) if whole else uniform(f"input.{i}", s) for i, s in enumerate(shapes)]
    if not whole:
        inputs = [x.requires_grad_() for x in inputs]
    out = getattr(model, "forward_ids", model)(*inputs)
    outs = out if isinstance(out, tuple) else (out,)
    loss = sum((o * uniform(f"cotangent.{i}", tuple(o.shape))).sum() for i, o in enumerate(outs))
    loss.backward()
    report = {
        "outputs": [kept(o) for o in outs],
        "gradients": {key: kept(p.grad) for key, p in model.named_parameters() if p.grad is not None},
        "input_gradients": [] if whole else [kept(x.grad) for x in inputs],
    }
    if training:
        report["buffers"] = {key: kept(b) for key, b in model.named_buffers() if key.rsplit(".", 1)[-1].startswith(("running", "num_batches"))}
    return model, inputs, report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(ARCHITECTURES))
    parser.add_argument("--out", default=pathlib.Path(__file__).parent, type=pathlib.Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.only.split(","):
        model, inputs, evaluated = run(name, training=False)
        report = {
            "torch": torch.__version__,
            "parameters": sum(p.numel() for p in model.parameters()),
            "state": {key: list(t.shape) for key, t in model.state_dict().items()},
            "inputs": [{"shape": list(x.shape), "classes": ARCHITECTURES[name][2]} for x in inputs],
            "eval": evaluated,
        }
        if any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in model.modules()):
            report["train"] = run(name, training=True)[2]
        path = options.out / f"{name}.json"
        path.write_text(json.dumps(report, separators=(",", ":")) + "\n")
        print(f"{name}: {report['parameters']} parameters, {path.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
