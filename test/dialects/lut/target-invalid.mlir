// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected positive numbers, found prefill_tokens = 0, token_tile = 1, prefetch_bytes = 0}}
func.func private @target_c1_rejects_no_tokens() attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 0, token_tile = 1, prefetch_bytes = 0>}

// -----

// expected-error @+1 {{found prefill_tokens = 16, token_tile = 0, prefetch_bytes = 0}}
func.func private @target_c1_rejects_empty_tile() attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 0, prefetch_bytes = 0>}

// -----

// expected-error @+1 {{found prefill_tokens = 16, token_tile = 1, prefetch_bytes = -1}}
func.func private @target_c1_rejects_prefetch_behind() attributes {lut.target = #lut.target<packing = <codes, rows = 1>, prefill_tokens = 16, token_tile = 1, prefetch_bytes = -1>}
