// RUN: %tritc-opt %s --lut-lower-primitives=target=z80 --verify-diagnostics

// expected-error @+1 {{no target named 'z80'}}
module @rejects_an_unknown_target {}
