"""Values of layers, losses, optimizers and schedules by PyTorch, for src/plugins/testing/layers.json.

Run with PyTorch 2 installed: python3 scripts/reference/layers.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

from values import fill, integers

OUT = Path(__file__).parents[2] / "src/plugins/testing/layers.json"


def with_gradients(compute, *inputs):
    """Flat output of `compute`, and the gradient of sum(output * weights) for each input."""
    inputs = [tensor.clone().requires_grad_() for tensor in inputs]
    output = compute(*inputs)
    (output * fill(list(output.shape), 99)).sum().backward()
    return {
        "output": output.flatten().tolist(),
        "gradients": [tensor.grad.flatten().tolist() for tensor in inputs],
    }


def attention(x, *weights):
    """Causal attention of 2 heads over [2, 5, 8]; weights are [in, out] and their biases."""
    query, key, value = (
        (x @ weights[2 * i] + weights[2 * i + 1]).reshape(2, 5, 2, 4).transpose(1, 2)
        for i in range(3)
    )
    mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
    return mixed.transpose(1, 2).reshape(2, 5, 8) @ weights[6] + weights[7]


def heads(x, size):
    """[batch, time, heads * size] to [batch, heads, time, size]."""
    return x.reshape(*x.shape[:2], -1, size).transpose(1, 2)


def rotated(x):
    """Rotary positions over [..., time, size], pairs half a width apart, as in Llama."""
    time, half = x.shape[-2], x.shape[-1] // 2
    angles = torch.arange(time).unsqueeze(1) * 10000.0 ** (-torch.arange(half) / half)
    cos, sin = angles.cos().repeat(1, 2), angles.sin().repeat(1, 2)
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


# 1 = keep: the last two positions of the second row are padding.
PADDING = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
BACK = torch.arange(5).unsqueeze(1) - torch.arange(5)


def attention_with(seen, turn=lambda x: x):
    """Attention of 4 heads, which share 2 heads of keys and values, over [2, 5, 16]; only what is `seen` counts."""

    def compute(x, *weights):
        query, key, value = (heads(x @ weights[2 * i] + weights[2 * i + 1], 4) for i in range(3))
        mixed = F.scaled_dot_product_attention(
            turn(query), turn(key), value, attn_mask=seen, enable_gqa=True
        )
        return mixed.transpose(1, 2).reshape(2, 5, 16) @ weights[6] + weights[7]

    return compute


def linear_attention(seen):
    """Katharopoulos et al. 2020, eq. 5: 2 heads over [2, 5, 8]."""

    def compute(x, *weights):
        query, key, value = (heads(x @ weights[2 * i] + weights[2 * i + 1], 4) for i in range(3))
        products = ((F.elu(query) + 1) @ (F.elu(key) + 1).transpose(-1, -2)) * seen
        mixed = products @ value / products.sum(-1, keepdim=True)
        return mixed.transpose(1, 2).reshape(2, 5, 8) @ weights[6] + weights[7]

    return compute


def projections(width, keys):
    """Weights and biases of query, key, value and output."""
    for i, outputs in enumerate([width, keys, keys, width]):
        yield fill([width, outputs], 2 + 2 * i)
        yield fill([outputs], 3 + 2 * i)


def recurrent(make, gates, reverse=False):
    """A layer of PyTorch over [2, 5, 3], 4 wide, its weights transposed; padding is packed away."""
    packed = torch.nn.utils.rnn

    def compute(x, weight_ih, weight_hh, bias_ih, bias_hh):
        layer = make(3, 4, batch_first=True, bidirectional=reverse)
        suffix = "_l0_reverse" if reverse else "_l0"
        given = {"weight_ih": weight_ih.T, "weight_hh": weight_hh.T, "bias_ih": bias_ih, "bias_hh": bias_hh}
        own = {name: parameter.detach() * 0 for name, parameter in layer.named_parameters()}
        own.update({name + suffix: value for name, value in given.items()})
        lengths = PADDING.sum(1)
        sequence = packed.pack_padded_sequence(x, lengths, batch_first=True)
        states, _ = torch.func.functional_call(layer, own, (sequence,))
        states, _ = packed.pad_packed_sequence(states, batch_first=True)
        states = states[..., 4:] if reverse else states
        # Where nothing is to be read, the state stays as it was: from before, or from the start.
        stays = torch.zeros_like(states[:, :1]) if reverse else states[torch.arange(2), lengths - 1].unsqueeze(1)
        return torch.where(PADDING.unsqueeze(-1), states, stays)

    return with_gradients(
        compute,
        fill([2, 5, 3], 1, 4),
        *(fill(shape, seed + 2) for seed, shape in enumerate([[3, gates * 4], [4, gates * 4], [gates * 4], [gates * 4]])),
    )


def pooled(of):
    return with_gradients(lambda x: of(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1), fill([2, 6, 6, 2], 1))


def top_k(tokens, gate):
    """Mixtral's weights, and the loss of Switch Transformers, with a share of tokens per choice: 2 of 4 experts."""
    logits = tokens @ gate
    best, chosen = logits.topk(2, -1)
    weights = torch.zeros_like(logits).scatter(-1, chosen, best.softmax(-1))
    share = F.one_hot(chosen, 4).float().sum(1).mean(0) / 2
    return weights, 4 * (share * logits.softmax(-1).mean(0)).sum()


def conv2d(images, weight, bias):
    """Stride 2 with `same` padding as TensorFlow lays it: the odd row and column at the end."""
    padded = F.pad(images.permute(0, 3, 1, 2), (0, 1, 0, 1))
    return F.conv2d(padded, weight.permute(3, 2, 0, 1), bias, stride=2).permute(0, 2, 3, 1)


def cross_entropy(mask, smoothing):
    labels = torch.tensor(integers(6, 2, 5))
    kept = torch.where(torch.tensor(mask) == 1, labels, torch.tensor(-100))
    return lambda logits: F.cross_entropy(logits, kept, label_smoothing=smoothing)


def optimizer(make):
    """Values of two parameters after 1 and after 10 steps along gradients from the formula."""
    matrix = fill([3, 4], 1).requires_grad_()
    vector = fill([5], 2).requires_grad_()
    stepper = make(matrix, vector)
    after = []
    for step in range(10):
        matrix.grad = fill([3, 4], 10 + step)
        vector.grad = fill([5], 30 + step, 0.1)
        stepper.step()
        if step in (0, 9):
            after.append([matrix.flatten().tolist(), vector.flatten().tolist()])
    return after


def cosine(warmup, total, final):
    parameter = torch.zeros(1, requires_grad=True)
    stepper = torch.optim.SGD([parameter], lr=1.0)
    schedules = torch.optim.lr_scheduler
    warm = schedules.LinearLR(stepper, start_factor=1 / warmup, total_iters=warmup - 1)
    fall = schedules.CosineAnnealingLR(stepper, T_max=total - warmup, eta_min=final)
    schedule = schedules.SequentialLR(stepper, [warm, fall], milestones=[warmup])
    rates = []
    for _ in range(total):
        rates.append(stepper.param_groups[0]["lr"])
        stepper.step()
        schedule.step()
    return rates


def clipped(max_norm):
    parameters = [torch.zeros(3, 4, requires_grad=True), torch.zeros(5, requires_grad=True)]
    parameters[0].grad = fill([3, 4], 1, 10)
    parameters[1].grad = fill([5], 2, 10)
    torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return [parameter.grad.flatten().tolist() for parameter in parameters]


def weights_and_biases():
    for i in range(4):
        yield fill([8, 8], 2 + 2 * i)
        yield fill([8], 3 + 2 * i)


reference = {
    "torch": torch.__version__,
    "linear": with_gradients(lambda x, w, b: x @ w + b, fill([2, 3, 4], 1), fill([4, 5], 2), fill([5], 3)),
    "embedding": with_gradients(
        lambda table: F.embedding(torch.tensor(integers(6, 1, 7)).reshape(2, 3), table), fill([7, 4], 1)
    ),
    "gelu": with_gradients(lambda x: F.gelu(x, approximate="tanh"), fill([4, 6], 1, 8)),
    "layer_norm": with_gradients(
        lambda x, w, b: F.layer_norm(x, [6], w, b, 1e-5), fill([2, 3, 6], 1, 4), fill([6], 2), fill([6], 3)
    ),
    "conv2d": with_gradients(conv2d, fill([2, 6, 6, 2], 1), fill([3, 3, 2, 4], 2), fill([4], 3)),
    "attention": with_gradients(attention, fill([2, 5, 8], 1), *weights_and_biases()),
    "rms_norm": with_gradients(
        lambda x, w: F.rms_norm(x, [6], w, 1e-6), fill([2, 3, 6], 1, 4), fill([6], 2)
    ),
    "swiglu": with_gradients(lambda gate, x: F.silu(gate) * x, fill([4, 6], 1, 8), fill([4, 6], 2, 8)),
    "swiglu_network": with_gradients(
        lambda x, gate, up, down: (F.silu(x @ gate) * (x @ up)) @ down,
        fill([2, 3, 4], 1, 4), fill([4, 6], 2), fill([4, 6], 3), fill([6, 4], 4),
    ),
    "rotary": with_gradients(rotated, fill([2, 2, 5, 6], 1)),
    "attention_padded": with_gradients(
        attention_with(PADDING[:, None, None, :]), fill([2, 5, 16], 1), *projections(16, 8)
    ),
    "attention_window": with_gradients(
        attention_with((BACK >= 0) & (BACK < 2)), fill([2, 5, 16], 1), *projections(16, 8)
    ),
    "attention_both_ways": with_gradients(
        attention_with(BACK.abs() < 2), fill([2, 5, 16], 1), *projections(16, 8)
    ),
    "attention_rotary": with_gradients(
        attention_with(BACK >= 0, rotated), fill([2, 5, 16], 1), *projections(16, 8)
    ),
    "linear_attention": with_gradients(
        linear_attention(PADDING[:, None, None, :].float()), fill([2, 5, 8], 1), *projections(8, 8)
    ),
    "linear_attention_causal": with_gradients(
        linear_attention((BACK >= 0).float()), fill([2, 5, 8], 1), *projections(8, 8)
    ),
    "rnn": recurrent(torch.nn.RNN, 1),
    "gru": recurrent(torch.nn.GRU, 3),
    "lstm": recurrent(torch.nn.LSTM, 4),
    "lstm_reverse": recurrent(torch.nn.LSTM, 4, reverse=True),
    "max_pool2d": pooled(lambda x: F.max_pool2d(x, 2)),
    "avg_pool2d": pooled(lambda x: F.avg_pool2d(x, 3, stride=2)),
    "top_k_weights": with_gradients(lambda x, gate: top_k(x, gate)[0], fill([6, 3], 1, 4), fill([3, 4], 2, 4)),
    "top_k_balance": with_gradients(lambda x, gate: top_k(x, gate)[1], fill([6, 3], 1, 4), fill([3, 4], 2, 4)),
    "cross_entropy": with_gradients(cross_entropy([1] * 6, 0.0), fill([6, 5], 1, 6)),
    "cross_entropy_masked": with_gradients(cross_entropy([1, 0, 1, 1, 0, 1], 0.0), fill([6, 5], 1, 6)),
    "cross_entropy_smoothed": with_gradients(cross_entropy([1, 0, 1, 1, 0, 1], 0.1), fill([6, 5], 1, 6)),
    "mse": with_gradients(lambda x: F.mse_loss(x, fill([6, 2], 2)), fill([6, 2], 1)),
    "sgd": optimizer(lambda *p: torch.optim.SGD(p, lr=0.1)),
    "sgd_momentum": optimizer(lambda *p: torch.optim.SGD(p, lr=0.1, momentum=0.9)),
    "sgd_nesterov": optimizer(lambda *p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True)),
    "adam": optimizer(lambda *p: torch.optim.Adam(p, lr=0.01)),
    "adamw": optimizer(
        lambda matrix, vector: torch.optim.AdamW(
            [{"params": [matrix], "weight_decay": 0.1}, {"params": [vector], "weight_decay": 0.0}],
            lr=0.01,
        )
    ),
    "cosine": cosine(warmup=5, total=20, final=0.1),
    "clipped": clipped(1.0),
    "unclipped": clipped(1000.0),
}

OUT.write_text(json.dumps(reference) + "\n")
print(f"wrote {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}")
