//===- c++config.h - Headers of GCC's C++ library over musl ---------------===//
//
// Debian configures that library for glibc. What the emitted program includes
// of it is templates alone; these are the only places where they ask which C
// library they stand on.
//
//===----------------------------------------------------------------------===//
#pragma once

#define __GLIBC_PREREQ(major, minor) 0
#define __locale_t locale_t

#include_next <bits/c++config.h>

#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
