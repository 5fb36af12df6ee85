//===- TensorView.cpp - A tensor as a file stores it ----------------------===//

#include "compiler/import/model/TensorView.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

uint64_t TensorView::elements() const {
  uint64_t count = 1;
  for (uint64_t extent : shape)
    count *= extent;
  return count;
}

std::string shapeText(llvm::ArrayRef<uint64_t> shape) {
  std::string text = "[";
  for (auto [i, extent] : llvm::enumerate(shape))
    text += (i ? ", " : "") + std::to_string(extent);
  return text + "]";
}

llvm::Error notFinite(const TensorView &tensor, uint64_t element) {
  std::string place = "element " + std::to_string(element);
  if (!tensor.blocked)
    place = "byte " + std::to_string(tensor.fileOffset +
                                     element * dtypeBytes(tensor.dtype));
  return makeError(ExitCode::Malformed,
                   tensor.file + ": " + tensor.name + ": " + place +
                       ": expected a finite number, found NaN or infinity");
}

} // namespace tritc::import
