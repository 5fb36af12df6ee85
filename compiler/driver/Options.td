//===- Options.td - The command line of tritc -----------------------------===//
//
// The one list of options: the parser, --help and the spelling suggestions come
// from here. Clang's spelling where clang has the option. --help lists groups,
// and what is in them, by name.
//
//===----------------------------------------------------------------------===//
include "llvm/Option/OptParser.td"

def checkpoint_group : OptionGroup<"checkpoint">, HelpText<"CHECKPOINT">;
def output_group : OptionGroup<"output">, HelpText<"OUTPUT">;
def processor_group : OptionGroup<"processor">, HelpText<"PROCESSOR">;
def tritc_group : OptionGroup<"tritc">, HelpText<"TRITC ITSELF">;

/// An option with a value, written --name=value or --name value.
multiclass Value<string name, string value, OptionGroup group, string help> {
  def NAME # _EQ : Joined<["--"], name # "=">, MetaVarName<value>,
    HelpText<help>, Group<group>;
  def NAME : Separate<["--"], name>, Alias<!cast<Joined>(NAME # "_EQ")>;
}

//===----------------------------------------------------------------------===//
// Checkpoint
//===----------------------------------------------------------------------===//

defm name : Value<"name", "<text>", checkpoint_group,
  "What the model is called (default: as its files say, or its folder)">;
defm tokenizer : Value<"tokenizer", "<file>", checkpoint_group,
  "Use this tokenizer.json or tokenizer.model (tiktoken or SentencePiece) "
  "(default: the checkpoint's)">;
defm chat_template : Value<"chat-template", "<name|file>", checkpoint_group,
  "Use the template of that name, or a Jinja file (default: the checkpoint's)">;
def offline : Flag<["--"], "offline">, Group<checkpoint_group>,
  HelpText<"Download nothing: a model that is given by name is in the Hugging "
           "Face cache (default: download what is missing)">;
defm i2s_layout : Value<"i2s-layout", "<layout>", checkpoint_group,
  "Order of I2_S codes in a GGUF file: a (default), b or c">;
defm tl_tiles : Value<"tl-tiles", "<tiles>", checkpoint_group,
  "Tiles of TL1 and TL2 matrices in a GGUF file: a preset, or "
  "[ROWSxCOLUMNS:]BM,BY,bm separated by semicolons (default: none are known)">;

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"<file>">,
  Group<output_group>,
  HelpText<"Write the output to <file> (default: the checkpoint's folder or "
           "file with an ending, such as -chat); '-' is standard output, except "
           "for executables">;
defm emit : Value<"emit", "<kind>", output_group,
  "Kind of output: exe (default); lib, a library for C, C++ and Python, shared, or "
  "static where -o ends in .a; obj, "
  "asm, llvm, mlir; image, the weights that "
  "an object reads; header, what a C program includes">;
defm stop_after : Value<"stop-after", "<phase>", output_group,
  "Emit the MLIR that <phase> leaves (default: all phases)">;
defm ctx_size : Value<"ctx-size", "<tokens>", output_group,
  "Length of the context (default: the model's own)">;
defm head : Value<"head", "<kind>", output_group,
  "Output head: int8 (default) or int6, rows rounded to integers; or exact">;
defm kv : Value<"kv", "<kind>", output_group,
  "KV cache: f16 (default), or int8, half as large">;
defm selftest : Value<"selftest", "<size>", output_group,
  "What the program's command selftest compares: full (default; none with "
  "--run), short or none">;
def report : Flag<["--"], "report">, Group<output_group>,
  HelpText<"Say on standard output which kernel each matrix got, and why "
           "(default: no report)">;
def report_EQ : Joined<["--"], "report=">, MetaVarName<"<kind|file>">,
  Group<output_group>,
  HelpText<"The same as text, json or html, or into a file of such an ending">;
def no_serve : Flag<["--"], "no-serve">, Group<output_group>,
  HelpText<"Leave the command serve, --grammar and --json-schema out of the "
           "executable, 0.4 MB (default: they are in)">;
def g : Flag<["-"], "g">, Group<output_group>,
  HelpText<"Keep symbols in the executable, for debuggers and profilers "
           "(default: stripped)">;

//===----------------------------------------------------------------------===//
// Processor
//===----------------------------------------------------------------------===//

defm target : Value<"target", "<target>[,<target>...]", processor_group,
  "Processor to compile for; 'native' (default) is the best that this machine "
  "has. An executable for several takes the best at its start">;
defm os : Value<"os", "<system>", processor_group,
  "System whose conventions code follows: linux (default), macos or windows; "
  "the latter two for objects and assembly only">;
defm libc : Value<"libc", "<library>", processor_group,
  "C library of an executable: musl (default) or glibc, for this machine's "
  "architecture">;
defm machine : Value<"machine", "<name>", processor_group,
  "Choose kernels for this machine (default: the target's)">;
defm cores : Value<"cores", "<count>", processor_group,
  "Cores of the machine that will be used (default: all)">;
def tune : Flag<["--"], "tune">, Group<processor_group>,
  HelpText<"Time kernels on this machine, and let that choose, not predicted "
           "time (default); takes up to 30 seconds">;
def tune_EQ : Joined<["--"], "tune=">, MetaVarName<"<seconds>">,
  Group<processor_group>, HelpText<"The same, with another limit">;
defm tune_cache : Value<"tune-cache", "<file>", processor_group,
  "Keep what was measured there (default: tritc/tuning.json in the user's cache "
  "folder)">;

//===----------------------------------------------------------------------===//
// tritc itself
//===----------------------------------------------------------------------===//

def run : Flag<["--"], "run">, Group<tritc_group>,
  HelpText<"Run the model in this process; what follows <checkpoint> is the "
           "program's (default: write an executable)">;
def j : JoinedOrSeparate<["-"], "j">, MetaVarName<"<threads>">,
  Group<tritc_group>,
  HelpText<"Threads to compile with (default: one per processor)">;
defm resource_dir : Value<"resource-dir", "<folder>", tritc_group,
  "Runtime and C library to link with (default: ../lib/tritc beside tritc)">;
def v : Flag<["-"], "v">, Group<tritc_group>,
  HelpText<"Say on standard error what is done, and how long it takes "
           "(default: nothing off a terminal)">;
def mlir_ : Joined<["--", "-"], "mlir-">, MetaVarName<"<flag>">,
  Group<tritc_group>,
  HelpText<"MLIR's own debugging flags, such as --mlir-print-ir-after-all">;
def print_targets : Flag<["--"], "print-targets">, Group<tritc_group>,
  HelpText<"Print the names of all targets, one a line">;
def version : Flag<["--"], "version">, Group<tritc_group>,
  HelpText<"Print version, commit, LLVM's version and targets">;
def help : Flag<["--"], "help">, Group<tritc_group>, HelpText<"Print this help">;
def h : Flag<["-"], "h">, Alias<help>;
