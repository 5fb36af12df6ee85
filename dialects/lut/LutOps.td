//===- LutOps.td - Operations ------------------------------*- tablegen -*-===//
//
// Every constraint carries a label; the same label stands in README.md, in the
// verifier and in the name of the negative test.
//
//===----------------------------------------------------------------------===//
#ifndef TRITC_LUT_OPS_TD
#define TRITC_LUT_OPS_TD

include "dialects/bitnet/Bitnet.td"
include "dialects/lut/Lut.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Lut_Op<string mnemonic, list<Trait> traits = []>
    : Op<LutDialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Whole products, before tiling
//===----------------------------------------------------------------------===//

def Lut_TableOp : Lut_Op<"table", [Pure]> {
  let summary = "Tables of the partial sums that a lookup can ask for";
  let description = [{
    For each group of three columns and each pattern t = 0..13, the sum
    a x0 + b x1 + c x2 with t + 13 = 9(a+1) + 3(b+1) + (c+1), split as 63 h + l
    with |l| <= 31 and |h| <= 6: 16 bytes of l, then 16 bytes of h.
    - table_c1: the packing is one that is looked up (signed_nibble)
    - table_c2: 32 bytes per group, 8 groups for each 24 columns begun
    - table_c3: both have the same number of tokens
  }];
  let arguments = (ins 2DTensorOf<[I8]>:$activations, Lut_PackingAttr:$packing);
  let results = (outs 2DTensorOf<[I8]>:$result);
  let assemblyFormat = [{
    $activations `for` $packing attr-dict `:` type($activations) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def Lut_MatvecOp : Lut_Op<"matvec", [Pure]> {
  let summary = "Product of one token by table lookup, scaled to f32";
  let description = [{
    f32(sum) * (scale(row) * step), as `bitnet.dequantize` of
    `bitnet.ternary_matmul` means it.
    - matvec_c1: exactly one token
    - matvec_c2: the tables are those of the weight's columns
    - matvec_c3: the result is as wide as the weight has rows
    - matvec_c4: the packing is one that is looked up (signed_nibble)
  }];
  let arguments = (ins 2DTensorOf<[I8]>:$tables, 1DTensorOf<[F32]>:$steps,
                       Bitnet_Ternary:$weight, Lut_PackingAttr:$packing,
                       DefaultValuedAttr<I64Attr, "0">:$prefetch_bytes);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    $tables `,` $steps `,` $weight `packed` $packing attr-dict `:`
    type($tables) `,` type($steps) `,` qualified(type($weight)) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Lut_MatmulOp : Lut_Op<"matmul", [Pure]> {
  let summary = "Product of a block of tokens by dot products, scaled to f32";
  let description = [{
    The same numbers as `lut.matvec`, for any number of tokens.
    - matmul_c1: the activations are as wide as the weight has columns
    - matmul_c2: the result is as wide as the weight has rows
    - matmul_c3: activations, steps and result have the same number of tokens
    - matmul_c4: `token_tile` is positive
  }];
  let arguments = (ins 2DTensorOf<[I8]>:$activations, 1DTensorOf<[F32]>:$steps,
                       Bitnet_Ternary:$weight, Lut_PackingAttr:$packing,
                       DefaultValuedAttr<I64Attr, "1">:$token_tile);
  let results = (outs 2DTensorOf<[F32]>:$result);
  let assemblyFormat = [{
    $activations `,` $steps `,` $weight `packed` $packing attr-dict `:`
    type($activations) `,` type($steps) `,` qualified(type($weight)) `->` type($result)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Primitives that a target implements
//===----------------------------------------------------------------------===//

def Lut_LookupOp : Lut_Op<"lookup", [Pure]> {
  let summary = "Entries of a 16-byte table, negated where the sign says so";
  let description = [{
    result[i] = signs[i] < 0 ? -table[indices[i]] : table[indices[i]], as i8
    arithmetic that wraps. Every index must lie in [0, 16) and no sign may be
    0, which is what instructions that apply a sign ask for.
    - lookup_c1: the table has 16 entries
    - lookup_c2: indices, signs and result have the same length
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I8]>:$table,
                       VectorOfRankAndType<[1], [I8]>:$indices,
                       VectorOfRankAndType<[1], [I8]>:$signs);
  let results = (outs VectorOfRankAndType<[1], [I8]>:$result);
  let assemblyFormat = [{
    $table `[` $indices `]` `signed` $signs attr-dict `:` type($table) `,`
    type($indices) `,` type($signs) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Lut_DotOp
    : Lut_Op<"dot", [Pure, AllTypesMatch<["accumulator", "result"]>]> {
  let summary = "Unsigned bytes times signed bytes, pairs added to the sums";
  let description = [{
    result[i] = accumulator[i] + codes[2i] * activations[2i]
                               + codes[2i+1] * activations[2i+1],
    codes unsigned, activations signed, in 16 bits. Codes are 0, 1 or 2, so a
    pair stays within 512 and 63 pairs never leave 16 bits.
    - dot_c1: there are two codes and two activations per sum
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I16]>:$accumulator,
                       VectorOfRankAndType<[1], [I8]>:$codes,
                       VectorOfRankAndType<[1], [I8]>:$activations);
  let results = (outs VectorOfRankAndType<[1], [I16]>:$result);
  let assemblyFormat = [{
    $accumulator `,` $codes `,` $activations attr-dict `:`
    type($accumulator) `,` type($codes) `,` type($activations)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// After the lowering to loops
//===----------------------------------------------------------------------===//

def Lut_MarkOp : Lut_Op<"mark"> {
  let summary = "Ends a piece of work, for whoever profiles";
  let description = [{
    What the thread did since its last mark was of this kind. `reads` is the
    number of bytes of weights that one call of the function reads for it, in
    all layers.
    - mark_c1: the kind has a name
    - mark_c2: the number of bytes is not negative
  }];
  let arguments = (ins StrAttr:$kind, DefaultValuedAttr<I64Attr, "0">:$bytes);
  let assemblyFormat = "$kind (`reads` $bytes^)? attr-dict";
  let hasVerifier = 1;
}

#endif // TRITC_LUT_OPS_TD
