"""Models of text with their heads by PyTorch, for src/plugins/testing/text-models.json: outputs, losses, gradients.

Run with PyTorch 2 installed: python3 scripts/reference/text_models.py
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.func import functional_call

from values import fill, integers

torch.set_num_threads(1)
OUT = Path(__file__).parents[2] / "src/plugins/testing/text-models.json"
VOCABULARY, CONTEXT, WIDTH, HEADS, LAYERS, BATCH, CLASSES = 11, 6, 8, 2, 2, 3, 4
LENGTHS = [6, 4, 1]

ids = torch.tensor(integers(BATCH * CONTEXT, 1, VOCABULARY)).reshape(BATCH, CONTEXT)
types = torch.tensor(integers(BATCH * CONTEXT, 2, 2)).reshape(BATCH, CONTEXT)
kept = torch.tensor([[float(i < length) for i in range(CONTEXT)] for length in LENGTHS])
token_labels = torch.tensor(integers(BATCH * CONTEXT, 3, VOCABULARY)).reshape(BATCH, CONTEXT)
guessed = torch.tensor([[0, 1, 0, 1, 1, 0], [1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0]]).bool()
classes = torch.tensor(integers(BATCH, 4, CLASSES))
numbers = fill([BATCH, 2], 5)


def parameters_of(shapes):
    """Parameters by path, filled by the formula; the scales of norms lie around 1."""
    return {
        path: (fill(shape, seed, 0.5) + float(path.endswith(("norm.weight", "norm1.weight", "norm2.weight")))).requires_grad_()
        for seed, (path, shape) in enumerate(shapes.items())
    }


def linear(path, inputs, outputs):
    return {f"{path}.weight": [inputs, outputs], f"{path}.bias": [outputs]}


def norm(path):
    return {f"{path}.weight": [WIDTH], f"{path}.bias": [WIDTH]}


def encoder_shapes(is_pre, segments):
    shapes = {"model.token_embedding.weight": [VOCABULARY, WIDTH], "model.position_embedding.weight": [CONTEXT, WIDTH]}
    if segments:
        shapes["model.segment_embedding.weight"] = [2, WIDTH]
    if not is_pre:
        shapes |= norm("model.embedding_norm")
    for layer in range(LAYERS):
        at = f"model.layers.{layer}"
        shapes |= norm(f"{at}.norm1")
        for name in ("query", "key", "value", "out"):
            shapes |= linear(f"{at}.attn.{name}", WIDTH, WIDTH)
        shapes |= norm(f"{at}.norm2")
        shapes |= linear(f"{at}.ffn.up", WIDTH, 4 * WIDTH) | linear(f"{at}.ffn.down", 4 * WIDTH, WIDTH)
    return shapes | (norm("model.norm") if is_pre else {})


def encode(p, is_pre):
    """PyTorch's own encoder layer with these weights; padding is masked."""
    layer = torch.nn.TransformerEncoderLayer(
        WIDTH, HEADS, 4 * WIDTH, 0.0, lambda x: F.gelu(x, approximate="tanh"), batch_first=True, norm_first=is_pre
    )
    x = p["model.token_embedding.weight"][ids] + p["model.position_embedding.weight"]
    if "model.segment_embedding.weight" in p:
        x = x + p["model.segment_embedding.weight"][types]
    if not is_pre:
        x = F.layer_norm(x, [WIDTH], p["model.embedding_norm.weight"], p["model.embedding_norm.bias"])
    for i in range(LAYERS):
        at = f"model.layers.{i}"
        joined = lambda part: torch.cat([p[f"{at}.attn.{name}.{part}"].T for name in ("query", "key", "value")])
        weights = {
            "self_attn.in_proj_weight": joined("weight"),
            "self_attn.in_proj_bias": joined("bias"),
            "self_attn.out_proj.weight": p[f"{at}.attn.out.weight"].T,
            "self_attn.out_proj.bias": p[f"{at}.attn.out.bias"],
            "linear1.weight": p[f"{at}.ffn.up.weight"].T,
            "linear1.bias": p[f"{at}.ffn.up.bias"],
            "linear2.weight": p[f"{at}.ffn.down.weight"].T,
            "linear2.bias": p[f"{at}.ffn.down.bias"],
        }
        for n in ("norm1", "norm2"):
            weights |= {f"{n}.weight": p[f"{at}.{n}.weight"], f"{n}.bias": p[f"{at}.{n}.bias"]}
        x = functional_call(layer, weights, (x,), {"src_key_padding_mask": kept == 0})
    return F.layer_norm(x, [WIDTH], p["model.norm.weight"], p["model.norm.bias"]) if is_pre else x


def mean_pool(states):
    return (states * kept.unsqueeze(2)).sum(1) / kept.sum(1, keepdim=True)


def classify(p, states):
    pooled = torch.relu(mean_pool(states))
    logits = pooled @ p["head.classifier.weight"] + p["head.classifier.bias"]
    return logits, F.cross_entropy(logits, classes)


def guess(p, states):
    hidden = F.gelu(states @ p["head.dense.weight"] + p["head.dense.bias"], approximate="tanh")
    hidden = F.layer_norm(hidden, [WIDTH], p["head.norm.weight"], p["head.norm.bias"])
    logits = hidden @ p["head.decoder.weight"] + p["head.decoder.bias"]
    return logits, F.cross_entropy(logits[guessed], token_labels[guessed])


def next_token(p, states):
    logits = states @ p["head.decoder.weight"]
    return logits, F.cross_entropy(logits[kept.bool()], token_labels[kept.bool()])


def regress(loss):
    def head(p, states):
        predictions = mean_pool(states) @ p["head.out.weight"] + p["head.out.bias"]
        return predictions, loss(predictions, numbers)

    return head


def listed(tensor):
    """Values to seven digits, as many as float32 has."""
    return [float(f"{value:.7g}") for value in tensor.flatten().tolist()]


def result(shapes, states, head):
    p = parameters_of(shapes)
    outputs, loss = head(p, states(p))
    loss.backward()
    return {
        "shapes": shapes,
        "outputs": listed(outputs),
        "loss": loss.item(),
        "gradients": {path: listed(each.grad) for path, each in p.items()},
    }


def encoder(head_shapes, head, is_pre=True, segments=False):
    shapes = encoder_shapes(is_pre, segments) | head_shapes
    return result(shapes, lambda p: encode(p, is_pre), head)


GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def rnn_shapes(cell, layers, backwards):
    shapes = {"model.embedding.weight": [VOCABULARY, 5]}
    for name in ["layers", *(["backwards"] if backwards else [])]:
        for layer in range(layers):
            at, gates = f"model.{name}.{layer}", GATES[cell] * WIDTH
            inputs = 5 if layer == 0 else WIDTH * (2 if backwards else 1)
            shapes |= {f"{at}.weight_ih_l0": [inputs, gates], f"{at}.weight_hh_l0": [WIDTH, gates]}
            shapes |= {f"{at}.bias_ih_l0": [gates], f"{at}.bias_hh_l0": [gates]}
    return shapes


def recur(p, cell, layers, backwards):
    """PyTorch's own layers, row by row without its padding; padded places repeat the last state."""
    module = getattr(torch.nn, cell)(5, WIDTH, layers, batch_first=True, bidirectional=backwards)
    weights = {}
    for name, suffix in [("layers", ""), *([("backwards", "_reverse")] if backwards else [])]:
        for layer in range(layers):
            for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                value = p[f"model.{name}.{layer}.{part}_l0"]
                weights[f"{part}_l{layer}{suffix}"] = value.T if value.dim() == 2 else value
    x = p["model.embedding.weight"][ids]
    rows = [functional_call(module, weights, (x[row : row + 1, :length],))[0] for row, length in enumerate(LENGTHS)]
    return torch.cat([F.pad(row.mT, (0, CONTEXT - row.shape[1]), mode="replicate").mT for row in rows])


def rnn(cell, layers, head_shapes, head, backwards=False):
    shapes = rnn_shapes(cell, layers, backwards) | head_shapes
    return result(shapes, lambda p: recur(p, cell, layers, backwards), head)


def own_output(p, states):
    logits = states @ p["model.head.weight"] + p["model.head.bias"]
    return logits, F.cross_entropy(logits[kept.bool()], token_labels[kept.bool()])


masked = linear("head.dense", WIDTH, WIDTH) | norm("head.norm") | linear("head.decoder", WIDTH, VOCABULARY)
classifier = linear("head.classifier", WIDTH, CLASSES)
out = linear("head.out", WIDTH, 2)

reference = {
    "torch": torch.__version__,
    "encoder": encoder(classifier, classify),
    "encoder_post_norm": encoder(classifier, classify, is_pre=False, segments=True),
    "encoder_masked": encoder(masked, guess),
    "encoder_mse": encoder(out, regress(F.mse_loss)),
    "encoder_huber": encoder(out, regress(F.huber_loss)),
    "encoder_mae": encoder(out, regress(F.l1_loss)),
    "lstm": rnn("LSTM", 2, linear("model.head", WIDTH, VOCABULARY), own_output),
    "gru": rnn("GRU", 1, {"head.decoder.weight": [WIDTH, VOCABULARY]}, next_token),
    "rnn": rnn("RNN", 1, {"head.decoder.weight": [WIDTH, VOCABULARY]}, next_token),
    "lstm_both_ways": rnn("LSTM", 2, linear("head.classifier", 2 * WIDTH, CLASSES), classify, backwards=True),
}

OUT.write_text(json.dumps(reference) + "\n")
print(f"wrote {OUT}")
