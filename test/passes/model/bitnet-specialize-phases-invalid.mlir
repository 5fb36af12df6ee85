// RUN: %tritc-opt %s --bitnet-specialize-phases --verify-diagnostics

// expected-error @+1 {{no function @forward to specialize}}
module @rejects_a_module_without_forward {
  func.func private @backward()
}
