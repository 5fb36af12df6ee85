//===- BitnetOperands.td - What operations share ---------*- tablegen -*-===//
#ifndef TRITC_BITNET_OPERANDS_TD
#define TRITC_BITNET_OPERANDS_TD

include "dialects/bitnet/Bitnet.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

// A value, or the buffer that it lies in once all is bufferized.
class Bitnet_Stored<list<Type> elements, int rank>
    : AnyTypeOf<[TensorRankOf<elements, [rank]>,
                 MemRefRankOf<elements, [rank]>]>;
def Bitnet_Ids : Bitnet_Stored<[I32], 1>;           // [tokens]
// [tokens, 1 + pages]: where a token stands in its sequence, then the pages of
// the cache that hold the sequence
def Bitnet_Places : Bitnet_Stored<[I32], 2>;
def Bitnet_Rows : Bitnet_Stored<[F32], 2>;          // [tokens, features]
def Bitnet_QuantizedRows : Bitnet_Stored<[I8], 2>;  // [tokens, features]
def Bitnet_Steps : Bitnet_Stored<[F32], 1>;         // [tokens]
def Bitnet_Vector : Bitnet_Stored<[F32], 1>;        // [features]
// [vocabulary, features]
def Bitnet_Table : AnyTypeOf<[Bitnet_Stored<[F32, F16, BF16], 2>, Bitnet_Blocked]>;
def Bitnet_HeadTable : AnyTypeOf<[Bitnet_Table, Bitnet_Scaled]>;
def Bitnet_RopeTable : Bitnet_Stored<[F32], 3>;     // [context, 2, head_dim / 2]
def Bitnet_Parameter
    : AnyTypeOf<[Bitnet_Ternary, Bitnet_Scaled, Bitnet_Blocked,
                 AnyStaticShapeTensor, AnyStaticShapeMemRef]>;

// What no buffer ever holds: it is gone by then.
def Bitnet_RowsValue : 2DTensorOf<[F32]>;
def Bitnet_QuantizedRowsValue : 2DTensorOf<[I8]>;
def Bitnet_StepsValue : 1DTensorOf<[F32]>;
def Bitnet_SumsValue : 2DTensorOf<[I32]>;

class Bitnet_Op<string mnemonic, list<Trait> traits = []>
    : Op<BitnetDialect, mnemonic, traits>;

// An operation on tensors, and on buffers once it is bufferized: then it reads
// its operands, writes a new buffer, or the one that `into` names, and returns
// that.
class Bitnet_StoredOp<string mnemonic, list<Trait> traits = []>
    : Bitnet_Op<mnemonic,
                traits # [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::MemoryEffects::EffectInstance> &effects) {
      ::tritc::bitnet::addBufferEffects(getOperation(), nullptr, effects);
    }
  }];
}

// The same, with an operand `into`.
class Bitnet_PlacedOp<string mnemonic, list<Trait> traits = []>
    : Bitnet_Op<mnemonic,
                traits # [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let extraClassDefinition = [{
    void $cppClass::getEffects(
        ::llvm::SmallVectorImpl<::mlir::MemoryEffects::EffectInstance> &effects) {
      ::tritc::bitnet::addBufferEffects(getOperation(), getInto(), effects);
    }
  }];
}

#endif // TRITC_BITNET_OPERANDS_TD
