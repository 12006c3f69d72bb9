"""Trains the GPTs of bench/quality in PyTorch: same rows, initial weights, order and steps as Plugboard.

Writes bench/quality/<task>/pytorch.json, the validation loss by step. Needs PyTorch 2 and PyYAML; takes the
tasks as arguments: python3 scripts/reference/gpt_curves.py names moby-dick
"""

import gzip
import json
import math
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
import yaml

from streams import Random

ROOT = Path(__file__).parents[2]
DATA = ROOT / "public/data"
BOUNDARY, UNKNOWN, SPECIAL = 0, 1, 2


def lines_of(text):
    return [line for line in text.split("\n") if line]


def read_splits(experiment, random):
    """Texts to train on and to validate on, as the plugins of the datasets give them."""
    if experiment["dataset"] == "names":
        return split_rows(lines_of((DATA / "names.txt").read_text()), experiment["validation_split"], random)
    if experiment["dataset"] == "moby_dick":
        return hold_back_end(lines_of(gzip.decompress((DATA / "moby-dick.txt.gzip").read_bytes()).decode()), 0.1)
    raise SystemExit(f"{experiment['dataset']}: not known here; the datasets are names, moby_dick")


def hold_back_end(rows, share):
    # Lengths in UTF-16 units, as JavaScript counts.
    sizes = [len(row.encode("utf-16-le")) // 2 for row in rows]
    kept, limit = 0, sum(sizes) * (1 - share)
    for cut, size in enumerate(sizes):
        kept += size
        if kept > limit:
            break
    return rows[:cut], rows[cut:]


def split_rows(rows, share, random):
    held = max(1, math.floor(len(rows) * share + 0.5))
    order = random.permutation(len(rows))
    pick = lambda chosen: [rows[i] for i in sorted(chosen)]
    return pick(order[held:]), pick(order[:held])


def encoder_of(texts):
    ids = {character: i + SPECIAL for i, character in enumerate(sorted(set("".join(texts))))}
    encode = lambda text: [ids.get(character, UNKNOWN) for character in text]
    return encode, len(ids) + SPECIAL


def next_token_rows(texts, encode, context, pack):
    """`input_ids` and `labels` [rows, context]; -100 where there is no label."""
    sequences = [[BOUNDARY, *encode(text), BOUNDARY] for text in texts]
    if pack:
        joined = list(sequences[0])
        for sequence in sequences[1:]:
            joined += sequence[1:]
        sequences = [joined]
    inputs, labels = [], []
    for ids in sequences:
        for start in range(0, len(ids) - 1, context):
            part = ids[start : start + context + 1]
            missing = context + 1 - len(part)
            inputs.append(part[:-1] + [BOUNDARY] * missing)
            labels.append(part[1:] + [-100] * missing)
    return torch.tensor(inputs), torch.tensor(labels)


class Block(nn.Module):
    def __init__(self, width, heads, linear, norm):
        super().__init__()
        self.heads = heads
        self.norm1 = norm()
        self.query, self.key, self.value, self.out = (linear(width, width) for _ in range(4))
        self.norm2 = norm()
        self.up, self.down = linear(width, 4 * width), linear(4 * width, width)

    def forward(self, x):
        split = lambda y: y.reshape(*y.shape[:2], self.heads, -1).transpose(1, 2)
        seen = self.norm1(x)
        parts = (split(project(seen)) for project in (self.query, self.key, self.value))
        mixed = F.scaled_dot_product_attention(*parts, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(x.shape))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt(nn.Module):
    """As src/plugins/models/gpt.ts, drawing its weights in the same order; output tied to the embedding."""

    def __init__(self, vocabulary, context, layers, heads, width, random):
        super().__init__()
        made = 0

        def normal(*shape):
            nonlocal made
            stream, made = random.fork(made), made + 1
            return torch.tensor(stream.normals(math.prod(shape), 0.02)).reshape(shape)

        def linear(inputs, outputs):
            nonlocal made
            layer = nn.Linear(inputs, outputs)
            layer.weight.data = normal(inputs, outputs).T.contiguous()
            layer.bias.data.zero_()
            made += 1
            return layer

        def norm():
            nonlocal made
            made += 2
            return nn.LayerNorm(width)

        self.tokens = nn.Parameter(normal(vocabulary, width))
        self.positions = nn.Parameter(normal(context, width))
        self.layers = nn.ModuleList(Block(width, heads, linear, norm) for _ in range(layers))
        self.norm = norm()

    def forward(self, ids):
        x = self.tokens[ids] + self.positions[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) @ self.tokens.T


def loss_of(model, inputs, labels, reduction="mean"):
    return F.cross_entropy(model(inputs).flatten(0, 1), labels.flatten(), reduction=reduction)


def validate(model, inputs, labels):
    with torch.no_grad():
        total = sum(loss_of(model, *part, "sum").item() for part in zip(inputs.split(256), labels.split(256)))
    return total / (labels != -100).sum().item()


def rate_factor(step, total, warmup_steps=0, final=0.0):
    if step <= warmup_steps:
        return step / warmup_steps
    done = min(1, (step - 1 - warmup_steps) / max(1, total - warmup_steps))
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * done))


def train(task):
    folder = ROOT / "bench/quality" / task
    experiment = yaml.safe_load((folder / "plugboard.yaml").read_text())["experiment"]
    training, random = experiment["training"], Random.of_seed(experiment["seed"])
    [preprocess] = experiment["preprocess"]
    texts = read_splits(experiment, random.fork("split"))
    encode, vocabulary = encoder_of(texts[0])
    context, pack = preprocess["config"]["context"], preprocess["config"].get("pack", False)
    (inputs, labels), held_back = (next_token_rows(part, encode, context, pack) for part in texts)
    model = Gpt(vocabulary, context, **experiment["model"]["config"], random=random.fork("weights"))

    settings = training["optimizer"]["config"]
    decays = [p for name, p in model.named_parameters() if p.dim() >= 2 and name not in ("tokens", "positions")]
    others = [p for p in model.parameters() if all(p is not decaying for decaying in decays)]
    groups = [{"params": decays, "weight_decay": settings["weight_decay"]}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=settings["learning_rate"])

    batch, total, curve = training["batch_size"], training["max_steps"], {}
    step = epoch = 0
    while step < total:
        epoch += 1
        order = torch.tensor(random.fork("order", epoch).permutation(len(inputs)))
        for rows in order[: len(inputs) // batch * batch].split(batch):
            if step == total:
                break
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = settings["learning_rate"] * rate_factor(step, total, **training["schedule"]["config"])
            optimizer.zero_grad()
            loss_of(model, inputs[rows], labels[rows]).backward()
            optimizer.step()
            if step % training["validate_every"] == 0 or step == total:
                curve[step] = round(validate(model, *held_back), 5)
                print(task, step, curve[step], flush=True)
    result = {"torch": torch.__version__, "seed": experiment["seed"], "val_loss": curve}
    (folder / "pytorch.json").write_text(json.dumps(result, indent=2) + "\n")


torch.set_num_threads(1)
for task in sys.argv[1:]:
    train(task)
