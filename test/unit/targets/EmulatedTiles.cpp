//===- EmulatedTiles.cpp - AMX on processors without it -------------------===//
//
// Intel's manual of instruction set extensions, chapter "AMX", transcribed. All
// of these instructions are VEX-encoded in map 0F38 with W = 0 and L = 0:
//
//   49  none 66 F2     ldtilecfg or tilerelease, sttilecfg, tilezero
//   4B  66 F2 F3       tileloaddt1, tileloadd, tilestored
//   5E  none 66 F3 F2  tdpbuud, tdpbusd, tdpbsud, tdpbssd
//
//===----------------------------------------------------------------------===//
#include "test/unit/targets/EmulatedTiles.h"

#if defined(__x86_64__)

#include <csignal>
#include <cstdint>
#include <cstring>
#include <ucontext.h>

namespace tritc::targets::test {

namespace {

constexpr int tileCount = 8, tileRows = 16, rowBytes = 64;

/// Operand of ldtilecfg and sttilecfg.
struct Configuration {
  uint8_t palette, startRow;
  uint8_t reserved[14];
  uint16_t columnBytes[16];
  uint8_t rows[16];
};
static_assert(sizeof(Configuration) == 64);

struct Tiles {
  Configuration shape{};
  uint8_t bytes[tileCount][tileRows][rowBytes]{};
};

thread_local Tiles tiles;

enum Prefix { None, P66, PF3, PF2 };

/// The fields of one instruction.
struct Instruction {
  uint8_t opcode;
  Prefix prefix;
  int source;            ///< VEX.vvvv
  int registerField, rm; ///< of ModRM
  bool isMemory;
  uint8_t *address = nullptr; ///< where isMemory, without the index
  int64_t index = 0;          ///< scaled; the stride between rows
  int length;
};

/// General registers in the order of their numbers.
constexpr int contextRegisters[16] = {
    REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

class Decoder {
public:
  explicit Decoder(const greg_t *registers)
      : registers(registers),
        start(reinterpret_cast<const uint8_t *>(registers[REG_RIP])) {}

  /// False if the instruction is none of ours.
  bool decode(Instruction &result) {
    if (start[0] != 0xC4 || (start[1] & 31) != 2 || (start[2] & 0x84) != 0)
      return false;
    isIndexHigh = !(start[1] & 0x40);
    isBaseHigh = !(start[1] & 0x20);
    result.prefix = Prefix(start[2] & 3);
    result.source = ~(start[2] >> 3) & 15;
    result.opcode = start[3];
    if (result.opcode != 0x49 && result.opcode != 0x4B && result.opcode != 0x5E)
      return false;
    uint8_t modRm = start[4];
    result.registerField = modRm >> 3 & 7;
    result.rm = modRm & 7;
    result.isMemory = modRm < 0xC0;
    at = start + 5;
    if (result.isMemory)
      decodeMemory(modRm >> 6, result);
    result.length = int(at - start);
    return true;
  }

private:
  int64_t value(int number, bool isHigh) const {
    return registers[contextRegisters[number + 8 * isHigh]];
  }

  void decodeMemory(int mode, Instruction &result) {
    int base = result.rm;
    if (base == 4) { // a byte SIB follows
      uint8_t sib = *at++;
      base = sib & 7;
      int index = sib >> 3 & 7;
      if (index != 4 || isIndexHigh)
        result.index = value(index, isIndexHigh) << (sib >> 6);
    }
    bool hasBase = mode != 0 || base != 5;
    int64_t displacement = 0;
    if (mode == 1) {
      displacement = int8_t(*at++);
    } else if (mode == 2 || !hasBase) {
      int32_t word;
      memcpy(&word, at, sizeof(word));
      at += sizeof(word);
      displacement = word;
    }
    int64_t address = displacement;
    if (hasBase)
      address += value(base, isBaseHigh);
    else if (result.rm == 5) // relative to the next instruction
      address += int64_t(at);
    result.address = reinterpret_cast<uint8_t *>(address);
  }

  const greg_t *registers;
  const uint8_t *start, *at = nullptr;
  bool isIndexHigh = false, isBaseHigh = false;
};

} // namespace

static bool configure(const Instruction &instruction) {
  Configuration shape;
  memcpy(&shape, instruction.address + instruction.index, sizeof(shape));
  if (shape.palette > 1 || shape.startRow != 0)
    return false;
  for (int i = 0; i < 16; ++i)
    if (shape.columnBytes[i] > (i < tileCount ? rowBytes : 0) ||
        shape.rows[i] > (i < tileCount ? tileRows : 0))
      return false;
  tiles = Tiles();
  tiles.shape = shape;
  return true;
}

static bool isConfigured(int tile) {
  return tiles.shape.palette == 1 && tile < tileCount &&
         tiles.shape.rows[tile] > 0 && tiles.shape.columnBytes[tile] > 0;
}

/// Between a tile and memory, row by row.
static bool move(const Instruction &instruction, bool isLoad) {
  int tile = instruction.registerField;
  if (!isConfigured(tile))
    return false;
  size_t bytes = tiles.shape.columnBytes[tile];
  if (isLoad)
    memset(tiles.bytes[tile], 0, sizeof(tiles.bytes[tile]));
  for (int row = 0; row < tiles.shape.rows[tile]; ++row) {
    uint8_t *memory = instruction.address + row * instruction.index;
    uint8_t *own = tiles.bytes[tile][row];
    isLoad ? memcpy(own, memory, bytes) : memcpy(memory, own, bytes);
  }
  return true;
}

/// sums[m][n] += sum over k and i < 4 of a[m][4k + i] * b[k][4n + i]
static bool multiply(const Instruction &instruction) {
  int sums = instruction.registerField, a = instruction.rm,
      b = instruction.source;
  const Configuration &shape = tiles.shape;
  if (!isConfigured(sums) || !isConfigured(a) || !isConfigured(b) ||
      sums == a || sums == b || a == b || shape.rows[sums] != shape.rows[a] ||
      shape.columnBytes[sums] != shape.columnBytes[b] ||
      shape.columnBytes[a] != 4 * shape.rows[b])
    return false;
  const bool isFirstSigned =
      instruction.prefix == PF3 || instruction.prefix == PF2;
  const bool isSecondSigned =
      instruction.prefix == P66 || instruction.prefix == PF2;
  auto factor = [](uint8_t byte, bool isSigned) {
    return isSigned ? int32_t(int8_t(byte)) : int32_t(byte);
  };
  for (int m = 0; m < shape.rows[a]; ++m)
    for (int n = 0; n < shape.columnBytes[b] / 4; ++n) {
      uint32_t sum;
      memcpy(&sum, &tiles.bytes[sums][m][4 * n], sizeof(sum));
      for (int k = 0; k < shape.rows[b]; ++k)
        for (int i = 0; i < 4; ++i)
          sum += uint32_t(factor(tiles.bytes[a][m][4 * k + i], isFirstSigned) *
                          factor(tiles.bytes[b][k][4 * n + i], isSecondSigned));
      memcpy(&tiles.bytes[sums][m][4 * n], &sum, sizeof(sum));
    }
  return true;
}

/// False if a processor would refuse it, too.
static bool execute(const Instruction &instruction) {
  const int tile = instruction.registerField;
  switch (instruction.opcode) {
  case 0x49:
    if (instruction.prefix == None && instruction.isMemory)
      return configure(instruction);
    if (instruction.prefix == None) {
      tiles = Tiles();
      return true;
    }
    if (instruction.prefix == P66 && instruction.isMemory) {
      memcpy(instruction.address + instruction.index, &tiles.shape,
             sizeof(tiles.shape));
      return true;
    }
    if (instruction.prefix != PF2 || instruction.isMemory ||
        !isConfigured(tile))
      return false;
    memset(tiles.bytes[tile], 0, sizeof(tiles.bytes[tile]));
    return true;
  case 0x4B:
    return instruction.isMemory && instruction.prefix != None &&
           move(instruction, instruction.prefix != PF3);
  default:
    return !instruction.isMemory && multiply(instruction);
  }
}

static void onIllegalInstruction(int number, siginfo_t *, void *context) {
  greg_t *registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
  Instruction instruction;
  if (Decoder(registers).decode(instruction) && execute(instruction)) {
    registers[REG_RIP] += instruction.length;
    return;
  }
  // Not ours: it is executed again and ends the process.
  signal(number, SIG_DFL);
}

bool emulateTiles() {
  struct sigaction action = {};
  action.sa_sigaction = onIllegalInstruction;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  return sigaction(SIGILL, &action, nullptr) == 0;
}

} // namespace tritc::targets::test

#else

bool tritc::targets::test::emulateTiles() { return false; }

#endif
