//===- tritc.cpp - The compiler -------------------------------------------===//

#include "compiler/driver/Driver.h"

int main(int argc, char **argv) { return tritc::driver::run(argc, argv); }
