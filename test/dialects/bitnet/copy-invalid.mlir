// RUN: %tritc-opt %s --verify-diagnostics

func.func @copy_c1_rejects_a_place_of_another_type(%x: tensor<?x64xf32>, %y: tensor<?x32xf32>) {
  // expected-error @+1 {{expected a place of the result's type, 'tensor<?x64xf32>', found 'tensor<?x32xf32>'}}
  %a = bitnet.copy %x into %y : tensor<?x64xf32>, tensor<?x32xf32>
  return
}
