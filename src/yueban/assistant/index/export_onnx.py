"""Write multilingual-e5-small as an ONNX file for onnxruntime: its table of words in 4 bits, its matrices in 8.

The table is copied bit by bit. The matrices are brought from 4 bits with a scale for every 32 weights to 8 bits with
one for every output, which costs half the time on processors without instructions for 4 bits; of the 8 bits seven are
used, as sums of more overflow in the AVX2 kernels. The network takes one text at a time: what goes in between is
rounded by the largest value of all texts of a call, and a vector must not depend on its neighbours.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np

from yueban.assistant.index.e5_file import BLOCK, Blocks, E5File, Floats, unpacked

Whole = np.ndarray[tuple[int, ...], np.dtype[np.int8]]

OWN: Final = "com.microsoft"
OPSET: Final = 20
IR: Final = 10
BITS: Final = 4
LARGEST: Final = 63
FORMAT: Final = "1"


def write(file: E5File, path: Path) -> None:
    """The model at `path`: token numbers of one text in, the mean of the last layer out."""
    import onnx

    onnx.save_model(_Graph(file).model(), path)


class _Graph:
    """The network, layer by layer; names are those of the wheel's file."""

    def __init__(self, file: E5File) -> None:
        self.file, self.shape = file, file.shape
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def model(self) -> Any:
        from onnx import TensorProto, helper

        self.add_pooling(self.add_layers(self.add_embedding()))
        graph = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, self.shape.width])],
            self.constants,
        )
        operators = [helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, 1)]
        return helper.make_model(graph, opset_imports=operators, ir_version=IR)

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **options: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **options))
        return output

    def constant(self, name: str, values: Any) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def floats(self, name: str) -> str:
        return self.constant(name, self.file.floats[name])

    def add_embedding(self) -> str:
        width, places = self.shape.width, self.shape.positions
        words, scales = self.packed("emb.word", self.shape.vocabulary, width)
        where = self.file.floats["emb.pos"].reshape(places, width) + self.file.floats["emb.type"][:width]
        self.constant("places", where)
        self.constant("one", np.array([1], np.int64))
        self.constant("two", np.array([2], np.int64))
        self.constant("none", np.array([0], np.int64))
        self.node(
            "GatherBlockQuantized",
            [words, "ids", scales],
            "word",
            OWN,
            bits=BITS,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        self.node("Shape", ["ids"], "size")
        self.node("Slice", ["size", "one", "two"], "length")
        self.node("Slice", ["places", "none", "length", "none"], "place")
        self.node("Add", ["word", "place"], "placed")
        ends = [self.floats("emb.ln.w"), self.floats("emb.ln.b")]
        return self.node(
            "LayerNormalization", ["placed", *ends], "embedded", axis=-1, epsilon=self.shape.epsilon
        )

    def packed(self, name: str, rows: int, width: int) -> tuple[str, str]:
        """A table in 4 bits, two values to a byte in their order, and the scale of each block of 32."""
        values = unpacked(self.file.blocks[name]).reshape(rows, width)
        scales = self.file.blocks[name]["scale"].astype(np.float32).reshape(rows, width // BLOCK)
        return (
            self.constant(name, values[:, 0::2] | values[:, 1::2] << BITS),
            self.constant(f"{name}.scale", scales),
        )

    def product(self, source: str, weights: str, bias: str | None, rows: int, width: int) -> str:
        """`source` times a matrix of weights in 8 bits, plus a bias."""
        whole, scales = _in_eight_bits(_real(self.file.blocks[weights]).reshape(rows, width))
        inputs = [
            source,
            self.constant(weights, whole.T),
            self.constant(f"{weights}.scale", scales),
            self.constant(f"{weights}.zero", np.zeros(rows, np.int8)),
        ]
        if bias:
            inputs.append(self.floats(bias))
        return self.node("DynamicQuantizeMatMul", inputs, f"{weights}.out", OWN)

    def add_layers(self, source: str) -> str:
        for number in range(self.shape.layers):
            source = self.add_layer(f"l{number}", source)
        return source

    def add_layer(self, name: str, source: str) -> str:
        width, inner = self.shape.width, self.shape.inner
        three = [self.product(source, f"{name}.{part}.w", f"{name}.{part}.b", width, width) for part in "qkv"]
        mixed = self.node(
            "MultiHeadAttention",
            three,
            f"{name}.attention",
            OWN,
            num_heads=self.shape.heads,
        )
        mixed = self.product(mixed, f"{name}.ao.w", None, width, width)
        source = self.joined(f"{name}.aln", source, mixed, f"{name}.ao.b")
        wide = self.product(source, f"{name}.fi.w", f"{name}.fi.b", inner, width)
        wide = self.node("Gelu", [wide], f"{name}.gelu", OWN)
        return self.joined(
            f"{name}.oln", source, self.product(wide, f"{name}.fo.w", None, width, inner), f"{name}.fo.b"
        )

    def joined(self, name: str, source: str, added: str, bias: str) -> str:
        """The layer's normalised sum of what came in and what it made of it."""
        ends = [self.floats(f"{name}.w"), self.floats(f"{name}.b"), self.floats(bias)]
        return self.node(
            "SkipLayerNormalization", [source, added, *ends], f"{name}.out", OWN, epsilon=self.shape.epsilon
        )

    def add_pooling(self, source: str) -> None:
        """The mean over the tokens; the caller brings it to length one."""
        self.node("ReduceMean", [source, "one"], "mean", keepdims=0)


def _real(blocks: Blocks) -> Floats:
    """The weights as numbers: their 4 bits mean -8 to 7 times the scale of the block."""
    return (unpacked(blocks).astype(np.float32) - 8.0) * blocks["scale"].astype(np.float32)[:, None]


def _in_eight_bits(weights: Floats) -> tuple[Whole, Floats]:
    """Whole numbers and the scale of each output."""
    scales = np.abs(weights).max(axis=1) / LARGEST
    return np.rint(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)
