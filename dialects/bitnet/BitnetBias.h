//===- BitnetBias.h - What is added behind a product ----------------------===//
#pragma once

#include "dialects/bitnet/Bitnet.h"

#define GET_OP_CLASSES
#include "dialects/bitnet/BitnetBias.h.inc"
