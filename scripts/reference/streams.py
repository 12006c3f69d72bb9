"""The random streams of src/sdk/random.ts, so that PyTorch starts and shuffles as Plugboard does."""

import math
import struct

BITS = 0xFFFFFFFF


def mix(h):
    h &= BITS
    h = (h ^ (h >> 16)) * 0x85EBCA6B & BITS
    h = (h ^ (h >> 13)) * 0xC2B2AE35 & BITS
    return h ^ (h >> 16)


def hash_key(seed, key):
    h = mix(seed ^ 0x9E3779B9)
    for i, character in enumerate(str(key)):
        h = mix(h ^ ord(character) ^ ((i + 1) * 0x01000193 & BITS))
    return h


def to_float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


class Random:
    def __init__(self, low, high):
        self.low, self.high, self.counter, self.spare = low, high, 0, None

    @classmethod
    def of_seed(cls, seed):
        return cls(hash_key(seed, "low"), hash_key(seed, "high"))

    def fork(self, *keys):
        stream = self
        for key in keys:
            low, high = hash_key(stream.low, key), hash_key(stream.high ^ 0x5BD1E995, key)
            stream = Random(low, high)
        return stream

    def next(self):
        self.counter += 1
        return mix(mix(self.counter ^ self.low) + self.high) / 2**32

    def normal(self):
        if self.spare is not None:
            spare, self.spare = self.spare, None
            return spare
        radius = math.sqrt(-2 * math.log(1 - self.next()))
        angle = 2 * math.pi * self.next()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)

    def permutation(self, length):
        order = list(range(length))
        for i in range(length - 1, 0, -1):
            j = math.floor(self.next() * (i + 1))
            order[i], order[j] = order[j], order[i]
        return order

    def uniforms(self, length, low=0.0, high=1.0):
        return [to_float32(low + (high - low) * self.next()) for _ in range(length)]

    def normals(self, length, deviation=1.0):
        return [to_float32(deviation * self.normal()) for _ in range(length)]
