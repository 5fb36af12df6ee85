//===- Sanitizers.cpp - How AddressSanitizer keeps what was freed ---------===//

/// Called before anything else runs. ASAN_OPTIONS may say otherwise.
///
/// An input allocates a few MB at most. A quarantine of 256 MB, the default, is
/// memory that was never touched: each input takes page faults for it, a third
/// of all time. In 8 MB that are never given back, all that one input freed
/// stays poisoned until the next.
///
/// MLIR's headers, which are compiled here and so instrumented, poison what its
/// library, which is not, writes to: that poison means nothing.
extern "C" const char *__asan_default_options() {
  return "quarantine_size_mb=8:allocator_release_to_os_interval_ms=-1:"
         "allow_user_poisoning=0";
}
