//===- Pooling.cpp - How the states of a text become one vector -----------===//

#include "compiler/import/model/Pooling.h"

namespace tritc::import {

TritcPooling poolingOf(TritcPoolingMode mode) {
  TritcPooling pooling{};
  pooling.modeCount = 1;
  pooling.modes[0] = mode;
  return pooling;
}

TritcPooling defaultPooling() {
  TritcPooling pooling = poolingOf(TRITC_POOL_LAST);
  pooling.normalizes = 1;
  return pooling;
}

} // namespace tritc::import
