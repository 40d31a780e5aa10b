"""The standard alphabet of base64, in one function."""

from collections.abc import Buffer

def standard_b64encode(data: Buffer, /) -> bytes: ...
