// RUN: %tritc-opt %s | %tritc-opt | FileCheck %s

// CHECK: @codes() attributes {t.packing = #lut.packing<codes, rows = 1>}
func.func private @codes() attributes {t.packing = #lut.packing<codes, rows = 1>}

// CHECK: @nibbles() attributes {t.packing = #lut.packing<signed_nibble, rows = 96>}
func.func private @nibbles() attributes {t.packing = #lut.packing<signed_nibble, rows = 96>}

// CHECK: @words() attributes {t.packing = #lut.packing<index_words, rows = 128>}
func.func private @words() attributes {t.packing = #lut.packing<index_words, rows = 128>}

// CHECK: @codes_for_dots() attributes {t.packing = #lut.packing<dot_codes, rows = 64, dot_rows = 4, dot_columns = 4>}
func.func private @codes_for_dots() attributes {t.packing = #lut.packing<dot_codes, rows = 64, dot_rows = 4, dot_columns = 4>}

// CHECK: @five_weights_in_a_byte() attributes {t.packing = #lut.packing<trit_bytes, rows = 40, dot_rows = 2, dot_columns = 8>}
func.func private @five_weights_in_a_byte() attributes {t.packing = #lut.packing<trit_bytes, rows = 40, dot_rows = 2, dot_columns = 8>}
