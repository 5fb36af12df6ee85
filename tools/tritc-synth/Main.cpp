//===- Main.cpp - tritc-synth ---------------------------------------------===//

#include "tools/tritc-synth/Synth.h"

int main(int argc, char **argv) { return tritc::synth::run(argc, argv); }
