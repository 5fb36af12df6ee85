//===- Lut.td - Dialect and attributes ---------------------*- tablegen -*-===//
#ifndef TRITC_LUT_TD
#define TRITC_LUT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Dialect/SCF/IR/DeviceMappingInterface.td"

def LutDialect : Dialect {
  let name = "lut";
  let cppNamespace = "::tritc::lut";
  let summary = "How a ternary product is computed";
  let description = [{
    Packed weights, tables of partial sums, lookups and dot products. Carries
    numbers of a target, never its name.
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let dependentDialects = ["::tritc::bitnet::BitnetDialect"];
  let hasOperationAttrVerify = 1;
}

def Lut_Register : TypeDef<LutDialect, "Register"> {
  let mnemonic = "register";
  let summary = "Rows of integers that a target keeps in one register";
  let description = [{
    `!lut.register<16x64xi8>`: 16 rows of 64 bytes, for targets whose registers
    have two dimensions.
    - register_c1: both dimensions are at least 1
    - register_c2: the integers have 8 or 32 bits
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$columns,
                        "::mlir::Type":$elementType);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def Lut_PackingKind
    : I32EnumAttr<"PackingKind", "how ternary weights become bytes",
                  [I32EnumAttrCase<"Codes", 0, "codes">,
                   I32EnumAttrCase<"SignedNibble", 1, "signed_nibble">,
                   I32EnumAttrCase<"IndexWords", 2, "index_words">,
                   I32EnumAttrCase<"DotCodes", 3, "dot_codes">,
                   I32EnumAttrCase<"TritBytes", 4, "trit_bytes">]> {
  let cppNamespace = "::tritc::lut";
  let genSpecializedAttr = 0;
}

def Lut_PackingAttr : AttrDef<LutDialect, "Packing"> {
  let mnemonic = "packing";
  let summary = "Layout of packed ternary weights, see Packing.h";
  let description = [{
    `#lut.packing<signed_nibble, rows = 64>`
    - packing_c1: `rows`, those of a tile, is 1 for codes and otherwise a
      positive multiple of what the packing keeps together: 32 for signed_nibble
      and index_words, `dot_rows` four times for dot_codes, five times for
      trit_bytes
    - packing_c2: dot_codes and trit_bytes alone have `dot_rows` and
      `dot_columns`, which divide 16
  }];
  let parameters = (ins EnumParameter<Lut_PackingKind>:$kind, "int64_t":$rows,
                        DefaultValuedParameter<"int64_t", "0">:$dotRows,
                        DefaultValuedParameter<"int64_t", "0">:$dotColumns);
  let assemblyFormat = [{
    `<` $kind `,` `rows` `=` $rows (`,` `dot_rows` `=` $dotRows^)?
    (`,` `dot_columns` `=` $dotColumns^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The same facts for the pure functions of Packing.h.
    PackingSpec spec() const;
    /// Whether products of one token look sums of three columns up.
    bool isLookedUp() const;
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
  let extraClassDeclaration = [{
    /// Of offset and stride.
    static constexpr int64_t alignment = 64;
    /// The packing, for the pure functions of layouts/; of ternary weights
    /// alone.
    std::optional<PackingSpec> spec() const;
  }];
}

def Lut_Sign
    : I32EnumAttr<"Sign", "how looked up sums are negated",
                  [I32EnumAttrCase<"Negate", 0, "negate">,
                   I32EnumAttrCase<"Complement", 1, "complement">]> {
  let cppNamespace = "::tritc::lut";
  let genSpecializedAttr = 0;
}

def Lut_Share
    : I32EnumAttr<"Share", "what threads share out among themselves",
                  [I32EnumAttrCase<"Rows", 0, "rows">,
                   I32EnumAttrCase<"Tiles", 1, "tiles">,
                   I32EnumAttrCase<"Heads", 2, "heads">]> {
  let cppNamespace = "::tritc::lut";
  let genSpecializedAttr = 0;
}

def Lut_ShareAttr
    : AttrDef<LutDialect, "Share",
              [DeclareAttrInterfaceMethods<DeviceMappingAttrInterface>]> {
  let mnemonic = "share";
  let summary = "What the iterations of a parallel loop are";
  let description = [{
    ```mlir
    scf.forall (%t) in (%tokens) { ... } {mapping = [#lut.share<rows>]}
    ```
    - `rows`: tokens; an iteration touches the rows of its own token alone, so
      that neighbouring loops can become one
    - `tiles`: of a matrix or of a table
    - `heads`: of attention, or parts of them

    A loop that is mapped to threads stays a loop, also one of a single
    iteration, which one thread alone must run.
  }];
  let parameters = (ins EnumParameter<Lut_Share>:$kind);
  let assemblyFormat = "`<` $kind `>`";
}

def Lut_MachineAttr : AttrDef<LutDialect, "Machine"> {
  let mnemonic = "machine";
  let summary = "The machine that kernels are chosen for";
  let description = [{
    - `cores`: that share the work
    - `mhz`: clock of a core
    - `bandwidth`: MB/s that all of them together read from memory
    - machine_c1: all numbers are positive
  }];
  let parameters = (ins "int64_t":$cores, "int64_t":$mhz, "int64_t":$bandwidth);
  let assemblyFormat = [{
    `<` `cores` `=` $cores `,` `mhz` `=` $mhz `,` `bandwidth` `=` $bandwidth `>`
  }];
  let genVerifyDecl = 1;
}

def Lut_Codes
    : I32EnumAttr<"Codes", "bytes that a target multiplies activations with",
                  [I32EnumAttrCase<"Signed", 0, "signed">,
                   I32EnumAttrCase<"Unsigned", 1, "unsigned">,
                   I32EnumAttrCase<"Small", 2, "small">]> {
  let cppNamespace = "::tritc::lut";
  let genSpecializedAttr = 0;
}
def Lut_CodesAttr : EnumAttr<LutDialect, Lut_Codes, "codes"> {
  let summary = "Bytes that a dot product takes for codes";
  let assemblyFormat = "$value";
}

def Lut_DotShapeAttr : AttrDef<LutDialect, "DotShape"> {
  let mnemonic = "dot_shape";
  let summary = "How a target likes its dot products";
  let description = [{
    - `sum_bits`, `rows`, `tokens`, `columns`: of one `lut.dot`
    - `row_tile`, `token_tile`: rows and tokens whose sums stay in registers;
      kernels that need more registers for their rows take fewer tokens
    - `load_columns`: columns of activations that one load brings
    - `of ... codes`: the bytes that its instruction takes for codes: any
      `signed` ones, any `unsigned` ones, or only `small` ones, less than 128
    - `side_columns`: columns of a row that stand side by side in a block of
      codes, where one product is a `lut.dot_registers`; 0: it is a `lut.dot`
    - `chunk_columns`: with blocks, about so many columns are unpacked at once
    - dot_shape_c1: sum_bits is 16 or 32; all numbers are positive
    - dot_shape_c2: row_tile, token_tile and load_columns are multiples of
      rows, tokens and columns
    - dot_shape_c3: side_columns is not negative; blocks have sums of 32 bits
      for rows in multiples of 16, columns in multiples of side_columns, and
      positive chunk_columns
    - dot_shape_c4: row_tile, token_tile and load_columns are at most 4,096,
      since tiles are unrolled
  }];
  let parameters = (ins "int64_t":$sumBits, "int64_t":$rows,
                        "int64_t":$tokens, "int64_t":$columns,
                        "int64_t":$rowTile, "int64_t":$tokenTile,
                        "int64_t":$loadColumns,
                        DefaultValuedParameter<"::tritc::lut::Codes",
                            "::tritc::lut::Codes::Signed">:$codes,
                        DefaultValuedParameter<"int64_t", "0">:$sideColumns,
                        DefaultValuedParameter<"int64_t", "0">:$chunkColumns);
  let assemblyFormat = [{
    `<` `sum_bits` `=` $sumBits `,` `rows` `=` $rows `,` `tokens` `=` $tokens
    `,` `columns` `=` $columns `,` `row_tile` `=` $rowTile `,`
    `token_tile` `=` $tokenTile `,` `load_columns` `=` $loadColumns
    (`of` $codes^ `codes`)? (`,` `side_columns` `=` $sideColumns^ `,`
    `chunk_columns` `=` $chunkColumns)? `>`
  }];
  let genVerifyDecl = 1;
}

def Lut_KernelAttr : AttrDef<LutDialect, "Kernel"> {
  let mnemonic = "kernel";
  let summary = "A way to compute ternary products of one token";
  let description = [{
    - `packing`: what it reads
    - `cycles`: of one core of the machine, for 1,000 weights
    - `sign`: `negate`, or `complement` where that is one instruction with the
      addition
    - `by`: its dot products; the target's where it does not say
    - kernel_c1: `cycles` is positive
  }];
  let parameters = (ins "PackingAttr":$packing, "int64_t":$cycles,
                        DefaultValuedParameter<"::tritc::lut::Sign",
                            "::tritc::lut::Sign::Negate">:$sign,
                        OptionalParameter<"DotShapeAttr">:$dot);
  let assemblyFormat = [{
    `<` `packing` `=` $packing `,` `cycles` `=` $cycles (`,` `sign` `=` $sign^)?
    (`by` $dot^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Lut_TimingAttr : AttrDef<LutDialect, "Timing"> {
  let mnemonic = "timing";
  let summary = "How long a product took on a real machine";
  let description = [{
    Nanoseconds of a product with a matrix of `rows` x `columns` in that
    packing: of one token alone, and of a token of a block.
    - timing_c1: rows, columns and decode are positive
  }];
  let parameters = (ins "int64_t":$rows, "int64_t":$columns,
                        "PackingAttr":$packing, "int64_t":$decode,
                        "int64_t":$prefill);
  let assemblyFormat = [{
    `<` `rows` `=` $rows `,` `columns` `=` $columns `,` `packing` `=` $packing
    `,` `decode` `=` $decode `,` `prefill` `=` $prefill `>`
  }];
  let genVerifyDecl = 1;
}

def Lut_TargetAttr : AttrDef<LutDialect, "Target"> {
  let mnemonic = "target";
  let summary = "The numbers of a target that passes read";
  let description = [{
    - `kernels`: what ternary products of one token can be computed by
    - `machine`: that kernels are chosen for
    - `dot`: shape of dot products, but for kernels that have their own
    - `prefill_tokens`: largest block of tokens of one prefill call
    - `prefetch_bytes`: how far ahead lookups and heads of tables in blocks
      fetch weights, and whether attention fetches keys and values; 0: not at
      all
    - `blocks`: shape of dot products of blocks of tokens, where the target has
      registers of two dimensions
    - `measured`: times that overrule predictions, for the matrices of which
      those of all kernels are there
    - target_c1: there is a kernel; prefill_tokens is positive, prefetch_bytes
      is not negative
    - target_c2: `blocks`, and it alone, has side_columns
  }];
  let parameters = (ins ArrayRefParameter<"KernelAttr">:$kernels,
                        "MachineAttr":$machine, "DotShapeAttr":$dot,
                        OptionalParameter<"DotShapeAttr">:$blocks,
                        "int64_t":$prefillTokens, "int64_t":$prefetchBytes,
                        OptionalArrayRefParameter<"TimingAttr">:$timings);
  let assemblyFormat = [{
    `<` `kernels` `=` `[` $kernels `]` `,` `machine` `=` $machine `,`
    `dot` `=` $dot (`blocks` `=` $blocks^)? `,`
    `prefill_tokens` `=` $prefillTokens `,`
    `prefetch_bytes` `=` $prefetchBytes
    (`,` `measured` `=` `[` $timings^ `]`)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The kernel that reads weights packed so; null for none.
    KernelAttr kernelOf(PackingAttr packing) const;
    /// The same target with these to choose from.
    TargetAttr withKernels(::llvm::ArrayRef<KernelAttr> kernels) const;
    /// The same target with such measurements.
    TargetAttr withTimings(::llvm::ArrayRef<TimingAttr> timings) const;
    /// What was measured of one of the kernels; null for nothing.
    TimingAttr timingOf(KernelAttr kernel, int64_t rows, int64_t columns) const;
    /// The dot products of one of the kernels, for one token or a block.
    DotShapeAttr dotOf(KernelAttr kernel, bool oneToken) const;
  }];
}

#endif // TRITC_LUT_TD
