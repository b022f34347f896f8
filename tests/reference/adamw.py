#!/usr/bin/env python3
"""Writes optimizers/adamw.json and .safetensors: AdamW in PyTorch, on the data and in the form of optimizers/optim.

    python3 -m venv venv && venv/bin/pip install torch==2.15 numpy safetensors
    venv/bin/python tests/reference/adamw.py
"""
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

FOLDER = Path(__file__).parent / "optimizers"
OPTIONS = [
    ("default", {}),
    ("non-default lr", {"lr": 0.01}),
    ("nonzero weight_decay", {"weight_decay": 0.1}),
    ("no weight_decay", {"weight_decay": 0.0}),
    ("maximize", {"maximize": True}),
    ("amsgrad", {"weight_decay": 0.1, "amsgrad": True}),
    ("betas and eps", {"betas": [0.8, 0.95], "eps": 1e-4}),
]


def run(fixed, make):
    """The losses, and the parameters after each step and the state at the end."""
    w, b = fixed["w0"].clone().requires_grad_(), fixed["b0"].clone().requires_grad_()
    optimizer = make([w, b])
    losses, ws, bs = [], [], []
    for x, y in zip(fixed["xs"], fixed["ys"]):
        optimizer.zero_grad()
        loss = ((torch.tanh(x @ w + b) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.detach().clone())
        bs.append(b.detach().clone())
    state = {f"{i}.{name}": value for i, p in enumerate([w, b]) for name, value in optimizer.state[p].items()}
    return losses, torch.stack(ws), torch.stack(bs), state


def main():
    tensors = load_file(FOLDER / "optim.safetensors")
    record = json.loads((FOLDER / "optim.json").read_text())
    runs, out = [], {}
    for dtype in ("float32", "float64"):
        fixed = {name: tensors[f"{dtype}.{name}"] for name in ("w0", "b0", "xs", "ys")}
        out |= {f"{dtype}.{name}": value for name, value in fixed.items()}
        # The same loop must give what the record says of Adam, else it is not the same loop.
        known = next(r for r in record["runs"] if (r["optimizer"], r["dtype"], r["kwargs"]) == ("Adam", dtype, {}))
        losses, *_ = run(fixed, torch.optim.Adam)
        assert max(abs(a - b) for a, b in zip(losses, known["losses"])) < 1e-6, "not the loop of optim.json"
        for index, (desc, options) in enumerate(OPTIONS):
            key = f"{dtype}.AdamW.{index}"
            losses, ws, bs, state = run(fixed, lambda parameters: torch.optim.AdamW(parameters, **options))
            out |= {f"{key}.w": ws, f"{key}.b": bs}
            out |= {f"{key}.state.{name}": value.clone() for name, value in state.items()}
            runs.append({
                "optimizer": "AdamW", "dtype": dtype, "kwargs": options, "desc": desc, "key": key, "losses": losses,
                "state": {name: f"{key}.state.{name}" for name in state}, "params": ["w", "b"],
            })
    pack = {"torch": torch.__version__, "steps": record["steps"], "loss": record["loss"], "runs": runs}
    (FOLDER / "adamw.json").write_text(json.dumps(pack))
    save_file(out, FOLDER / "adamw.safetensors")


if __name__ == "__main__":
    main()
