"""Values of losses, optimizers, schedules and metrics by PyTorch and scikit-learn, for src/plugins/testing/training-parts.json.

Run with PyTorch 2.9 or later and scikit-learn installed: python3 scripts/reference/training_parts.py
"""

import json
import math
from pathlib import Path

import numpy
import sklearn
import sklearn.metrics as metrics
import torch
import torch.nn.functional as F

from values import fill, integers

torch.set_num_threads(1)
OUT = Path(__file__).parents[2] / "src/plugins/testing/training-parts.json"


def loss(compute, predicted):
    """Value of a loss and its gradient for what was predicted."""
    predicted = predicted.clone().requires_grad_()
    value = compute(predicted)
    value.backward()
    return {"value": value.item(), "gradient": predicted.grad.flatten().tolist()}


ROWS, CLASSES = 12, 5
LABELS = torch.tensor(integers(ROWS, 2, CLASSES))
MASK = torch.tensor(integers(ROWS, 7, 3)) > 0
KEPT = torch.where(MASK, LABELS, torch.tensor(-100))
CLASS_WEIGHTS = torch.tensor([0.5, 2.0, 1.0, 0.25, 3.0])
LOGITS = fill([ROWS, CLASSES], 1, 6)
NUMBERS, TARGETS = fill([ROWS, 2], 3, 6), fill([ROWS, 2], 4, 6)
YES = torch.tensor(integers(ROWS * 3, 5, 2), dtype=torch.float32).reshape(ROWS, 3)
BINARY = fill([ROWS, 3], 6, 30)

losses = {
    "weighted": loss(lambda x: F.cross_entropy(x, LABELS, weight=CLASS_WEIGHTS), LOGITS),
    "weighted_masked_smoothed": loss(
        lambda x: F.cross_entropy(x, KEPT, weight=CLASS_WEIGHTS, label_smoothing=0.2), LOGITS
    ),
    "mse": loss(lambda x: F.mse_loss(x, TARGETS), NUMBERS),
    "mae": loss(lambda x: F.l1_loss(x, TARGETS), NUMBERS),
    "huber": loss(lambda x: F.huber_loss(x, TARGETS), NUMBERS),
    "huber_wide": loss(lambda x: F.huber_loss(x, TARGETS, delta=2.5), NUMBERS),
    "bce": loss(lambda x: F.binary_cross_entropy_with_logits(x, YES), BINARY),
    "bce_weighted": loss(
        lambda x: F.binary_cross_entropy_with_logits(x, YES, pos_weight=torch.tensor(3.0)), BINARY
    ),
    "bce_weights": loss(
        lambda x: F.binary_cross_entropy_with_logits(x, YES, pos_weight=torch.tensor([0.5, 1.0, 4.0])),
        BINARY,
    ),
}


def optimizer(make, steps=10):
    """Values of a matrix, a wide matrix and a vector after 1 and after 10 steps along gradients from the formula."""
    parameters = [fill(shape, 1 + i).requires_grad_() for i, shape in enumerate([[3, 4], [4, 2], [5]])]
    steppers = make(*parameters)
    after = []
    for step in range(steps):
        for i, parameter in enumerate(parameters):
            parameter.grad = fill(list(parameter.shape), 10 + step + 20 * i, 0.1 if parameter.dim() == 1 else 1.0)
        for stepper in steppers:
            stepper.step()
        if step in (0, steps - 1):
            after.append([parameter.flatten().tolist() for parameter in parameters])
    return after


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al. 2023."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                direction = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(direction, alpha=group["lr"])
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


class Transposed(torch.optim.Optimizer):
    """Muon for matrices kept as [in, out], where PyTorch keeps [out, in]."""

    def __init__(self, params, **options):
        super().__init__(params, {"lr": options["lr"]})
        self.turned = [p.detach().T.clone().requires_grad_() for p in params]
        self.muon = torch.optim.Muon(self.turned, **options)

    @torch.no_grad()
    def step(self):
        params = self.param_groups[0]["params"]
        for p, turned in zip(params, self.turned):
            turned.grad = p.grad.T.clone()
        # PyTorch rounds the iteration to bfloat16; the same code in float32 is what can be compared.
        rounded = torch.Tensor.bfloat16
        torch.Tensor.bfloat16 = torch.Tensor.clone
        self.muon.step()
        torch.Tensor.bfloat16 = rounded
        for p, turned in zip(params, self.turned):
            p.copy_(turned.T)


def muon(**options):
    """Muon for the matrices, AdamW for the vector."""
    adamw = {"lr": 0.01, "betas": (0.9, 0.95), "weight_decay": 0.0}
    return lambda a, b, c: [
        Transposed([a, b], lr=0.01, **options),
        torch.optim.AdamW([c], **adamw),
    ]


def groups(kind, **options):
    """Half the rate for the first, no decay for the second parameter."""
    return lambda a, b, c: [
        kind(
            [{"params": [a], "lr": 0.005}, {"params": [b], "weight_decay": 0.0}, {"params": [c]}],
            lr=0.01,
            **options,
        )
    ]


of = lambda kind, **options: lambda *p: [kind(p, **options)]
SGD, RMSprop, Adam, AdamW = torch.optim.SGD, torch.optim.RMSprop, torch.optim.Adam, torch.optim.AdamW

optimizers = {
    "sgd_decay": optimizer(of(SGD, lr=0.1, momentum=0.9, weight_decay=0.1)),
    "sgd_groups": optimizer(groups(SGD, momentum=0.9, nesterov=True, weight_decay=0.1)),
    "rmsprop": optimizer(of(RMSprop, lr=0.01)),
    "rmsprop_momentum": optimizer(of(RMSprop, lr=0.01, alpha=0.9, momentum=0.8, weight_decay=0.07)),
    "rmsprop_centered": optimizer(of(RMSprop, lr=0.01, centered=True)),
    "adam_decay": optimizer(of(Adam, lr=0.01, weight_decay=0.07)),
    "adamw_all": optimizer(of(AdamW, lr=0.01, weight_decay=0.1)),
    "adamw_groups": optimizer(groups(AdamW, weight_decay=0.1)),
    "lion": optimizer(of(Lion, lr=0.01, weight_decay=0.1)),
    "muon": optimizer(muon(weight_decay=0.1)),
    "muon_matched": optimizer(muon(weight_decay=0.0, nesterov=False, adjust_lr_fn="match_rms_adamw")),
}


def rates(make, total=24):
    """Learning rates of the first `total` steps, as factors."""
    stepper = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = make(stepper)
    factors = []
    for step in range(total):
        factors.append(stepper.param_groups[0]["lr"])
        stepper.step()
        if step < total - 1:
            schedule.step()
    return factors


kinds = torch.optim.lr_scheduler


def warm(after, warmup=5):
    """Five steps up, then `after`."""

    def make(stepper):
        up = kinds.LinearLR(stepper, start_factor=1 / warmup, total_iters=warmup - 1)
        return kinds.SequentialLR(stepper, [up, after(stepper)], milestones=[warmup])

    return make


schedules = {
    "warmup": rates(lambda it: kinds.LinearLR(it, start_factor=1 / 5, total_iters=4)),
    "step": rates(lambda it: kinds.StepLR(it, step_size=7, gamma=0.5)),
    "exponential": rates(lambda it: kinds.ExponentialLR(it, gamma=0.9)),
    "linear": rates(warm(lambda it: kinds.LinearLR(it, start_factor=1.0, end_factor=0.1, total_iters=19))),
    "one_cycle": rates(lambda it: kinds.OneCycleLR(it, max_lr=1.0, total_steps=24, cycle_momentum=False)),
    "one_cycle_linear": rates(
        lambda it: kinds.OneCycleLR(
            it, max_lr=1.0, total_steps=24, pct_start=0.4, anneal_strategy="linear",
            div_factor=10, final_div_factor=100, cycle_momentum=False,
        )
    ),
}

# 60 rows of 4 classes, of which one occurs in neither labels nor predictions.
M, C = 60, 4
label = numpy.array(integers(M, 3, 3))
scores = fill([M, C], 11, 4)
scores[:, 3] -= 10
# Logits that know something.
scores[torch.arange(M), torch.tensor(label)] += 0.7
kept = numpy.array(integers(M, 9, 4)) > 0
guess = scores.argmax(1).numpy()
chance = scores[:, :3].softmax(1).numpy()
yes = (label > 0).astype(int)
z = (fill([M], 12, 4) + 0.8 * torch.tensor(yes)).numpy()
y, p = fill([M, 2], 13, 3).numpy(), fill([M, 2], 14, 1).numpy()
p = p + 0.7 * y


def averages(of, **masks):
    wanted, found = label[kept], guess[kept]
    result = {
        average: of(wanted, found, average=average, zero_division=0)
        for average in ("macro", "micro", "weighted")
    }
    return {**result, "binary": of(yes[kept], (z > 0).astype(int)[kept], zero_division=0)}


scored = {
    "top_2": metrics.top_k_accuracy_score(label[kept], scores.numpy()[kept], k=2, labels=range(C)),
    "precision": averages(metrics.precision_score),
    "recall": averages(metrics.recall_score),
    "f1": averages(metrics.f1_score),
    "confusion": metrics.confusion_matrix(label[kept], guess[kept], labels=range(C)).flatten().tolist(),
    "balanced": metrics.balanced_accuracy_score(label[kept], guess[kept]),
    "auc": metrics.roc_auc_score(yes[kept], z[kept]),
    "auc_classes": metrics.roc_auc_score(label[kept], chance[kept], multi_class="ovr"),
    "bits": metrics.log_loss(label[kept], scores[kept].double().softmax(1).numpy(), labels=range(C)) / math.log(2),
    "mae": metrics.mean_absolute_error(y, p),
    "r2": metrics.r2_score(y, p),
    "r2_first": metrics.r2_score(y[kept, 0], p[kept, 0]),
}

reference = {
    "torch": torch.__version__,
    "sklearn": sklearn.__version__,
    "losses": losses,
    "optimizers": optimizers,
    "schedules": schedules,
    "metrics": scored,
}
OUT.write_text(json.dumps(reference) + "\n")
print(f"wrote {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")
