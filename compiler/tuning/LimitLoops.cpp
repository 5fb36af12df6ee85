//===- LimitLoops.cpp - Loops that do nothing but their best --------------===//
#include "compiler/tuning/LimitLoops.h"

#include "llvm/Support/FormatVariadic.h"

namespace tritc::tuning {

/// Vectors of sums that stay in registers: enough for any latency, few enough
/// for sixteen registers beside what is multiplied.
static constexpr int64_t sumCount = 12;
/// Of them, how many share one vector of codes.
static constexpr int64_t sharing = 2;

static std::string function(llvm::StringRef name, llvm::StringRef sumType,
                            llvm::StringRef body) {
  return llvm::formatv(R"mlir(
func.func @{0}(%bytes: memref<1099511627776xi8>,
               %scratch: memref<65536xi8>, %cache: memref<1xi8>,
               %tokens: memref<1xi32>, %places: memref<1xi32>,
               %out: memref<1048576x{1}>, %trace: memref<1xf32>,
               %count: index, %distance: index, %thread: index,
               %threads: index, %barrier: !llvm.ptr) {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant 1024 : index
  %place = arith.muli %thread, %own : index
  %from = arith.muli %thread, %count : index
{2}  return
}
)mlir",
                       name, sumType, body);
}

/// "%a0, %a1, ..." of `count` names.
static std::string names(llvm::StringRef letter, int64_t count) {
  std::string list;
  for (int64_t i = 0; i < count; ++i)
    list += llvm::formatv("{0}%{1}{2}", i ? ", " : "", letter, i);
  return list;
}

/// A loop from 0 to %count that carries `count` sums of `type`, and stores the
/// last of them all added up.
/// \param round text of one iteration: from %a<i> to %b<i>
static std::string summingLoop(llvm::StringRef type, llvm::StringRef element,
                               llvm::StringRef add, int64_t count,
                               llvm::StringRef round) {
  std::string init, types, total;
  for (int64_t i = 0; i < count; ++i) {
    init += llvm::formatv("{0}%a{1} = %zero", i ? ", " : "", i);
    types += llvm::formatv("{0}{1}", i ? ", " : "", type);
    if (i > 0)
      total += llvm::formatv(
          "  %t{0} = {1} {2}, %r#{0} : {3}\n", i, add,
          i == 1 ? "%r#0" : llvm::formatv("%t{0}", i - 1).str(), type);
  }
  return llvm::formatv(R"mlir(  %r:{0} = scf.for %i = %c0 to %count step %c1
      iter_args({1}) -> ({2}) {{
{3}    scf.yield {4} : {2}
  }
{5}  vector.store %t{6}, %out[%place] : memref<1048576x{7}>, {8}
)mlir",
                       count, init, types, round, names("b", count), total,
                       count - 1, element, type);
}

/// Dot products of codes that are loaded, two for each load, so that no product
/// is the same in all iterations.
static std::string dotLoop(const DotShape &dot) {
  std::string element = llvm::formatv("i{0}", dot.sumBits);
  std::string sums =
      llvm::formatv("vector<{0}x{1}>", dot.tokens * dot.rows, element);
  int64_t bytes = dot.rows * dot.columns;
  std::string codes = llvm::formatv("vector<{0}xi8>", bytes);
  std::string x = llvm::formatv("vector<{0}xi8>", dot.tokens * dot.columns);
  std::string before =
      llvm::formatv("  %zero = arith.constant dense<0> : {0}\n", sums);
  for (int64_t i = 0; i < sharing; ++i)
    before += llvm::formatv(
        "  %px{0} = arith.constant {1} : index\n"
        "  %x{0} = vector.load %scratch[%px{0}] : memref<65536xi8>, {2}\n",
        i, 256 * i, x);
  constexpr int64_t rounds = 8;
  before += llvm::formatv("  %rounds = arith.constant {0} : index\n"
                          "  %stride = arith.constant {1} : index\n",
                          rounds, bytes * sumCount / sharing);
  std::string round = "    %turn = arith.remui %i, %rounds : index\n"
                      "    %base = arith.muli %turn, %stride : index\n";
  for (int64_t i = 0; i < sumCount; ++i) {
    int64_t load = i / sharing;
    if (i % sharing == 0)
      round += llvm::formatv("    %o{0} = arith.constant {1} : index\n"
                             "    %p{0} = arith.addi %base, %o{0} : index\n"
                             "    %c_{0} = vector.load %bytes[%p{0}] : "
                             "memref<1099511627776xi8>, {2}\n",
                             load, load * bytes, codes);
    round += llvm::formatv("    %b{0} = lut.dot %a{0}, %c_{1}, %x{2} {{tokens "
                           "= {3} : i64} : {4}, {5}, {6}\n",
                           i, load, i % sharing, dot.tokens, sums, codes, x);
  }
  return before + summingLoop(sums, element, "arith.addi", sumCount, round);
}

namespace {
/// Registers of two dimensions, and a buffer in which they lie one below the
/// other.
struct Blocks {
  llvm::StringRef name;
  int64_t count, height, width, bits;

  int64_t bytes() const { return count * height * width * bits / 8; }
  std::string type() const {
    return llvm::formatv("!lut.register<{0}x{1}xi{2}>", height, width, bits);
  }
  std::string buffer() const {
    return llvm::formatv("memref<{0}x{1}xi{2}>", count * height, width, bits);
  }
  /// The buffer %<name>, `offset` bytes behind the start of `memory`, and its
  /// blocks %<name>0, %<name>1, ...
  std::string load(llvm::StringRef memory, llvm::StringRef memoryType,
                   llvm::StringRef offset) const {
    std::string text =
        llvm::formatv("  %{0} = memref.view {1}[{2}][] : {3} to {4}\n", name,
                      memory, offset, memoryType, buffer());
    for (int64_t i = 0; i < count; ++i)
      text += llvm::formatv(
          "  %{0}at{1} = arith.constant {2} : index\n"
          "  %{0}{1} = lut.load_register %{0}[%{0}at{1}, %c0] : {3}, {4}\n",
          name, i, i * height, buffer(), type());
    return text;
  }
};
} // namespace

/// The same for registers of two dimensions: as many sums and factors as
/// kernels keep in them, loaded once.
static std::string blockLoop(const DotShape &dot) {
  const Blocks codes{"w", dot.rowTile / dot.rows, dot.columns / dot.sideColumns,
                     dot.rows * dot.sideColumns, 8};
  const Blocks xs{"x", dot.tokenTile / dot.tokens, dot.tokens, dot.columns, 8};
  const Blocks sums{"s", codes.count * xs.count, dot.tokens, dot.rows, 32};
  std::string init, types, round, stores;
  for (int64_t i = 0; i < sums.count; ++i) {
    init += llvm::formatv("{0}%a{1} = %s{1}", i ? ", " : "", i);
    types += (i ? ", " : "") + sums.type();
    round += llvm::formatv(
        "    %b{0} = lut.dot_registers %a{0}, %w{1}, %x{2} : {3}, {4}, {5}\n",
        i, i % codes.count, i / codes.count, sums.type(), codes.type(),
        xs.type());
    stores += llvm::formatv(
        "  lut.store_register %r#{0}, %s[%sat{0}, %c0] : {1}, {2}\n", i,
        sums.type(), sums.buffer());
  }
  return llvm::formatv(
      "  %behind = arith.constant {0} : index\n"
      "  %bytes_of_sums = arith.constant {1} : index\n"
      "  %mine = arith.muli %thread, %bytes_of_sums : index\n"
      "{2}{3}{4}"
      "  %r:{5} = scf.for %i = %c0 to %count step %c1 iter_args({6}) -> ({7}) "
      "{{\n{8}    scf.yield {9} : {7}\n  }\n{10}",
      codes.bytes(), sums.bytes(),
      codes.load("%scratch", "memref<65536xi8>", "%c0"),
      xs.load("%scratch", "memref<65536xi8>", "%behind"),
      sums.load("%out", "memref<1048576xi8>", "%mine"), sums.count, init, types,
      round, names("b", sums.count), stores);
}

static std::string fmaLoop(int64_t lanes) {
  std::string type = llvm::formatv("vector<{0}xf32>", lanes);
  std::string before =
      llvm::formatv("  %zero = arith.constant dense<1.0> : {0}\n"
                    "  %x = vector.load %xs[%c0] : memref<16xf32>, {0}\n"
                    "  %y = vector.load %ys[%c0] : memref<16xf32>, {0}\n",
                    type);
  // Numbers from memory, so that nothing is known about them.
  before = "  %xs = memref.view %scratch[%c0][] : memref<65536xi8> to "
           "memref<16xf32>\n"
           "  %behind = arith.constant 256 : index\n"
           "  %ys = memref.view %scratch[%behind][] : memref<65536xi8> to "
           "memref<16xf32>\n" +
           before;
  std::string round;
  for (int64_t i = 0; i < sumCount; ++i)
    round +=
        llvm::formatv("    %b{0} = math.fma %x, %y, %a{0} : {1}\n", i, type);
  return before + summingLoop(type, "f32", "arith.addf", sumCount, round);
}

/// Reads %count bytes from %from on in `streams` parts at once, and fetches
/// %distance bytes ahead where it is not 0.
static std::string readLoop(int64_t streams, bool prefetches) {
  constexpr int64_t lines = 4;
  const std::string line = "vector<64xi8>";
  std::string text = llvm::formatv(
      "  %zero = arith.constant dense<0> : {0}\n"
      "  %parts = arith.constant {1} : index\n"
      "  %part = arith.divui %count, %parts : index\n"
      "  %step = arith.constant {2} : index\n"
      "  %r:{3} = scf.for %i = %c0 to %part step %step iter_args(",
      line, streams, lines * 64, lines);
  std::string types;
  for (int64_t i = 0; i < lines; ++i) {
    text += llvm::formatv("{0}%a0_{1} = %zero", i ? ", " : "", i);
    types += llvm::formatv("{0}{1}", i ? ", " : "", line);
  }
  text += ") -> (" + types + ") {\n";
  for (int64_t stream = 0; stream < streams; ++stream) {
    text += llvm::formatv("    %s{0} = arith.constant {0} : index\n"
                          "    %off{0} = arith.muli %part, %s{0} : index\n"
                          "    %mid{0} = arith.addi %from, %off{0} : index\n"
                          "    %at{0} = arith.addi %mid{0}, %i : index\n",
                          stream);
    for (int64_t i = 0; i < lines; ++i) {
      text += llvm::formatv(
          "    %l{0}_{1} = arith.constant {2} : index\n"
          "    %p{0}_{1} = arith.addi %at{0}, %l{0}_{1} : index\n",
          stream, i, 64 * i);
      if (prefetches)
        text += llvm::formatv(
            "    %f{0}_{1} = arith.addi %p{0}_{1}, %distance : index\n"
            "    memref.prefetch %bytes[%f{0}_{1}], read, locality<3>, data : "
            "memref<1099511627776xi8>\n",
            stream, i);
      text += llvm::formatv(
          "    %v{0}_{1} = vector.load %bytes[%p{0}_{1}] : "
          "memref<1099511627776xi8>, {2}\n"
          "    %a{3}_{1} = arith.xori %a{0}_{1}, %v{0}_{1} : {2}\n",
          stream, i, line, stream + 1);
    }
  }
  text += llvm::formatv("    scf.yield %a{0}_0, %a{0}_1, %a{0}_2, %a{0}_3 : "
                        "{1}\n  }\n",
                        streams, types);
  text += llvm::formatv(
      "  %u = arith.xori %r#0, %r#1 : {0}\n"
      "  %v = arith.xori %r#2, %r#3 : {0}\n"
      "  %w = arith.xori %u, %v : {0}\n"
      "  vector.store %w, %out[%place] : memref<1048576xi8>, {0}\n",
      line);
  return text;
}

//===----------------------------------------------------------------------===//
// The functions
//===----------------------------------------------------------------------===//

std::string dotFunction(llvm::StringRef name, const DotShape &dot) {
  if (dot.sideColumns)
    return function(name, "i8", blockLoop(dot));
  return function(name, llvm::formatv("i{0}", dot.sumBits).str(), dotLoop(dot));
}

int64_t dotsOfRound(const DotShape &dot) {
  if (dot.sideColumns)
    return dot.rowTile * dot.tokenTile * dot.columns;
  return sumCount * dot.rows * dot.tokens * dot.columns;
}

std::string fmaFunction(llvm::StringRef name, int64_t lanes) {
  return function(name, "f32", fmaLoop(lanes));
}

int64_t fmasOfRound(int64_t lanes) { return sumCount * lanes; }

std::string readFunction(llvm::StringRef name, int64_t streams,
                         bool prefetches) {
  return function(name, "i8", readLoop(streams, prefetches));
}

} // namespace tritc::tuning
