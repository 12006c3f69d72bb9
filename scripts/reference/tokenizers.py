"""Byte pair encoding and word pieces by Hugging Face's tokenizers, for src/plugins/testing/tokenizers.json.

Run with the package tokenizers installed, and a text to learn from: python3 scripts/reference/tokenizers.py text.txt
"""

import json
import sys
import unicodedata

sys.path.pop(0)  # This file has the name of the package.

from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

OUT = Path(__file__).parents[2] / "src/plugins/testing/tokenizers.json"
TEXT = Path(sys.argv[1]).read_text(encoding="utf-8")
SAMPLES = [
    "Call me Ishmael. Some years ago--never mind how long precisely",
    "it's  2 a.m.,\n\n\twe'll   see 12345 whales!?  ",
    "naïve café, Ωmega, 鯨 and 🐋🐳",
    "Whale WHALE whaling unwhalelike",
]
BPE_SIZE, PIECES_SIZE = 600, 500


def gpt2_alphabet():
    """Of each byte its letter, as in the code of GPT-2."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in shown]
    return {chr(b): b for b in shown} | {chr(256 + i): b for i, b in enumerate(others)}


alphabet = gpt2_alphabet()
split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)


def plain(text):
    """Pieces of `text`, each byte as a letter in the order of bytes: so ids are bytes, also where they break ties."""
    pieces = [[alphabet[letter] for letter in piece] for piece, _ in split.pre_tokenize_str(text)]
    return ["".join(chr(0x4E00 + byte) for byte in piece) for piece in pieces]


def learn_bpe():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(
        vocab_size=BPE_SIZE,
        min_frequency=2,
        show_progress=False,
        initial_alphabet=[chr(0x4E00 + byte) for byte in range(256)],
    )
    tokenizer.train_from_iterator([" ".join(plain(TEXT))], trainer)
    vocabulary = tokenizer.get_vocab()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    encode = lambda text: tokenizer.encode(" ".join(plain(text))).ids
    # Ids 256 and on are learned; the app has the boundary at 256.
    moved = lambda ids: [id if id < 256 else id + 1 for id in ids]
    pairs = [moved(vocabulary[token] for token in merge) for merge in merges]
    return pairs, [moved(encode(sample)) for sample in SAMPLES]


def learn_pieces():
    """The plainest form of the algorithm for merges; Hugging Face's WordPiece for encoding with them."""
    splitter = pre_tokenizers.BertPreTokenizer()
    plain = lambda text: (c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    clean = lambda text: "".join(plain(text))
    counts = Counter(word for word, _ in splitter.pre_tokenize_str(clean(TEXT)))
    words = {word: [c if i == 0 else "##" + c for i, c in enumerate(word)] for word in counts}
    letters = sorted({piece for pieces in words.values() for piece in pieces})
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    while len(tokens) < PIECES_SIZE:
        pairs = Counter()
        for word, pieces in words.items():
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += counts[word]
        id_of = {token: id for id, token in enumerate(tokens)}
        best = min(pairs, key=lambda pair: (-pairs[pair], id_of[pair[0]], id_of[pair[1]]))
        if pairs[best] < 2:
            break
        joined = best[0] + best[1][2:]
        if joined not in id_of:
            tokens.append(joined)
        for pieces in words.values():
            i = 0
            while i + 1 < len(pieces):
                if (pieces[i], pieces[i + 1]) == best:
                    pieces[i : i + 2] = [joined]
                i += 1
    vocabulary = {token: id for id, token in enumerate(tokens)}
    model = models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100)
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = splitter
    return tokens, [tokenizer.encode(clean(sample)).ids for sample in SAMPLES]


merges, bpe_ids = learn_bpe()
tokens, piece_ids = learn_pieces()
reference = {
    "text": TEXT,
    "samples": SAMPLES,
    "bpe": {"vocab_size": BPE_SIZE, "merges": merges, "ids": bpe_ids},
    "word_piece": {"vocab_size": PIECES_SIZE, "tokens": tokens, "ids": piece_ids},
}
OUT.write_text(json.dumps(reference) + "\n", encoding="utf-8")
print(f"wrote {OUT}: {len(merges)} merges, {len(tokens)} tokens")
