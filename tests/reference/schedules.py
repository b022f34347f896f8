#!/usr/bin/env python3
"""Writes optimizers/schedules.json: the learning rates and momenta that PyTorch's schedulers set on two groups of SGD.

    python3 -m venv venv && venv/bin/pip install torch==2.15 numpy
    venv/bin/python tests/reference/schedules.py
"""
import ast
import json
import math
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler

FOLDER = Path(__file__).parent / "optimizers"
STEPS = 60
SCHEDULERS = [
    "StepLR(step_size=7,gamma=0.3)",
    "MultiStepLR([30,10,10,45],gamma=0.7)",
    "ExponentialLR(0.93)",
    "ConstantLR(factor=0.3,total_iters=12)",
    "LinearLR(0.1,1.0,total_iters=10)",
    "LinearLR(1.0,0.0,total_iters=40)",
    "PolynomialLR(total_iters=50,power=0.9)",
    "CosineAnnealingLR(T_max=20,eta_min=0.001)",
    "CosineAnnealingWarmRestarts(7)",
    "CosineAnnealingWarmRestarts(T_0=5,T_mult=2,eta_min=0.003)",
    "CyclicLR(0.01,0.2,step_size_up=5)",
    "CyclicLR([0.01,0.001],[0.2,0.1],step_size_up=5,step_size_down=9,mode='exp_range',gamma=0.97)",
    "CyclicLR(0.01,0.2,step_size_up=5,mode='triangular2',cycle_momentum=False)",
    "OneCycleLR(max_lr=0.4,total_steps=61)",
    "OneCycleLR(max_lr=[0.4,0.1],epochs=6,steps_per_epoch=11,pct_start=0.2,div_factor=10.0,final_div_factor=100.0)",
    "OneCycleLR(max_lr=0.4,total_steps=61,anneal_strategy='linear',three_phase=True,base_momentum=0.8,max_momentum=0.9)",
    "OneCycleLR(max_lr=0.4,total_steps=60,cycle_momentum=False)",
    "SequentialLR([LinearLR(0.1,1,10), CosineAnnealingLR(50)], milestones=[10])",
    "SequentialLR([ConstantLR(0.2,total_iters=100), ExponentialLR(0.9), StepLR(4,gamma=0.5)], milestones=[8,30])",
    "SequentialLR([ExponentialLR(0.9), CosineAnnealingWarmRestarts(6,T_mult=2), PolynomialLR(20)], milestones=[15,40])",
    "SequentialLR([MultiStepLR([3],gamma=0.5), LinearLR(0.5,1.0,total_iters=5)], milestones=[12])",
    "ChainedScheduler([ConstantLR(0.1,total_iters=5), ExponentialLR(0.9)])",
    "ChainedScheduler([LinearLR(0.2,1.0,total_iters=8), StepLR(10,gamma=0.5), CosineAnnealingLR(60)])",
    "ReduceLROnPlateau({'factor': 0.5, 'patience': 3, 'threshold': 0.001, 'cooldown': 2, 'min_lr': 0.001})",
    "ReduceLROnPlateau(mode='max',patience=2,factor=0.3,threshold=0.05,threshold_mode='abs',min_lr=[0.01,0.002])",
]


def build(node, optimizer):
    """The value of a piece of a title; a call is that of a scheduler."""
    if isinstance(node, ast.List):
        return [build(item, optimizer) for item in node.elts]
    if not isinstance(node, ast.Call):
        return ast.literal_eval(node)
    given, named = [], {keyword.arg: build(keyword.value, optimizer) for keyword in node.keywords}
    for argument in node.args:
        value = build(argument, optimizer)
        if isinstance(value, dict):
            named |= value
        else:
            given.append(value)
    scheduler = getattr(lr_scheduler, node.func.id)
    if node.func.id == "ChainedScheduler":
        return scheduler(*given, **named)
    return scheduler(optimizer, *given, **named)


def metric(step):
    """A loss that falls, and then does not."""
    return 1.0 / (1 + step) + 0.05 * math.sin(step / 3)


def record(title):
    parameters = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    groups = [{"params": [parameters[0]], "lr": 0.5}, {"params": [parameters[1]], "lr": 0.05}]
    optimizer = torch.optim.SGD(groups, lr=0.5, momentum=0.9)
    scheduler = build(ast.parse(title, mode="eval").body, optimizer)
    plateau = title.startswith("ReduceLROnPlateau")
    rates, momenta, metrics = [], [], []
    for step in range(STEPS + 1):
        rates.append([float(group["lr"]) for group in optimizer.param_groups])
        momenta.append(float(optimizer.param_groups[0]["momentum"]))
        if step == STEPS:
            break
        optimizer.step()
        if plateau:
            metrics.append(metric(step))
            scheduler.step(metrics[-1])
        else:
            scheduler.step()
    return {"metric": metrics, "lr": rates} if plateau else {"lr": rates, "momentum": momenta}


def main():
    warnings.simplefilter("ignore")
    out = {
        "torch": torch.__version__,
        "base": "SGD two groups lr 0.5 and 0.05, momentum 0.9; lr[0] is before any step()",
        "schedulers": {title: record(title) for title in SCHEDULERS},
    }
    (FOLDER / "schedules.json").write_text(json.dumps(out) + "\n")


if __name__ == "__main__":
    main()
