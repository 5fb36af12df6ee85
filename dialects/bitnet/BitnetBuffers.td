//===- BitnetBuffers.td - What bufferization writes ------*- tablegen -*-===//
//
// A part of BitnetOps.td: operations that no model is made of, but that say
// where its results go.
//
//===----------------------------------------------------------------------===//
#ifndef TRITC_BITNET_BUFFERS_TD
#define TRITC_BITNET_BUFFERS_TD

include "dialects/bitnet/BitnetOperands.td"

def Bitnet_AddOp
    : Bitnet_PlacedOp<"add", [AllTypesMatch<["lhs", "rhs", "result"]>]> {
  let summary = "x + y, per token, in the place of one of both";
  let description = [{
    The residual stream's `arith.addf`, once it is known which buffer it may
    overwrite.
    ```mlir
    %h = bitnet.add %x, %y into %x : tensor<?x64xf32>, tensor<?x64xf32>
    ```
    - add_c1: what `into` names, where given, has the type of the result
  }];
  let arguments = (ins Bitnet_Rows:$lhs, Bitnet_Rows:$rhs,
                       Optional<Bitnet_Rows>:$into);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs (`into` $into^)? attr-dict `:` type($lhs) (`,` type($into)^)?
  }];
  let hasVerifier = 1;
}

def Bitnet_CopyOp
    : Bitnet_PlacedOp<"copy", [AllTypesMatch<["input", "result"]>]> {
  let summary = "Rows as they are, in another place";
  let description = [{
    What is overwritten and read again.
    ```mlir
    %y = bitnet.copy %x : tensor<?x64xf32>
    ```
    - copy_c1: what `into` names, where given, has the type of the result
  }];
  let arguments = (ins Bitnet_Rows:$input, Optional<Bitnet_Rows>:$into);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = [{
    $input (`into` $into^)? attr-dict `:` type($input) (`,` type($into)^)?
  }];
  let hasVerifier = 1;
}

def Bitnet_StatesOp
    : Bitnet_PlacedOp<"states", [AllTypesMatch<["input", "into", "result"]>]> {
  let summary = "Rows as they are: what a model returns that has no head";
  let description = [{
    Only rows from `first` on are copied; the others are unspecified.
    ```mlir
    %s = bitnet.states %x from %first into %logits : memref<?x64xf32>
    ```
  }];
  let arguments = (ins Bitnet_Rows:$input, Index:$first, Bitnet_Rows:$into);
  let results = (outs Bitnet_Rows:$result);
  let assemblyFormat = "$input `from` $first `into` $into attr-dict `:` type($input)";
}

def Bitnet_TraceOp
    : Bitnet_Op<"trace", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Keeps the residual stream for whoever compares it";
  let description = [{
    trace[slot] = rows, unless the buffer is null.
    ```mlir
    bitnet.trace %h to %trace[%layer] : tensor<?x64xf32>, memref<31x96x64xf32>
    ```
    - trace_c1: the rows of a slot are as wide as the input's
  }];
  let arguments = (ins Bitnet_Rows:$input, MemRefRankOf<[F32], [3]>:$trace,
                       Index:$slot);
  let assemblyFormat = [{
    $input `to` $trace `[` $slot `]` attr-dict `:` type($input) `,` type($trace)
  }];
  let hasVerifier = 1;
}

#endif // TRITC_BITNET_BUFFERS_TD
