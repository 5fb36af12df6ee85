// RUN: %tritc-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{expected dimensions of at least 1, found 0x256}}
func.func private @blocked_c1_rejects_no_rows(!bitnet.blocked<0x256xi6>)

// -----

// expected-error @+1 {{expected integers of 6 or 8 bits, found 4}}
func.func private @blocked_c2_rejects_four_bits(!bitnet.blocked<9x256xi4>)

// -----

// expected-error @+1 {{expected a multiple of 256 columns, found 64}}
func.func private @blocked_c3_rejects_part_of_a_block(!bitnet.blocked<9x64xi6>)

// -----

// expected-error @+1 {{expected a multiple of 64 columns, found 96}}
func.func private @blocked_c3_rejects_part_of_a_small_block(!bitnet.blocked<9x96xi8>)

// -----

// expected-error @+1 {{a blocked matrix has two dimensions, found 1}}
func.func private @rejects_one_dimension(!bitnet.blocked<256xi6>)
