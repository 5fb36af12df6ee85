//===- BufferModels.cpp - What bufferization has to know ------------------===//
//
// Most operations read rows and make new ones. Those with an operand `into`
// write into what it names; whether that is the buffer of the operand itself or
// a copy is One-Shot Bufferize's to decide. Nothing is lowered here: an
// operation on tensors becomes the same operation on buffers.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/BufferModels.h"

#include "passes/loops/RowBuffers.h"

#include "dialects/bitnet/Bitnet.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace tritc::bitnet;

namespace tritc::loops {

/// `op` on buffers: those of its tensors, and results of `types`.
static FailureOr<Operation *> onBuffers(Operation *op, TypeRange types,
                                        RewriterBase &rewriter,
                                        const BufferizationOptions &options,
                                        BufferizationState &state) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    if (!isa<RankedTensorType>(operand.getType())) {
      operands.push_back(operand);
      continue;
    }
    FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
    if (failed(buffer))
      return failure();
    operands.push_back(*buffer);
  }
  return mlir::clone(rewriter, op, types, operands);
}

/// The operand whose buffer is written; null for a new one.
static Value placeOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<AddOp, CopyOp, HeadOp, StatesOp, UnitOp>(
          [](auto placed) { return placed.getInto(); })
      .Default(Value());
}

/// `into` comes last.
static bool isPlace(OpOperand &operand) {
  return placeOf(operand.getOwner()) &&
         operand.getOperandNumber() + 1 == operand.getOwner()->getNumOperands();
}

namespace {
/// Results are rows.
template <typename Model, typename OpTy>
struct OnRows : BufferizableOpInterface::ExternalModel<Model, OpTy> {
  FailureOr<BufferLikeType> getBufferType(Operation *, Value value,
                                          const BufferizationOptions &,
                                          const BufferizationState &,
                                          SmallVector<Value> &) const {
    return cast<BufferLikeType>(rowsType(cast<ShapedType>(value.getType())));
  }
};

/// %y = bitnet.rms_norm %x, %w : tensor<?x64xf32>, tensor<64xf32>
/// // becomes
/// %y = bitnet.rms_norm %x, %w : memref<?x64xf32, ...>, memref<64xf32>
template <typename OpTy>
struct RowsModel : OnRows<RowsModel<OpTy>, OpTy> {
  bool bufferizesToAllocation(Operation *op, Value) const {
    return !placeOf(op);
  }
  bool bufferizesToMemoryRead(Operation *, OpOperand &operand,
                              const AnalysisState &) const {
    return !isPlace(operand);
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &operand,
                               const AnalysisState &) const {
    return isPlace(operand);
  }
  /// A sum may overwrite what it adds.
  bool bufferizesToElementwiseAccess(Operation *op, const AnalysisState &,
                                     ArrayRef<OpOperand *>) const {
    return isa<AddOp>(op);
  }
  AliasingValueList getAliasingValues(Operation *op, OpOperand &operand,
                                      const AnalysisState &) const {
    if (!isPlace(operand))
      return {};
    return {{op->getResult(0), BufferRelation::Equivalent}};
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto types = llvm::map_to_vector(op->getResultTypes(), [](Type type) {
      return Type(rowsType(cast<ShapedType>(type)));
    });
    FailureOr<Operation *> made =
        onBuffers(op, types, rewriter, options, state);
    if (failed(made))
      return failure();
    if (Value place = placeOf(*made))
      replaceOpWithBufferizedValues(rewriter, op, place);
    else
      replaceOpWithBufferizedValues(rewriter, op, (*made)->getResults());
    return success();
  }
};

/// Pieces are views of the same buffer.
struct SplitModel : OnRows<SplitModel, SplitOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return false;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *op, OpOperand &,
                                      const AnalysisState &) const {
    AliasingValueList pieces;
    for (OpResult piece : op->getResults())
      pieces.addAlias({piece, BufferRelation::Unknown});
    return pieces;
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    FailureOr<Value> buffer =
        getBuffer(rewriter, op->getOperand(0), options, state);
    if (failed(buffer))
      return failure();
    Location loc = op->getLoc();
    OpFoldResult tokens =
        tokensOf(rewriter, loc, *buffer, [](Value value) { return value; });
    SmallVector<Value> pieces;
    int64_t column = 0;
    for (Type type : op->getResultTypes()) {
      MemRefType view = rowsType(cast<ShapedType>(type));
      int64_t width = view.getDimSize(1);
      pieces.push_back(
          viewOf(rewriter, loc, {*buffer, column, width}, view, tokens));
      column += width;
    }
    replaceOpWithBufferizedValues(rewriter, op, pieces);
    return success();
  }
};

/// A part of the weight section, which nobody writes.
struct ParameterModel
    : BufferizableOpInterface::ExternalModel<ParameterModel, ParameterOp> {
  bool isWritable(Operation *, Value, const AnalysisState &) const {
    return false;
  }
  FailureOr<BufferLikeType> getBufferType(Operation *, Value value,
                                          const BufferizationOptions &,
                                          const BufferizationState &,
                                          SmallVector<Value> &) const {
    return cast<BufferLikeType>(getMemRefTypeWithStaticIdentityLayout(
        cast<TensorType>(value.getType())));
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    Type type = getMemRefTypeWithStaticIdentityLayout(
        cast<TensorType>(op->getResult(0).getType()));
    FailureOr<Operation *> made = onBuffers(op, type, rewriter, options, state);
    if (failed(made))
      return failure();
    replaceOpWithBufferizedValues(rewriter, op, (*made)->getResults());
    return success();
  }
};
} // namespace

void registerBufferModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, BitnetDialect *) {
    SplitOp::attachInterface<SplitModel>(*context);
    ParameterOp::attachInterface<ParameterModel>(*context);
    AddOp::attachInterface<RowsModel<AddOp>>(*context);
    AttentionOp::attachInterface<RowsModel<AttentionOp>>(*context);
    BiasOp::attachInterface<RowsModel<BiasOp>>(*context);
    CopyOp::attachInterface<RowsModel<CopyOp>>(*context);
    EmbedOp::attachInterface<RowsModel<EmbedOp>>(*context);
    GluOp::attachInterface<RowsModel<GluOp>>(*context);
    HeadOp::attachInterface<RowsModel<HeadOp>>(*context);
    QuantizeOp::attachInterface<RowsModel<QuantizeOp>>(*context);
    RmsNormOp::attachInterface<RowsModel<RmsNormOp>>(*context);
    RopeOp::attachInterface<RowsModel<RopeOp>>(*context);
    StatesOp::attachInterface<RowsModel<StatesOp>>(*context);
    TraceOp::attachInterface<RowsModel<TraceOp>>(*context);
    UnitOp::attachInterface<RowsModel<UnitOp>>(*context);
  });
  registry.addExtension(+[](MLIRContext *context, lut::LutDialect *) {
    lut::MatmulOp::attachInterface<RowsModel<lut::MatmulOp>>(*context);
    lut::MatvecOp::attachInterface<RowsModel<lut::MatvecOp>>(*context);
    lut::TableOp::attachInterface<RowsModel<lut::TableOp>>(*context);
  });
}

} // namespace tritc::loops
