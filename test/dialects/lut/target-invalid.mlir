// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected a kernel and positive numbers, found 1 kernels, prefill_tokens = 0, prefetch_bytes = 0}}
func.func private @target_c1_rejects_no_tokens() attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 0, prefetch_bytes = 0>}

// -----

// expected-error @+2 {{expected '<'}}
// expected-error @+1 {{failed to parse Lut_TargetAttr parameter 'kernels'}}
func.func private @target_c1_rejects_no_kernel() attributes {lut.target = #lut.target<kernels = [], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = 0>}

// -----

// expected-error @+1 {{expected a kernel and positive numbers, found 1 kernels, prefill_tokens = 16, prefetch_bytes = -1}}
func.func private @target_c1_rejects_prefetch_behind() attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 16, rows = 16, tokens = 1, columns = 2, row_tile = 32, token_tile = 1, load_columns = 2>, prefill_tokens = 16, prefetch_bytes = -1>}

// -----

// expected-error @+1 {{expected side_columns in blocks alone, found}}
func.func private @target_c2_rejects_blocks_for_one_token() attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 16, columns = 64, row_tile = 32, token_tile = 32, load_columns = 64, side_columns = 4, chunk_columns = 768>, prefill_tokens = 16, prefetch_bytes = 0>}

// -----

// expected-error @+1 {{expected side_columns in blocks alone, found}}
func.func private @target_c2_rejects_blocks_without_side_columns() attributes {lut.target = #lut.target<kernels = [<packing = <codes, rows = 1>, cycles = 50>], machine = <cores = 2, mhz = 3000, bandwidth = 40000>, dot = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4> blocks = <sum_bits = 32, rows = 16, tokens = 1, columns = 4, row_tile = 64, token_tile = 6, load_columns = 4>, prefill_tokens = 16, prefetch_bytes = 0>}
