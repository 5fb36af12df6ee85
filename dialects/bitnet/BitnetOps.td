//===- BitnetOps.td - Operations -------------------------*- tablegen -*-===//
//
// Every constraint carries a label; the same label stands in README.md, in the
// verifier and in the name of the negative test.
//
//===----------------------------------------------------------------------===//
#ifndef TRITC_BITNET_OPS_TD
#define TRITC_BITNET_OPS_TD

include "dialects/bitnet/BitnetOperands.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

def Bitnet_WeightOp : Bitnet_Op<"weight", [Symbol]> {
  let summary = "Declares a parameter by name; its bytes stay in the checkpoint";
  let description = [{
    ```mlir
    bitnet.weight @layers.mlp.up_proj : !bitnet.ternary<6912x2560> x 30
        from ["model.layers.{}.mlp.up_proj.weight"]
    ```
    With `x count` the symbol stands for one parameter per layer and `{}` in a
    source name for the layer's number. Several sources are stacked by rows;
    `source_rows` says how many rows each contributes.

    - weight_c1: the type is a ternary, scaled or blocked matrix or a static
      float tensor
    - weight_c2: `count`, where given, is at least 1
    - weight_c3: there is either at least one source or an `init`
    - weight_c4: each source has one `{}` if and only if there is a `count`
    - weight_c5: `source_rows` has one positive entry per source, together the
      rows of the type; it may be left out for a single source
    - weight_c6: a list of inits has one for each of `count`
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type,
                       OptionalAttr<I64Attr>:$count,
                       OptionalAttr<StrArrayAttr>:$sources,
                       OptionalAttr<DenseI64ArrayAttr>:$source_rows,
                       OptionalAttr<AnyAttr>:$init);
  let assemblyFormat = [{
    $sym_name `:` $type (`x` $count^)? (`from` $sources^)?
    (`rows` $source_rows^)? (`init` $init^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Rows that each source contributes; one entry for a single source.
    ::llvm::SmallVector<int64_t> sourceRowCounts();
  }];
}

def Bitnet_ParameterOp
    : Bitnet_Op<"parameter",
                [Pure, AttrSizedOperandSegments,
                 DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Yields a declared parameter";
  let description = [{
    ```mlir
    %w = bitnet.parameter @layers.up[%layer] : !bitnet.ternary<48x24>
    ```
    - parameter_c1: the symbol names a `bitnet.weight`
    - parameter_c2: the types agree
    - parameter_c3: there is a layer index if and only if the weight has a count

    Bufferized, it lies in a section of weights, and a tensor is a buffer:
    ```mlir
    %w = bitnet.parameter @norm in %section : memref<2560xf32>, memref<4096xi8>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight, Optional<Index>:$layer,
                       Optional<MemRefRankOf<[I8], [1]>>:$section);
  let results = (outs Bitnet_Parameter:$result);
  let assemblyFormat = [{
    $weight (`[` $layer^ `]`)? (`in` $section^)? `:` type($result)
    (`,` type($section)^)? attr-dict
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$type,
                                 "::mlir::FlatSymbolRefAttr":$weight,
                                 "::mlir::Value":$layer),
                            [{
    build($_builder, $_state, type, weight, layer, ::mlir::Value());
  }]>];
}

def Bitnet_ByLayerOp : Bitnet_Op<"by_layer", [Pure]> {
  let summary = "The number of a list that belongs to a layer";
  let description = [{
    What differs between layers beside their weights, so that they share one
    body all the same.
    ```mlir
    %window = bitnet.by_layer %layer of [512, 512, 512, 4096] : index
    ```
    - by_layer_c1: there is at least one number
    - by_layer_c2: no number is negative
  }];
  let arguments = (ins Index:$layer, DenseI64ArrayAttr:$numbers);
  let results = (outs Index:$result);
  let assemblyFormat = "$layer `of` $numbers attr-dict `:` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

def Bitnet_EmbedOp : Bitnet_StoredOp<"embed"> {
  let summary = "Rows of a table by token id, exactly, in f32";
  let description = [{
    With `scaled by` each element is multiplied after widening.
    ```mlir
    %x = bitnet.embed %ids, %table
        : tensor<?xi32>, tensor<9x24xbf16> -> tensor<?x24xf32>
    ```
    - embed_c1: ids and result have the same number of tokens
    - embed_c2: the result is as wide as the table
    - embed_c3: the scale, where given, is positive and finite
  }];
  let arguments = (ins Bitnet_Ids:$ids, Bitnet_Table:$table,
                       OptionalAttr<F32Attr>:$scale);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $ids `,` $table (`scaled` `by` $scale^)? attr-dict `:` type($ids) `,` type($table) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Bitnet_RmsNormOp
    : Bitnet_StoredOp<"rms_norm", [AllTypesMatch<["input", "result"]>]> {
  let summary = "x / sqrt(mean(x^2) + epsilon) * weight, per token";
  let description = [{
    A weight shorter than a row is that of a head: each head of the row is
    normalized by itself.
    ```mlir
    %y = bitnet.rms_norm %x, %w epsilon 1.0e-5
        : tensor<?x24xf32>, tensor<24xf32>
    ```
    - rms_norm_c1: a row is a whole number of weights
    - rms_norm_c2: epsilon is positive and finite
  }];
  let arguments = (ins Bitnet_Rows:$input, Bitnet_Vector:$weight,
                       F32Attr:$epsilon);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $input `,` $weight `epsilon` $epsilon attr-dict `:` type($input) `,`
    qualified(type($weight))
  }];
  let hasVerifier = 1;
}

def Bitnet_LinearOp : Bitnet_Op<"linear", [Pure]> {
  let summary = "The W1.58A8 layer: quantize, multiply, scale back";
  let description = [{
    ```mlir
    %y = bitnet.linear %x, %w
        : tensor<?x24xf32>, !bitnet.ternary<48x24> -> tensor<?x48xf32>
    ```
    - linear_c1: the input is as wide as the weight has columns
    - linear_c2: the result is as wide as the weight has rows
    - linear_c3: input and result have the same number of tokens
  }];
  let arguments = (ins Bitnet_RowsValue:$input, Bitnet_Ternary:$weight);
  let results = (outs Bitnet_RowsValue:$result);
  let assemblyFormat = [{
    $input `,` $weight attr-dict `:` type($input) `,` qualified(type($weight)) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def Bitnet_RopeOp
    : Bitnet_StoredOp<"rope", [AllTypesMatch<["input", "result"]>]> {
  let summary = "Rotary position embedding, rotate-half pairing (i, i + d/2)";
  let description = [{
    A token is turned by the row of the table that its place begins with; the
    head width d is twice the width of the table.
    ```mlir
    %y = bitnet.rope %x, %table at %places
        : tensor<?x24xf32>, tensor<9x2x4xf32>, tensor<?x2xi32>
    ```
    - rope_c1: a row is a whole number of heads
    - rope_c2: the table is [context, 2, head_dim / 2]
    - rope_c3: each token has a place
  }];
  let arguments = (ins Bitnet_Rows:$input, Bitnet_RopeTable:$table,
                       Bitnet_Places:$places);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $input `,` $table `at` $places attr-dict `:` type($input) `,` type($table)
    `,` type($places)
  }];
  let hasVerifier = 1;
}

def Bitnet_AttentionOp
    : Bitnet_Op<"attention",
                [AttrSizedOperandSegments,
                 DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Causal grouped-query attention over the layer's KV cache";
  let description = [{
    Tokens may be of several sequences. The place of a token at position p is
    [p, page 0, page 1, ...]: position i of its sequence lies in the cache's
    page number i / 64, as its key i % 64.

    Writes the keys and values of all tokens, then attends: query head j reads
    key/value head j / (head_count / kv_head_count). Scores are scaled by
    head_dim^-1/2 or, where given, by `scale`. A token sees itself and all
    tokens before it in its sequence or, where a `window` is given, that many
    tokens together.
    ```mlir
    %y = bitnet.attention %q, %k, %v at %places layer %layer heads 4 over 2
        : tensor<?x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x5xi32>
        -> tensor<?x32xf32>
    ```
    - attention_c1: the head count is a multiple of the KV head count
    - attention_c2: queries are head_count heads wide; keys and values are
      kv_head_count heads of the same width
    - attention_c3: all operands have the same number of tokens
    - attention_c4: the scale, where given, is positive and finite
    - attention_c6: each token has a place, of a position and at least one page

    The cache is what the function says until all is bufferized; then it is a
    buffer, `in %cache`.
    - attention_c5: a cache is [blocks, layers, KV heads, 2, keys of a block,
      bytes or halves of a head], with as many KV heads, each at least as wide
  }];
  let arguments = (ins Bitnet_Rows:$queries, Bitnet_Rows:$keys,
                       Bitnet_Rows:$values, Bitnet_Places:$places, Index:$layer,
                       Optional<Index>:$window,
                       Optional<MemRefRankOf<[F16, I8], [6]>>:$cache,
                       I64Attr:$head_count, I64Attr:$kv_head_count,
                       OptionalAttr<F32Attr>:$scale);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $queries `,` $keys `,` $values `at` $places `layer` $layer
    (`window` $window^)? (`in` $cache^)? `heads` $head_count `over` $kv_head_count (`scaled` `by` $scale^)? attr-dict `:` type($queries) `,`
    type($keys) `,` type($values) `,` type($places) (`,` type($cache)^)? `->`
    type($result)
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "::mlir::Value":$queries,
                                 "::mlir::Value":$keys, "::mlir::Value":$values,
                                 "::mlir::Value":$places,
                                 "::mlir::Value":$layer, "::mlir::Value":$window,
                                 "::mlir::IntegerAttr":$headCount,
                                 "::mlir::IntegerAttr":$kvHeadCount,
                                 "::mlir::FloatAttr":$scale),
                            [{
    build($_builder, $_state, type, queries, keys, values, places, layer,
          window, ::mlir::Value(), headCount, kvHeadCount, scale);
  }]>];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Width of one head.
    int64_t headDim();
    /// What scores are multiplied with.
    float scoreScale();
  }];
}

def Bitnet_GluOp
    : Bitnet_StoredOp<"glu", [AllTypesMatch<["gate", "up", "result"]>]> {
  let summary = "activation(gate) * up";
  let description = [{
    relu2 is max(x, 0)^2, silu is x * logistic(x), gelu_tanh is
    x * logistic(2u) with u = sqrt(2 / pi) * (x + 0.044715 x^3), which is
    x / 2 * (1 + tanh(u)).
    ```mlir
    %y = bitnet.glu <relu2> %gate, %up : tensor<?x24xf32>
    ```
  }];
  let arguments = (ins Bitnet_ActivationAttr:$activation, Bitnet_Rows:$gate,
                       Bitnet_Rows:$up);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = "$activation $gate `,` $up attr-dict `:` type($gate)";
}

def Bitnet_HeadOp : Bitnet_PlacedOp<"head"> {
  let summary = "Logits: rows times the transposed table";
  let description = [{
    Only rows from `first` on are computed; the others are unspecified. With a
    scaled table, rows are rounded to integers as well, with L the table's
    activationLimit: m = max(max|x|, 1e-5), q = rne(x * (L / m)),
    step = m / L; a logit is f32(exact sum) * (scale(row) * step).
    ```mlir
    %y = bitnet.head %x, %table from %first
        : tensor<?x24xf32>, tensor<9x24xf16> -> tensor<?x9xf32>
    ```
    - head_c1: the input is as wide as the table
    - head_c2: the result is as wide as the table has rows
    - head_c3: input and result have the same number of tokens
    - head_c4: what `into` names, where given, has the type of the result
  }];
  let arguments = (ins Bitnet_Rows:$input, Bitnet_HeadTable:$table,
                       Index:$first, Optional<Bitnet_Rows>:$into);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $input `,` $table `from` $first (`into` $into^)? attr-dict `:` type($input)
    `,` type($table) (`,` type($into)^)? `->` type($result)
  }];
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "::mlir::Value":$input,
                                 "::mlir::Value":$table,
                                 "::mlir::Value":$first),
                            [{
    build($_builder, $_state, type, input, table, first, ::mlir::Value());
  }]>];
  let hasVerifier = 1;
}

def Bitnet_UnitOp
    : Bitnet_PlacedOp<"unit", [AllTypesMatch<["input", "result"]>]> {
  let summary = "Rows divided by their length: the embedding of a text";
  let description = [{
    x / max(sqrt(sum(x^2)), 1e-12). Only rows from `first` on are computed; the
    others are unspecified. Like the result of `head`, which it takes the place
    of in a model that embeds, it is what the function returns.
    ```mlir
    %y = bitnet.unit %x from %first : tensor<?x24xf32>
    ```
    - unit_c1: what `into` names, where given, has the type of the result
  }];
  let arguments = (ins Bitnet_Rows:$input, Index:$first,
                       Optional<Bitnet_Rows>:$into);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $input `from` $first (`into` $into^)? attr-dict `:` type($input)
    (`,` type($into)^)?
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$input,
                                 "::mlir::Value":$first),
                            [{
    build($_builder, $_state, input, first, ::mlir::Value());
  }]>];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// After the phase `model`
//===----------------------------------------------------------------------===//

def Bitnet_QuantizeOp : Bitnet_StoredOp<"quantize"> {
  let summary = "Rows to int8, one step per token";
  let description = [{
    m = max(max|x|, 1e-5); q = clamp(rne(x * (127 / m)), -128, 127);
    step = m / 127.
    ```mlir
    %q, %s = bitnet.quantize %x
        : tensor<?x24xf32> -> tensor<?x24xi8>, tensor<?xf32>
    ```
    - quantize_c1: the quantized rows have the shape of the input
    - quantize_c2: there is one step per token
  }];
  let arguments = (ins Bitnet_Rows:$input);
  let results = (outs Bitnet_QuantizedRows:$quantized, Bitnet_Steps:$steps);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($quantized) `,` type($steps)
  }];
  let hasVerifier = 1;
}

def Bitnet_TernaryMatmulOp : Bitnet_Op<"ternary_matmul", [Pure]> {
  let summary = "Exact integer product of int8 rows and a ternary matrix";
  let description = [{
    ```mlir
    %y = bitnet.ternary_matmul %q, %w
        : tensor<?x24xi8>, !bitnet.ternary<48x24> -> tensor<?x48xi32>
    ```
    - ternary_matmul_c1: the input is as wide as the weight has columns
    - ternary_matmul_c2: the result is as wide as the weight has rows
    - ternary_matmul_c3: input and result have the same number of tokens
    - ternary_matmul_c4: no sum can leave 32 bits: 128 * columns < 2^31
  }];
  let arguments = (ins Bitnet_QuantizedRowsValue:$input, Bitnet_Ternary:$weight);
  let results = (outs Bitnet_SumsValue:$result);
  let assemblyFormat = [{
    $input `,` $weight attr-dict `:` type($input) `,` qualified(type($weight)) `->`
    type($result)
  }];
  let hasVerifier = 1;
}

def Bitnet_DequantizeOp : Bitnet_Op<"dequantize", [Pure]> {
  let summary = "f32(sum) * (scale(row) * step(token))";
  let description = [{
    scale(row) is the weight's scale of the source that the row came from.
    ```mlir
    %y = bitnet.dequantize %sums, %steps, %w
        : tensor<?x48xi32>, tensor<?xf32>, !bitnet.ternary<48x24>
        -> tensor<?x48xf32>
    ```
    - dequantize_c1: sums and result have the same shape
    - dequantize_c2: there is one step per token
    - dequantize_c3: the sums are as wide as the weight has rows
  }];
  let arguments = (ins Bitnet_SumsValue:$sums, Bitnet_StepsValue:$steps,
                       Bitnet_Ternary:$weight);
  let results = (outs Bitnet_RowsValue:$result);
  let assemblyFormat = [{
    $sums `,` $steps `,` $weight attr-dict `:` type($sums) `,` type($steps) `,`
    qualified(type($weight)) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Bitnet_SplitOp : Bitnet_Op<"split", [Pure]> {
  let summary = "Cuts rows into consecutive pieces";
  let description = [{
    Undoes the fusion of projections: the columns of the input, in order.
    ```mlir
    %a, %b = bitnet.split %x
        : tensor<?x48xf32> -> tensor<?x16xf32>, tensor<?x32xf32>
    ```
    - split_c1: the widths of the pieces add up to the width of the input
    - split_c2: all have the same number of tokens
  }];
  let arguments = (ins Bitnet_RowsValue:$input);
  let results = (outs Variadic<Bitnet_RowsValue>:$pieces);
  let assemblyFormat =
      "$input attr-dict `:` type($input) `->` type($pieces)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

include "dialects/bitnet/BitnetBias.td"
include "dialects/bitnet/BitnetBuffers.td"

#endif // TRITC_BITNET_OPS_TD
