"""Streams that threads share, for `tests/proof`."""

DATA = b"some data that is compressed, and some more of it " * 40


def shared(module):
    compress, raw = module.compressobj(), module.compressobj(1, module.DEFLATED, -15, 9, zdict=DATA[:100])
    decompress, limited = module.decompressobj(), module._ZlibDecompressor()
    packed = module.compress(DATA)
    return [
        lambda: compress.compress(DATA),
        lambda: compress.flush(module.Z_SYNC_FLUSH),
        lambda: compress.copy().flush(),
        lambda: raw.compress(DATA[:77]),
        lambda: raw.flush(module.Z_FULL_FLUSH),
        lambda: raw.copy().compress(DATA),
        lambda: decompress.decompress(packed[:20]),
        lambda: decompress.decompress(packed[20:], 100),
        lambda: decompress.decompress(decompress.unconsumed_tail, 50),
        lambda: (decompress.unused_data, decompress.eof, decompress.unconsumed_tail),
        lambda: decompress.copy().flush(),
        lambda: limited.decompress(packed, 60),
        lambda: limited.decompress(b"", 60),
        lambda: (limited.needs_input, limited.eof, limited.unused_data),
        lambda: module.decompress(module.compress(DATA, 9)),
    ]
