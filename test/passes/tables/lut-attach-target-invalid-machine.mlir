// RUN: %tritc-opt %s --lut-attach-target="target=portable machine=abacus" --verify-diagnostics

// expected-error @+1 {{no machine named 'abacus'}}
module @rejects_an_unknown_machine {}
