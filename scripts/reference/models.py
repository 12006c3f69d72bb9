"""Forward passes and first losses of the built-in models by PyTorch, for src/plugins/testing/models.json.

Run with PyTorch 2 installed: python3 scripts/reference/models.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

from values import fill, integers

OUT = Path(__file__).parents[2] / "src/plugins/testing/models.json"
STEPS = 20


def parameters_of(shapes, scale):
    """Parameters by path, filled by the formula; the scales of norms lie around 1."""
    parameters = {}
    for seed, (path, shape) in enumerate(shapes.items()):
        values = fill(shape, seed, scale)
        if path.endswith(("norm1.weight", "norm2.weight", "norm.weight")):
            values = values + 1
        parameters[path] = values.requires_grad_()
    return parameters


def train(shapes, scale, forward, batch, optimizer):
    parameters = parameters_of(shapes, scale)
    stepper = optimizer(parameters)
    losses = []
    for step in range(STEPS):
        inputs, labels = batch(step)
        outputs = forward(parameters, inputs)
        if step == 0:
            first = outputs.flatten().tolist()
        loss = F.cross_entropy(outputs.reshape(-1, outputs.shape[-1]), labels.flatten())
        losses.append(loss.item())
        stepper.zero_grad()
        loss.backward()
        stepper.step()
    return {"shapes": shapes, "first_logits": first, "losses": losses}


VOCABULARY, CONTEXT, WIDTH, HEADS, LAYERS, BATCH = 11, 8, 16, 2, 2, 4


def gpt_shapes(is_tied):
    shapes = {"token_embedding.weight": [VOCABULARY, WIDTH], "position_embedding.weight": [CONTEXT, WIDTH]}
    for layer in range(LAYERS):
        at = f"layers.{layer}"
        shapes |= {f"{at}.norm1.weight": [WIDTH], f"{at}.norm1.bias": [WIDTH]}
        for name in ("query", "key", "value", "out"):
            shapes |= {f"{at}.attn.{name}.weight": [WIDTH, WIDTH], f"{at}.attn.{name}.bias": [WIDTH]}
        shapes |= {f"{at}.norm2.weight": [WIDTH], f"{at}.norm2.bias": [WIDTH]}
        shapes |= {f"{at}.ffn.up.weight": [WIDTH, 4 * WIDTH], f"{at}.ffn.up.bias": [4 * WIDTH]}
        shapes |= {f"{at}.ffn.down.weight": [4 * WIDTH, WIDTH], f"{at}.ffn.down.bias": [WIDTH]}
    shapes |= {"norm.weight": [WIDTH], "norm.bias": [WIDTH]}
    return shapes if is_tied else shapes | {"head.weight": [WIDTH, VOCABULARY]}


def gpt(p, ids):
    def linear(x, path):
        return x @ p[f"{path}.weight"] + p[f"{path}.bias"]

    def norm(x, path):
        return F.layer_norm(x, [WIDTH], p[f"{path}.weight"], p[f"{path}.bias"])

    def heads(x):
        return x.reshape(*x.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

    x = p["token_embedding.weight"][ids] + p["position_embedding.weight"][: ids.shape[1]]
    for layer in range(LAYERS):
        at = f"layers.{layer}"
        seen = norm(x, f"{at}.norm1")
        projected = (heads(linear(seen, f"{at}.attn.{name}")) for name in ("query", "key", "value"))
        mixed = F.scaled_dot_product_attention(*projected, is_causal=True)
        x = x + linear(mixed.transpose(1, 2).reshape(x.shape), f"{at}.attn.out")
        hidden = F.gelu(linear(norm(x, f"{at}.norm2"), f"{at}.ffn.up"), approximate="tanh")
        x = x + linear(hidden, f"{at}.ffn.down")
    out = p["head.weight"] if "head.weight" in p else p["token_embedding.weight"].T
    return norm(x, "norm") @ out


def gpt_batch(step):
    """Labels of -100 are left out: what the tests mask."""
    ids = torch.tensor(integers(BATCH * (CONTEXT + 1), step, VOCABULARY)).reshape(BATCH, CONTEXT + 1)
    labels = ids[:, 1:].clone()
    labels[0, CONTEXT // 2 :] = -100
    return ids[:, :-1], labels


def adamw(parameters):
    decays = [p for path, p in parameters.items() if p.dim() >= 2 and "embedding" not in path]
    others = [p for path, p in parameters.items() if p.dim() < 2 or "embedding" in path]
    groups = [{"params": decays, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.01)


MLP_SHAPES = {
    "layers.0.weight": [36, 8],
    "layers.0.bias": [8],
    "layers.1.weight": [8, 5],
    "layers.1.bias": [5],
}


def mlp(p, images):
    hidden = torch.relu(images.reshape(images.shape[0], -1) @ p["layers.0.weight"] + p["layers.0.bias"])
    return hidden @ p["layers.1.weight"] + p["layers.1.bias"]


CNN_SHAPES = {
    "convolutions.0.weight": [3, 3, 1, 3],
    "convolutions.0.bias": [3],
    "convolutions.1.weight": [3, 3, 3, 4],
    "convolutions.1.bias": [4],
    "head.weight": [16, 5],
    "head.bias": [5],
}


def cnn(p, images):
    """`same` padding as TensorFlow lays it; PyTorch has channels first, the flat head has them last."""
    x = images.permute(0, 3, 1, 2)
    for i in range(2):
        size = x.shape[-1]
        border = max(0, (-(-size // 2) - 1) * 2 + 3 - size)
        x = F.pad(x, (border // 2, border - border // 2) * 2)
        weight = p[f"convolutions.{i}.weight"].permute(3, 2, 0, 1)
        x = torch.relu(F.conv2d(x, weight, p[f"convolutions.{i}.bias"], stride=2))
    return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1) @ p["head.weight"] + p["head.bias"]


def image_batch(step):
    return fill([6, 6, 6, 1], 50 + step), torch.tensor(integers(6, step, 5))


def momentum(parameters):
    return torch.optim.SGD(parameters.values(), lr=0.1, momentum=0.9)


reference = {
    "torch": torch.__version__,
    "gpt": train(gpt_shapes(is_tied=True), 0.5, gpt, gpt_batch, adamw),
    "gpt_untied": train(gpt_shapes(is_tied=False), 0.5, gpt, gpt_batch, adamw),
    "mlp": train(MLP_SHAPES, 1.0, mlp, image_batch, momentum),
    "cnn": train(CNN_SHAPES, 1.0, cnn, image_batch, momentum),
}

OUT.write_text(json.dumps(reference) + "\n")
print(f"wrote {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")
