"""A scanner and encoders that threads share, for `tests/proof`."""

import types


def shared(module):
    hooks = types.SimpleNamespace(
        strict=True, object_hook=None, object_pairs_hook=None, parse_float=float, parse_int=int, parse_constant=str,
        array_hook=None, memo={},
    )  # fmt: skip
    scanner = module.make_scanner(hooks)
    calling = module.make_scanner(types.SimpleNamespace(**{**vars(hooks), "object_hook": dict.copy}))
    values = [1, 2**70, 1.5, "text", "\u20ac", True, None]
    whole = {"list": values, "dict": {"a": values, "b": []}, "text": "a" * 100}
    options = None, str, module.encode_basestring_ascii, None, ": ", ", ", False, True, True
    encoder = module.make_encoder(*options)
    careful = module.make_encoder({}, str, module.encode_basestring, "  ", ": ", ", ", True, True, True)
    document = '{"a": [1, 2.5, -3e4, true, null, "x\\n\\u20ac"], "b": {"c": []}, "d": "' + "\u20ac" * 50 + '"}'
    return [
        lambda: scanner(document, 0),
        lambda: calling(document, 0),
        lambda: scanner(document, 7),
        lambda: (scanner.strict, scanner.parse_int, scanner.object_hook),
        lambda: encoder(whole, 0),
        lambda: careful(whole, 0),
        lambda: encoder(values, 0),
        lambda: (encoder.markers, careful.indent, careful.sort_keys),
        lambda: values.append({"new": len(values)}) if len(values) < 40 else values.clear(),
        lambda: whole.update(more=[1, "x"]),
        lambda: whole.pop("more"),
    ]
