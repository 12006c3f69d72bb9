"""Models of PyTorch's own modules with the built-in models' names, for scripts/plugins/exported.json.

Their state and their outputs; what the test imports, exports and computes must be the same.
Run with PyTorch 2 installed: python3 scripts/reference/exported.py
"""

import json
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

from values import fill, integers

OUT = Path(__file__).parents[1] / "plugins/exported.json"


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        split = lambda y: y.reshape(*y.shape[:2], self.heads, -1).transpose(1, 2)
        parts = (split(project(x)) for project in (self.query, self.key, self.value))
        mixed = F.scaled_dot_product_attention(*parts, is_causal=True)
        return self.out(mixed.transpose(1, 2).reshape(x.shape))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.down(F.gelu(self.up(x), approximate="tanh"))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.ffn = Attention(width, heads), FeedForward(width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.ffn(self.norm2(x))


class Gpt(nn.Module):
    def __init__(self, vocabulary, context, layers, heads, width):
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.position_embedding = nn.Embedding(context, width)
        self.layers = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, ids):
        x = self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) @ self.token_embedding.weight.T


class Cnn(nn.Module):
    def __init__(self, size, channels, classes):
        super().__init__()
        pairs = zip([1, *channels], channels)
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2) for a, b in pairs)
        places = size
        for _ in channels:
            places = -(-places // 2)
        self.head = nn.Linear(places * places * channels[-1], classes)

    def forward(self, images):
        x = images.permute(0, 3, 1, 2)
        for convolution in self.convolutions:
            # `same` padding as TensorFlow lays it.
            border = max(0, (-(-x.shape[-1] // 2) - 1) * 2 + 3 - x.shape[-1])
            x = F.pad(x, (border // 2, border - border // 2) * 2)
            x = torch.relu(convolution(x))
        # Rows of pixels with their channels, before the head.
        return self.head(x.permute(0, 2, 3, 1).flatten(1))


class Mlp(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, images):
        x = images.flatten(1)
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


def described(model, inputs):
    for seed, (path, parameter) in enumerate(model.named_parameters()):
        values = fill(list(parameter.shape), seed, 0.5)
        is_scale = "norm" in path and path.endswith("weight")
        parameter.data = values + 1 if is_scale else values
    state = {
        path: {"shape": list(tensor.shape), "values": tensor.flatten().tolist()}
        for path, tensor in model.state_dict().items()
    }
    return {"state": state, "logits": model(inputs).flatten().tolist()}


images = fill([4, 6, 6, 1], 50)
ids = torch.tensor(integers(4 * 8, 0, 11)).reshape(4, 8)
reference = {
    "torch": torch.__version__,
    "mlp": described(Mlp([36, 8, 5]), images),
    "cnn": described(Cnn(6, [3, 4], 5), images),
    "gpt": described(Gpt(11, 8, 2, 2, 8), ids),
}
OUT.write_text(json.dumps(reference) + "\n")
