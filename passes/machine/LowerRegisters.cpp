//===- LowerRegisters.cpp - Registers of two dimensions -------------------===//
//
// Registers of two dimensions go through loops as values, so either all of a
// module become the target's registers or all become vectors.
//
//===----------------------------------------------------------------------===//
#include "passes/machine/LowerRegisters.h"

#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/DialectConversion.h"

using namespace mlir;
using namespace tritc::lut;

namespace tritc::machine {

//===----------------------------------------------------------------------===//
// By vectors: what the operations mean
//===----------------------------------------------------------------------===//

static Type vectorOf(RegisterType type) {
  return VectorType::get({type.getRows(), type.getColumns()},
                         type.getElementType());
}

static Value index(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// source[row + r][column ...] for each r.
static Value loadRows(OpBuilder &builder, Location loc, VectorType type,
                      Value source, Value row, Value column) {
  Value result =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  auto rowType = VectorType::get(type.getDimSize(1), type.getElementType());
  for (int64_t r = 0; r < type.getDimSize(0); ++r) {
    Value at = arith::AddIOp::create(builder, loc, row, index(builder, loc, r));
    Value one = vector::LoadOp::create(builder, loc, rowType, source,
                                       ValueRange{at, column});
    result = vector::InsertOp::create(builder, loc, one, result, r);
  }
  return result;
}

static void storeRows(OpBuilder &builder, Location loc, Value rows,
                      Value destination, Value row, Value column) {
  auto type = cast<VectorType>(rows.getType());
  for (int64_t r = 0; r < type.getDimSize(0); ++r) {
    Value at = arith::AddIOp::create(builder, loc, row, index(builder, loc, r));
    Value one = vector::ExtractOp::create(builder, loc, rows, r);
    vector::StoreOp::create(builder, loc, one, destination,
                            ValueRange{at, column});
  }
}

static Value loadVectors(OpBuilder &builder, LoadRegisterOp op) {
  return loadRows(builder, op.getLoc(),
                  cast<VectorType>(vectorOf(op.getType())), op.getSource(),
                  op.getRow(), op.getColumn());
}

static void storeVectors(OpBuilder &builder, StoreRegisterOp op, Value rows) {
  storeRows(builder, op.getLoc(), rows, op.getDestination(), op.getRow(),
            op.getColumn());
}

/// `rows` in a buffer on the stack, allocated at the function's entry.
static Value spill(OpBuilder &builder, Location loc, Value rows) {
  auto type = cast<VectorType>(rows.getType());
  Value buffer;
  {
    OpBuilder::InsertionGuard guard(builder);
    Operation *op = &*builder.getInsertionPoint();
    builder.setInsertionPointToStart(
        &op->getParentOfType<FunctionOpInterface>().getFunctionBody().front());
    buffer = memref::AllocaOp::create(
        builder, loc, MemRefType::get(type.getShape(), type.getElementType()));
  }
  Value zero = index(builder, loc, 0);
  storeRows(builder, loc, rows, buffer, zero, zero);
  return buffer;
}

/// Through memory, since no vector takes an index that is not a constant:
///
///   for each token, with sums[token] carried through
///     for each group of columns that stand side by side
///       lut.dot %carried, %codes[group], %activations[token][group]
static Value dotVectors(OpBuilder &builder, DotRegistersOp op,
                        ValueRange registers) {
  Location loc = op.getLoc();
  auto type = cast<VectorType>(registers[0].getType());
  const int64_t side = op.getSideColumns();
  Value sums = spill(builder, loc, registers[0]);
  Value codes = spill(builder, loc, registers[1]);
  Value activations = spill(builder, loc, registers[2]);
  auto codeType = VectorType::get(op.getCodes().getType().getColumns(),
                                  builder.getI8Type());
  auto sideType = VectorType::get(side, builder.getI8Type());
  auto sumType = VectorType::get(type.getDimSize(1), builder.getI32Type());
  Value zero = index(builder, loc, 0), one = index(builder, loc, 1);
  auto multiply = [&](OpBuilder &inner, Value token, Value group, Value sum) {
    Value column =
        arith::MulIOp::create(inner, loc, group, index(inner, loc, side));
    Value code = vector::LoadOp::create(inner, loc, codeType, codes,
                                        ValueRange{group, zero});
    Value x = vector::LoadOp::create(inner, loc, sideType, activations,
                                     ValueRange{token, column});
    return DotOp::create(inner, loc, sum.getType(), sum, code, x).getResult();
  };
  scf::ForOp::create(
      builder, loc, zero, index(builder, loc, type.getDimSize(0)), one,
      ValueRange(), [&](OpBuilder &outer, Location, Value token, ValueRange) {
        SmallVector<Value> place = {token, zero};
        Value before = vector::LoadOp::create(outer, loc, sumType, sums, place);
        auto groups = scf::ForOp::create(
            outer, loc, zero,
            index(outer, loc, op.getCodes().getType().getRows()), one, before,
            [&](OpBuilder &inner, Location, Value group, ValueRange carried) {
              Value sum = multiply(inner, token, group, carried[0]);
              scf::YieldOp::create(inner, loc, sum);
            });
        vector::StoreOp::create(outer, loc, groups.getResult(0), sums, place);
        scf::YieldOp::create(outer, loc);
      });
  return loadRows(builder, loc, type, sums, zero, zero);
}

static constexpr RegisterHooks vectors = {vectorOf, loadVectors, storeVectors,
                                          dotVectors};

//===----------------------------------------------------------------------===//
// Either way
//===----------------------------------------------------------------------===//

/// All values of the module of !lut.register.
static SmallVector<Value> registersOf(ModuleOp module) {
  SmallVector<Value> registers;
  auto append = [&](ValueRange values) {
    llvm::copy_if(values, std::back_inserter(registers), [](Value value) {
      return isa<RegisterType>(value.getType());
    });
  };
  module.walk([&](Operation *op) {
    append(op->getResults());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        append(block.getArguments());
  });
  return registers;
}

namespace {
/// A pattern that asks the target's hooks.
template <typename OpTy>
struct RegisterPattern : OpConversionPattern<OpTy> {
  RegisterPattern(const TypeConverter &converter, MLIRContext *context,
                  const RegisterHooks &hooks)
      : OpConversionPattern<OpTy>(converter, context), hooks(hooks) {}

protected:
  const RegisterHooks &hooks;
};

/// %b = lut.load_register %rows[%i, %j]
/// // becomes
/// %b = ... the target's register, or one vector.load for each row
struct LoadRegister final : RegisterPattern<LoadRegisterOp> {
  using RegisterPattern::RegisterPattern;

  LogicalResult
  matchAndRewrite(LoadRegisterOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, hooks.load(rewriter, op));
    return success();
  }
};

/// lut.store_register %b, %rows[%i, %j]
/// // becomes
/// ... one instruction, or one vector.store for each row
struct StoreRegister final : RegisterPattern<StoreRegisterOp> {
  using RegisterPattern::RegisterPattern;

  LogicalResult
  matchAndRewrite(StoreRegisterOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    hooks.store(rewriter, op, adaptor.getValue());
    rewriter.eraseOp(op);
    return success();
  }
};

/// %r = lut.dot_registers %sums, %codes, %activations
/// // becomes
/// ... one instruction, or loops of lut.dot
struct DotRegisters final : RegisterPattern<DotRegistersOp> {
  using RegisterPattern::RegisterPattern;

  LogicalResult
  matchAndRewrite(DotRegistersOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, hooks.dot(rewriter, op, adaptor.getOperands()));
    return success();
  }
};
} // namespace

LogicalResult lowerRegisters(ModuleOp module, const RegisterHooks *hooks) {
  SmallVector<Value> registers = registersOf(module);
  bool hasRegisters =
      hooks && llvm::all_of(registers, [&](Value value) {
        return bool(hooks->type(cast<RegisterType>(value.getType())));
      });
  const RegisterHooks &chosen = hasRegisters ? *hooks : vectors;
  TypeConverter converter;
  converter.addConversion([](Type type) { return type; });
  converter.addConversion([&](RegisterType type) { return chosen.type(type); });
  MLIRContext *context = module.getContext();
  RewritePatternSet patterns(context);
  patterns.add<LoadRegister, StoreRegister, DotRegisters>(converter, context,
                                                          chosen);
  ConversionTarget target(*context);
  target.markUnknownOpDynamicallyLegal(
      [&](Operation *op) { return converter.isLegal(op); });
  target.addIllegalOp<LoadRegisterOp, StoreRegisterOp, DotRegistersOp>();
  scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                       target);
  return applyPartialConversion(module, target, std::move(patterns));
}

} // namespace tritc::machine
