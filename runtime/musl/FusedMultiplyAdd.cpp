//===- FusedMultiplyAdd.cpp - fmaf where it is no instruction -------------===//
//
// Code for the plainest x86-64 calls fmaf. musl's never asks the CPU, and
// rounds some results twice that are smaller than 2^-126.
//
//===----------------------------------------------------------------------===//

#if defined(__x86_64__)

#include <bit>
#include <cstdint>

/// The instruction, on a CPU that has it.
__attribute__((target("fma"))) static float fusedByCpu(float a, float b,
                                                       float c) {
  return __builtin_fmaf(a, b, c);
}

/// The exact a * b + c rounded to a float. The product is exact in a double; a
/// sum that is not is rounded to odd, which leaves the double's last bit to say
/// on which side of a float's tie it lies.
static float fusedInDoubles(float a, float b, float c) {
  double product = static_cast<double>(a) * b;
  double sum = product + c;
  double ofProduct = sum - c, ofC = sum - ofProduct;
  double error = (product - ofProduct) + (c - ofC);
  auto bits = std::bit_cast<uint64_t>(sum);
  // NaN for infinite sums, which are as they are.
  if (error != error || error == 0 || bits & 1)
    return static_cast<float>(sum);
  // Towards the error: away from zero where both have one sign.
  bits += (error > 0) == (sum > 0) ? 1 : -1;
  return static_cast<float>(std::bit_cast<double>(bits));
}

extern "C" float fmaf(float a, float b, float c) {
  return __builtin_cpu_supports("fma") ? fusedByCpu(a, b, c)
                                       : fusedInDoubles(a, b, c);
}

#endif
