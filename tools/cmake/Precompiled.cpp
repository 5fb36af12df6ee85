//===- Precompiled.cpp - The target that owns the precompiled header ------===//
//
// CMake attaches a precompiled header to a target with at least one source.
//
//===----------------------------------------------------------------------===//
