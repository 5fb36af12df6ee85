// RUN: %tritc-opt %s --lut-select-kernels --verify-diagnostics

// expected-error @+1 {{expected the attribute lut.target}}
module @rejects_a_module_without_target {}
