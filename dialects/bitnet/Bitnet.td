//===- Bitnet.td - Dialect, types and attributes ----------*- tablegen -*-===//
#ifndef TRITC_BITNET_TD
#define TRITC_BITNET_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def BitnetDialect : Dialect {
  let name = "bitnet";
  let cppNamespace = "::tritc::bitnet";
  let summary = "What a BitNet b1.58 model means";
  let description = [{
    Value semantics on tensors, no target, no layout. Weights are named
    parameters: the bytes stay in the checkpoint. The leading dimension of
    every activation is the token; `?` where the number of tokens is only known
    at run time.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

def Bitnet_StoredMatrix : TypeInterface<"StoredMatrix"> {
  let cppNamespace = "::tritc::bitnet";
  let description = [{
    A matrix whose bytes lie in the weight section as tiles, in an order that
    only the pure functions of dialects/lut/layouts know.
  }];
  let methods = [
    InterfaceMethod<"Output features, N.", "int64_t", "getRows">,
    InterfaceMethod<"Input features, K.", "int64_t", "getCols">,
    InterfaceMethod<[{
      How its bytes lie: those of ternary weights as `packing` says, which
      others have none of.
    }], "::tritc::lut::Tiles", "getTiles",
    (ins "std::optional<::tritc::lut::PackingSpec>":$packing)>,
  ];
  let extraSharedClassDeclaration = [{
    /// [tiles, bytes of a tile] of i8: its buffer.
    ::mlir::MemRefType getBufferType(
        std::optional<::tritc::lut::PackingSpec> packing) const {
      ::tritc::lut::Tiles tiles = $_type.getTiles(packing);
      return ::mlir::MemRefType::get(
          {tiles.count, tiles.bytes},
          ::mlir::IntegerType::get($_type.getContext(), 8));
    }
  }];
}

def Bitnet_Ternary
    : TypeDef<BitnetDialect, "Ternary", [Bitnet_StoredMatrix]> {
  let mnemonic = "ternary";
  let summary = "A matrix of -1, 0 and +1 with one scale per source tensor";
  let description = [{
    `!bitnet.ternary<NxK>`: N output features (rows), K input features
    (columns).
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$cols);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1; // ternary_c1: both dimensions are at least 1
  let extraClassDeclaration = [{
    ::tritc::lut::Tiles
    getTiles(std::optional<::tritc::lut::PackingSpec> packing) const;
  }];
}

def Bitnet_Scaled : TypeDef<BitnetDialect, "Scaled", [Bitnet_StoredMatrix]> {
  let mnemonic = "scaled";
  let summary = "A matrix of small integers with one f32 scale per row";
  let description = [{
    `!bitnet.scaled<NxKxi8>`: rounded from floats when the bytes are streamed.
    With M = 2^(bits - 1) - 1, of a row w: m = max(max|w|, 1e-30),
    q = rne(w * (M / m)), scale = m / M.
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$cols, "int64_t":$bits);
  let hasCustomAssemblyFormat = 1;
  // scaled_c1: both dimensions are at least 1
  // scaled_c2: integers have 6 or 8 bits
  // scaled_c3: activations of 7 bits and a sign do not overflow a sum
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Largest magnitude that the product's activations are rounded to: no sum
    /// of `cols` products with 8-bit integers leaves 32 bits.
    int64_t activationLimit() const;
    ::tritc::lut::Tiles
    getTiles(std::optional<::tritc::lut::PackingSpec> packing) const;
  }];
}

def Bitnet_Blocked
    : TypeDef<BitnetDialect, "Blocked", [Bitnet_StoredMatrix]> {
  let mnemonic = "blocked";
  let summary = "A matrix of small integers with scales along its rows";
  let description = [{
    `!bitnet.blocked<NxKxi6>`: what a checkpoint has quantized in blocks, as it
    is. With f16 steps d, int8 scales s and integers q of 6 or 8 bits, column k
    of a row is
      i6: d[k / 256] * (s[k / 16] * q[k]), |s q| <= 128 * 32
      i8: d[k / 32] * q[k]
    which is exact in f32, in any order: d has 11 significant bits, s and q at
    most 7 and 5, powers of two apart, and no result is subnormal. Steps are
    finite numbers.
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$cols, "int64_t":$bits);
  let hasCustomAssemblyFormat = 1;
  // blocked_c1: both dimensions are at least 1
  // blocked_c2: integers have 6 or 8 bits
  // blocked_c3: columns are a multiple of 256 with 6 bits, of 64 with 8
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::tritc::lut::Tiles
    getTiles(std::optional<::tritc::lut::PackingSpec> packing) const;
  }];
}

def Bitnet_RopeTableAttr : AttrDef<BitnetDialect, "RopeTable"> {
  let mnemonic = "rope_table";
  let summary = "A parameter computed by the compiler: cosines and sines";
  let description = [{
    Row p holds cos(p * f_i) for i < d/2, then sin(p * f_i), with
    f_i = f32(theta^(-2i/d)) and the angle rounded to f32.
    - rope_table_c1: theta is positive and finite
  }];
  let parameters = (ins "::llvm::APFloat":$theta);
  let genVerifyDecl = 1;
  let hasCustomAssemblyFormat = 1;
}

def Bitnet_Activation
    : I32EnumAttr<"Activation", "non-linearity of a gated unit",
                  [I32EnumAttrCase<"ReluSquared", 0, "relu2">,
                   I32EnumAttrCase<"Silu", 1, "silu">,
                   I32EnumAttrCase<"GeluTanh", 2, "gelu_tanh">]> {
  let cppNamespace = "::tritc::bitnet";
  let genSpecializedAttr = 0;
}
def Bitnet_ActivationAttr
    : EnumAttr<BitnetDialect, Bitnet_Activation, "activation"> {
  let assemblyFormat = "`<` $value `>`";
}

#endif // TRITC_BITNET_TD
