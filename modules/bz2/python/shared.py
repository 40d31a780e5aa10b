"""Streams that threads share, for `tests/proof`."""

DATA = b"some data that is compressed, and some more of it " * 40


def shared(module):
    compressor, decompressor = module.BZ2Compressor(1), module.BZ2Decompressor()
    first = module.BZ2Compressor()
    packed = first.compress(DATA) + first.flush()
    return [
        lambda: compressor.compress(DATA),
        lambda: compressor.compress(DATA * 50),
        lambda: decompressor.decompress(packed, 60),
        lambda: decompressor.decompress(b"", 60),
        lambda: decompressor.decompress(packed[:10]),
        lambda: (decompressor.eof, decompressor.needs_input, decompressor.unused_data),
        lambda: module.BZ2Decompressor().decompress(packed),
    ]
