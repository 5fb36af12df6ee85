//===- Lut.td - Dialect and attributes ---------------------*- tablegen -*-===//
#ifndef TRITC_LUT_TD
#define TRITC_LUT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def LutDialect : Dialect {
  let name = "lut";
  let cppNamespace = "::tritc::lut";
  let summary = "How a ternary product is computed";
  let description = [{
    Packed weights, tables of partial sums, lookups and dot products. Carries
    numbers of a target, never its name.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::tritc::bitnet::BitnetDialect"];
  let hasConstantMaterializer = 1; // what lut.lookup folds to
}

def Lut_PackingKind
    : I32EnumAttr<"PackingKind", "how ternary weights become bytes",
                  [I32EnumAttrCase<"Codes", 0, "codes">,
                   I32EnumAttrCase<"SignedNibble", 1, "signed_nibble">]> {
  let cppNamespace = "::tritc::lut";
  let genSpecializedAttr = 0;
}

def Lut_PackingAttr : AttrDef<LutDialect, "Packing"> {
  let mnemonic = "packing";
  let summary = "Layout of packed ternary weights, see Packing.h";
  let description = [{
    `#lut.packing<signed_nibble, rows = 64>`
    - packing_c1: `rows`, those of a tile, is 1 for codes and a positive multiple
      of 32 for signed_nibble
  }];
  let parameters = (ins EnumParameter<Lut_PackingKind>:$kind, "int64_t":$rows);
  let assemblyFormat = "`<` $kind `,` `rows` `=` $rows `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The same facts for the pure functions of Packing.h.
    PackingSpec spec() const;
  }];
}

def Lut_LayoutAttr : AttrDef<LutDialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "Where a parameter lies in the weight section";
  let description = [{
    Layer l starts at `offset + l * stride`. A packed parameter holds its tiles
    and, after them, one f32 scale per source.
    - layout_c1: offset and stride are non-negative multiples of 64
  }];
  let parameters = (ins "int64_t":$offset, "int64_t":$stride,
                        OptionalParameter<"PackingAttr">:$packing);
  let assemblyFormat = [{
    `<` `offset` `=` $offset `,` `stride` `=` $stride
    (`,` `packing` `=` $packing^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Lut_TargetAttr : AttrDef<LutDialect, "Target"> {
  let mnemonic = "target";
  let summary = "The numbers of a target that passes read";
  let description = [{
    - `packing`: layout of every ternary weight
    - `prefill_tokens`: largest block of tokens of one prefill call
    - `token_tile`: tokens that one pass over unpacked weights serves
    - `prefetch_bytes`: distance of software prefetch in the weight stream
    - target_c1: all numbers are positive; prefetch_bytes may be 0
  }];
  let parameters = (ins "PackingAttr":$packing, "int64_t":$prefillTokens,
                        "int64_t":$tokenTile, "int64_t":$prefetchBytes);
  let assemblyFormat = [{
    `<` `packing` `=` $packing `,` `prefill_tokens` `=` $prefillTokens `,`
    `token_tile` `=` $tokenTile `,` `prefetch_bytes` `=` $prefetchBytes `>`
  }];
  let genVerifyDecl = 1;
}

#endif // TRITC_LUT_TD
