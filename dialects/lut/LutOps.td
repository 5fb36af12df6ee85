//===- LutOps.td - Operations ------------------------------*- tablegen -*-===//
//
// Every constraint carries a label; the same label stands in README.md, in the
// verifier and in the name of the negative test.
//
//===----------------------------------------------------------------------===//
#ifndef TRITC_LUT_OPS_TD
#define TRITC_LUT_OPS_TD

include "dialects/bitnet/BitnetOperands.td"
include "dialects/lut/Lut.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Lut_Op<string mnemonic, list<Trait> traits = []>
    : Op<LutDialect, mnemonic, traits>;

// As Bitnet_StoredOp.
class Lut_StoredOp<string mnemonic>
    : Lut_Op<mnemonic, [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::MemoryEffects::EffectInstance> &effects) {
      ::tritc::bitnet::addBufferEffects(getOperation(), nullptr, effects);
    }
  }];
}

//===----------------------------------------------------------------------===//
// Whole products, before tiling
//===----------------------------------------------------------------------===//

def Lut_TableOp : Lut_StoredOp<"table"> {
  let summary = "Tables of the partial sums that a lookup can ask for";
  let description = [{
    For each group of three columns and each t = -13..13, the sum
    a x0 + b x1 + c x2 with t + 13 = 9(a+1) + 3(b+1) + (c+1).
    - signed_nibble: for t = 0..13 the sum split as 27 h + l with |l| <= 13 and
      |h| <= 14, with `complement` as 27 h + l + 14 with l in -14..12 and h in
      -15..14: 16 bytes of l, then 16 bytes of h
    - index_words: 32 words, entry t + 13 the sum

    Columns beyond the last are zero.
    ```mlir
    %t = lut.table %x for <signed_nibble, rows = 64>
        : tensor<?x25xi8> -> tensor<?x512xi8>
    ```
    - table_c1: the packing is one that is looked up
    - table_c2: as many bytes as the packing's groups take, in whole blocks
    - table_c3: both have the same number of tokens
  }];
  let arguments = (ins Bitnet_QuantizedRows:$activations, Lut_PackingAttr:$packing,
                       UnitAttr:$complement);
  let results = (outs Bitnet_QuantizedRows:$result);
  let assemblyFormat = [{
    $activations `for` $packing attr-dict `:` type($activations) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def Lut_MatvecOp : Lut_StoredOp<"matvec"> {
  let summary = "Product of one token by table lookup, scaled to f32";
  let description = [{
    f32(sum) * (scale(row) * step), as `bitnet.dequantize` of
    `bitnet.ternary_matmul` means it. `complement` says how the tables are
    split, `prefetch_bytes` how far ahead of its lookups weights are fetched.
    ```mlir
    %y = lut.matvec %t, %s, %w packed <signed_nibble, rows = 64>
        {prefetch_bytes = 4096 : i64}
        : tensor<1x256xi8>, tensor<1xf32>, !bitnet.ternary<48x24>
        -> tensor<1x48xf32>
    ```
    - matvec_c1: exactly one token
    - matvec_c2: the tables are those of the weight's columns
    - matvec_c3: the result is as wide as the weight has rows
    - matvec_c4: the packing is one that is looked up
  }];
  let arguments = (ins Bitnet_QuantizedRows:$tables, Bitnet_Steps:$steps,
                       Bitnet_Ternary:$weight, Lut_PackingAttr:$packing,
                       DefaultValuedAttr<I64Attr, "0">:$prefetch_bytes,
                       UnitAttr:$complement);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $tables `,` $steps `,` $weight `packed` $packing attr-dict `:`
    type($tables) `,` type($steps) `,` qualified(type($weight)) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Lut_MatmulOp : Lut_StoredOp<"matmul"> {
  let summary = "Product of a block of tokens by dot products, scaled to f32";
  let description = [{
    The same numbers as `lut.matvec`, for any number of tokens.
    ```mlir
    %y = lut.matmul %x, %s, %w packed <codes, rows = 1>
        by <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32,
            token_tile = 6, load_columns = 2>
        : tensor<?x24xi8>, tensor<?xf32>, !bitnet.ternary<48x24>
        -> tensor<?x48xf32>
    ```
    - matmul_c1: the activations are as wide as the weight has columns
    - matmul_c2: the result is as wide as the weight has rows
    - matmul_c3: activations, steps and result have the same number of tokens
    - matmul_c4: packings for dot products need sums of 32 bits, and dot
      products of as many rows and columns; trit_bytes, of all bytes
  }];
  let arguments = (ins Bitnet_QuantizedRows:$activations, Bitnet_Steps:$steps,
                       Bitnet_Ternary:$weight, Lut_PackingAttr:$packing,
                       Lut_DotShapeAttr:$dot);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $activations `,` $steps `,` $weight `packed` $packing `by` $dot attr-dict
    `:` type($activations) `,` type($steps) `,` qualified(type($weight)) `->` type($result)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Primitives that a target implements
//===----------------------------------------------------------------------===//

def Lut_LookupOp : Lut_Op<"lookup", [Pure]> {
  let summary = "Entries of a table, negated where a sign says so";
  let description = [{
    result[i] = signs[i] < 0 ? -table[indices[i]] : table[indices[i]], in
    arithmetic that wraps; with `complement`, ~ instead of -; without signs,
    table[indices[i]]. Every index must lie within the table. No sign may be 0
    where it negates, and it must be 0 or -1 where it complements: that is what
    instructions that apply a sign ask for.
    ```mlir
    %r = lut.lookup %table[%at] signed %signs
        : vector<16xi8>, vector<32xi8>, vector<32xi8> -> vector<32xi8>
    ```
    - lookup_c1: the table has 16 or 32 entries
    - lookup_c2: indices, signs and result have the same length
    - lookup_c3: table, indices, signs and result have one type of element
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I8, I16]>:$table,
                       VectorOfRankAndType<[1], [I8, I16]>:$indices,
                       Optional<VectorOfRankAndType<[1], [I8, I16]>>:$signs,
                       UnitAttr:$complement);
  let results = (outs VectorOfRankAndType<[1], [I8, I16]>:$result);
  let assemblyFormat = [{
    $table `[` $indices `]` (`signed` $signs^)? attr-dict `:` type($table) `,`
    type($indices) (`,` type($signs)^)? `->` type($result)
  }];
  let hasVerifier = 1;
}

def Lut_DotOp
    : Lut_Op<"dot", [Pure, AllTypesMatch<["accumulator", "result"]>]> {
  let summary = "Bytes of rows times signed bytes of tokens";
  let description = [{
    With R rows, T tokens and C columns,
      result[t * R + r] = accumulator[t * R + r]
          + sum over c of codes[r * C + c] * activations[t * C + c],
    activations signed. Codes are less than 128, so that instructions for
    signed bytes serve as well as those for unsigned ones; `of signed codes`
    they are any signed bytes, `of unsigned codes` any unsigned ones. Sums of
    32 bits wrap. Sums of 16 bits may not
    leave them: codes are at most 2 there, so that a pair stays within 512 and
    63 pairs are safe.
    ```mlir
    %r = lut.dot %sums, %codes, %x
        : vector<16xi16>, vector<32xi8>, vector<2xi8>
    ```
    - dot_c1: sums are tokens times rows
    - dot_c2: codes and activations have the same number of columns
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I16, I32]>:$accumulator,
                       VectorOfRankAndType<[1], [I8]>:$codes,
                       VectorOfRankAndType<[1], [I8]>:$activations,
                       DefaultValuedAttr<I64Attr, "1">:$tokens,
                       DefaultValuedAttr<Lut_CodesAttr,
                           "::tritc::lut::Codes::Small">:$kind);
  let results = (outs VectorOfRankAndType<[1], [I16, I32]>:$result);
  let assemblyFormat = [{
    $accumulator `,` $codes `,` $activations (`of` $kind^ `codes`)? attr-dict `:`
    type($accumulator) `,` type($codes) `,` type($activations)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// R and C above.
    int64_t getRows();
    int64_t getColumns();
  }];
}

def Lut_LoadRegisterOp : Lut_Op<"load_register"> {
  let summary = "Rows of a buffer, from one element on";
  let description = [{
    result[r][c] = source[row + r][column + c]
    ```mlir
    %a = lut.load_register %x[%i, %j] : memref<32x192xi8>, !lut.register<16x64xi8>
    ```
    - load_register_c1: the buffer has the register's type of element, and lies row
      after row
  }];
  let arguments = (ins Arg<MemRefRankOf<[I8, I32], [2]>, "", [MemRead]>:$source,
                       Index:$row, Index:$column);
  let results = (outs Lut_Register:$result);
  let assemblyFormat = [{
    $source `[` $row `,` $column `]` attr-dict `:` type($source) `,`
    qualified(type($result))
  }];
  let hasVerifier = 1;
}

def Lut_StoreRegisterOp : Lut_Op<"store_register"> {
  let summary = "The reverse of `lut.load_register`";
  let description = [{
    destination[row + r][column + c] = value[r][c]
    ```mlir
    lut.store_register %r, %sums[%i, %j]
        : !lut.register<16x16xi32>, memref<?x16xi32>
    ```
    - store_register_c1: as load_register_c1
  }];
  let arguments = (ins Lut_Register:$value,
                       Arg<MemRefRankOf<[I8, I32], [2]>, "", [MemWrite]>
                           :$destination,
                       Index:$row, Index:$column);
  let assemblyFormat = [{
    $value `,` $destination `[` $row `,` $column `]` attr-dict `:`
    qualified(type($value)) `,` type($destination)
  }];
  let hasVerifier = 1;
}

def Lut_DotRegistersOp
    : Lut_Op<"dot_registers", [Pure, AllTypesMatch<["accumulator", "result"]>]> {
  let summary = "Bytes of many rows times signed bytes of many tokens";
  let description = [{
    What `lut.dot` means, for R rows, T tokens and C columns, with S columns of
    a row side by side:
      result[t][r] = accumulator[t][r]
          + sum over c of codes[c / S][S * r + c % S] * activations[t][c].
    Codes are less than 128, and sums wrap.
    ```mlir
    %r = lut.dot_registers %c, %b, %a
        : !lut.register<16x16xi32>, !lut.register<16x64xi8>, !lut.register<16x64xi8>
    ```
    - dot_registers_c1: sums have 32 bits, the factors 8
    - dot_registers_c2: sums and activations have the same number of tokens
    - dot_registers_c3: the codes are of all rows and columns, S at a time
  }];
  let arguments = (ins Lut_Register:$accumulator, Lut_Register:$codes,
                       Lut_Register:$activations);
  let results = (outs Lut_Register:$result);
  let assemblyFormat = [{
    $accumulator `,` $codes `,` $activations attr-dict `:`
    qualified(type($accumulator)) `,` qualified(type($codes)) `,`
    qualified(type($activations))
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// S above.
    int64_t getSideColumns();
  }];
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
    ```mlir
    lut.mark "head" reads 657457152
    ```
    - mark_c1: the kind has a name
    - mark_c2: the number of bytes is not negative
  }];
  let arguments = (ins StrAttr:$kind, DefaultValuedAttr<I64Attr, "0">:$bytes);
  let assemblyFormat = "$kind (`reads` $bytes^)? attr-dict";
  let hasVerifier = 1;
}

#endif // TRITC_LUT_OPS_TD
