//===- Options.td - The command line of tritc -----------------------------===//
//
// The one list of options: the parser, --help and the spelling suggestions come
// from here. Clang's spelling where clang has the option.
//
//===----------------------------------------------------------------------===//
include "llvm/Option/OptParser.td"

def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"<file>">,
  HelpText<"Write the output to <file>; '-' is standard output, except for "
           "executables">;
def target_EQ : Joined<["--"], "target=">, MetaVarName<"<target>[,<target>...]">,
  HelpText<"Processor to compile for; 'native' (default) is the best that this "
           "machine has. An executable for several takes the best at its start">;
def emit_EQ : Joined<["--"], "emit=">, MetaVarName<"<kind>">,
  HelpText<"Kind of output: exe (default), obj, asm, llvm, mlir; image, the "
           "weights that an object reads; header, what a C program includes">;
def os_EQ : Joined<["--"], "os=">, MetaVarName<"<system>">,
  HelpText<"System whose conventions code follows: linux (default), macos or "
           "windows; the latter two for objects and assembly only">;
def stop_after_EQ : Joined<["--"], "stop-after=">, MetaVarName<"<phase>">,
  HelpText<"Emit the MLIR that <phase> leaves">;
def run : Flag<["--"], "run">,
  HelpText<"Run the model in this process; what follows <checkpoint> is the "
           "program's">;
def machine_EQ : Joined<["--"], "machine=">, MetaVarName<"<name>">,
  HelpText<"Choose kernels for this machine (default: the target's)">;
def cores_EQ : Joined<["--"], "cores=">, MetaVarName<"<count>">,
  HelpText<"Cores of the machine that will be used (default: all)">;
def tune : Flag<["--"], "tune">,
  HelpText<"Time kernels on this machine, and let that choose, not predicted "
           "time; takes up to 30 seconds">;
def tune_EQ : Joined<["--"], "tune=">, MetaVarName<"<seconds>">,
  HelpText<"The same, with another limit">;
def tune_cache_EQ : Joined<["--"], "tune-cache=">, MetaVarName<"<file>">,
  HelpText<"Keep what was measured there (default: tritc/tuning.json in the "
           "user's cache folder)">;
def report : Flag<["--"], "report">,
  HelpText<"Say on standard output which kernel each matrix got, and why">;
def report_EQ : Joined<["--"], "report=">, MetaVarName<"<kind|file>">,
  HelpText<"The same as text, json or html, or into a file of such an ending">;
def ctx_size_EQ : Joined<["--"], "ctx-size=">, MetaVarName<"<tokens>">,
  HelpText<"Length of the context; the model's own by default">;
def head_EQ : Joined<["--"], "head=">, MetaVarName<"<kind>">,
  HelpText<"Output head: int8 (default) or int6, rows rounded to integers; or "
           "exact">;
def kv_EQ : Joined<["--"], "kv=">, MetaVarName<"<kind>">,
  HelpText<"KV cache: f16 (default), or int8, half as large">;
def chat_template_EQ : Joined<["--"], "chat-template=">, MetaVarName<"<name|file>">,
  HelpText<"Use the template of that name, or a Jinja file, not the "
           "checkpoint's">;
def i2s_layout_EQ : Joined<["--"], "i2s-layout=">, MetaVarName<"<layout>">,
  HelpText<"Order of I2_S codes in a GGUF file: a (default), b or c">;
def tl_tiles_EQ : Joined<["--"], "tl-tiles=">, MetaVarName<"<tiles>">,
  HelpText<"Tiles of TL1 and TL2 matrices in a GGUF file: a preset, or "
           "[ROWSxCOLUMNS:]BM,BY,bm separated by semicolons">;
def tokenizer_EQ : Joined<["--"], "tokenizer=">, MetaVarName<"<file>">,
  HelpText<"Use this tokenizer.json or tokenizer.model (tiktoken or "
           "SentencePiece), not the checkpoint's">;
def selftest_EQ : Joined<["--"], "selftest=">, MetaVarName<"<size>">,
  HelpText<"What the program's command selftest compares: full (default; none "
           "with --run), short or none">;
def j : JoinedOrSeparate<["-"], "j">, MetaVarName<"<threads>">,
  HelpText<"Threads to compile with; all processors by default">;
def resource_dir_EQ : Joined<["--"], "resource-dir=">, MetaVarName<"<folder>">,
  HelpText<"Runtime and C library to link with">;
def g : Flag<["-"], "g">,
  HelpText<"Keep symbols in the executable, for debuggers and profilers">;
def v : Flag<["-"], "v">,
  HelpText<"Say on standard error what is done, and how long it takes">;
def mlir_ : Joined<["--", "-"], "mlir-">, MetaVarName<"<flag>">,
  HelpText<"MLIR's own debugging flags, such as --mlir-print-ir-after-all">;
def print_targets : Flag<["--"], "print-targets">,
  HelpText<"Print the names of all targets, one a line">;
def version : Flag<["--"], "version">, HelpText<"Print the version">;
def help : Flag<["--"], "help">, HelpText<"Print this help">;
def h : Flag<["-"], "h">, Alias<help>;
